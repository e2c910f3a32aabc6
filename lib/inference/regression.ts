import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';

/**
 * A teacher to learn from: y* = w*·x + σ ε, with N independent standard normal inputs x and standard normal ε. A student
 * y = w·x has the loss ½ (y − y*)² on one example, so its risk is ½ (σ² + |w − w*|²).
 */
export interface Teacher {
  /** inputs N, a whole number ≥ 1 */
  readonly inputs: number;
  /** standard deviation of the labels' noise σ, ≥ 0 */
  readonly noise: number;
  /** length of the teacher's weights |w*|, ≥ 0 */
  readonly length: number;
}

/** M examples: inputs M x N, row-major, and labels, length M. */
export interface Examples {
  readonly X: Float64Array;
  readonly y: Float64Array;
}

/** w*, length N. All entries are equal: inputs without a preferred direction make every direction the same. */
export function teacherWeights({ inputs, length }: Teacher): Float64Array {
  return new Float64Array(inputs).fill(length / Math.sqrt(inputs));
}

/** Room for M examples. */
export function roomFor(samples: number, inputs: number): Examples {
  return { X: new Float64Array(samples * inputs), y: new Float64Array(samples) };
}

/** Draws examples into their room. */
export function drawExamples({ X, y }: Examples, w: Float64Array, noise: number, random: Rng): void {
  random.fillNormal(X);
  random.fillNormal(y);
  const N = w.length;
  for (let m = 0; m < y.length; m++) {
    let label = noise * y[m];
    for (let i = 0; i < N; i++) label += w[i] * X[m * N + i];
    y[m] = label;
  }
}

/** The true risk of weights w: ½ (σ² + |w − w*|²). */
export function trueRisk(w: Float64Array, target: Float64Array, noise: number): number {
  let distance = 0;
  for (let i = 0; i < w.length; i++) distance += (w[i] - target[i]) ** 2;
  return 0.5 * (noise * noise + distance);
}

/** The empirical risk of weights w: the mean of ½ (y − y*)² over the examples. */
export function empiricalRisk({ X, y }: Examples, w: Float64Array): number {
  const N = w.length;
  let sum = 0;
  for (let m = 0; m < y.length; m++) {
    let error = -y[m];
    for (let i = 0; i < N; i++) error += w[i] * X[m * N + i];
    sum += error * error;
  }
  return sum / (2 * y.length);
}

/**
 * What the minimiser of the regularised empirical risk needs of the examples: S = XᵀX/M, N x N, and c = Xᵀy/M, length N.
 * They are written into the arrays given.
 */
export function moments({ X, y }: Examples, S: Float64Array, c: Float64Array): void {
  const [M, N] = [y.length, c.length];
  S.fill(0);
  c.fill(0);
  for (let m = 0; m < M; m++) {
    const at = m * N;
    for (let i = 0; i < N; i++) {
      const x = X[at + i];
      c[i] += x * y[m];
      for (let j = 0; j <= i; j++) S[i * N + j] += x * X[at + j];
    }
  }
  for (let i = 0; i < N; i++) {
    c[i] /= M;
    for (let j = 0; j <= i; j++) S[j * N + i] = S[i * N + j] /= M;
  }
}

/**
 * Replaces the lower triangle of A by its Cholesky factor.
 * @param A symmetric and positive definite, n x n; only the lower triangle is read
 * @throws {ParameterError} if a pivot is not positive
 */
export function factorise(A: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = A[i * n + j];
      for (let k = 0; k < j; k++) sum -= A[i * n + k] * A[j * n + k];
      if (i > j) A[i * n + j] = sum / A[j * n + j];
      else if (sum > 0) A[i * n + i] = Math.sqrt(sum);
      else throw new ParameterError(`factorise: pivot ${i} must be above 0 (got ${sum})`);
    }
}

/** Replaces b, length n, by the solution of A x = b, given the factor of A. */
export function substitute(L: Float64Array, b: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    let sum = b[i];
    for (let k = 0; k < i; k++) sum -= L[i * n + k] * b[k];
    b[i] = sum / L[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = b[i];
    for (let k = i + 1; k < n; k++) sum -= L[k * n + i] * b[k];
    b[i] = sum / L[i * n + i];
  }
}

/**
 * Minimises the empirical risk plus ½ λ |w|², by (S + λ) w = c.
 * @param penalty λ, > 0, or 0 where S has full rank
 * @param factor where the factor of S + λ is left, N x N
 * @param w where the weights are left, length N
 */
export function ridge(S: Float64Array, c: Float64Array, penalty: number, factor: Float64Array, w: Float64Array): void {
  const N = c.length;
  factor.set(S);
  for (let i = 0; i < N; i++) factor[i * N + i] += penalty;
  factorise(factor, N);
  w.set(c);
  substitute(factor, w, N);
}

/**
 * Of the weights that fit M ≤ N examples exactly the shortest, w = Xᵀ (X Xᵀ)⁻¹ y: where gradient descent from w = 0 ends.
 * @param K room for X Xᵀ, M x M at least
 * @param a room for its solution, length M
 * @param w where the weights are left, length N
 */
export function shortestFit({ X, y }: Examples, K: Float64Array, a: Float64Array, w: Float64Array): void {
  const [M, N] = [y.length, w.length];
  for (let m = 0; m < M; m++)
    for (let k = 0; k <= m; k++) {
      let sum = 0;
      for (let i = 0; i < N; i++) sum += X[m * N + i] * X[k * N + i];
      K[m * M + k] = sum;
    }
  factorise(K, M);
  a.set(y);
  substitute(K, a, M);
  w.fill(0);
  for (let m = 0; m < M; m++) for (let i = 0; i < N; i++) w[i] += a[m] * X[m * N + i];
}
