import { expect } from 'chai';
import { type LossName, losses, lossNames, slopeEstimates, smoothedGradient } from 'lecture-lab/credit/smoothing';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { golden } from './perturbation.golden';

const saturating = losses['saturating neuron'];

describe('what estimates by perturbation estimate', () => {
  it('for a quadratic loss the gradient, at any σ', () => {
    for (const sigma of [0, 0.1, 3])
      for (const [w, d] of [
        [1.5, 0.2],
        [-2, 1],
      ] as const)
        expect(smoothedGradient(losses['linear neuron'], w, d, sigma)).to.be.closeTo(w - d, 1e-12);
  });

  it('else the gradient of the smoothed loss: what scipy integrates from the errors alone', () => {
    for (const { w, d, sigma, estimate } of golden.smoothed)
      expect(smoothedGradient(saturating, w, d, sigma)).to.be.closeTo(estimate, 1e-8);
  });

  it('with a bias of ½σ²E‴ for small σ', () => {
    for (const [w, d] of [
      [1.5, 0.2],
      [-0.5, 0.8],
    ] as const) {
      const bias = (sigma: number): number => smoothedGradient(saturating, w, d, sigma) - saturating.slope(w, d);
      expect(bias(0.01) / 0.01 ** 2).to.be.closeTo(saturating.third(w, d) / 2, 1e-3);
    }
  });

  it('derivatives agree with differences', () => {
    const h = 1e-3;
    for (const name of lossNames)
      for (const [w, d] of [
        [1.5, 0.2],
        [-0.5, 0.8],
        [0.3, -1],
      ] as const) {
        const { error, slope, third } = losses[name as LossName];
        // central differences, off by about h²/6 times the next derivative but one, all below 20 here
        expect((error(w + h, d) - error(w - h, d)) / (2 * h)).to.be.closeTo(slope(w, d), 20 * h * h);
        expect((slope(w + h, d) - 2 * slope(w, d) + slope(w - h, d)) / (h * h)).to.be.closeTo(third(w, d), 20 * h * h);
      }
  });

  it('simulated: within five standard errors, and away from the gradient where σ is large', () => {
    for (const sigma of [0.1, 1]) {
      const found = slopeEstimates(saturating, 1.5, 0.2, { sigma, count: 100_000 }, rng(8));
      const far = (value: number): number => Math.abs(mean(found) - value) / standardError(found);
      expect(far(smoothedGradient(saturating, 1.5, 0.2, sigma))).to.be.below(5);
      if (sigma === 1) expect(far(saturating.slope(1.5, 0.2))).to.be.above(20);
    }
  });

  it('refuses no perturbation', () => {
    expect(() => slopeEstimates(saturating, 0, 0, { sigma: 0, count: 1 }, rng(1))).to.throw(
      ParameterError,
      'sigma must be above 0 (got 0)',
    );
  });
});
