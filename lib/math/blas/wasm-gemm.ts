import kernel from '../../wasm/gemm.wasm';
import { arrayBytes, instantiate } from '../../wasm/instantiate';
import type { Algebra, Numbers } from './algebra';

// what is copied into the kernel's memory at a time: rows of A, columns of B, terms of the sum
const ROWS = 256;
const COLS = 256;
const DEPTH = 1024;
/** Rows of a tile. */
const TALL = 4;
/** Bytes of a row of a tile. */
const WIDE = 32;

interface Workspace {
  /** bytes of a number */
  readonly size: 4 | 8;
  readonly a: Numbers;
  readonly b: Numbers;
  readonly strips: Numbers;
  readonly c: Numbers;
  pack(from: number, to: number, line: number, inner: number, depth: number, strips: number): void;
  product(
    a: number,
    row: number,
    inner: number,
    b: number,
    c: number,
    depth: number,
    stripsA: number,
    stripsB: number,
    alpha: number,
    beta: number,
  ): void;
}

let single: Workspace | undefined;
let double: Workspace | undefined;

/** The product of matrices in WebAssembly, as described at `Algebra`. */
export const gemm: Algebra['gemm'] = (m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) => {
  const work = c.BYTES_PER_ELEMENT === 4 ? (single ??= workspace(4)) : (double ??= workspace(8));
  const { size } = work;
  const inTile = WIDE / size;
  for (let j0 = 0; j0 < n; j0 += COLS) {
    const cols = Math.min(COLS, n - j0);
    const stripsB = Math.ceil(cols / inTile);
    const wide = stripsB * inTile;
    for (let i0 = 0; i0 < m; i0 += ROWS) {
      const rows = Math.min(ROWS, m - i0);
      if (beta === 0) work.c.fill(0, 0, rows * wide);
      else copy(c, i0 * ldc + j0, ldc, work.c, 0, wide, rows, cols);
      for (let p0 = 0; p0 < k; p0 += DEPTH) {
        const depth = Math.min(DEPTH, k - p0);
        if (transposeB) copy(b, j0 * ldb + p0, ldb, work.b, 0, depth, cols, depth);
        else copy(b, p0 * ldb + j0, ldb, work.b, 0, cols, depth, cols);
        const [lineB, innerB] = transposeB ? [depth * size, size] : [size, cols * size];
        work.pack(work.b.byteOffset, work.strips.byteOffset, lineB, innerB, depth, stripsB);
        if (transposeA) copy(a, p0 * lda + i0, lda, work.a, 0, rows, depth, rows);
        else copy(a, i0 * lda + p0, lda, work.a, 0, depth, rows, depth);
        const [rowA, innerA] = transposeA ? [size, rows * size] : [depth * size, size];
        work.product(
          work.a.byteOffset,
          rowA,
          innerA,
          work.strips.byteOffset,
          work.c.byteOffset,
          depth,
          Math.ceil(rows / TALL),
          stripsB,
          alpha,
          p0 === 0 ? beta : 1,
        );
      }
      copy(work.c, 0, wide, c, i0 * ldc + j0, ldc, rows, cols);
    }
  }
};

function workspace(size: 4 | 8): Workspace {
  // the last tile may reach past the last row and column: what it reads there must be memory
  const lengths = [(ROWS + TALL) * DEPTH, (COLS + WIDE / size) * DEPTH, COLS * DEPTH, ROWS * COLS];
  const { call, float32, float64 } = instantiate(kernel, { bytes: arrayBytes(...lengths.map((n) => n * size)) });
  const [a, b, strips, c] = lengths.map((n) => (size === 4 ? float32(n) : float64(n)));
  return size === 4
    ? { size, a, b, strips, c, pack: call.pack32, product: call.product32 }
    : { size, a, b, strips, c, pack: call.pack64, product: call.product64 };
}

/** Copies rows between matrices whose rows lie `fromStep` and `toStep` numbers apart. */
function copy(
  from: Numbers,
  fromStart: number,
  fromStep: number,
  to: Numbers,
  toStart: number,
  toStep: number,
  rows: number,
  cols: number,
): void {
  if (fromStep === cols && toStep === cols) {
    to.set(from.subarray(fromStart, fromStart + rows * cols), toStart);
    return;
  }
  for (let i = 0; i < rows; i++) {
    const at = fromStart + i * fromStep;
    to.set(from.subarray(at, at + cols), toStart + i * toStep);
  }
}
