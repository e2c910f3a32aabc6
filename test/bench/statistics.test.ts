import { expect } from 'chai';
import { geometricMean, growth, ratios, spread } from './statistics';

describe('the statistics of the bench', () => {
  it('divides round by round, so that a slow round of both sides cancels', () => {
    expect(ratios([1, 10, 2], [3, 30, 6])).to.deep.equal([3, 3, 3]);
    // a peer that took part in the first rounds only
    expect(ratios([1, 2, 4], [2, 2])).to.deep.equal([2, 1]);
  });

  it('gives the median and the extremes', () => {
    expect(spread([5, 1, 3])).to.deep.equal({ median: 3, low: 1, high: 5 });
    expect(spread([2])).to.deep.equal({ median: 2, low: 2, high: 2 });
  });

  it('fits the exponent of a power law, and its error from what is none', () => {
    const sizes = [10, 30, 100, 300, 1000];
    const cubic = growth(
      sizes,
      sizes.map((n) => 2e-9 * n ** 3),
    );
    expect(cubic.exponent).to.be.closeTo(3, 1e-12);
    expect(cubic.error).to.be.below(1e-12);
    // a fixed cost beside linear growth lies below 1 and fits worse
    const withStart = growth(
      sizes,
      sizes.map((n) => 100 + n),
    );
    expect(withStart.exponent).to.be.within(0.1, 0.9);
    expect(withStart.error).to.be.above(0.05);
  });

  it('has a geometric mean that treats twice as fast and twice as slow alike', () => {
    expect(geometricMean([2, 0.5])).to.be.closeTo(1, 1e-15);
    expect(geometricMean([8])).to.be.closeTo(8, 1e-14);
    expect(geometricMean([])).to.equal(undefined);
  });
});
