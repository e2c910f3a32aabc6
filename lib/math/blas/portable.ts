import { EigenvalueDecomposition, LuDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
import { wasmRuns } from '../../wasm/instantiate';
import type { Algebra } from './algebra';
import { gemm as plain } from './plain-gemm';
import { gemm as compiled } from './wasm-gemm';

/** Multiplications from which on the WebAssembly kernel is faster, the copies into its memory included. */
const WORTH_A_KERNEL = 300;

const gemm: Algebra['gemm'] = (m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) => {
  const gemm = m * n * k >= WORTH_A_KERNEL && wasmRuns() ? compiled : plain;
  gemm(m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc);
};

/** What runs everywhere: for pages, for small matrices, and where there is no native library. */
export const portable: Algebra = {
  gemm,
  gemv(m, n, alpha, a, transposeA, x, beta, y) {
    if (transposeA) {
      for (let j = 0; j < n; j++) y[j] = beta === 0 ? 0 : beta * y[j];
      for (let i = 0; i < m; i++) {
        const factor = alpha * x[i];
        for (let j = 0; j < n; j++) y[j] += factor * a[i * n + j];
      }
    } else {
      for (let i = 0; i < m; i++) {
        let sum = 0;
        for (let j = 0; j < n; j++) sum += a[i * n + j] * x[j];
        y[i] = beta === 0 ? alpha * sum : alpha * sum + beta * y[i];
      }
    }
  },
  gram(rows, cols, a, transpose, out) {
    const [n, k] = transpose ? [rows, cols] : [cols, rows];
    gemm(n, n, k, 1, a, !transpose, a, transpose, 0, out, cols, cols, n);
  },
  solve(n, a, k, b) {
    const lu = new LuDecomposition(toMl(n, n, a));
    return lu.isSingular() ? undefined : fromMl(lu.solve(toMl(n, k, b)));
  },
  cholesky(n, a) {
    const { L, failed } = choleskyByRows(n, a);
    return failed ? undefined : L;
  },
  qr(m, n, a) {
    const work = a.slice(); // above the diagonal R, on and below it the reflections
    const R = new Float64Array(n * n);
    for (let k = 0; k < n; k++) {
      let length = 0;
      for (let i = k; i < m; i++) length = Math.hypot(length, work[i * n + k]);
      const start = work[k * n + k];
      const target = start > 0 ? -length : length;
      R[k * n + k] = target;
      if (length !== 0) {
        work[k * n + k] = start - target;
        reflect(work, work, k, k + 1, m, n);
      }
      for (let j = k + 1; j < n; j++) R[k * n + j] = work[k * n + j];
    }
    const Q = new Float64Array(m * n);
    for (let k = 0; k < n; k++) Q[k * n + k] = 1;
    for (let k = n - 1; k >= 0; k--) reflect(Q, work, k, k, m, n);
    return { Q, R };
  },
  svd(m, n, a) {
    const { result, scale } = decompose(m, n, a, true);
    const [left, right] =
      m < n
        ? [result.rightSingularVectors, result.leftSingularVectors]
        : [result.leftSingularVectors, result.rightSingularVectors];
    const s = Float64Array.from(result.diagonal).subarray(0, Math.min(m, n));
    const order = descending(s);
    return { U: columns(left, order), s: Float64Array.from(order, (j) => s[j] * scale), V: columns(right, order) };
  },
  singularValues(m, n, a) {
    const { result, scale } = decompose(m, n, a, false);
    const s = Float64Array.from(result.diagonal).subarray(0, Math.min(m, n));
    return s
      .map((x) => x * scale)
      .sort()
      .reverse();
  },
  symmetricEigen(n, a) {
    const [unit, scale] = scaled(a);
    const result = new EigenvalueDecomposition(toMl(n, n, unit), { assumeSymmetric: true });
    const values = Float64Array.from(result.realEigenvalues);
    const order = descending(values);
    return {
      values: Float64Array.from(order, (j) => values[j] * scale),
      vectors: columns(result.eigenvectorMatrix, order),
    };
  },
  symmetricEigenvalues: (n, a) => portable.symmetricEigen(n, a).values,
  eigenvalues(n, a) {
    const { re, im } = portable.eigen(n, a);
    return { re, im };
  },
  eigen(n, a) {
    const [unit, scale] = scaled(a);
    const result = new EigenvalueDecomposition(toMl(n, n, unit), { assumeSymmetric: false });
    return {
      re: Float64Array.from(result.realEigenvalues, (x) => x * scale),
      im: Float64Array.from(result.imaginaryEigenvalues, (x) => x * scale),
      vectors: fromMl(result.eigenvectorMatrix),
    };
  },
  leastSquares(m, n, a, k, b, cut) {
    const { U, s, V } = portable.svd(m, n, a);
    const r = s.length;
    const inU = new Float64Array(r * k);
    gemm(r, k, m, 1, U, true, b, false, 0, inU, r, k, k);
    for (let p = 0; p < r; p++) {
      const keep = s[p] > cut * s[0];
      for (let j = 0; j < k; j++) inU[p * k + j] = keep ? inU[p * k + j] / s[p] : 0;
    }
    const x = new Float64Array(n * k);
    gemm(n, k, r, 1, V, false, inU, false, 0, x, r, k, k);
    return x;
  },
};

/** The Cholesky factor; of a matrix that has none, the first pivot that is not above 0. */
export function choleskyByRows(
  n: number,
  a: Float64Array,
): { L: Float64Array; failed?: { pivot: number; value: number } } {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j];
      for (let k = 0; k < j; k++) sum -= L[i * n + k] * L[j * n + k];
      if (i !== j) L[i * n + j] = sum / L[j * n + j];
      else if (sum > 0 && sum < Infinity) L[i * n + i] = Math.sqrt(sum);
      else return { L, failed: { pivot: i, value: sum } };
    }
  }
  return { L };
}

/** Applies the reflection stored in column k of `vectors` to the columns from `first` on of `target`; both m x n. */
function reflect(target: Float64Array, vectors: Float64Array, k: number, first: number, m: number, n: number): void {
  let size = 0;
  for (let i = k; i < m; i++) size += vectors[i * n + k] ** 2;
  if (size === 0) return;
  for (let j = first; j < n; j++) {
    let sum = 0;
    for (let i = k; i < m; i++) sum += vectors[i * n + k] * target[i * n + j];
    const factor = (2 * sum) / size;
    for (let i = k; i < m; i++) target[i * n + j] -= factor * vectors[i * n + k];
  }
}

/** ml-matrix on the tall side, where it is right. */
function decompose(
  m: number,
  n: number,
  a: Float64Array,
  vectors: boolean,
): { result: SingularValueDecomposition; scale: number } {
  const [unit, scale] = scaled(a);
  const ml = toMl(m, n, unit);
  const options = { computeLeftSingularVectors: vectors, computeRightSingularVectors: vectors };
  return { result: new SingularValueDecomposition(m < n ? ml.transpose() : ml, options), scale };
}

/**
 * The matrix divided by a power of 2 that brings its largest entry near 1, and that power: squares of very large or
 * small numbers would leave the range, and iterations never end.
 */
function scaled(a: Float64Array): [Float64Array, number] {
  let most = 0;
  for (const x of a) most = Math.max(most, Math.abs(x));
  const exponent = most === 0 ? 0 : Math.max(-1000, Math.min(1000, Math.round(Math.log2(most))));
  if (Math.abs(exponent) < 100) return [a, 1];
  return [a.map((x) => x * 2 ** -exponent), 2 ** exponent];
}

function toMl(rows: number, cols: number, a: Float64Array): MlMatrix {
  const out = new MlMatrix(rows, cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out.set(i, j, a[i * cols + j]);
  return out;
}

function fromMl(a: MlMatrix): Float64Array {
  const out = new Float64Array(a.rows * a.columns);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) out[i * a.columns + j] = a.get(i, j);
  return out;
}

/** Positions in descending order of the values. */
function descending(values: Float64Array): number[] {
  return Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i]);
}

function columns(a: MlMatrix, order: readonly number[]): Float64Array {
  const out = new Float64Array(a.rows * order.length);
  for (let i = 0; i < a.rows; i++)
    for (let j = 0; j < order.length; j++) out[i * order.length + j] = a.get(i, order[j]);
  return out;
}
