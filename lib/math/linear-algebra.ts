import { EigenvalueDecomposition, LuDecomposition, Matrix as MlMatrix, SingularValueDecomposition } from 'ml-matrix';
import { ParameterError } from './errors';

/**
 * Dense linear algebra on flat row-major arrays. Signs and orders are fixed, so that results don't depend on which
 * library computes them:
 * - singular values descend; the largest component (in size; the first of equals) of each left vector is positive;
 * - eigenvalues of symmetric matrices descend; the largest component of each eigenvector is positive;
 * - general eigenvalues descend by real part, then by imaginary part;
 * - the triangular factor of QR has no negative number on its diagonal.
 *
 * Arguments are not changed. Shapes that don't fit throw a ParameterError which names them.
 */
export interface Matrix {
  readonly rows: number;
  readonly cols: number;
  /** rows x cols, row-major: entry (i, j) is data[i * cols + j]. */
  readonly data: Float64Array;
}

/** A matrix over the given numbers (not copied), rows x cols row-major, or a zero matrix. */
export function matrix(rows: number, cols: number, data: Float64Array = new Float64Array(rows * cols)): Matrix {
  if (!(Number.isInteger(rows) && Number.isInteger(cols) && rows >= 0 && cols >= 0 && data.length === rows * cols)) {
    throw new ParameterError(`matrix: ${rows} x ${cols} needs ${rows * cols} numbers (got ${data.length})`);
  }
  return { rows, cols, data };
}

/** A matrix from its rows, all of one length. */
export function fromRows(rows: readonly ArrayLike<number>[]): Matrix {
  const cols = rows.length === 0 ? 0 : rows[0].length;
  const data = new Float64Array(rows.length * cols);
  rows.forEach((row, i) => {
    if (row.length !== cols)
      throw new ParameterError(`fromRows: row ${i} has ${row.length} numbers, row 0 has ${cols}`);
    data.set(row, i * cols);
  });
  return matrix(rows.length, cols, data);
}

/** The rows of a matrix as ordinary arrays. */
export function toRows(a: Matrix): number[][] {
  return Array.from({ length: a.rows }, (_, i) => Array.from(row(a, i)));
}

/** The identity, n x n. */
export function identity(n: number): Matrix {
  return diagonal(new Float64Array(n).fill(1));
}

/** A square matrix with these numbers on its diagonal. */
export function diagonal(values: ArrayLike<number>): Matrix {
  const n = values.length;
  const out = matrix(n, n);
  for (let i = 0; i < n; i++) out.data[i * n + i] = values[i];
  return out;
}

/** Row i, a view: changing it changes the matrix. */
export function row(a: Matrix, i: number): Float64Array {
  return a.data.subarray(i * a.cols, (i + 1) * a.cols);
}

/** Column j, a copy. */
export function column(a: Matrix, j: number): Float64Array {
  return Float64Array.from({ length: a.rows }, (_, i) => a.data[i * a.cols + j]);
}

/** The transpose, cols x rows. */
export function transpose(a: Matrix): Matrix {
  const out = matrix(a.cols, a.rows);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) out.data[j * a.rows + i] = a.data[i * a.cols + j];
  }
  return out;
}

/** a + factor b, of the same shape; factor is 1 by default. */
export function add(a: Matrix, b: Matrix, factor = 1): Matrix {
  need(a.rows === b.rows && a.cols === b.cols, () => `add: ${shape(a)} and ${shape(b)} differ`);
  return matrix(
    a.rows,
    a.cols,
    a.data.map((x, i) => x + factor * b.data[i]),
  );
}

/** factor a. */
export function scale(a: Matrix, factor: number): Matrix {
  return matrix(
    a.rows,
    a.cols,
    a.data.map((x) => factor * x),
  );
}

/** x y', length(x) x length(y). */
export function outer(x: ArrayLike<number>, y: ArrayLike<number>): Matrix {
  const out = matrix(x.length, y.length);
  for (let i = 0; i < x.length; i++) for (let j = 0; j < y.length; j++) out.data[i * y.length + j] = x[i] * y[j];
  return out;
}

/** The inner product of two vectors of the same length. */
export function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  need(x.length === y.length, () => `dot: lengths ${x.length} and ${y.length} differ`);
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** The Euclidean norm of a vector; of a matrix's `data`, the Frobenius norm. */
export function norm(x: ArrayLike<number>): number {
  return Math.sqrt(dot(x, x));
}

/** The sum of the diagonal of a square matrix. */
export function trace(a: Matrix): number {
  needSquare('trace', a);
  let sum = 0;
  for (let i = 0; i < a.rows; i++) sum += a.data[i * a.cols + i];
  return sum;
}

export interface MultiplyOptions {
  /** Use a' instead of a. */
  transposeA?: boolean;
  /** Use b' instead of b. */
  transposeB?: boolean;
  /** Where to write the product; allocated by default. Neither a nor b may share its memory. */
  out?: Matrix;
}

/** The matrix product a b, with either factor transposed on request. */
export function multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
  const { transposeA = false, transposeB = false } = options;
  const m = transposeA ? a.cols : a.rows;
  const inner = transposeA ? a.rows : a.cols;
  const n = transposeB ? b.rows : b.cols;
  const innerB = transposeB ? b.cols : b.rows;
  need(
    inner === innerB,
    () =>
      `multiply: ${shape(a)}${transposeA ? ' transposed' : ''} and ${shape(b)}${transposeB ? ' transposed' : ''} don't fit`,
  );
  const out = options.out ?? matrix(m, n);
  need(out.rows === m && out.cols === n, () => `multiply: the product is ${m} x ${n}, out is ${shape(out)}`);
  const A = a.data;
  const B = b.data;
  const C = out.data;
  const rowStep = transposeA ? 1 : a.cols;
  const innerStep = transposeA ? a.cols : 1;
  if (!transposeB) C.fill(0);
  for (let i = 0; i < m; i++) {
    if (transposeB) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < inner; k++) sum += A[i * rowStep + k * innerStep] * B[j * inner + k];
        C[i * n + j] = sum;
      }
    } else {
      for (let k = 0; k < inner; k++) {
        const factor = A[i * rowStep + k * innerStep];
        for (let j = 0; j < n; j++) C[i * n + j] += factor * B[k * n + j];
      }
    }
  }
  return out;
}

/**
 * a x, length rows; with `transposeA` a' x, length cols.
 * @param out where to write; allocated by default
 */
export function matvec(
  a: Matrix,
  x: ArrayLike<number>,
  options: { transposeA?: boolean; out?: Float64Array } = {},
): Float64Array {
  const { transposeA = false } = options;
  const { rows, cols, data } = a;
  const length = transposeA ? cols : rows;
  need(
    x.length === (transposeA ? rows : cols),
    () => `matvec: ${shape(a)}${transposeA ? ' transposed' : ''} and a vector of ${x.length} don't fit`,
  );
  const out = options.out ?? new Float64Array(length);
  need(out.length === length, () => `matvec: the product has length ${length}, out has ${out.length}`);
  if (transposeA) {
    out.fill(0);
    for (let i = 0; i < rows; i++) {
      const xi = x[i];
      for (let j = 0; j < cols; j++) out[j] += data[i * cols + j] * xi;
    }
  } else {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < cols; j++) sum += data[i * cols + j] * x[j];
      out[i] = sum;
    }
  }
  return out;
}

/**
 * The solution X of A X = B for a square A, by LU with partial pivoting.
 * @param b n x k, or a vector of length n, which gives a vector
 * @throws ParameterError when A is singular
 */
export function solve(a: Matrix, b: Matrix): Matrix;
export function solve(a: Matrix, b: Float64Array): Float64Array;
export function solve(a: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  needSquare('solve', a);
  if (ArrayBuffer.isView(b)) return solve(a, matrix(b.length, 1, b)).data;
  need(a.rows === b.rows, () => `solve: ${shape(a)} and right-hand sides ${shape(b)} don't fit`);
  needFinite('solve', a);
  const lu = new LuDecomposition(toMl(a));
  need(!lu.isSingular(), () => `solve: the ${shape(a)} matrix is singular`);
  return fromMl(lu.solve(toMl(b)));
}

/**
 * The inverse of a square matrix. To apply an inverse, prefer `solve`.
 * @throws ParameterError when it is singular
 */
export function inverse(a: Matrix): Matrix {
  return solve(a, identity(a.rows));
}

/**
 * The lower triangular L with L L' = A.
 * @param a symmetric and positive definite (only the lower triangle is read)
 * @throws ParameterError when it is not positive definite
 */
export function cholesky(a: Matrix): Matrix {
  needSquare('cholesky', a);
  const n = a.rows;
  const out = matrix(n, n);
  const L = out.data;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * n + j];
      for (let k = 0; k < j; k++) sum -= L[i * n + k] * L[j * n + k];
      if (i === j) {
        need(sum > 0 && sum < Infinity, () => `cholesky: the matrix is not positive definite (pivot ${i} is ${sum})`);
        L[i * n + i] = Math.sqrt(sum);
      } else L[i * n + j] = sum / L[j * n + j];
    }
  }
  return out;
}

/**
 * Thin QR by Householder reflections: A = Q R, Q m x n with orthonormal columns, R n x n upper triangular with a
 * non-negative diagonal. A is m x n with m >= n.
 */
export function qr(a: Matrix): { Q: Matrix; R: Matrix } {
  need(a.rows >= a.cols, () => `qr: needs at least as many rows as columns (got ${shape(a)})`);
  needFinite('qr', a);
  const { rows: m, cols: n } = a;
  const work = a.data.slice(); // above the diagonal R, on and below it the reflections
  const R = matrix(n, n);
  for (let k = 0; k < n; k++) {
    let length = 0;
    for (let i = k; i < m; i++) length = Math.hypot(length, work[i * n + k]);
    const start = work[k * n + k];
    const target = start > 0 ? -length : length;
    R.data[k * n + k] = target;
    if (length !== 0) {
      work[k * n + k] = start - target;
      reflect(work, work, k, k + 1, m, n);
    }
    for (let j = k + 1; j < n; j++) R.data[k * n + j] = work[k * n + j];
  }
  const Q = matrix(m, n);
  for (let k = 0; k < n; k++) Q.data[k * n + k] = 1;
  for (let k = n - 1; k >= 0; k--) reflect(Q.data, work, k, k, m, n);
  for (let k = 0; k < n; k++) {
    if (R.data[k * n + k] >= 0) continue;
    for (let j = k; j < n; j++) R.data[k * n + j] *= -1;
    for (let i = 0; i < m; i++) Q.data[i * n + k] *= -1;
  }
  return { Q, R };
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

/** A = U diag(s) V', with r = min(rows, cols). */
export interface Svd {
  /** Left vectors, rows x r, in columns. */
  readonly U: Matrix;
  /** Singular values, length r, descending. */
  readonly s: Float64Array;
  /** Right vectors, cols x r, in columns. */
  readonly V: Matrix;
}

/** Thin singular value decomposition. The largest component of each left vector is positive. */
export function svd(a: Matrix): Svd {
  const wide = a.cols > a.rows;
  const result = decompose(a, true);
  const left = fromMl(wide ? result.rightSingularVectors : result.leftSingularVectors);
  const right = fromMl(wide ? result.leftSingularVectors : result.rightSingularVectors);
  const r = Math.min(a.rows, a.cols);
  const s = Float64Array.from(result.diagonal).subarray(0, r);
  const order = descending(s);
  const U = columns(left, order);
  const V = columns(right, order);
  for (let j = 0; j < r; j++) {
    if (largest(U, j) < 0) {
      flip(U, j);
      flip(V, j);
    }
  }
  return { U, s: Float64Array.from(order, (j) => s[j]), V };
}

/** Singular values alone, descending, length min(rows, cols). */
export function singularValues(a: Matrix): Float64Array {
  const s = Float64Array.from(decompose(a, false).diagonal).subarray(0, Math.min(a.rows, a.cols));
  return s.sort().reverse();
}

/** ml-matrix on the tall side, where it is right. */
function decompose(a: Matrix, vectors: boolean): SingularValueDecomposition {
  needFinite('svd', a);
  return new SingularValueDecomposition(toMl(a.cols > a.rows ? transpose(a) : a), {
    computeLeftSingularVectors: vectors,
    computeRightSingularVectors: vectors,
  });
}

/** A = vectors diag(values) vectors'. */
export interface SymmetricEigen {
  /** Eigenvalues, length n, descending. */
  readonly values: Float64Array;
  /** Orthonormal eigenvectors, n x n, in columns; the largest component of each is positive. */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix.
 * @throws ParameterError when it is not symmetric (differences above 1e-10 of its largest entry)
 */
export function symmetricEigen(a: Matrix): SymmetricEigen {
  needSquare('symmetricEigen', a);
  needFinite('symmetricEigen', a);
  needSymmetric(a);
  const result = new EigenvalueDecomposition(toMl(a), { assumeSymmetric: true });
  const values = Float64Array.from(result.realEigenvalues);
  const order = descending(values);
  const vectors = columns(fromMl(result.eigenvectorMatrix), order);
  for (let j = 0; j < a.rows; j++) if (largest(vectors, j) < 0) flip(vectors, j);
  return { values: Float64Array.from(order, (j) => values[j]), vectors };
}

/** Eigenvalues of a square matrix, length n each: real and imaginary parts, descending by real part, then imaginary part. */
export function eigenvalues(a: Matrix): { re: Float64Array; im: Float64Array } {
  needSquare('eigenvalues', a);
  needFinite('eigenvalues', a);
  const result = new EigenvalueDecomposition(toMl(a), { assumeSymmetric: false });
  const re = result.realEigenvalues;
  const im = result.imaginaryEigenvalues;
  const order = re.map((_, i) => i).sort((i, j) => re[j] - re[i] || im[j] - im[i]);
  return { re: Float64Array.from(order, (i) => re[i]), im: Float64Array.from(order, (i) => im[i]) };
}

/** The pseudo-inverse, cols x rows. Singular values below 2^-52 max(rows, cols) of the largest count as 0. */
export function pseudoInverse(a: Matrix): Matrix {
  const { U, s, V } = svd(a);
  const smallest = 2 ** -52 * Math.max(a.rows, a.cols) * (s[0] ?? 0);
  const scaled = matrix(
    V.rows,
    V.cols,
    V.data.map((x, i) => (s[i % V.cols] > smallest ? x / s[i % V.cols] : 0)),
  );
  return multiply(scaled, U, { transposeB: true });
}

/**
 * The x that minimises |A x - b|; of several, the shortest.
 * @param b rows x k, or a vector of length rows, which gives a vector
 */
export function leastSquares(a: Matrix, b: Matrix): Matrix;
export function leastSquares(a: Matrix, b: Float64Array): Float64Array;
export function leastSquares(a: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  if (ArrayBuffer.isView(b)) return leastSquares(a, matrix(b.length, 1, b)).data;
  need(a.rows === b.rows, () => `leastSquares: ${shape(a)} and right-hand sides ${shape(b)} don't fit`);
  return multiply(pseudoInverse(a), b);
}

/** Coefficients of the Padé approximant of degree 13 to exp, from the constant term up. */
const pade = Float64Array.from({ length: 14 }, (_, j) => j);
{
  let c = 1;
  for (let j = 0; j <= 13; j++) {
    pade[j] = c;
    c *= (13 - j) / ((26 - j) * (j + 1));
  }
}

/** exp(A) of a square matrix, by scaling and squaring with a Padé approximant of degree 13 (Higham 2005). */
export function expm(a: Matrix): Matrix {
  needSquare('expm', a);
  needFinite('expm', a);
  const n = a.rows;
  let norm1 = 0;
  for (let j = 0; j < n; j++)
    norm1 = Math.max(
      norm1,
      column(a, j).reduce((sum, x) => sum + Math.abs(x), 0),
    );
  const squarings = Math.max(0, Math.ceil(Math.log2(norm1 / 5.371920351148152)));
  const x = scale(a, 2 ** -squarings);
  const x2 = multiply(x, x);
  const x4 = multiply(x2, x2);
  const x6 = multiply(x2, x4);
  const combine = (c6: number, c4: number, c2: number, c0: number) =>
    matrix(
      n,
      n,
      x6.data.map((v, i) => c6 * v + c4 * x4.data[i] + c2 * x2.data[i] + (i % (n + 1) === 0 ? c0 : 0)),
    );
  const b = pade;
  const odd = multiply(x, add(multiply(x6, combine(b[13], b[11], b[9], 0)), combine(b[7], b[5], b[3], b[1])));
  const even = add(multiply(x6, combine(b[12], b[10], b[8], 0)), combine(b[6], b[4], b[2], b[0]));
  let out = solve(add(even, odd, -1), add(even, odd));
  for (let i = 0; i < squarings; i++) out = multiply(out, out);
  return out;
}

function toMl(a: Matrix): MlMatrix {
  const out = new MlMatrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) out.set(i, j, a.data[i * a.cols + j]);
  return out;
}

function fromMl(a: MlMatrix): Matrix {
  const out = matrix(a.rows, a.columns);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.columns; j++) out.data[i * a.columns + j] = a.get(i, j);
  return out;
}

/** Positions in descending order of the values. */
function descending(values: Float64Array): number[] {
  return Array.from(values, (_, i) => i).sort((i, j) => values[j] - values[i]);
}

function columns(a: Matrix, order: readonly number[]): Matrix {
  const out = matrix(a.rows, order.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < order.length; j++) out.data[i * order.length + j] = a.data[i * a.cols + order[j]];
  }
  return out;
}

/** The component of column j that is largest in size. Ones equal but for rounding count as equal: the first is taken. */
function largest(a: Matrix, j: number): number {
  let best = 0;
  for (let i = 0; i < a.rows; i++) {
    const x = a.data[i * a.cols + j];
    if (Math.abs(x) > Math.abs(best) * (1 + 1e-10)) best = x;
  }
  return best;
}

function flip(a: Matrix, j: number): void {
  for (let i = 0; i < a.rows; i++) a.data[i * a.cols + j] *= -1;
}

function shape(a: Matrix): string {
  return `${a.rows} x ${a.cols}`;
}

/** The message is made only when it is needed: a small product takes less time than its text. */
function need(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new ParameterError(message());
}

function needSquare(name: string, a: Matrix): void {
  need(a.rows === a.cols, () => `${name}: needs a square matrix (got ${shape(a)})`);
}

function needFinite(name: string, a: Matrix): void {
  const bad = a.data.findIndex((x) => !Number.isFinite(x));
  need(bad < 0, () => `${name}: entry (${Math.floor(bad / a.cols)}, ${bad % a.cols}) is ${a.data[bad]}`);
}

function needSymmetric(a: Matrix): void {
  const n = a.rows;
  const size = a.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [x, y] = [a.data[i * n + j], a.data[j * n + i]];
      need(
        Math.abs(x - y) <= 1e-10 * size,
        () => `symmetricEigen: the matrix is not symmetric: (${i}, ${j}) is ${x}, (${j}, ${i}) is ${y}`,
      );
    }
  }
}
