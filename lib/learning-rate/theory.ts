import { ParameterError } from '../math/errors';

/**
 * What theory says of the learning rate k, defined by F(w(T)) = (1 − kT) F(w(0)), and of the local task difficulty G
 * (Raman, Rotondo and O'Leary 2019). Nothing here simulates.
 */

/** The sizes of the three components of plasticity: ẇ = −γ1 ĝ + γ2 n̂2 + γ3 √(N/T) n̂3. */
export interface Plasticity {
  /** γ1 ≥ 0, task-relevant: down the gradient */
  readonly gamma1: number;
  /** γ2 ≥ 0, task-irrelevant: a drift that has nothing to do with this task */
  readonly gamma2: number;
  /** γ3 ≥ 0, synaptic noise, independent at every synapse */
  readonly gamma3: number;
  /** T > 0, the time between two looks at the error */
  readonly interval: number;
}

/** What the error looks like at the present weights. */
export interface Local {
  /** N, the number of synapses */
  readonly synapses: number;
  /** F > 0 */
  readonly error: number;
  /** |∇F| > 0 */
  readonly gradientNorm: number;
  /** ĝᵀ ∇²F ĝ, the curvature along the gradient */
  readonly gradientCurvature: number;
  /** Tr ∇²F */
  readonly trace: number;
}

/** @throws {ParameterError} naming the component that is out of its range */
export function needPlasticity(p: Plasticity): void {
  for (const name of ['gamma1', 'gamma2', 'gamma3'] as const)
    if (!(p[name] >= 0 && p[name] < Infinity)) throw new ParameterError(`${name} must be 0 or more (got ${p[name]})`);
  if (!(p.interval > 0 && p.interval < Infinity))
    throw new ParameterError(`interval must be above 0 (got ${p.interval})`);
}

/** ⟨|ẇ|²⟩ = γ1² + γ2² + γ3² N/T. */
export function squaredSpeed({ gamma1, gamma2, gamma3, interval }: Plasticity, synapses: number): number {
  return gamma1 * gamma1 + gamma2 * gamma2 + (gamma3 * gamma3 * synapses) / interval;
}

/**
 * k to second order in T, exact where F is quadratic: k = −(|∇F|/F) [ẇ·ĝ + T |ẇ|² G].
 * @param along ẇ·ĝ, negative where the weights go downhill
 * @param squared |ẇ|²
 * @param difficulty G along ẇ
 */
export function secondOrderRate(
  { error, gradientNorm }: Pick<Local, 'error' | 'gradientNorm'>,
  interval: number,
  along: number,
  squared: number,
  difficulty: number,
): number {
  return -(gradientNorm / error) * (along + interval * squared * difficulty);
}

/**
 * ⟨k⟩ over the directions of both noises:
 * (|∇F|/F) {γ1 − (T / 2|∇F|) [γ1² ĝᵀ∇²Fĝ + Tr(∇²F) (γ2²/N + γ3²/T)]}.
 */
export function expectedRate(p: Plasticity, at: Local): number {
  return (at.gradientNorm / at.error) * (p.gamma1 - (p.interval / (2 * at.gradientNorm)) * meanCurvature(p, at));
}

/**
 * ⟨k⟩ as the slide *Weight change effect on learning rate* prints it, without the factor 1/(2|∇F|) at the first term and
 * with |∇F|² at the second: −(|∇F|/F) {−γ1 + T γ1² ĝᵀ∇²Fĝ + T Tr(∇²F)/(2|∇F|²) (γ2²/N + γ3²/T)}.
 * @param sign `repaired`: one minus in front, as on the slides before; `printed`: both minus signs of the last line
 */
export function slideRate(p: Plasticity, at: Local, sign: 'printed' | 'repaired'): number {
  const { gamma1, interval } = p;
  const bracket =
    -gamma1 +
    interval * gamma1 * gamma1 * at.gradientCurvature +
    ((interval * at.trace) / (2 * at.gradientNorm * at.gradientNorm)) * noisePower(p, at.synapses);
  return (sign === 'printed' ? 1 : -1) * (at.gradientNorm / at.error) * bracket;
}

/** ⟨ẇᵀ∇²Fẇ⟩ = γ1² ĝᵀ∇²Fĝ + Tr(∇²F) (γ2²/N + γ3²/T). */
function meanCurvature(p: Plasticity, at: Local): number {
  return p.gamma1 * p.gamma1 * at.gradientCurvature + at.trace * noisePower(p, at.synapses);
}

/** γ2²/N + γ3²/T, what both noises do along any one direction. */
function noisePower({ gamma2, gamma3, interval }: Plasticity, synapses: number): number {
  return (gamma2 * gamma2) / synapses + (gamma3 * gamma3) / interval;
}

/** The local task difficulty G that is expected here: ⟨ẇᵀ∇²Fẇ⟩ / (2 |∇F| ⟨|ẇ|²⟩). */
export function expectedDifficulty(p: Plasticity, at: Local): number {
  return meanCurvature(p, at) / (2 * at.gradientNorm * squaredSpeed(p, at.synapses));
}

/**
 * The difficulty at which ⟨k⟩ = 0, and so the one that learning ends at: γ1 / (T (γ1² + γ2² + γ3² N/T)). Learning goes on
 * while G is below it.
 */
export function steadyDifficulty(p: Plasticity, synapses: number): number {
  return p.gamma1 / (p.interval * squaredSpeed(p, synapses));
}

/** Whether the error is expected to fall: G below `steadyDifficulty`, the same as ⟨k⟩ > 0. */
export function learns(p: Plasticity, at: Local): boolean {
  return expectedDifficulty(p, at) < steadyDifficulty(p, at.synapses);
}

/**
 * The largest γ2²/N + γ3²/T with which the error still falls: (2 γ1 |∇F|/T − γ1² ĝᵀ∇²Fĝ) / Tr ∇²F. In the plane of γ2 and
 * γ3 this is an ellipse around 0. Negative where even the pure gradient step is too long.
 */
export function tolerableNoise({ gamma1, interval }: Pick<Plasticity, 'gamma1' | 'interval'>, at: Local): number {
  return ((2 * gamma1 * at.gradientNorm) / interval - gamma1 * gamma1 * at.gradientCurvature) / at.trace;
}
