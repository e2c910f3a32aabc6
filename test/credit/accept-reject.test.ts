import { expect } from 'chai';
import { manyWeights, nudge, tryNudges } from 'lecture-lab/credit/accept-reject';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { normalCdf } from 'lecture-lab/math/special';
import { golden } from './perturbation.golden';

describe('accept or reject', () => {
  it('helps as often, and as much, as the noncentral chi-squared distribution of scipy says', () => {
    for (const { weights, sigma, fraction, progress } of golden.nudges) {
      const found = nudge(weights, sigma);
      expect(found.fraction, `${weights} weights, σ ${sigma}`).to.be.closeTo(fraction, 1e-9 * fraction + 1e-12);
      expect(found.progress, `${weights} weights, σ ${sigma}`).to.be.closeTo(progress, 1e-8 * progress + 1e-12);
    }
  });

  it('helps half of the time with an infinitely small nudge, whatever the size of the network', () => {
    for (const n of [1, 2, 30, 1000, 100_000]) expect(nudge(n, 1e-7 / n).fraction).to.be.closeTo(0.5, 1e-7);
  });

  it('one weight: up to twice the distance, in one direction', () => {
    for (const sigma of [0.1, 1, 7]) expect(nudge(1, sigma).fraction).to.be.closeTo(0.5 - normalCdf(-2 / sigma), 1e-15);
  });

  it('tends to the limit of many weights as 1/n, with the correction (c/2) φ(c/2)/n', () => {
    for (const c of [0.3, 1.224, 3]) {
      const limit = manyWeights(c);
      const correction = ((c / 2) * Math.exp((-c * c) / 8)) / Math.sqrt(2 * Math.PI);
      for (const n of [1000, 10_000]) {
        const { fraction, progress } = nudge(n, c / n);
        // what is left is of order 1/n²
        expect(n * (fraction - limit.fraction)).to.be.closeTo(correction, 10 / n);
        expect(n * progress).to.be.closeTo(limit.progress, 10 / n);
      }
    }
  });

  it('makes most progress at c = 1.224: 0.405/n, and 27 % of the nudges help', () => {
    const at = (c: number): number => manyWeights(c).progress;
    expect(at(1.224)).to.be.above(Math.max(at(1.2), at(1.25)));
    expect(at(1.224)).to.be.closeTo(0.405, 5e-4);
    expect(manyWeights(1.224).fraction).to.be.closeTo(0.27, 5e-4);
  });

  it('vanishes exponentially if the nudge of each weight stays', () => {
    const fractions = [50, 100, 150, 200].map((n) => nudge(n, 0.1).fraction);
    // ln Φ(−σn/2) falls by more than (σ²/8)(100² − 50²) from 50 to 100, and faster from there on
    for (const [i, n] of [100, 150, 200].entries()) {
      const logFall = Math.log(fractions[i]! / fractions[i + 1]!);
      expect(logFall).to.be.above(0.5 * (0.01 / 8) * (n ** 2 - (n - 50) ** 2));
    }
  });

  it('simulated: within five standard errors', () => {
    const count = 20_000;
    for (const [n, sigma] of [
      [1, 0.5],
      [3, 0.3],
      [10, 0.1],
      [100, 0.02],
    ] as const) {
      const theory = nudge(n, sigma);
      const { fraction, progress, progressError } = tryNudges(n, sigma, count, rng(3).stream(`${n}`));
      const se = Math.sqrt((theory.fraction * (1 - theory.fraction)) / count);
      expect(Math.abs(fraction - theory.fraction)).to.be.below(5 * se);
      expect(Math.abs(progress - theory.progress)).to.be.below(5 * progressError);
    }
  });

  it('refuses what makes no sense', () => {
    expect(() => nudge(0, 1)).to.throw(ParameterError, 'n must be a whole number from 1 on (got 0)');
    expect(() => tryNudges(2.5, 1, 10, rng(1))).to.throw(ParameterError, 'n must be');
    expect(() => nudge(1, 0)).to.throw(ParameterError, 'sigma must be above 0 (got 0)');
  });
});
