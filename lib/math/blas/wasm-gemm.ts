import kernel from '../../wasm/gemm.wasm';
import { arrayBytes, type Instance, instantiate } from '../../wasm/instantiate';
import type { Algebra, Numbers } from './algebra';

/** Rows of A, columns of B and terms of the sum that are copied into the kernel's memory at a time: they fit the second cache. */
const ROWS = 128;
const COLS = 512;
const DEPTH = 256;
/** Rows in a strip of A. */
const TALL = 4;

interface Workspace {
  /** columns in a strip of B: two vectors */
  readonly wide: number;
  readonly a: Numbers;
  readonly b: Numbers;
  readonly c: Numbers;
  readonly product: (a: number, b: number, c: number, depth: number, stripsA: number, stripsB: number) => void;
}

type Exports = typeof kernel extends { readonly exports?: infer E } ? NonNullable<E> : never;

let single: Workspace | undefined;
let double: Workspace | undefined;

/** The product of matrices in WebAssembly, as described at `Algebra`. */
export const gemm: Algebra['gemm'] = (m, n, k, alpha, a, transposeA, b, transposeB, beta, c, lda, ldb, ldc) => {
  const work = c.BYTES_PER_ELEMENT === 4 ? (single ??= workspace(4)) : (double ??= workspace(8));
  const { wide } = work;
  const [aRow, aInner] = transposeA ? [1, lda] : [lda, 1];
  const [bInner, bCol] = transposeB ? [1, ldb] : [ldb, 1];
  for (let j0 = 0; j0 < n; j0 += COLS) {
    const cols = Math.min(COLS, n - j0);
    const stripsB = Math.ceil(cols / wide);
    for (let p0 = 0; p0 < k; p0 += DEPTH) {
      const depth = Math.min(DEPTH, k - p0);
      strips(b, p0 * bInner + j0 * bCol, bCol, bInner, cols, depth, wide, work.b);
      const keep = p0 === 0 ? beta : 1;
      for (let i0 = 0; i0 < m; i0 += ROWS) {
        const rows = Math.min(ROWS, m - i0);
        strips(a, i0 * aRow + p0 * aInner, aRow, aInner, rows, depth, TALL, work.a);
        const stripsA = Math.ceil(rows / TALL);
        work.product(work.a.byteOffset, work.b.byteOffset, work.c.byteOffset, depth, stripsA, stripsB);
        add(work.c, stripsB * wide, rows, cols, alpha, keep, c, i0 * ldc + j0, ldc);
      }
    }
  }
};

function workspace(bytes: 4 | 8): Workspace {
  const sizes = [ROWS * DEPTH, COLS * DEPTH, ROWS * COLS];
  const instance: Instance<Exports> = instantiate(kernel, { bytes: arrayBytes(...sizes.map((n) => n * bytes)) });
  const take = (n: number): Numbers => (bytes === 4 ? instance.float32(n) : instance.float64(n));
  const [a, b, c] = sizes.map(take);
  const { product32, product64 } = instance.call;
  return bytes === 4 ? { wide: 8, a, b, c, product: product32 } : { wide: 4, a, b, c, product: product64 };
}

/**
 * Copies lines of a matrix (rows of A, columns of B) in strips of `wide`: of a strip first the first number of each line, then the second.
 * Lines that are missing in the last strip are 0.
 */
function strips(
  from: Numbers,
  start: number,
  line: number,
  inner: number,
  lines: number,
  depth: number,
  wide: number,
  to: Numbers,
): void {
  for (let l = 0; l < lines; l += wide) {
    const base = l * depth;
    const full = Math.min(wide, lines - l);
    if (line === 1) {
      // the lines stand side by side
      for (let p = 0; p < depth; p++) {
        const source = start + l + p * inner;
        const target = base + p * wide;
        for (let q = 0; q < full; q++) to[target + q] = from[source + q];
        for (let q = full; q < wide; q++) to[target + q] = 0;
      }
    } else {
      for (let q = 0; q < wide; q++) {
        let source = start + (l + q) * line;
        for (let target = base + q, end = target + depth * wide; target < end; target += wide) {
          to[target] = q < full ? from[source] : 0;
          source += inner;
        }
      }
    }
  }
}

/** C ← alpha block + keep C, on a part of C. */
function add(
  block: Numbers,
  step: number,
  rows: number,
  cols: number,
  alpha: number,
  keep: number,
  c: Numbers,
  start: number,
  ldc: number,
): void {
  for (let i = 0; i < rows; i++) {
    const from = i * step;
    const to = start + i * ldc;
    if (keep === 0) for (let j = 0; j < cols; j++) c[to + j] = alpha * block[from + j];
    else for (let j = 0; j < cols; j++) c[to + j] = alpha * block[from + j] + keep * c[to + j];
  }
}
