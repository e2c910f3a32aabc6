import { learningCurve } from '../credit/perturbation';
import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';

/**
 * One third factor for all outputs, or one for each. A linear network with noisy outputs, yᵢ = wᵢ·x + σξᵢ, learns a teacher.
 * The cost is ½Σ(yᵢ − yᵢ*)². A synapse changes by η ρ (yᵢ − ⟨yᵢ⟩) xⱼ/σ², where ρ is the reward (minus the cost) above its
 * expectation without noise, of those outputs only that share this third factor: node perturbation within a group
 * (Werfel, Xie and Seung 2005). `error` is the third factor that feedback projections could bring: the output's own error.
 */
export type Channels =
  | { readonly kind: 'reward' /** outputs that share a third factor, ≥ 1 */; readonly group: number }
  | { readonly kind: 'error' };

export interface Network {
  /** N, ≥ 1 */
  readonly inputs: number;
  /** M, ≥ 1; a multiple of the group */
  readonly outputs: number;
  /** σ, standard deviation of the noise of an output, > 0 */
  readonly sigma: number;
}

/**
 * Learning rate over the best one for the mean error, 1/K. At the best one itself a few unlucky networks make up the mean, and
 * it cannot be measured.
 */
const RATE = 0.5;

/** η: half of the best learning rate. */
export function rate(channels: Channels, network: Pick<Network, 'inputs'>): number {
  return RATE / stepFactor(channels, network);
}

/**
 * Theory: the expected error over its start after so many trials. Each group learns as if it were
 * alone: its error falls as that of node perturbation with as many outputs as the group has, to the floor that σ leaves.
 */
export function expectedError(channels: Channels, { inputs, sigma }: Network, trial: number): number {
  const group = channels.kind === 'reward' ? channels.group : 1;
  const rule = channels.kind === 'reward' ? 'node perturbation' : 'gradient';
  const eta = rate(channels, { inputs });
  return learningCurve(rule, { inputs, outputs: group, sigma, eta }, group / 2).at(trial) / (group / 2);
}

/** K: a step at learning rate η multiplies the mean error by 1 − 2η + η²K. (N + 2)(m + 2) for a group of m outputs, N + 2 with the error itself. */
export function stepFactor(channels: Channels, { inputs }: Pick<Network, 'inputs'>): number {
  return (inputs + 2) * (channels.kind === 'reward' ? channels.group + 2 : 1);
}

/** Theory: trials until the expected error is down to a fraction of its start, as if σ were 0: ln f/ln(1 − 3/(4K)). */
export function trialsTo(fraction: number, channels: Channels, network: Pick<Network, 'inputs'>): number {
  return Math.log(fraction) / Math.log1p(-(RATE * (2 - RATE)) / stepFactor(channels, network));
}

/**
 * Simulation: one learner, from W = 0, with a teacher of normal weights.
 * @param trials how many, each with fresh inputs x ~ N(0, I)
 * @param out where the error goes after 0 to `trials` trials, length trials + 1: ½|W − W*|², its average over inputs
 * @throws {ParameterError} for sizes that do not fit
 */
export function learn(channels: Channels, network: Network, trials: number, random: Rng, out: Float64Array): void {
  const { inputs, outputs, sigma } = network;
  const group = channels.kind === 'reward' ? channels.group : 1;
  for (const [name, value] of Object.entries({ inputs, outputs, group }))
    if (!Number.isInteger(value) || value < 1)
      throw new ParameterError(`${name} must be a whole number from 1 on (got ${value})`);
  if (outputs % group !== 0)
    throw new ParameterError(`outputs must be a multiple of group (got ${outputs} and ${group})`);
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY))
    throw new ParameterError(`sigma must be above 0 (got ${sigma})`);
  const eta = rate(channels, network);
  const [x, xi, error] = [new Float64Array(inputs), new Float64Array(outputs), new Float64Array(outputs)];
  // weights less the teacher's
  const r = random.stream('teacher').fillNormal(new Float64Array(outputs * inputs));
  const [shown, noise] = [random.stream('inputs'), random.stream('noise')];
  for (let t = 0; ; t++) {
    let left = 0;
    for (let i = 0; i < r.length; i++) left += r[i] * r[i];
    out[t] = left / 2;
    if (t === trials) return;
    shown.fillNormal(x);
    if (channels.kind === 'reward') noise.fillNormal(xi, 0, sigma);
    for (let i = 0; i < outputs; i++) {
      let e = 0;
      for (let j = 0; j < inputs; j++) e += r[i * inputs + j] * x[j];
      error[i] = e;
    }
    for (let first = 0; first < outputs; first += group) {
      let third = 0;
      if (channels.kind === 'reward') {
        // reward, minus the cost, above what it is without noise
        for (let i = first; i < first + group; i++) third -= xi[i] * (error[i] + xi[i] / 2);
        third /= sigma * sigma;
      }
      for (let i = first; i < first + group; i++) {
        const change = eta * (channels.kind === 'reward' ? third * xi[i] : -error[i]);
        for (let j = 0; j < inputs; j++) r[i * inputs + j] += change * x[j];
      }
    }
  }
}

/** Errors of some learners, trial by trial. */
export interface Curves {
  /** Σ over learners of the error over its expected start, length trials + 1 */
  readonly sum: Float64Array;
  /** Σ of its square */
  readonly squares: Float64Array;
  learners: number;
}

/** Room for what learners of so many trials find. */
export const noCurves = (trials: number): Curves => ({
  sum: new Float64Array(trials + 1),
  squares: new Float64Array(trials + 1),
  learners: 0,
});

/** Adds one learner. */
export function addLearner(curves: Curves, channels: Channels, network: Network, random: Rng): void {
  const { sum, squares } = curves;
  const one = new Float64Array(sum.length);
  learn(channels, network, sum.length - 1, random, one);
  const start = (network.inputs * network.outputs) / 2;
  for (let t = 0; t < one.length; t++) {
    const share = one[t] / start;
    sum[t] += share;
    squares[t] += share * share;
  }
  curves.learners++;
}

/** When a mean error crosses a level, and how well that is known. */
export interface Crossing {
  /** trials, between two of them by logarithmic interpolation */
  readonly trials: number;
  /** standard error, trials */
  readonly se: number;
}

/**
 * When the mean error over all learners first falls to a fraction of its start.
 * @returns undefined if it does not within the curve
 */
export function crossing(parts: readonly Curves[], fraction: number): Crossing | undefined {
  const length = parts[0].sum.length;
  const n = parts.reduce((all, { learners }) => all + learners, 0);
  const mean = (t: number): number => parts.reduce((all, { sum }) => all + sum[t], 0) / n;
  for (let t = 1; t < length; t++) {
    const [before, here] = [mean(t - 1), mean(t)];
    if (here > fraction) continue;
    const share = Math.log(before / fraction) / Math.log(before / here);
    const square = parts.reduce((all, { squares }) => all + squares[t], 0) / n;
    const se = Math.sqrt(Math.max(0, square - here * here) / (n - 1));
    // the mean falls by 1/τ of itself in a trial, over the time so far
    const slope = Math.log(1 / fraction) / (t - 1 + share);
    return { trials: t - 1 + share, se: se / here / slope };
  }
  return undefined;
}
