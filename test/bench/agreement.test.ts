import { expect } from 'chai';
import { disagreements } from './agreement';
import type { Check } from './row';

const exact: Check = { name: 'spikes', within: 'exact', why: 'the same steps' };
const absolute: Check = { name: 'mean', within: { absolute: 0.5 }, why: '5 standard errors' };
const relative: Check = { name: 'loss', within: { relative: 0.01 }, why: 'rounding' };

describe('agreement of the two sides', () => {
  it('holds within the tolerance of each check and not beyond', () => {
    const checks = [exact, absolute, relative];
    expect(disagreements(checks, [7, 1, 100], [7, 1.5, 101])).to.deep.equal([]);
    expect(disagreements(checks, [7, 1, 100], [8, 1.51, 101.1])).to.have.length(3);
    // relative to the larger of the two in size, whichever side has it and whatever its sign
    expect(disagreements([relative], [-101], [-100])).to.deep.equal([]);
    expect(disagreements([relative], [-100], [100])).to.have.length(1);
  });

  it('says which number, both values, the tolerance and its reason', () => {
    expect(disagreements([absolute], [1], [3])).to.deep.equal([
      'mean: ours 1, the peer 3; 0.500 apart at most (5 standard errors)',
    ]);
    expect(disagreements([exact], [1], [2])[0]).to.contain('they must be equal');
  });

  it('is never found between numbers that are not finite, nor with a number missing', () => {
    expect(disagreements([absolute], [Number.NaN], [Number.NaN])).to.have.length(1);
    expect(disagreements([exact], [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY])).to.have.length(1);
    expect(disagreements([exact, absolute], [1], [1, 1])).to.deep.equal(['ours gave 1 numbers, the row has 2 checks']);
    expect(disagreements([exact], [1], [])).to.deep.equal(['the peer gave 0 numbers, the row has 1 checks']);
  });
});
