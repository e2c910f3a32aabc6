import { ParameterError } from '../math/errors';
import { needPlasticity, type Plasticity } from './theory';

/*
 * How large a network learns best (Raman, Rotondo and O'Leary 2019). A task of N synapses is given to a network of Ñ synapses, with
 * c1 times the inputs and c2 times the outputs. Its weights change by ẇ = −γ1 ĝ + γ2 n̂2 + γ3 √(Ñ/T) n̂3.
 */

function checkSize(size: number): void {
  if (!(size >= 1)) throw new ParameterError(`size must be at least 1 (got ${size})`);
}

/**
 * The size with the highest learning rate, and the lowest error in the long run, if c1 = c2 and the gradient lies equally in all
 * eigenvectors of the Hessian, ĝᵀHĝ = Tr H / Ñ: N* = T (γ1² + γ2²)/γ3². This is the lecture's formula with its sign put right.
 * @returns synapses; Infinity without noise
 */
export function nStarLinear(p: Plasticity): number {
  needPlasticity(p);
  return (p.interval * (p.gamma1 ** 2 + p.gamma2 ** 2)) / p.gamma3 ** 2;
}

/** What the slide prints, T γ2²/γ3² (1 − γ1²/γ2²): negative where γ2 < γ1. Only to be compared with. */
export function nStarPrinted(p: Plasticity): number {
  needPlasticity(p);
  return (p.interval * (p.gamma2 ** 2 - p.gamma1 ** 2)) / p.gamma3 ** 2;
}

/**
 * The same if ĝᵀHĝ does not change with the size: N* = T γ2²/γ3². This holds in the linear network, where the gradient never
 * points along synapses that the error doesn't depend on.
 * @returns synapses; below the size of the task no larger network is better; Infinity without noise but with γ2
 */
export function nStarUnmixed(p: Plasticity): number {
  needPlasticity(p);
  return p.gamma2 === 0 ? 0 : (p.interval * p.gamma2 ** 2) / p.gamma3 ** 2;
}

/**
 * The same if ĝᵀHĝ = c2 Tr H / N grows with the size, as the slide says before it finds its optimum:
 * N* = γ2²/(γ1²/N + γ3²/T).
 * @param size synapses of the task N, ≥ 1
 */
export function nStarGrowing(p: Plasticity, size: number): number {
  needPlasticity(p);
  checkSize(size);
  return p.gamma2 === 0 ? 0 : p.gamma2 ** 2 / (p.gamma1 ** 2 / size + p.gamma3 ** 2 / p.interval);
}

/**
 * Optimal size of a sigmoid network, the most plausible reading of the slide's mangled formula, not verified against the paper:
 * N* = (T γ2²/γ3²) (1 + γ1² N/(γ2² N*)). The positive root of N*² − (T γ2²/γ3²) N* − T γ1² N/γ3² = 0.
 * @param size synapses of the task N, ≥ 1
 * @returns synapses; Infinity without noise
 */
export function nStarSigmoid(p: Plasticity, size: number): number {
  needPlasticity(p);
  checkSize(size);
  if (p.gamma3 === 0) return Number.POSITIVE_INFINITY;
  const ratio = p.interval / p.gamma3 ** 2;
  const half = (ratio * p.gamma2 ** 2) / 2;
  return half + Math.sqrt(half ** 2 + ratio * p.gamma1 ** 2 * size);
}

/**
 * The variant in the code that the authors published: the positive root of
 * N*³ − T² (γ1² + γ2²) γ2²/γ3⁴ N* − T² γ1² (γ1² + γ2²) N/γ3⁴ = 0.
 * @param size synapses of the task N, ≥ 1
 * @returns synapses; Infinity without noise
 */
export function nStarSigmoidCode(p: Plasticity, size: number): number {
  needPlasticity(p);
  checkSize(size);
  if (p.gamma3 === 0) return Number.POSITIVE_INFINITY;
  const common = (p.interval / p.gamma3 ** 2) ** 2 * (p.gamma1 ** 2 + p.gamma2 ** 2);
  const [linear, constant] = [common * p.gamma2 ** 2, common * p.gamma1 ** 2 * size];
  // one change of sign, so one positive root; from above, where the cubic is convex, Newton's steps only go down to it
  let root = Math.sqrt(linear) + Math.cbrt(constant);
  for (let i = 0; i < 100; i++) {
    const slope = 3 * root ** 2 - linear;
    const next = slope > 0 ? root - (root ** 3 - linear * root - constant) / slope : root;
    if (!(next < root)) break;
    root = next;
  }
  return root;
}

/**
 * Length of the gradient at which learning and forgetting balance, from ⟨k⟩ = 0:
 * |∇F| = T/(2 γ1) [γ1² ĝᵀHĝ + Tr H (γ2²/Ñ + γ3²/T)]. In the steady state of a quadratic error this is the exact mean of |∇F|, for the
 * mean of ĝᵀHĝ, as the mean of F no longer changes.
 * @param size synapses Ñ, ≥ 1
 * @param trace Tr H
 * @param along ĝᵀHĝ
 */
export function steadyGradient(p: Plasticity, size: number, trace: number, along: number): number {
  needPlasticity(p);
  checkSize(size);
  if (p.gamma1 === 0) throw new ParameterError('gamma1 must be above 0 (got 0): without it nothing is learned');
  const noise = p.gamma2 ** 2 / size + p.gamma3 ** 2 / p.interval;
  return (p.interval / (2 * p.gamma1)) * (p.gamma1 ** 2 * along + trace * noise);
}

/** A linear task in a larger network. */
export interface Embedded {
  /** eigenvalues of the sum of x xᵀ over the inputs, as many as inputs of the task */
  readonly spectrum: ArrayLike<number>;
  /** outputs of the task */
  readonly outputs: number;
  /** c1, times as many inputs, ≥ 1 */
  readonly inputsTimes: number;
  /** c2, times as many outputs, ≥ 1 */
  readonly outputsTimes: number;
}

/** Synapses of the larger network, Ñ = c1 c2 N. */
export function sizeOf({ spectrum, outputs, inputsTimes, outputsTimes }: Embedded): number {
  return spectrum.length * inputsTimes * outputs * outputsTimes;
}

/** What the error and its gradient come to in the long run. */
export interface Steady {
  /** mean of F */
  readonly error: number;
  /** mean of |∇F| */
  readonly gradient: number;
  /** ĝᵀHĝ */
  readonly along: number;
  /** standard deviation of |∇F| from cycle to cycle */
  readonly spread: number;
  /** cycles that count as one independent measurement of |∇F|, ≥ 1 */
  readonly memory: number;
}

/**
 * Steady state of the linear network W′ = DWBᵀ under the error ½ Σ |Dy* − W′Bx|².
 *
 * Only n = c2 · outputs · inputs of its directions carry error. In each of them, along eigenvalue λ, a deviation e changes by
 * e ← (1 − α) e + noise of variance s², where α = γ1 T λ/|∇F| and s² = T² (γ2²/Ñ + γ3²/T). With |∇F| in place of its fluctuations
 * each is an autoregression with variance s²/(2α − α²), and |∇F| follows from its own definition, |∇F|² = Σ λ² ⟨e²⟩. If all λ
 * are equal the result for |∇F| is exact.
 *
 * F is half of Σ λ ⟨e²⟩, plus a share for the fluctuations of |∇F|, of order 1/n: linearised for equal λ, with β = 2α − α²,
 * Var|e|/⟨|e|⟩² = (1 − β (1 + κ/c1)/2)/n, where κ counts that n̂2 and n̂3 have length 1. For small steps this is 1/n, the variance of
 * a gamma distribution with shape n, which |e| then has. For unequal λ, n counts by (Σλ)²/Σλ².
 * @throws {ParameterError} without γ1, or with neither γ2 nor γ3: the weights then jump to and fro over the minimum
 */
export function steadyState(p: Plasticity, task: Embedded): Steady {
  needPlasticity(p);
  const size = sizeOf(task);
  checkSize(size);
  const { gamma1, gamma2, gamma3, interval: T } = p;
  if (gamma1 === 0) throw new ParameterError('gamma1 must be above 0 (got 0): without it nothing is learned');
  if (gamma2 === 0 && gamma3 === 0) throw new ParameterError('gamma2 and gamma3 must not both be 0');
  const eigenvalues = Array.from(task.spectrum);
  const over = (f: (lambda: number) => number): number => eigenvalues.reduce((sum, lambda) => sum + f(lambda), 0);
  const rows = task.outputs * task.outputsTimes;
  const [irrelevant, own] = [(T * gamma2) ** 2 / size, T * gamma3 ** 2];
  const variance = irrelevant + own;
  // |∇F| = rows s²/(γ1 T) Σ λ/(2 − α): the right side falls as |∇F| grows, from infinity where α = 2 for the largest λ
  const excess = (g: number): number =>
    (rows * variance * over((lambda) => lambda / (2 - (gamma1 * T * lambda) / g))) / (gamma1 * T) - g;
  let low = (gamma1 * T * Math.max(...eigenvalues)) / 2;
  let high = low + (rows * variance * over((lambda) => lambda)) / (gamma1 * T);
  while (excess(high) > 0) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  const gradient = high;
  const moment = (power: number): number =>
    over((lambda) => {
      const alpha = (gamma1 * T * lambda) / gradient;
      return (lambda ** power * variance) / (2 * alpha - alpha ** 2);
    });
  const counted = (rows * over((lambda) => lambda) ** 2) / over((lambda) => lambda ** 2);
  const along = moment(3) / moment(2);
  const alpha = (gamma1 * T * along) / gradient;
  const beta = Math.min(1, alpha * (2 - alpha));
  const unit = (irrelevant ** 2 + own ** 2) / variance ** 2 / task.inputsTimes;
  const relativeVariance = (1 - (beta * (1 + unit)) / 2) / counted;
  return {
    error: 0.5 * rows * moment(1) * (1 + relativeVariance),
    gradient,
    along,
    spread: gradient * Math.sqrt(relativeVariance),
    // deviations of |e|² shrink by 1 − α a cycle; 1 + 2 Σ of their correlations
    memory: Math.max(1, 2 / alpha - 1),
  };
}
