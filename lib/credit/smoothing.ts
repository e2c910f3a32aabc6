/**
 * What the estimate by perturbation estimates: E[(E(w + σξ) − E(w)) ξ]/σ is the gradient of the loss smoothed with a Gaussian
 * of width σ (integrate by parts). For a quadratic loss that is the gradient; else it is off by ½σ²E‴(w) and more. One weight.
 */
import { ParameterError } from '../math/errors';
import { expectation } from '../math/quadrature';
import type { Rng } from '../math/rng';

/** A loss of one weight w with a target d, and its first and third derivatives. */
export interface Loss {
  error(w: number, d: number): number;
  slope(w: number, d: number): number;
  /** E‴(w) */
  third(w: number, d: number): number;
}

export const lossNames = ['linear neuron', 'saturating neuron'] as const;
export type LossName = (typeof lossNames)[number];

/** Half the squared error of a neuron y = w, and of one y = tanh w. */
export const losses: Readonly<Record<LossName, Loss>> = {
  'linear neuron': { error: (w, d) => 0.5 * (w - d) ** 2, slope: (w, d) => w - d, third: () => 0 },
  'saturating neuron': {
    error: (w, d) => 0.5 * (Math.tanh(w) - d) ** 2,
    slope: (w, d) => (Math.tanh(w) - d) * (1 - Math.tanh(w) ** 2),
    // with y′ = 1 − y²: y″ = −2yy′ and y‴ = (6y² − 2)y′
    third: (w, d) => {
      const y = Math.tanh(w);
      const y1 = 1 - y * y;
      return 3 * y1 * -2 * y * y1 + (y - d) * (6 * y * y - 2) * y1;
    },
  },
};

/** The gradient of the loss smoothed with a Gaussian of standard deviation sigma, at least 0; by quadrature. */
export const smoothedGradient = (loss: Loss, w: number, d: number, sigma: number): number =>
  expectation((x) => loss.slope(x, d), w, sigma * sigma, 256);

/**
 * Estimates of the gradient, each from E(w + σξ) − E(w) of one perturbation.
 * @param sigma above 0
 * @returns count numbers
 * @throws {ParameterError} for another sigma
 */
export function slopeEstimates(
  loss: Loss,
  w: number,
  d: number,
  { sigma, count }: { readonly sigma: number; readonly count: number },
  noise: Rng,
): Float64Array {
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY))
    throw new ParameterError(`sigma must be above 0 (got ${sigma})`);
  const before = loss.error(w, d);
  const found = noise.fillNormal(new Float64Array(count));
  for (let k = 0; k < count; k++) found[k] *= (loss.error(w + sigma * found[k], d) - before) / sigma;
  return found;
}
