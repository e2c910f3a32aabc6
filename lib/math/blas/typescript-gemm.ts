import type { Algebra, Numbers } from './algebra';

/** Multiplications below which copying into tiles takes longer than it saves. */
const FEW = 4096;
/** Rows of A and columns of B whose products are held in local variables. */
const TILE = 4;
/** Terms of the inner sum for which a strip of B stays in the fastest cache. */
const DEPTH = 256;

/**
 * The product of matrices, as described at `Algebra`. Large ones go tile by tile: four rows of A and four columns of B,
 * copied so that both are read in one stream, give sixteen sums at a time. Sums are in double precision for single ones
 * too.
 */
export const gemm: Algebra['gemm'] = (m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) => {
  const aRow = transposeA ? 1 : lda;
  const aInner = transposeA ? lda : 1;
  const bInner = transposeB ? 1 : ldb;
  const bCol = transposeB ? ldb : 1;
  if (m * n * k < FEW) plain(m, n, k, alpha, a, aRow, aInner, b, bInner, bCol, beta, c, ldc);
  else tiled(m, n, k, alpha, a, aRow, aInner, b, bInner, bCol, beta, c, ldc);
};

function plain(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  aRow: number,
  aInner: number,
  b: Numbers,
  bInner: number,
  bCol: number,
  beta: number,
  c: Numbers,
  ldc: number,
): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let p = 0; p < k; p++) sum += a[i * aRow + p * aInner] * b[p * bInner + j * bCol];
      const at = i * ldc + j;
      c[at] = beta === 0 ? alpha * sum : alpha * sum + beta * c[at];
    }
  }
}

let stripA = new Float64Array(0);
let stripB = new Float64Array(0);

function tiled(
  m: number,
  n: number,
  k: number,
  alpha: number,
  a: Numbers,
  aRow: number,
  aInner: number,
  b: Numbers,
  bInner: number,
  bCol: number,
  beta: number,
  c: Numbers,
  ldc: number,
): void {
  const wide = Math.ceil(n / TILE) * TILE;
  if (stripA.length === 0) stripA = new Float64Array(TILE * DEPTH);
  if (stripB.length < wide * DEPTH) stripB = new Float64Array(wide * DEPTH);
  for (let p0 = 0; p0 < k; p0 += DEPTH) {
    const depth = Math.min(DEPTH, k - p0);
    for (let j0 = 0; j0 < n; j0 += TILE)
      copy(b, p0 * bInner + j0 * bCol, bCol, bInner, Math.min(TILE, n - j0), depth, stripB, j0 * depth);
    const keep = p0 === 0 ? beta : 1;
    for (let i0 = 0; i0 < m; i0 += TILE) {
      const rows = Math.min(TILE, m - i0);
      copy(a, i0 * aRow + p0 * aInner, aRow, aInner, rows, depth, stripA, 0);
      for (let j0 = 0; j0 < n; j0 += TILE)
        tile(depth, j0 * depth, alpha, keep, c, i0 * ldc + j0, ldc, rows, Math.min(TILE, n - j0));
    }
  }
}

/** Copies up to four lines so that their numbers alternate; missing lines are 0. */
function copy(
  from: Numbers,
  start: number,
  line: number,
  inner: number,
  lines: number,
  depth: number,
  to: Float64Array,
  at: number,
): void {
  for (let q = 0; q < TILE; q++) {
    let source = start + q * line;
    let target = at + q;
    for (let p = 0; p < depth; p++) {
      to[target] = q < lines ? from[source] : 0;
      source += inner;
      target += TILE;
    }
  }
}

/** One tile of C, from the strip of A and the strip of B that begins at `at`. */
function tile(
  depth: number,
  at: number,
  alpha: number,
  keep: number,
  c: Numbers,
  start: number,
  ldc: number,
  rows: number,
  cols: number,
): void {
  const A = stripA;
  const B = stripB;
  // two rows at a time: sixteen sums, and what they are made of, are more than a processor has registers
  for (let r = 0; r < rows; r += 2) {
    let c00 = 0;
    let c01 = 0;
    let c02 = 0;
    let c03 = 0;
    let c10 = 0;
    let c11 = 0;
    let c12 = 0;
    let c13 = 0;
    let q = at;
    for (let p = r, end = r + depth * TILE; p < end; p += TILE) {
      const a0 = A[p];
      const a1 = A[p + 1];
      const b0 = B[q];
      const b1 = B[q + 1];
      const b2 = B[q + 2];
      const b3 = B[q + 3];
      c00 += a0 * b0;
      c01 += a0 * b1;
      c02 += a0 * b2;
      c03 += a0 * b3;
      c10 += a1 * b0;
      c11 += a1 * b1;
      c12 += a1 * b2;
      c13 += a1 * b3;
      q += TILE;
    }
    store(c, start + r * ldc, cols, alpha, keep, c00, c01, c02, c03);
    if (r + 1 < rows) store(c, start + (r + 1) * ldc, cols, alpha, keep, c10, c11, c12, c13);
  }
}

function store(
  c: Numbers,
  at: number,
  cols: number,
  alpha: number,
  keep: number,
  x0: number,
  x1: number,
  x2: number,
  x3: number,
): void {
  c[at] = keep === 0 ? alpha * x0 : alpha * x0 + keep * c[at];
  if (cols > 1) c[at + 1] = keep === 0 ? alpha * x1 : alpha * x1 + keep * c[at + 1];
  if (cols > 2) c[at + 2] = keep === 0 ? alpha * x2 : alpha * x2 + keep * c[at + 2];
  if (cols > 3) c[at + 3] = keep === 0 ? alpha * x3 : alpha * x3 + keep * c[at + 3];
}
