import { ParameterError } from './errors';
import type { Sparse } from './sparse';

/**
 * A sparse matrix in single precision for products that are done thousands of times. Its columns lie in blocks that fit
 * into the fastest memory, so that looking up x never waits; what remains is to read the entries one after another, and
 * those take 6 bytes each instead of 10 or 12. Worth it from about a million entries on.
 */
export interface Blocked {
  readonly rows: number;
  readonly cols: number;
  /** columns of a block; the last one may have fewer */
  readonly width: number;
  readonly blocks: readonly Block[];
}

export interface Block {
  /** rows + 1 positions; each row has a multiple of four entries, the last ones of weight 0 */
  readonly start: Int32Array;
  /** of each entry, 4 × its column within the block: the distance in bytes */
  readonly offset: Uint16Array;
  readonly weight: Float32Array;
}

/** Columns whose single-precision numbers fill 16 KiB, half of the smallest first-level memory in use. */
const WIDTH = 4096;
/** What an offset of 16 bits can reach. */
const MOST_WIDTH = 2 ** 14;

/**
 * Rearranges a matrix; its values are rounded to single precision.
 * @param width columns of a block, 4 to 16384
 */
export function blocked(a: Sparse, width: number = WIDTH): Blocked {
  if (!(Number.isInteger(width) && width >= 4 && width <= MOST_WIDTH))
    throw new ParameterError(`width must be a whole number between 4 and ${MOST_WIDTH} (got ${width})`);
  const { rows, cols, start, index, data } = a;
  const count = Math.max(1, Math.ceil(cols / width));
  const starts = Array.from({ length: count }, () => new Int32Array(rows + 1));
  for (let i = 0; i < rows; i++)
    for (let e = start[i]; e < start[i + 1]; e++) starts[Math.floor(index[e] / width)][i + 1]++;
  const blocks = starts.map((positions): Block => {
    for (let i = 1; i <= rows; i++) positions[i] = positions[i - 1] + 4 * Math.ceil(positions[i] / 4);
    return {
      start: positions,
      offset: new Uint16Array(positions[rows]),
      weight: new Float32Array(positions[rows]),
    };
  });
  const next = new Int32Array(count);
  for (let i = 0; i < rows; i++) {
    for (let b = 0; b < count; b++) next[b] = blocks[b].start[i];
    for (let e = start[i]; e < start[i + 1]; e++) {
      const b = Math.floor(index[e] / width);
      blocks[b].offset[next[b]] = 4 * (index[e] - b * width);
      blocks[b].weight[next[b]++] = data[e];
    }
  }
  return { rows, cols, width, blocks };
}

const f = Math.fround;

/**
 * y = A x in single precision. Each block's part of a row is four sums side by side, then added: the same bits as the
 * compiled loop.
 * @param x length cols
 * @param y length rows, overwritten; another array than x
 */
export function blockedMatvec({ rows, cols, width, blocks }: Blocked, x: Float32Array, y: Float32Array): void {
  if (x.length !== cols || y.length !== rows)
    throw new ParameterError(
      `blockedMatvec: ${rows} x ${cols} does not fit ${x.length} numbers in and ${y.length} out`,
    );
  for (const [b, { start, offset, weight }] of blocks.entries()) {
    const first = b * width;
    for (let i = 0; i < rows; i++) {
      let [s0, s1, s2, s3] = [0, 0, 0, 0];
      for (let e = start[i]; e < start[i + 1]; e += 4) {
        s0 = f(s0 + f(weight[e] * x[first + (offset[e] >> 2)]));
        s1 = f(s1 + f(weight[e + 1] * x[first + (offset[e + 1] >> 2)]));
        s2 = f(s2 + f(weight[e + 2] * x[first + (offset[e + 2] >> 2)]));
        s3 = f(s3 + f(weight[e + 3] * x[first + (offset[e + 3] >> 2)]));
      }
      const total = f(f(s0 + s2) + f(s1 + s3));
      y[i] = b === 0 ? total : y[i] + total;
    }
  }
}
