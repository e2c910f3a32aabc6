/**
 * Learning in a linear network with one hidden layer, y = W32 W21 x: the theory.
 *
 * Saxe, McClelland & Ganguli 2014 (saxe2014), equations 1–12 and appendix A. With Σ31 = E[y xᵀ] = U S Vᵀ, Σ11 = E[x xᵀ] = I
 * and weights that start aligned, W21 = R w21 Vᵀ and W32 = U w32 Rᵀ (w21, w32 diagonal, R orthonormal), the modes of the
 * task part company: each learns its own strength a = w21 w32 as if the others were not there,
 *
 *     τ dw21/dt = w32 (s − a),   τ dw32/dt = w21 (s − a),   τ da/dt = (w21² + w32²)(s − a).
 *
 * Time is in the unit of τ; strengths are in the unit of s. Nothing here looks at a network: gradient descent on full
 * matrices is in `network.ts`, and shares no formula with this file.
 */
import { ParameterError } from '../math/errors';
import type { ModeCurves } from './network';

export * from './network';

/** One mode of the task. */
export interface Mode {
  /** singular value of Σ31: how strongly the mode links its inputs to its outputs; >= 0 */
  readonly s: number;
  /** strength at t = 0; > 0 */
  readonly a0: number;
  /** time constant, 1 / learning rate; > 0 */
  readonly tau: number;
}

/** One mode whose two layers need not start alike. */
export interface LayeredMode {
  readonly s: number;
  /** strength of the first layer at t = 0: the mode's part of W21 */
  readonly w21: number;
  /** strength of the second layer at t = 0: the mode's part of W32 */
  readonly w32: number;
  readonly tau: number;
}

/**
 * Strength a(t) of a mode whose two layers start alike: the solution of τ da/dt = 2a(s − a) (saxe2014, equation 12),
 * s e^{2st/τ} / (e^{2st/τ} − 1 + s/a0), written so that no exponential overflows and s = 0 is its own limit.
 * @param t time since the start, >= 0, in the unit of τ; Infinity gives s
 * @throws {ParameterError} if s < 0, a0 <= 0, tau <= 0 or t < 0
 */
export function modeStrength(mode: Mode, t: number): number {
  const { s, a0, tau } = checked('modeStrength', mode, t);
  const x = s === 0 ? 0 : (2 * s * t) / tau;
  return 1 / (relaxed(s, x, (2 * t) / tau) + Math.exp(-x) / a0);
}

/** (1 − e^{−x}) / s for x proportional to s, and its limit for s = 0. */
function relaxed(s: number, x: number, limit: number): number {
  return s === 0 ? limit : -Math.expm1(-x) / s;
}

/**
 * Time in which a mode goes from a0 to `af`: τ/(2s) ln[af (s − a0) / (a0 (s − af))].
 * @param af final strength, on the same side of s as a0
 * @throws {ParameterError} if s <= 0 or `af` can't be reached from a0
 */
export function learningTime(mode: Mode, af: number): number {
  const { s, a0, tau } = checked('learningTime', mode, 0);
  if (!(s > 0)) throw new ParameterError(`learningTime: s must be positive (got ${s})`);
  const ratio = (af * (s - a0)) / (a0 * (s - af));
  if (!(af > 0) || !(ratio >= 1))
    throw new ParameterError(`learningTime: af must lie between a0 = ${a0} and s = ${s} (got ${af})`);
  return (tau / (2 * s)) * Math.log(ratio);
}

/**
 * Time in which a mode reaches half its final strength: τ/(2s) ln((s − a0)/a0).
 * @throws {ParameterError} if a0 is above s/2
 */
export function halfTime(mode: Mode): number {
  return learningTime(mode, mode.s / 2);
}

/**
 * Strength of a mode in a network without hidden layer, y = W x: τ da/dt = s − a, so a = s(1 − e^{−t/τ}) + a0 e^{−t/τ}.
 * All modes share the time constant τ, whatever their s: nothing multiplies the error by a weight.
 * @throws {ParameterError} as `modeStrength`, but a0 may be any number
 */
export function shallowStrength(mode: Mode, t: number): number {
  const { s, a0, tau } = mode;
  checked('shallowStrength', { s, a0: 1, tau }, t);
  return a0 + (a0 - s) * Math.expm1(-t / tau);
}

/**
 * Strength a = w21 w32 of a mode whose layers start from any two values.
 *
 * p = w21 + w32 and m = w21 − w32 obey τ dp/dt = p(s − a) and τ dm/dt = −m(s − a), so k = pm = w21² − w32² never changes,
 * and q = p² obeys τ dq/dt = −(q − q₊)(q − q₋)/2 with q± = 2s ± √(4s² + k²): a logistic curve for r = q − q₋. It is the
 * solution of saxe2014, appendix A, in a form that keeps its digits when the layers start alike (k = 0).
 * @throws {ParameterError} if s < 0, tau <= 0, t < 0, or w21 = −w32: such a mode slides into the saddle and stays
 */
export function layeredStrength(mode: LayeredMode, t: number): number {
  const { s, w21, w32, tau } = mode;
  checked('layeredStrength', { s, a0: 1, tau }, t);
  const p = w21 + w32;
  if (!Number.isFinite(p) || p === 0)
    throw new ParameterError(`layeredStrength: w21 + w32 must not be 0: the mode never leaves the saddle (got ${p})`);
  const k = p * (w21 - w32);
  const omega = Math.hypot(2 * s, k);
  const low = k === 0 ? 0 : -(k * k) / (2 * s + omega);
  const x = omega === 0 ? 0 : (omega * t) / tau;
  const r = 1 / (Math.exp(-x) / (p * p - low) + relaxed(omega, x, t / tau) / 2);
  const q = low + r;
  return (q - (k * k) / q) / 4;
}

/** Velocity of the two weights of one mode: what moves a point of the weight plane. */
export interface Flow {
  readonly dw21: number;
  readonly dw32: number;
}

/** Gradient flow in the weight plane of one mode, per unit of time: (w32 (s − w21 w32), w21 (s − w21 w32)) / τ. */
export function weightFlow(mode: { readonly s: number; readonly tau: number }, w21: number, w32: number): Flow {
  const gap = (mode.s - w21 * w32) / mode.tau;
  return { dw21: w32 * gap, dw32: w21 * gap };
}

/**
 * How far gradient descent with a finite step lags behind a(t), to first order in the step: (dt/2) ln(ẇ(t)/ẇ(0)), with
 * w = √a the weight of either layer. Euler's method on dw/dt = g(w) has the error −(dt/2) g(w) ln(g(w)/g(w0)), which is a
 * shift in time.
 * @param dt step, in the unit of τ
 */
export function descentLag(mode: Mode, t: number, dt: number): number {
  const speed = (a: number): number => Math.sqrt(a) * (mode.s - a);
  return (dt / 2) * Math.log(speed(modeStrength(mode, t)) / speed(mode.a0));
}

/** Networks whose learning is solved. */
export type Solved = 'deep' | 'shallow' | 'pretrained';

/**
 * What theory says of all modes of a task: the same shape as a simulation returns.
 * @param network `deep`: one hidden layer, both layers starting alike; `shallow`: no hidden layer; `pretrained`: first layer
 * orthonormal, second layer 0, so that a starts from 0
 * @param time T times, in the unit of τ
 */
export function predictModes(
  task: { readonly singularValues: readonly number[]; readonly a0: number; readonly tau: number },
  network: Solved,
  time: Float64Array,
): ModeCurves {
  const { singularValues, a0, tau } = task;
  const strength = {
    deep: (s: number, t: number) => modeStrength({ s, a0, tau }, t),
    shallow: (s: number, t: number) => shallowStrength({ s, a0, tau }, t),
    pretrained: (s: number, t: number) => layeredStrength({ s, w21: 1, w32: 0, tau }, t),
  }[network];
  const strengths = singularValues.map((s) => time.map((t) => strength(s, t)));
  const error = time.map((_, i) =>
    remainingError(
      singularValues,
      strengths.map((curve) => curve[i]),
    ),
  );
  return { time, strengths, error };
}

/** Error that is left to learn, ½ Σ (s − a)²: the mean squared error of the network above its minimum, if Σ11 = I. */
export function remainingError(s: readonly number[], a: readonly number[]): number {
  return s.reduce((sum, target, i) => sum + (target - a[i]) ** 2 / 2, 0);
}

function checked(where: string, mode: Mode, t: number): Mode {
  const { s, a0, tau } = mode;
  if (!(s >= 0) || s === Infinity) throw new ParameterError(`${where}: s must be 0 or more (got ${s})`);
  if (!(a0 > 0) || a0 === Infinity) throw new ParameterError(`${where}: a0 must be positive (got ${a0})`);
  if (!(tau > 0) || tau === Infinity) throw new ParameterError(`${where}: tau must be positive (got ${tau})`);
  if (!(t >= 0)) throw new ParameterError(`${where}: t must be 0 or more (got ${t})`);
  return mode;
}
