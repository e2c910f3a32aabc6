import { DivergenceError, ParameterError } from '../math/errors';
import { eigenvalues, matrix, matvec, solve, symmetricEigen } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import {
  drawExamples,
  type Examples,
  empiricalRisk,
  moments,
  ridge,
  roomFor,
  type Teacher,
  teacherWeights,
  trueRisk,
} from './regression';

/** A regularised empirical risk, E(w) = (1/M) Σ ½ (w·x − y*)² + ½ λ |w|², and what is known of its minimum. */
export interface Objective {
  readonly examples: Examples;
  /** λ, > 0 */
  readonly penalty: number;
  /** w*, length N */
  readonly target: Float64Array;
  /** the minimum ŵ, length N */
  readonly minimum: Float64Array;
  /** the Hessian H = XᵀX/M + λ, N x N */
  readonly hessian: Float64Array;
}

/**
 * The regularised empirical risk of given examples, and its minimum.
 * @param target w*, length N
 * @throws {ParameterError} for a penalty that is not above 0
 */
export function objectiveOf(examples: Examples, penalty: number, target: Float64Array): Objective {
  if (!(penalty > 0)) throw new ParameterError(`penalty must be above 0 (got ${penalty})`);
  const N = target.length;
  const [hessian, c] = [new Float64Array(N * N), new Float64Array(N)];
  const [factor, minimum] = [new Float64Array(N * N), new Float64Array(N)];
  moments(examples, hessian, c);
  ridge(hessian, c, penalty, factor, minimum);
  for (let i = 0; i < N; i++) hessian[i * N + i] += penalty;
  return { examples, penalty, target, minimum, hessian };
}

/** Draws M examples, and takes the regularised empirical risk on them. */
export function drawObjective(teacher: Teacher, samples: number, penalty: number, random: Rng): Objective {
  const target = teacherWeights(teacher);
  const examples = roomFor(samples, teacher.inputs);
  drawExamples(examples, target, teacher.noise, random);
  return objectiveOf(examples, penalty, target);
}

/** E(w). */
export function objectiveAt({ examples, penalty }: Objective, w: Float64Array): number {
  return empiricalRisk(examples, w) + 0.5 * penalty * w.reduce((sum, v) => sum + v * v, 0);
}

/**
 * Gradient descent in closed form: along every eigenvector of H with eigenvalue h, the share (1 − ηh)ᵗ of the distance is left.
 * @param start w at step 0, length N
 * @returns w after t steps
 */
export function gradientPath(
  { hessian, minimum }: Objective,
  start: Float64Array,
  rate: number,
): (step: number) => Float64Array {
  const N = minimum.length;
  const { values, vectors } = symmetricEigen(matrix(N, N, hessian));
  const distance = start.map((w, i) => w - minimum[i]);
  const parts = matvec(vectors, distance, { transposeA: true });
  return (step) => {
    const left = matvec(
      vectors,
      parts.map((part, i) => part * (1 - rate * values[i]) ** step),
    );
    return left.map((r, i) => minimum[i] + r);
  };
}

/** E(w) − E(ŵ) = ½ (w − ŵ)ᵀ H (w − ŵ). */
export function excessAt({ hessian, minimum }: Objective, w: Float64Array): number {
  const N = minimum.length;
  let sum = 0;
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++) sum += 0.5 * hessian[i * N + j] * (w[i] - minimum[i]) * (w[j] - minimum[j]);
  return sum;
}

/** Mean and second moment of the distance r = w − ŵ, over the choice of the examples. */
export interface Moments {
  /** E r, length N */
  readonly mean: Float64Array;
  /** E r rᵀ, N x N */
  readonly second: Float64Array;
}

/** Stochastic gradient descent on given examples as an exact linear recursion of its first two moments. */
export interface MomentMap {
  /** one step, in place */
  advance(m: Moments): void;
  /** E r rᵀ after very many steps, N x N */
  stationary(): Float64Array;
  /** factor by which E r rᵀ shrinks a step in the end; the rate is too large from 1 on */
  readonly radius: number;
}

/**
 * A step draws b of the M examples, with replacement: r → r − (η/b) Σ gₘ, where gₘ = Jₘ r + kₘ with Jₘ = xₘxₘᵀ + λ and
 * kₘ = λŵ − xₘ (y*ₘ − xₘ·ŵ). Over the choice of examples Jₘ has the mean H and kₘ the mean 0, so
 * E r' = (1 − ηH) E r and P' = P − η(HP + PH) + η² [(1 − 1/b) HPH + ⟨gₘgₘᵀ⟩/b], linear in P = E r rᵀ and E r. No
 * assumption on the size of η.
 * @param batch b, a whole number ≥ 1
 * @param rate η, > 0
 */
export function momentMap(objective: Objective, batch: number, rate: number): MomentMap {
  const { examples, penalty, minimum, hessian: H } = objective;
  const [N, M] = [minimum.length, examples.y.length];
  const NN = N * N;
  const { X, y } = examples;
  // T maps P to the part of P' that is linear in it, F does so for E r, Q is what remains
  const [T, F, Q] = [new Float64Array(NN * NN), new Float64Array(NN * N), new Float64Array(NN)];
  const [one, all] = [(rate * rate) / batch, rate * rate * (1 - 1 / batch)];
  const [x, k] = [new Float64Array(N), new Float64Array(N)];
  for (let m = 0; m < M; m++) {
    let residual = y[m];
    for (let i = 0; i < N; i++) {
      x[i] = X[m * N + i];
      residual -= x[i] * minimum[i];
    }
    for (let i = 0; i < N; i++) k[i] = penalty * minimum[i] - x[i] * residual;
    for (let i = 0; i < N; i++)
      for (let j = 0; j < N; j++) {
        Q[i * N + j] += (one / M) * k[i] * k[j];
        for (let a = 0; a < N; a++) {
          const Jia = x[i] * x[a] + (i === a ? penalty : 0);
          const Jja = x[j] * x[a] + (j === a ? penalty : 0);
          F[(i * N + j) * N + a] += (one / M) * (Jia * k[j] + Jja * k[i]);
          for (let b = 0; b < N; b++)
            T[(i * N + j) * NN + a * N + b] += (one / M) * Jia * (x[j] * x[b] + (j === b ? penalty : 0));
        }
      }
  }
  for (let i = 0; i < N; i++)
    for (let j = 0; j < N; j++)
      for (let a = 0; a < N; a++)
        for (let b = 0; b < N; b++) {
          const [I, J] = [i === a ? 1 : 0, j === b ? 1 : 0];
          T[(i * N + j) * NN + a * N + b] +=
            I * J - rate * (H[i * N + a] * J + I * H[j * N + b]) + all * H[i * N + a] * H[j * N + b];
        }
  const next = new Float64Array(NN);
  const moved = new Float64Array(N);
  return {
    advance: ({ mean, second }) => {
      for (let p = 0; p < NN; p++) {
        let sum = Q[p];
        for (let a = 0; a < N; a++) sum += F[p * N + a] * mean[a];
        for (let q = 0; q < NN; q++) sum += T[p * NN + q] * second[q];
        next[p] = sum;
      }
      second.set(next);
      for (let i = 0; i < N; i++) {
        let sum = mean[i];
        for (let a = 0; a < N; a++) sum -= rate * H[i * N + a] * mean[a];
        moved[i] = sum;
      }
      mean.set(moved);
    },
    stationary: () => {
      const rest = T.map((t, p) => (p % (NN + 1) === 0 ? 1 : 0) - t);
      return solve(matrix(NN, NN, rest), Q);
    },
    get radius() {
      const { re, im } = eigenvalues(matrix(NN, NN, T));
      return re.reduce((most, r, p) => Math.max(most, Math.hypot(r, im[p])), 0);
    },
  };
}

/** The moments of a start that is certain. */
export function momentsOf({ minimum }: Objective, start: Float64Array): Moments {
  const mean = start.map((w, i) => w - minimum[i]);
  const N = mean.length;
  return { mean, second: Float64Array.from({ length: N * N }, (_, p) => mean[Math.floor(p / N)] * mean[p % N]) };
}

/** E(w) − E(ŵ) on average: ½ tr H P. */
export function expectedExcess({ hessian }: Objective, second: Float64Array): number {
  return 0.5 * hessian.reduce((sum, h, p) => sum + h * second[p], 0);
}

/** The true risk on average, ½ σ² + ½ E|w − w*|². */
export function expectedRisk({ minimum, target }: Objective, { mean, second }: Moments, noise: number): number {
  const N = mean.length;
  let distance = 0;
  for (let i = 0; i < N; i++) {
    const away = minimum[i] - target[i];
    distance += second[i * N + i] + 2 * mean[i] * away + away * away;
  }
  return 0.5 * (noise * noise + distance);
}

/** What a learner recorded: E(w) − E(ŵ) and the true risk at some steps, and the mean excess from one step on. */
export interface Descent {
  readonly excess: Float64Array;
  readonly risk: Float64Array;
  readonly lateExcess: number;
}

/** Where to look while learning. */
export interface Looks {
  /** steps in ascending order; the last one ends the run */
  readonly steps: ArrayLike<number>;
  /** the mean excess is taken over the steps from this one to the last */
  readonly late: number;
}

/**
 * Learns from w = 0, step by step: Δw = −η ∇E over b examples drawn with replacement, or, with 'all', over all M.
 * @param rate η
 * @throws {DivergenceError} naming the step where the weights left the finite numbers
 */
export function descend(
  objective: Objective,
  batch: number | 'all',
  rate: number,
  { steps, late }: Looks,
  noise: number,
  random: Rng,
): Descent {
  const { examples, penalty, minimum, target } = objective;
  const { X, y } = examples;
  const [N, M] = [minimum.length, y.length];
  const b = batch === 'all' ? M : batch;
  const [w, g] = [new Float64Array(N), new Float64Array(N)];
  const excess = new Float64Array(steps.length);
  const risk = new Float64Array(steps.length);
  let [next, sum, count] = [0, 0, 0];
  for (let step = 0; ; step++) {
    const looking = step === steps[next];
    if (looking || step >= late) {
      const now = excessAt(objective, w);
      if (!Number.isFinite(now)) throw new DivergenceError('w', `step ${step}`, 'the learning rate is too large');
      if (step >= late) {
        sum += now;
        count++;
      }
      if (looking) {
        excess[next] = now;
        risk[next] = trueRisk(w, target, noise);
        if (++next === steps.length) return { excess, risk, lateExcess: sum / count };
      }
    }
    g.fill(0);
    for (let e = 0; e < b; e++) {
      const at = N * (batch === 'all' ? e : random.integer(0, M - 1));
      let error = -y[at / N];
      for (let i = 0; i < N; i++) error += w[i] * X[at + i];
      for (let i = 0; i < N; i++) g[i] += error * X[at + i];
    }
    for (let i = 0; i < N; i++) w[i] -= rate * (g[i] / b + penalty * w[i]);
  }
}
