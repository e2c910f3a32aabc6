import { expect } from 'chai';
import { thin } from 'lecture-lab/figure/thin';

describe('thinning', () => {
  const n = 10_001;
  const x = Float64Array.from({ length: n }, (_, i) => i / (n - 1));
  const wave = x.map((t) => Math.sin(2 * Math.PI * 3 * t));
  /** Farthest distance of a curve from the straight lines between chosen samples. */
  const farthest = (y: Float64Array, kept: readonly number[]): number => {
    let most = 0;
    for (const [k, to] of kept.entries()) {
      const from = kept[k - 1];
      for (let i = from ?? to; i < to; i++) {
        const line = y[from!]! + ((y[to]! - y[from!]!) * (x[i]! - x[from!]!)) / (x[to]! - x[from!]!);
        most = Math.max(most, Math.abs(y[i]! - line));
      }
    }
    return most;
  };

  it('stays within the tolerance with few samples, in order, ends included', () => {
    for (const tolerance of [0.05, 0.01, 0.001]) {
      const kept = thin(x, [wave], { tolerance, step: 1 });
      expect(farthest(wave, kept)).to.be.within(0.1 * tolerance * 2, tolerance * 2);
      expect([kept[0], kept.at(-1)]).to.deep.equal([0, n - 1]);
      expect(kept).to.deep.equal([...new Set(kept)].sort((a, b) => a - b));
      // a chord over an angle φ misses a unit circle's sine by φ²/8; the method takes at most twice the samples needed
      expect(kept.length).to.be.below(2 * ((6 * Math.PI) / Math.sqrt(8 * 2 * tolerance)) + 8);
    }
  });

  it('keeps a peak of one sample, in whichever curve', () => {
    const flat = new Float64Array(n);
    const peak = new Float64Array(n);
    peak[1234] = 1;
    expect(thin(x, [flat, peak], { step: 1 })).to.deep.equal([0, 1233, 1234, 1235, n - 1]);
    expect(thin(x, [wave, peak])).to.include.members([1233, 1234, 1235]);
  });

  it('never steps farther than it may, even on a straight line', () => {
    const kept = thin(x, [x]);
    const steps = kept.slice(1).map((to, k) => x[to]! - x[kept[k]!]!);
    expect(Math.max(...steps)).to.be.at.most(1 / 100);
    expect(kept.length).to.be.within(101, 201);
  });

  it('draws more coarsely where the samples would be too many', () => {
    const noise = x.map((_, i) => Math.sin(i ** 2));
    expect(thin(x, [noise], { most: 500 }).length).to.be.at.most(500);
    expect(thin(x, [wave], { most: 500 })).to.deep.equal(thin(x, [wave]));
  });

  it('keeps what there is of little', () => {
    expect(thin([3], [[1]])).to.deep.equal([0]);
    expect(thin([1, 2], [[1, 5]])).to.deep.equal([0, 1]);
  });
});
