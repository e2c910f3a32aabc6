import { ParameterError } from '../math/errors';
import { eigenvalues, fromRows, type Matrix, matrix } from '../math/linear-algebra';
import { type Derivative, rk4, workspace } from '../math/ode';
import type { Rng } from '../math/rng';

/**
 * A plasticity threshold that slides: Δw = η x φ(y, θ) and τ_θ dθ/dt = y² − θ, with y = w·x (Bienenstock, Cooper and Munro
 * 1982; the squared rate after Intrator and Cooper 1992). Time is counted in presentations of a pattern.
 */
export type Rule = 'BCM' | 'slide';
export const rules: readonly Rule[] = ['BCM', 'slide'];

/**
 * What the response does to the change of a weight: φ = y(y − θ) for BCM; y − θ as the slide prints it.
 * @param y response
 * @param theta threshold
 */
export function phi(rule: Rule, y: number, theta: number): number {
  return rule === 'BCM' ? y * (y - theta) : y - theta;
}

export interface Learning {
  /** learning rate η, > 0 */
  readonly eta: number;
  /** time constant of the threshold τ_θ, presentations, > 0 */
  readonly tauTheta: number;
}

/** One pattern, of one input. */
export interface OnePattern extends Learning {
  /** the input x, > 0 */
  readonly x: number;
}

/** η x² τ_θ: the fixed point y = θ = 1 is stable below 1, under both rules. */
export function stabilityNumber({ eta, tauTheta, x }: OnePattern): number {
  return eta * x * x * tauTheta;
}

/**
 * The Jacobian of (dy/dt, dθ/dt) by (y, θ) at y = θ = 1, 2 x 2, the same for both rules: the factor y is 1 there, and its
 * derivative meets y − θ = 0.
 */
export function jacobian({ eta, tauTheta, x }: OnePattern): Matrix {
  const g = eta * x * x;
  return matrix(2, 2, Float64Array.of(g, -g, 2 / tauTheta, -1 / tauTheta));
}

/** How fast a small deviation from y = θ = 1 grows (or, negative, decays), a presentation: the largest real part. */
export function growthRate(p: OnePattern): number {
  const [trace, det] = [p.eta * p.x * p.x - 1 / p.tauTheta, (p.eta * p.x * p.x) / p.tauTheta];
  return trace / 2 + Math.sqrt(Math.max(0, (trace * trace) / 4 - det));
}

/** Steps of the integration in a time constant of the threshold. */
const STEPS = 400;
/** Beyond this response a trajectory ends: it has left what can be computed or drawn. */
export const GONE = 20;

/** A recorded trajectory of one pattern; it is shorter than asked for where the response left ±`GONE`. */
export interface Trajectory {
  /** presentations, length n */
  readonly time: Float64Array;
  /** y, length n */
  readonly response: Float64Array;
  /** θ, length n */
  readonly threshold: Float64Array;
  /** when the response left, presentations; undefined if it never did */
  readonly left: number | undefined;
}

/**
 * Integrates one pattern, averaged over presentations (Runge–Kutta, 400 steps a time constant).
 * @param start response and threshold at time 0
 * @param duration presentations, > 0
 * @param samples recorded points after the first, ≥ 1
 * @param rectified whether y = max(0, w x), as firing rates are; else y = w x
 */
export function simulateOne(
  rule: Rule,
  { eta, tauTheta, x }: OnePattern,
  start: { readonly response: number; readonly threshold: number },
  duration: number,
  samples: number,
  rectified: boolean = false,
): Trajectory {
  if (!(duration > 0)) throw new ParameterError(`duration must be above 0 (got ${duration})`);
  const response = (w: number): number => (rectified ? Math.max(0, w * x) : w * x);
  const f: Derivative = (_, [w, theta], d) => {
    const y = response(w);
    d[0] = eta * x * phi(rule, y, theta);
    d[1] = (y * y - theta) / tauTheta;
  };
  const state = Float64Array.of(start.response / x, start.threshold);
  const work = workspace(2);
  const each = Math.max(1, Math.ceil((duration * STEPS) / tauTheta / samples));
  const dt = duration / samples / each;
  const [time, ys, thetas] = [[0], [response(state[0])], [state[1]]];
  for (let i = 1; i <= samples; i++) {
    for (let k = 0; k < each; k++) {
      rk4(f, state, 0, dt, work);
      if (!(Math.abs(state[0] * x) <= GONE)) return record(time, ys, thetas, ((i - 1) * each + k + 1) * dt);
    }
    time.push(i * each * dt);
    ys.push(response(state[0]));
    thetas.push(state[1]);
  }
  return record(time, ys, thetas, undefined);
}

const record = (
  time: readonly number[],
  response: readonly number[],
  threshold: readonly number[],
  left: number | undefined,
): Trajectory => ({
  time: Float64Array.from(time),
  response: Float64Array.from(response),
  threshold: Float64Array.from(threshold),
  left,
});

/** Two patterns of two inputs, (1, overlap) and (overlap, 1). */
export interface TwoPatterns extends Learning {
  /** 0 ≤ overlap < 1 */
  readonly overlap: number;
  /** probability of the first pattern, between 0 and 1 */
  readonly p: number;
}

/** Responses to both patterns and the threshold. */
export type State = readonly [y1: number, y2: number, theta: number];

/** Where a neuron that has chosen pattern 1 or 2 rests: it answers with 1/p to its own pattern, not at all to the other. */
export function selectiveState({ p }: Pick<TwoPatterns, 'p'>, chosen: 1 | 2): State {
  const own = 1 / (chosen === 1 ? p : 1 - p);
  return chosen === 1 ? [own, 0, own] : [0, own, own];
}

/**
 * The Jacobian of the averaged equations of BCM by (y1, y2, θ), 3 x 3, at any state:
 * dyᵢ/dt = η Σⱼ Gᵢⱼ pⱼ φ(yⱼ, θ) with the scalar products Gᵢⱼ of the patterns, τ_θ dθ/dt = Σⱼ pⱼ yⱼ² − θ.
 */
export function jacobianTwo({ eta, tauTheta, overlap, p }: TwoPatterns, [y1, y2, theta]: State): Matrix {
  const [own, cross] = [eta * (1 + overlap * overlap), eta * 2 * overlap];
  const [a, b] = [p * (2 * y1 - theta), (1 - p) * (2 * y2 - theta)];
  const [c, d] = [-p * y1, -(1 - p) * y2];
  return fromRows([
    [own * a, cross * b, own * c + cross * d],
    [cross * a, own * b, cross * c + own * d],
    [(2 * p * y1) / tauTheta, (2 * (1 - p) * y2) / tauTheta, -1 / tauTheta],
  ]);
}

/** How fast deviations from a resting state grow (negative: decay), a presentation. */
export function growthRateTwo(p: TwoPatterns, at: State): number {
  return eigenvalues(jacobianTwo(p, at)).re[0];
}

/** A recorded path of the two responses; `left` as in `Trajectory`. */
export interface Path {
  readonly time: Float64Array;
  readonly y1: Float64Array;
  readonly y2: Float64Array;
  readonly theta: Float64Array;
  readonly left: number | undefined;
}

/** Integrates the averaged equations from a state; the weights are the unknowns. */
export function averagedTwo(rule: Rule, p: TwoPatterns, start: State, duration: number, samples: number): Path {
  const { eta, tauTheta, overlap } = p;
  const f: Derivative = (_, [w1, w2, theta], d) => {
    const [y1, y2] = [w1 + overlap * w2, overlap * w1 + w2];
    const [c1, c2] = [p.p * phi(rule, y1, theta), (1 - p.p) * phi(rule, y2, theta)];
    d[0] = eta * (c1 + overlap * c2);
    d[1] = eta * (overlap * c1 + c2);
    d[2] = (p.p * y1 * y1 + (1 - p.p) * y2 * y2 - theta) / tauTheta;
  };
  const work = workspace(3);
  const each = Math.max(1, Math.ceil((duration * 50) / tauTheta / samples));
  const dt = duration / samples / each;
  return follow(p, start, samples, each * dt, (state) => {
    for (let k = 0; k < each; k++) rk4(f, state, 0, dt, work);
  });
}

/** The same by presentations, one random pattern at a time, each changing the weights at once. */
export function presentTwo(
  rule: Rule,
  p: TwoPatterns,
  start: State,
  presentations: number,
  samples: number,
  random: Rng,
): Path {
  const { eta, tauTheta, overlap } = p;
  const each = Math.max(1, Math.round(presentations / samples));
  return follow(p, start, samples, each, (state) => {
    for (let k = 0; k < each; k++) {
      const first = random.bernoulli(p.p);
      const [x1, x2] = first ? [1, overlap] : [overlap, 1];
      const y = state[0] * x1 + state[1] * x2;
      const change = eta * phi(rule, y, state[2]);
      state[0] += change * x1;
      state[1] += change * x2;
      state[2] += (y * y - state[2]) / tauTheta;
    }
  });
}

/** Records responses while `advance` moves (w1, w2, θ) from sample to sample. */
function follow(
  { overlap }: TwoPatterns,
  [y1, y2, theta]: State,
  samples: number,
  interval: number,
  advance: (state: Float64Array) => void,
): Path {
  const det = 1 - overlap * overlap;
  const state = Float64Array.of((y1 - overlap * y2) / det, (y2 - overlap * y1) / det, theta);
  const rows: [number, number, number, number][] = [[0, y1, y2, theta]];
  let left: number | undefined;
  for (let i = 1; i <= samples; i++) {
    advance(state);
    const [a, b] = [state[0] + overlap * state[1], overlap * state[0] + state[1]];
    if (!(Math.max(Math.abs(a), Math.abs(b)) <= GONE)) {
      left = i * interval;
      break;
    }
    rows.push([i * interval, a, b, state[2]]);
  }
  const column = (c: number): Float64Array => Float64Array.from(rows, (row) => row[c]);
  return { time: column(0), y1: column(1), y2: column(2), theta: column(3), left };
}

/** Slices of cortex after rearing, and trains of stimuli given to them. */
export interface Rearing {
  /** mean rate of the neurons during rearing, Hz, > 0; the rates are exponentially distributed */
  readonly meanRate: number;
  /** rate y₀ that gives the squared rate the unit of a rate, θ = E[y²]/y₀, Hz, > 0 */
  readonly y0: number;
}

/** Threshold after long rearing, Hz: E[y²]/y₀ = 2 m²/y₀ for exponentially distributed rates. */
export function rearedThreshold({ meanRate, y0 }: Rearing): number {
  return (2 * meanRate * meanRate) / y0;
}

/** The same threshold as a leaky average over random rates, from 0. */
export function rear({ meanRate, y0 }: Rearing, tauTheta: number, samples: number, random: Rng): number {
  let theta = 0;
  for (let i = 0; i < samples; i++) {
    const y = random.exponential(meanRate);
    theta += ((y * y) / y0 - theta) / tauTheta;
  }
  return theta;
}

export interface Induction {
  /** stimuli */
  readonly pulses: number;
  /** change of strength a stimulus at φ = 1 Hz² */
  readonly gain: number;
  /** strength lies within 1 ± bound */
  readonly bound: number;
}

/**
 * Strength after a train over strength before, in closed form. One stimulus changes it by gain·φ(f, θ), times the share of
 * the way to the bound that is left: the strength approaches 1 ± bound exponentially.
 * @param frequency of the stimuli, Hz; the response follows it, y = f
 */
export function inducedStrength({ pulses, gain, bound }: Induction, frequency: number, theta: number): number {
  const change = phi('BCM', frequency, theta);
  return 1 - Math.sign(change) * bound * Math.expm1((-pulses * gain * Math.abs(change)) / bound);
}

/** The same, stimulus by stimulus. */
export function stimulate({ pulses, gain, bound }: Induction, frequency: number, theta: number): number {
  const change = phi('BCM', frequency, theta);
  let strength = 1;
  for (let i = 0; i < pulses; i++) {
    const left = change > 0 ? 1 + bound - strength : strength - (1 - bound);
    strength += (gain * change * left) / bound;
  }
  return strength;
}
