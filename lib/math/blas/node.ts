import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Algebra, Numbers } from './algebra';
import { findLibrary } from './node-library';

let found: Algebra | undefined;
let tried = false;

/**
 * OpenBLAS, or undefined where it is switched off (LECTURE_LAB_BLAS=off) or not usable; then one notice says why and
 * what to do. It is looked for once, when something large enough is first computed.
 */
export function native(): Algebra | undefined {
  if (tried) return found;
  tried = true;
  if (process.env['LECTURE_LAB_BLAS'] === 'off') return undefined;
  try {
    found = bind(findLibrary());
  } catch (error) {
    // the workers of a process all meet the same: its main thread speaks for them
    if (isMainThread)
      console.warn(
        `OpenBLAS can't be used (${(error as Error).message}): linear algebra runs in TypeScript, many times slower for large matrices. Remedy: npm run doctor`,
      );
  }
  return found;
}

// what the C headers of BLAS and LAPACK name so
const ROW_MAJOR = 101;
const COL_MAJOR = 102;
const PLAIN = 111;
const TRANSPOSED = 112;
const UPPER = 121;
const letter = (text: string): number => text.charCodeAt(0);
const [ALL_VALUES_ONLY, VECTORS, THIN, UP, TRANSPOSE] = ['N', 'V', 'S', 'U', 'T'].map(letter) as [
  number,
  number,
  number,
  number,
  number,
];

/**
 * Multiplications from which on several threads do the work, on the main thread alone: below, which takes one core about
 * 1 ms, handing out costs more than it saves on a busy machine, and sums don't depend on the number of cores. Workers
 * share the cores among themselves already.
 */
const MANY = 30_000_000;

type Native = (...args: readonly unknown[]) => number;

/**
 * The functions of the library at this path, behind our interface. LAPACK stores matrices by columns: what it gets is
 * the transpose of what we have, and each function below says how it gets along with that.
 */
function bind(path: string): Algebra {
  const koffi = require('koffi') as typeof import('koffi');
  const library = koffi.load(path);
  const bound = (prototype: string): Native => library.func(prototype) as unknown as Native;
  const gemmOf = (letter: string, type: string) =>
    bound(
      `void scipy_cblas_${letter}gemm64_(int layout, int ta, int tb, int64_t m, int64_t n, int64_t k, ${type} alpha, const ${type} *a, int64_t lda, const ${type} *b, int64_t ldb, ${type} beta, ${type} *c, int64_t ldc)`,
    );
  const gemvOf = (letter: string, type: string) =>
    bound(
      `void scipy_cblas_${letter}gemv64_(int layout, int ta, int64_t m, int64_t n, ${type} alpha, const ${type} *a, int64_t lda, const ${type} *x, int64_t incx, ${type} beta, ${type} *y, int64_t incy)`,
    );
  const lapack = (name: string, args: string) => bound(`int64_t scipy_LAPACKE_${name}64_(int layout, ${args})`);
  const setThreads = bound('void scipy_openblas_set_num_threads64_(int n)');
  const dgemm = gemmOf('d', 'double');
  const sgemm = gemmOf('s', 'float');
  const dgemv = gemvOf('d', 'double');
  const sgemv = gemvOf('s', 'float');
  const dsyrk = bound(
    'void scipy_cblas_dsyrk64_(int layout, int uplo, int trans, int64_t n, int64_t k, double alpha, const double *a, int64_t lda, double beta, double *c, int64_t ldc)',
  );
  const dgetrf = lapack('dgetrf', 'int64_t m, int64_t n, double *a, int64_t lda, int64_t *pivots');
  const dgetrs = lapack(
    'dgetrs',
    'int8_t trans, int64_t n, int64_t k, const double *a, int64_t lda, const int64_t *pivots, double *b, int64_t ldb',
  );
  const dpotrf = lapack('dpotrf', 'int8_t uplo, int64_t n, double *a, int64_t lda');
  const dgeqrf = lapack('dgeqrf', 'int64_t m, int64_t n, double *a, int64_t lda, double *tau');
  const dorgqr = lapack('dorgqr', 'int64_t m, int64_t n, int64_t k, double *a, int64_t lda, const double *tau');
  const dgesdd = lapack(
    'dgesdd',
    'int8_t job, int64_t m, int64_t n, double *a, int64_t lda, double *s, double *u, int64_t ldu, double *vt, int64_t ldvt',
  );
  const dsyevd = lapack('dsyevd', 'int8_t job, int8_t uplo, int64_t n, double *a, int64_t lda, double *w');
  const dgeev = lapack(
    'dgeev',
    'int8_t left, int8_t right, int64_t n, double *a, int64_t lda, double *wr, double *wi, double *vl, int64_t ldvl, double *vr, int64_t ldvr',
  );
  const dgelsd = lapack(
    'dgelsd',
    'int64_t m, int64_t n, int64_t k, double *a, int64_t lda, double *b, int64_t ldb, double *s, double rcond, int64_t *rank',
  );

  const cores = isMainThread ? Number(process.env['OPENBLAS_NUM_THREADS']) || availableParallelism() : 1;
  setThreads(1);

  /** Calls with as many threads as the work is worth. */
  function run(work: number, call: Native, ...args: readonly unknown[]): number {
    if (work < MANY || cores === 1) return call(...args);
    setThreads(cores);
    try {
      return call(...args);
    } finally {
      setThreads(1);
    }
  }

  /** Runs a LAPACK function; gives its `info`, 0 or above. */
  function info(name: string, work: number, call: Native, ...args: readonly unknown[]): number {
    const result = run(work, call, COL_MAJOR, ...args);
    if (result < 0)
      throw new Error(`${name} of LAPACK gave ${result}: ${result < -1000 ? 'no memory is left' : 'a wrong argument'}`);
    return result;
  }

  /** The same, for iterations that end in all but freak cases. */
  function converges(name: string, work: number, call: Native, ...args: readonly unknown[]): void {
    if (info(name, work, call, ...args) > 0) throw new Error(`${name} of LAPACK did not converge`);
  }

  function symmetric(n: number, a: Float64Array, job: number): { ascending: Float64Array; rows: Float64Array } {
    const rows = a.slice();
    const ascending = new Float64Array(n);
    converges('dsyevd', n ** 3, dsyevd, job, UP, n, rows, n, ascending);
    return { ascending, rows };
  }

  return {
    gemm(m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) {
      const gemm = isSingle(c) ? sgemm : dgemm;
      const ta = transposeA ? TRANSPOSED : PLAIN;
      const tb = transposeB ? TRANSPOSED : PLAIN;
      if (m * n * k < MANY || cores === 1) gemm(ROW_MAJOR, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      else run(m * n * k, gemm, ROW_MAJOR, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    },
    gemv(m, n, alpha, a, transposeA, x, beta, y) {
      const gemv = isSingle(y) ? sgemv : dgemv;
      gemv(ROW_MAJOR, transposeA ? TRANSPOSED : PLAIN, m, n, alpha, a, n, x, 1, beta, y, 1);
    },
    gram(rows, cols, a, transpose, out) {
      const [n, k] = transpose ? [rows, cols] : [cols, rows];
      run(n * n * k, dsyrk, ROW_MAJOR, UPPER, transpose ? PLAIN : TRANSPOSED, n, k, 1, a, cols, 0, out, n);
      for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[i * n + j] = out[j * n + i];
    },
    solve(n, a, k, b) {
      // factors of A' serve A: dgetrs solves the transposed system
      const lu = a.slice();
      const pivots = new BigInt64Array(n);
      if (info('dgetrf', n ** 3, dgetrf, n, n, lu, n, pivots) > 0) return undefined;
      const x = transposed(n, k, b);
      info('dgetrs', n * n * k, dgetrs, TRANSPOSE, n, k, lu, n, pivots, x, n);
      return transposed(k, n, x);
    },
    cholesky(n, a) {
      // the upper factor by columns is the lower factor by rows
      const out = a.slice();
      if (info('dpotrf', n ** 3, dpotrf, UP, n, out, n) > 0) return undefined;
      for (let i = 0; i < n; i++) out.fill(0, i * n + i + 1, (i + 1) * n);
      return out;
    },
    qr(m, n, a) {
      const work = transposed(m, n, a);
      const tau = new Float64Array(n);
      info('dgeqrf', m * n * n, dgeqrf, m, n, work, m, tau);
      const R = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = i; j < n; j++) R[i * n + j] = work[j * m + i];
      info('dorgqr', m * n * n, dorgqr, m, n, n, work, m, tau);
      return { Q: transposed(n, m, work), R };
    },
    svd(m, n, a) {
      // A' = P S Q': the right vectors of A' are the left ones of A
      const r = Math.min(m, n);
      const s = new Float64Array(r);
      const p = new Float64Array(n * r);
      const U = new Float64Array(m * r);
      converges('dgesdd', m * n * r, dgesdd, THIN, n, m, a.slice(), n, s, p, n, U, r);
      return { U, s, V: transposed(r, n, p) };
    },
    singularValues(m, n, a) {
      const s = new Float64Array(Math.min(m, n));
      converges('dgesdd', m * n * s.length, dgesdd, ALL_VALUES_ONLY, n, m, a.slice(), n, s, null, n, null, 1);
      return s;
    },
    symmetricEigen(n, a) {
      const { ascending, rows } = symmetric(n, a, VECTORS);
      const vectors = new Float64Array(n * n);
      for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = rows[(n - 1 - j) * n + i];
      return { values: ascending.reverse(), vectors };
    },
    symmetricEigenvalues: (n, a) => symmetric(n, a, ALL_VALUES_ONLY).ascending.reverse(),
    eigenvalues(n, a) {
      // A and A' have the same
      const re = new Float64Array(n);
      const im = new Float64Array(n);
      converges('dgeev', n ** 3, dgeev, ALL_VALUES_ONLY, ALL_VALUES_ONLY, n, a.slice(), n, re, im, null, 1, null, 1);
      return { re, im };
    },
    eigen(n, a) {
      const re = new Float64Array(n);
      const im = new Float64Array(n);
      const byColumns = new Float64Array(n * n);
      const work = transposed(n, n, a);
      converges('dgeev', n ** 3, dgeev, ALL_VALUES_ONLY, VECTORS, n, work, n, re, im, null, 1, byColumns, n);
      return { re, im, vectors: transposed(n, n, byColumns) };
    },
    leastSquares(m, n, a, k, b, cut) {
      const long = Math.max(m, n);
      const x = new Float64Array(long * k);
      for (let i = 0; i < m; i++) for (let j = 0; j < k; j++) x[j * long + i] = b[i * k + j];
      const s = new Float64Array(Math.min(m, n));
      const rank = new BigInt64Array(1);
      converges('dgelsd', m * n * s.length, dgelsd, m, n, k, transposed(m, n, a), m, x, long, s, cut, rank);
      const out = new Float64Array(n * k);
      for (let i = 0; i < n; i++) for (let j = 0; j < k; j++) out[i * k + j] = x[j * long + i];
      return out;
    },
  };
}

function isSingle(x: Numbers): x is Float32Array {
  return x.BYTES_PER_ELEMENT === 4;
}

/** The transpose of a rows x cols matrix, in blocks that stay in the cache. */
function transposed(rows: number, cols: number, a: Float64Array): Float64Array {
  if (rows === 1 || cols === 1) return a.slice();
  const out = new Float64Array(rows * cols);
  const block = 32;
  for (let i0 = 0; i0 < rows; i0 += block) {
    const i1 = Math.min(i0 + block, rows);
    for (let j0 = 0; j0 < cols; j0 += block) {
      const j1 = Math.min(j0 + block, cols);
      for (let i = i0; i < i1; i++) for (let j = j0; j < j1; j++) out[j * rows + i] = a[i * cols + j];
    }
  }
  return out;
}
