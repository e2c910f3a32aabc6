import { native } from '#blas';
import type { Algebra, Numbers } from './blas/algebra';
import { choleskyByRows, portable } from './blas/portable';
import { ParameterError } from './errors';

/**
 * Dense linear algebra on flat row-major arrays. Signs and orders are fixed, so that results don't depend on which
 * library computes them:
 * - singular values descend; the largest component (in size; the first of equals) of each left vector is positive;
 * - eigenvalues of symmetric matrices descend; the largest component of each eigenvector is positive;
 * - general eigenvalues descend by real part, then by imaginary part;
 * - the triangular factor of QR has no negative number on its diagonal.
 *
 * In Node, OpenBLAS computes whatever is large enough to be worth the call, if set-up could install it; otherwise, and
 * in pages, TypeScript does. Both agree to rounding. LECTURE_LAB_BLAS=off in the environment switches OpenBLAS off.
 *
 * Arguments are not changed. Shapes that don't fit, and numbers that are not finite where a decomposition needs them to
 * be, throw a ParameterError which names them.
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
  /** What the product is multiplied by, 1 by default. */
  alpha?: number;
  /** With `out`: what of its old content is kept, 0 by default. */
  beta?: number;
}

/** The matrix product a b, with either factor transposed on request. */
export function multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
  const { transposeA = false, transposeB = false, alpha = 1, beta = 0 } = options;
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
  gemm(m, n, inner, alpha, a.data, transposeA, b.data, transposeB, beta, out.data);
  return out;
}

/**
 * C ← alpha op(A) op(B) + beta C on flat row-major arrays of one precision, in place: the product for hot loops, which
 * allocates nothing. op is the transpose where asked for; op(A) is m x k, op(B) k x n, C m x n. Arrays may be longer than
 * needed, and views of a WebAssembly memory.
 * @param a A as stored: m x k, or k x m if transposed
 * @param b B as stored: k x n, or n x k if transposed
 * @param beta 0: C is not read; 1: the product is added to it
 * @param c must not share memory with a or b
 * @param lda numbers from the start of one stored row of A to the next, at least its length (the default); `ldb` and
 * `ldc` likewise: for blocks of larger matrices
 * @throws ParameterError for sizes that are not whole, arrays that are too short, overlap or differ in precision
 */
export function gemm(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  transposeA: boolean,
  b: Numbers,
  transposeB: boolean,
  beta: number,
  c: Numbers,
  lda: number = transposeA ? m : k,
  ldb: number = transposeB ? k : n,
  ldc: number = n,
): void {
  needSizes('gemm', m, n, k);
  needFactors('gemm', alpha, beta);
  const width = needNumbers('gemm', c);
  needHolds('gemm', 'A', a, width, transposeA ? k : m, transposeA ? m : k, lda);
  needHolds('gemm', 'B', b, width, transposeB ? n : k, transposeB ? k : n, ldb);
  needHolds('gemm', 'C', c, width, m, n, ldc);
  if (m === 0 || n === 0) return;
  needApart('gemm', c, a);
  needApart('gemm', c, b);
  if (k === 0) {
    for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) c[i * ldc + j] = beta === 0 ? 0 : beta * c[i * ldc + j];
    return;
  }
  const algebra = m * n * k < WORTH_A_CALL ? portable : best();
  algebra.gemm(m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc);
}

/**
 * y ← alpha op(A) x + beta y, in place, on arrays of one precision; the rules are those of `gemm`.
 * @param a m x n; op is the transpose if asked for
 * @param x length n, or m if A is transposed
 * @param y length m, or n if A is transposed
 */
export function gemv(
  m: number,
  n: number,
  alpha: number,
  a: Numbers,
  transposeA: boolean,
  x: Numbers,
  beta: number,
  y: Numbers,
): void {
  needSizes('gemv', m, n, 0);
  needFactors('gemv', alpha, beta);
  const width = needNumbers('gemv', y);
  needHolds('gemv', 'A', a, width, m, n, n);
  needHolds('gemv', 'x', x, width, 1, transposeA ? m : n, transposeA ? m : n);
  needHolds('gemv', 'y', y, width, 1, transposeA ? n : m, transposeA ? n : m);
  needApart('gemv', y, a);
  needApart('gemv', y, x);
  const algebra = m * n < WORTH_A_CALL ? portable : best();
  algebra.gemv(m, n, alpha, a, transposeA, x, beta, y);
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
  const { rows, cols } = a;
  const length = transposeA ? cols : rows;
  need(
    x.length === (transposeA ? rows : cols),
    () => `matvec: ${shape(a)}${transposeA ? ' transposed' : ''} and a vector of ${x.length} don't fit`,
  );
  const out = options.out ?? new Float64Array(length);
  need(out.length === length, () => `matvec: the product has length ${length}, out has ${out.length}`);
  gemv(
    rows,
    cols,
    1,
    a.data,
    transposeA,
    nameOf(x) === 'Float64Array' ? (x as Float64Array) : Float64Array.from(x),
    0,
    out,
  );
  return out;
}

/**
 * The matrix of inner products: a' a of the columns, cols x cols, or, with `transpose`, a a' of the rows, rows x rows.
 * Symmetric bit for bit.
 * @param out where to write; allocated by default; must not share memory with a
 */
export function gram(a: Matrix, options: { transpose?: boolean; out?: Matrix } = {}): Matrix {
  const { transpose: ofRows = false } = options;
  needMatrix('gram', a);
  const n = ofRows ? a.rows : a.cols;
  const out = options.out ?? matrix(n, n);
  needMatrix('gram', out);
  need(out.rows === n && out.cols === n, () => `gram: the product is ${n} x ${n}, out is ${shape(out)}`);
  needApart('gram', out.data, a.data);
  if (a.data.length === 0) out.data.fill(0);
  else (n * a.data.length < WORTH_A_CALL ? portable : best()).gram(a.rows, a.cols, a.data, ofRows, out.data);
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
  needFinite('solve', b);
  if (b.data.length === 0) return matrix(b.rows, b.cols);
  const x = forSize(a.rows).solve(a.rows, a.data, b.cols, b.data);
  need(x !== undefined, () => `solve: the ${shape(a)} matrix is singular`);
  need(firstNotFinite(x) < 0, () => `solve: the ${shape(a)} matrix is singular to working precision`);
  return matrix(b.rows, b.cols, x);
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
  needMatrix('cholesky', a);
  const n = a.rows;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) if (!Number.isFinite(a.data[i * n + j])) needFinite('cholesky', a);
  if (n === 0) return matrix(0, 0);
  const factor = forSize(n).cholesky(n, a.data);
  if (factor && firstNotFinite(factor) < 0) return matrix(n, n, factor);
  // one that names the pivot decides what is not positive definite
  const { L, failed } = choleskyByRows(n, a.data);
  need(!failed, () => `cholesky: the matrix is not positive definite (pivot ${failed!.pivot} is ${failed!.value})`);
  return matrix(n, n, L);
}

/**
 * Thin QR: A = Q R, Q m x n with orthonormal columns, R n x n upper triangular with a non-negative diagonal. A is m x n
 * with m >= n.
 */
export function qr(a: Matrix): { Q: Matrix; R: Matrix } {
  need(a.rows >= a.cols, () => `qr: needs at least as many rows as columns (got ${shape(a)})`);
  needFinite('qr', a);
  const { rows: m, cols: n } = a;
  if (n === 0) return { Q: matrix(m, 0), R: matrix(0, 0) };
  const { Q, R } = forSize(n).qr(m, n, a.data);
  for (let k = 0; k < n; k++) {
    if (R[k * n + k] >= 0) continue;
    for (let j = k; j < n; j++) R[k * n + j] *= -1;
    for (let i = 0; i < m; i++) Q[i * n + k] *= -1;
  }
  return { Q: matrix(m, n, Q), R: matrix(n, n, R) };
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
  needFinite('svd', a);
  const { rows: m, cols: n } = a;
  const r = Math.min(m, n);
  if (r === 0) return { U: matrix(m, 0), s: new Float64Array(0), V: matrix(n, 0) };
  const { U, s, V } = forSize(r).svd(m, n, a.data);
  for (let j = 0; j < r; j++) {
    if (largest(U, m, r, j) < 0) {
      flip(U, m, r, j);
      flip(V, n, r, j);
    }
  }
  return { U: matrix(m, r, U), s, V: matrix(n, r, V) };
}

/** Singular values alone, descending, length min(rows, cols). */
export function singularValues(a: Matrix): Float64Array {
  needFinite('singularValues', a);
  const r = Math.min(a.rows, a.cols);
  return r === 0 ? new Float64Array(0) : forSize(r).singularValues(a.rows, a.cols, a.data);
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
  needSymmetric('symmetricEigen', a);
  const n = a.rows;
  if (n === 0) return { values: new Float64Array(0), vectors: matrix(0, 0) };
  const { values, vectors } = forSize(n).symmetricEigen(n, a.data);
  for (let j = 0; j < n; j++) if (largest(vectors, n, n, j) < 0) flip(vectors, n, n, j);
  return { values, vectors: matrix(n, n, vectors) };
}

/**
 * Eigenvalues alone of a symmetric matrix, descending, length n.
 * @throws as `symmetricEigen`
 */
export function symmetricEigenvalues(a: Matrix): Float64Array {
  needSymmetric('symmetricEigenvalues', a);
  return a.rows === 0 ? new Float64Array(0) : forSize(a.rows).symmetricEigenvalues(a.rows, a.data);
}

/** Eigenvalues of a square matrix, length n each: real and imaginary parts, descending by real part, then imaginary part. */
export function eigenvalues(a: Matrix): { re: Float64Array; im: Float64Array } {
  needSquare('eigenvalues', a);
  needFinite('eigenvalues', a);
  const n = a.rows;
  if (n === 0) return { re: new Float64Array(0), im: new Float64Array(0) };
  const { re, im } = forSize(n).eigenvalues(n, a.data);
  const order = byRealPart(re, im);
  return { re: Float64Array.from(order, (i) => re[i]), im: Float64Array.from(order, (i) => im[i]) };
}

/** A v = λ v, λ = re + i im, for each column v = vectors.re + i vectors.im. */
export interface Eigen {
  /** Real parts of the eigenvalues, length n; ordered as by `eigenvalues`. */
  readonly re: Float64Array;
  readonly im: Float64Array;
  /** Right eigenvectors, n x n, in columns, of length 1; the largest component of each is real and positive. */
  readonly vectors: { readonly re: Matrix; readonly im: Matrix };
}

/**
 * Eigenvalues and right eigenvectors of a square matrix. A defective matrix has fewer independent vectors than columns;
 * some of these are then equal to rounding.
 */
export function eigen(a: Matrix): Eigen {
  needSquare('eigen', a);
  needFinite('eigen', a);
  const n = a.rows;
  const vectors = { re: matrix(n, n), im: matrix(n, n) };
  if (n === 0) return { re: new Float64Array(0), im: new Float64Array(0), vectors };
  const raw = forSize(n).eigen(n, a.data);
  const order = byRealPart(raw.re, raw.im);
  order.forEach((from, to) => {
    const sign = Math.sign(raw.im[from]);
    // a pair keeps both parts in two neighbouring columns; the second of it is the conjugate
    const real = sign < 0 ? from - 1 : from;
    let biggest = 0;
    let square = 0;
    let [cos, sin] = [1, 0];
    for (let i = 0; i < n; i++) {
      const x = raw.vectors[i * n + real];
      const y = sign === 0 ? 0 : sign * raw.vectors[i * n + real + 1];
      vectors.re.data[i * n + to] = x;
      vectors.im.data[i * n + to] = y;
      const size = Math.hypot(x, y);
      square += size ** 2;
      if (size > biggest * (1 + 1e-10)) [biggest, cos, sin] = [size, x / size, y / size];
    }
    const length = Math.sqrt(square);
    for (let i = 0; i < n; i++) {
      const at = i * n + to;
      const [x, y] = [vectors.re.data[at], vectors.im.data[at]];
      vectors.re.data[at] = (x * cos + y * sin) / length;
      vectors.im.data[at] = (y * cos - x * sin) / length;
    }
  });
  return { re: Float64Array.from(order, (i) => raw.re[i]), im: Float64Array.from(order, (i) => raw.im[i]), vectors };
}

/** The pseudo-inverse, cols x rows. Singular values below 2^-52 max(rows, cols) of the largest count as 0. */
export function pseudoInverse(a: Matrix): Matrix {
  const { U, s, V } = svd(a);
  const smallest = rankCut(a) * (s[0] ?? 0);
  const scaled = matrix(
    V.rows,
    V.cols,
    V.data.map((x, i) => (s[i % V.cols] > smallest ? x / s[i % V.cols] : 0)),
  );
  return multiply(scaled, U, { transposeB: true });
}

/**
 * The x that minimises |A x - b|; of several, the shortest. Singular values of A count as in `pseudoInverse`.
 * @param b rows x k, or a vector of length rows, which gives a vector
 */
export function leastSquares(a: Matrix, b: Matrix): Matrix;
export function leastSquares(a: Matrix, b: Float64Array): Float64Array;
export function leastSquares(a: Matrix, b: Matrix | Float64Array): Matrix | Float64Array {
  if (ArrayBuffer.isView(b)) return leastSquares(a, matrix(b.length, 1, b)).data;
  need(a.rows === b.rows, () => `leastSquares: ${shape(a)} and right-hand sides ${shape(b)} don't fit`);
  needFinite('leastSquares', a);
  needFinite('leastSquares', b);
  const out = matrix(a.cols, b.cols);
  if (a.data.length === 0 || b.data.length === 0) return out;
  const algebra = forSize(Math.min(a.rows, a.cols));
  return matrix(a.cols, b.cols, algebra.leastSquares(a.rows, a.cols, a.data, b.cols, b.data, rankCut(a)));
}

function rankCut(a: Matrix): number {
  return 2 ** -52 * Math.max(a.rows, a.cols);
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

/**
 * Whether OpenBLAS is in use here. Results don't depend on it beyond rounding: this is for measurements and for tests.
 */
export function nativeAlgebra(): boolean {
  return native() !== undefined;
}

/** Multiplications from which on OpenBLAS is faster, its call (0.3 µs) included. */
const WORTH_A_CALL = 400;
/** Sizes from which on a decomposition by LAPACK is. */
const LARGE = 9;

function best(): Algebra {
  return native() ?? portable;
}

function forSize(n: number): Algebra {
  return n < LARGE ? portable : best();
}

/** Positions in the order of general eigenvalues. */
function byRealPart(re: Float64Array, im: Float64Array): number[] {
  return Array.from(re, (_, i) => i).sort((i, j) => re[j] - re[i] || im[j] - im[i]);
}

/** The component of column j that is largest in size. Ones equal but for rounding count as equal: the first is taken. */
function largest(data: Float64Array, rows: number, cols: number, j: number): number {
  let best = 0;
  for (let i = 0; i < rows; i++) {
    const x = data[i * cols + j];
    if (Math.abs(x) > Math.abs(best) * (1 + 1e-10)) best = x;
  }
  return best;
}

function flip(data: Float64Array, rows: number, cols: number, j: number): void {
  for (let i = 0; i < rows; i++) data[i * cols + j] *= -1;
}

function shape(a: Matrix): string {
  return `${a.rows} x ${a.cols}`;
}

/** The message is made only when it is needed: a small product takes less time than its text. */
function need(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new ParameterError(message());
}

// A wrong length would let native code write where it must not. What an array is and how long is asked of the array
// itself, behind whatever properties it shows: the prototype's own getters answer for arrays of every realm (the cells
// of a notebook have constructors of their own).
const typedArray = Object.getPrototypeOf(Float64Array.prototype) as object;
const getter = (name: string | symbol): (() => unknown) => Object.getOwnPropertyDescriptor(typedArray, name)!.get!;
const [tag, lengthOf, bufferOf, offsetOf] = [Symbol.toStringTag, 'length', 'buffer', 'byteOffset'].map(getter);

/** e.g. 'Float64Array'; undefined for what is no typed array. */
function nameOf(x: unknown): unknown {
  return tag.call(x);
}

/** Bytes in a number of the array, 4 or 8. */
function needNumbers(name: string, x: unknown): number {
  const type = nameOf(x);
  if (type === 'Float64Array') return 8;
  need(type === 'Float32Array', () => `${name}: needs Float64Arrays or Float32Arrays (got ${type ?? typeof x})`);
  return 4;
}

/** The array holds a matrix of this shape, with rows `step` numbers apart. */
function needHolds(
  name: string,
  what: string,
  x: Numbers,
  width: number,
  rows: number,
  cols: number,
  step: number,
): void {
  need(needNumbers(name, x) === width, () => `${name}: ${what} must have the precision of the result`);
  need(
    Number.isSafeInteger(step) && step >= cols,
    () => `${name}: rows of ${what} are ${step} numbers apart, at least ${cols} are needed`,
  );
  const length = lengthOf.call(x) as number;
  const needed = rows === 0 || cols === 0 ? 0 : (rows - 1) * step + cols;
  need(length >= needed, () => `${name}: ${what} needs ${needed} numbers, the array has ${length}`);
}

/** Two arrays that don't share bytes. */
function needApart(name: string, out: Numbers, x: Numbers): void {
  if (bufferOf.call(out) !== bufferOf.call(x)) return;
  const width = x.BYTES_PER_ELEMENT;
  const [from, fromX] = [offsetOf.call(out) as number, offsetOf.call(x) as number];
  const [to, toX] = [from + width * (lengthOf.call(out) as number), fromX + width * (lengthOf.call(x) as number)];
  need(to <= fromX || toX <= from, () => `${name}: the result must not share memory with a factor`);
}

function needSizes(name: string, m: number, n: number, k: number): void {
  const whole = (x: number): boolean => Number.isSafeInteger(x) && x >= 0;
  need(
    whole(m) && whole(n) && whole(k),
    () => `${name}: sizes must be whole numbers from 0 on (got ${[m, n, k].join(', ')})`,
  );
}

function needFactors(name: string, alpha: number, beta: number): void {
  need(
    Number.isFinite(alpha) && Number.isFinite(beta),
    () => `${name}: alpha and beta must be finite numbers (got ${alpha} and ${beta})`,
  );
}

/** The matrix is what its type says: whole sizes, and that many double numbers. */
function needMatrix(name: string, a: Matrix): void {
  const { rows, cols, data } = a;
  need(
    Number.isSafeInteger(rows) && Number.isSafeInteger(cols) && rows >= 0 && cols >= 0,
    () => `${name}: the sizes of a matrix must be whole numbers (got ${shape(a)})`,
  );
  need(nameOf(data) === 'Float64Array', () => `${name}: a matrix holds its numbers in a Float64Array`);
  const length = lengthOf.call(data);
  need(length === rows * cols, () => `${name}: a ${shape(a)} matrix needs ${rows * cols} numbers (it has ${length})`);
}

function needSquare(name: string, a: Matrix): void {
  need(a.rows === a.cols, () => `${name}: needs a square matrix (got ${shape(a)})`);
}

/** Position of the first number that is not finite, or -1. */
function firstNotFinite(x: Float64Array): number {
  for (let i = 0; i < x.length; i++) if (!Number.isFinite(x[i])) return i;
  return -1;
}

function needFinite(name: string, a: Matrix): void {
  needMatrix(name, a);
  const bad = firstNotFinite(a.data);
  need(bad < 0, () => `${name}: entry (${Math.floor(bad / a.cols)}, ${bad % a.cols}) is ${a.data[bad]}`);
}

function needSymmetric(name: string, a: Matrix): void {
  needSquare(name, a);
  needFinite(name, a);
  const { rows: n, data } = a;
  let size = 0;
  for (const x of data) size = Math.max(size, Math.abs(x));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      if (Math.abs(data[i * n + j] - data[j * n + i]) <= 1e-10 * size) continue;
      const [x, y] = [data[i * n + j], data[j * n + i]];
      throw new ParameterError(`${name}: the matrix is not symmetric: (${i}, ${j}) is ${x}, (${j}, ${i}) is ${y}`);
    }
  }
}
