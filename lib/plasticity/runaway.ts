import { rk4, workspace } from '../math/ode';
import type { Rng } from '../math/rng';

/**
 * Five rules on the same inputs: two patterns, (1, overlap) and (overlap, 1), equally often, and y = w·x. Which of them keep
 * the weights finite, and how?
 */
export type RunawayRule = 'plain Hebb' | 'fixed thresholds' | 'BCM' | 'Oja';
export const runawayRules: readonly RunawayRule[] = ['plain Hebb', 'fixed thresholds', 'BCM', 'Oja'];

export interface Runaway {
  /** learning rate, > 0 */
  readonly eta: number;
  /** second input of the first pattern, 0 ≤ overlap < 1 */
  readonly overlap: number;
  /** time constant of BCM's threshold, presentations, ≥ 1 */
  readonly tauTheta: number;
  /** responses above this depress, with fixed thresholds */
  readonly thetaD: number;
  /** responses above this potentiate instead, ≥ thetaD */
  readonly thetaP: number;
}

/** What the change of the weights is per input, Δw = η (c x − decay·w): coefficient c of each rule. */
function coefficient(rule: RunawayRule, y: number, theta: number, { thetaD, thetaP }: Runaway): number {
  switch (rule) {
    case 'fixed thresholds':
      return y > thetaP ? 1 : y > thetaD ? -1 : 0;
    case 'BCM':
      return y * (y - theta);
    default:
      return y;
  }
}

/**
 * |w| over presentations of random patterns.
 * @param start weights at the beginning, length 2; BCM's threshold starts at the mean squared response to them
 * @returns |w| at the beginning and after each presentation, length presentations + 1
 */
export function simulateRunaway(
  rule: RunawayRule,
  p: Runaway,
  start: readonly [number, number],
  presentations: number,
  random: Rng,
): Float64Array {
  const { eta, overlap, tauTheta } = p;
  let [w1, w2] = start;
  let theta = ((w1 + overlap * w2) ** 2 + (overlap * w1 + w2) ** 2) / 2;
  const norms = new Float64Array(presentations + 1);
  norms[0] = Math.hypot(w1, w2);
  for (let i = 1; i <= presentations; i++) {
    const first = random.bernoulli(0.5);
    const [x1, x2] = first ? [1, overlap] : [overlap, 1];
    const y = w1 * x1 + w2 * x2;
    const c = coefficient(rule, y, theta, p);
    const decay = rule === 'Oja' ? y * y : 0;
    w1 += eta * (c * x1 - decay * w1);
    w2 += eta * (c * x2 - decay * w2);
    theta += (y * y - theta) / tauTheta;
    norms[i] = Math.hypot(w1, w2);
  }
  return norms;
}

/** Eigenvalues of E[x xᵀ], along (1, 1)/√2 and (1, −1)/√2. */
export function inputEigenvalues(overlap: number): readonly [number, number] {
  return [(1 + overlap) ** 2 / 2, (1 - overlap) ** 2 / 2];
}

/** |w| of plain Hebb averaged over patterns, in closed form: each eigenvector grows by exp(η λ t). */
export function hebbNorm(
  { eta, overlap }: Pick<Runaway, 'eta' | 'overlap'>,
  start: readonly [number, number],
  t: number,
): number {
  const [first, second] = inputEigenvalues(overlap);
  const [a, b] = [(start[0] + start[1]) / Math.SQRT2, (start[0] - start[1]) / Math.SQRT2];
  return Math.hypot(a * Math.exp(eta * first * t), b * Math.exp(eta * second * t));
}

/** |w| where BCM rests, selective for one of the patterns: w·x = 2 for one and 0 for the other. */
export function bcmNorm(overlap: number): number {
  return (2 * Math.hypot(1, overlap)) / (1 - overlap * overlap);
}

/**
 * |w| averaged over patterns, by Runge–Kutta with steps of one presentation or shorter. For fixed thresholds the right-hand
 * side jumps, and so the order of the method is 1 there.
 * @returns |w| at presentations 0, every, 2 every, …, up to the last
 */
export function averagedRunaway(
  rule: RunawayRule,
  p: Runaway,
  start: readonly [number, number],
  presentations: number,
  every: number,
): Float64Array {
  const { eta, overlap, tauTheta } = p;
  const f = (_: number, [w1, w2, theta]: Float64Array, d: Float64Array): void => {
    const [y1, y2] = [w1 + overlap * w2, overlap * w1 + w2];
    const [c1, c2] = [coefficient(rule, y1, theta, p), coefficient(rule, y2, theta, p)];
    const power = (y1 * y1 + y2 * y2) / 2;
    const decay = rule === 'Oja' ? power : 0;
    d[0] = eta * ((c1 + overlap * c2) / 2 - decay * w1);
    d[1] = eta * ((overlap * c1 + c2) / 2 - decay * w2);
    d[2] = (power - theta) / tauTheta;
  };
  const y = Float64Array.of(start[0], start[1], 0);
  y[2] = ((y[0] + overlap * y[1]) ** 2 + (overlap * y[0] + y[1]) ** 2) / 2;
  const work = workspace(3);
  const steps = 4; // of a presentation
  const norms = [Math.hypot(y[0], y[1])];
  for (let i = 1; i <= presentations; i++) {
    for (let k = 0; k < steps; k++) rk4(f, y, 0, 1 / steps, work);
    if (i % every === 0) norms.push(Math.hypot(y[0], y[1]));
  }
  return Float64Array.from(norms);
}
