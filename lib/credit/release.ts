/**
 * Stochastic release as a perturbation (Seung 2003). A synapse passes a quantum a with probability p at a presynaptic spike,
 * so its strength is the random w̃ = a r, r = 0 or 1, around w = a p. A neuron sums the synapses, E = ½(Σ w̃ − t)², and each
 * synapse changes by −(E(w̃) − E(w))(w̃ − w), a times what Seung's rule for release, −E (r − p), gives.
 */
import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';

/** Synapses of one neuron, all of which see a presynaptic spike in every trial. */
export interface Releasing {
  /** release probabilities p, each within [0, 1] */
  readonly p: Float64Array;
  /** quanta a, one a synapse */
  readonly quantum: Float64Array;
  /** target t of the sum, in the unit of the quanta */
  readonly target: number;
}

/** Variance of what a synapse passes, a²p(1 − p): what the slides call its unreliability σ². */
export const releaseVariance = (p: number, quantum: number): number => quantum * quantum * p * (1 - p);

/**
 * The expected change of each synapse, exactly: σ²(t − m) less half the third moment of its release, m the mean sum. The
 * first part is the gradient times σ²; the second appears because release, unlike Gaussian noise, is skewed unless p = ½.
 * @throws {ParameterError} for probabilities outside [0, 1] or arrays of different lengths
 */
export function expectedChanges({ p, quantum, target }: Releasing): Float64Array {
  check(p, quantum);
  const m = p.reduce((sum, each, i) => sum + each * quantum[i], 0);
  return p.map((each, i) => {
    const a = quantum[i];
    return releaseVariance(each, a) * (target - m - 0.5 * a * (1 - 2 * each));
  });
}

/**
 * Lets the synapses release or fail.
 * @param trials from 2 on
 * @returns for each synapse the average of its changes and the standard error
 * @throws {ParameterError} as `expectedChanges`
 */
export function releaseTrials(
  { p, quantum, target }: Releasing,
  trials: number,
  noise: Rng,
): { readonly mean: Float64Array; readonly se: Float64Array } {
  check(p, quantum);
  const count = p.length;
  const [sum, squares, apart] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let reliable = 0;
  for (let i = 0; i < count; i++) reliable += p[i] * quantum[i];
  const before = 0.5 * (reliable - target) ** 2;
  for (let k = 0; k < trials; k++) {
    let arrived = 0;
    for (let i = 0; i < count; i++) {
      const passed = noise.uniform() < p[i] ? quantum[i] : 0;
      apart[i] = passed - p[i] * quantum[i];
      arrived += passed;
    }
    const worse = 0.5 * (arrived - target) ** 2 - before;
    for (let i = 0; i < count; i++) {
      const change = -worse * apart[i];
      sum[i] += change;
      squares[i] += change * change;
    }
  }
  const mean = sum.map((s) => s / trials);
  return { mean, se: mean.map((m, i) => Math.sqrt(Math.max(0, squares[i] / trials - m * m) / (trials - 1))) };
}

function check(p: Float64Array, quantum: Float64Array): void {
  if (p.length !== quantum.length)
    throw new ParameterError(`quantum must have a value for each p (got ${quantum.length} and ${p.length})`);
  for (const each of p)
    if (!(each >= 0 && each <= 1)) throw new ParameterError(`p must be within 0 and 1 (got ${each})`);
}
