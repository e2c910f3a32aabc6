/** Numbers of one precision: double or single. */
export type Numbers = Float64Array | Float32Array;

/**
 * What `linear-algebra` needs done, on flat row-major arrays. There are two of them: `portable.ts` runs everywhere,
 * `node.ts` calls OpenBLAS. The caller has checked shapes, lengths, overlaps and finite numbers; arguments other than
 * the one that is written to stay as they are; sizes are at least 1.
 */
export interface Algebra {
  /**
   * C ← alpha op(A) op(B) + beta C, with op the transpose on request; op(A) is m x k, op(B) k x n. With beta = 0, C is
   * not read.
   * @param lda numbers from one stored row of A to the next; ldb, ldc likewise
   */
  gemm(
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
    lda: number,
    ldb: number,
    ldc: number,
  ): void;
  /** y ← alpha op(A) x + beta y; A is m x n. With beta = 0, y is not read. */
  gemv(
    m: number,
    n: number,
    alpha: number,
    a: Numbers,
    transposeA: boolean,
    x: Numbers,
    beta: number,
    y: Numbers,
  ): void;
  /** out ← A'A (cols x cols), or AA' (rows x rows) with `transpose`. */
  gram(rows: number, cols: number, a: Float64Array, transpose: boolean, out: Float64Array): void;
  /** The solution of A X = B, n x k; undefined when a pivot is exactly 0. */
  solve(n: number, a: Float64Array, k: number, b: Float64Array): Float64Array | undefined;
  /** The lower triangular factor, from the lower triangle of A; undefined when A is not positive definite. */
  cholesky(n: number, a: Float64Array): Float64Array | undefined;
  /** Thin, m >= n, any signs: Q m x n, R n x n. */
  qr(m: number, n: number, a: Float64Array): { Q: Float64Array; R: Float64Array };
  /** Thin, singular values descending, any signs: U m x r, V n x r, both with the vectors in columns. */
  svd(m: number, n: number, a: Float64Array): { U: Float64Array; s: Float64Array; V: Float64Array };
  /** Descending. */
  singularValues(m: number, n: number, a: Float64Array): Float64Array;
  /** Descending, any signs, vectors in columns. */
  symmetricEigen(n: number, a: Float64Array): { values: Float64Array; vectors: Float64Array };
  /** Descending. */
  symmetricEigenvalues(n: number, a: Float64Array): Float64Array;
  /** In any order; members of a complex pair side by side, the one with the positive imaginary part first. */
  eigenvalues(n: number, a: Float64Array): { re: Float64Array; im: Float64Array };
  /**
   * Eigenvalues as above, with right eigenvectors of any length and phase in columns: column j for a real value; for a
   * pair in j and j + 1, column j is the real part and column j + 1 the imaginary part of the vector of the first one.
   */
  eigen(n: number, a: Float64Array): { re: Float64Array; im: Float64Array; vectors: Float64Array };
  /** The shortest X, n x k, that minimises |A X - B|; singular values below `cut` of the largest count as 0. */
  leastSquares(m: number, n: number, a: Float64Array, k: number, b: Float64Array, cut: number): Float64Array;
}
