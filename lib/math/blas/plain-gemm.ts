import type { Algebra, Numbers } from './algebra';

/** The product of matrices in plain loops, as described at `Algebra`: for small ones, and the reference for the others. */
export const gemm: Algebra['gemm'] = (m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) => {
  const aRow = transposeA ? 1 : lda;
  const aInner = transposeA ? lda : 1;
  for (let i = 0; i < m; i++) {
    if (transposeB) row(i * aRow, aInner, n, k, alpha, a, b, ldb, beta, c, i * ldc);
    else sweep(i * aRow, aInner, n, k, alpha, a, b, ldb, beta, c, i * ldc);
  }
};

/** A row of C: inner products of a row of op(A) with rows of B. */
function row(
  start: number,
  step: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  b: Numbers,
  ldb: number,
  beta: number,
  c: Numbers,
  to: number,
): void {
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let p = 0, at = start; p < k; p++, at += step) sum += a[at] * b[j * ldb + p];
    c[to + j] = beta === 0 ? alpha * sum : alpha * sum + beta * c[to + j];
  }
}

/** A row of C: rows of B, weighted and added, which reads B in its order. */
function sweep(
  start: number,
  step: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  b: Numbers,
  ldb: number,
  beta: number,
  c: Numbers,
  to: number,
): void {
  for (let j = 0; j < n; j++) c[to + j] = beta === 0 ? 0 : beta * c[to + j];
  for (let p = 0; p < k; p++) {
    const factor = alpha * a[start + p * step];
    for (let j = 0; j < n; j++) c[to + j] += factor * b[p * ldb + j];
  }
}
