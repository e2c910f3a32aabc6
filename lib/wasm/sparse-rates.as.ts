// also for shared memory
import { exp4x, tanh4x } from './shared/exp.as';

/**
 * Large sparse rate networks in single precision. The columns of the matrix lie in blocks small enough for the fastest
 * memory; in each block a row has a multiple of four entries, and instead of a column its distance in bytes from the block.
 */

/**
 * y = (or +=) A x for one block of columns.
 * @param start rows + 1 positions in `offsets` and `weights`, multiples of four
 * @param x of the block's first column
 * @param add 0: y is overwritten
 */
export function multiply(
  start: usize,
  offsets: usize,
  weights: usize,
  x: usize,
  y: usize,
  rows: i32,
  add: i32,
): void {
  let from = <usize>load<i32>(start);
  for (let i: usize = 1; i <= <usize>rows; i++) {
    const to = <usize>load<i32>(start + (i << 2));
    let o = offsets + (from << 1);
    let w = weights + (from << 2);
    const end = weights + (to << 2);
    let sum = f32x4.splat(0);
    for (; w < end; w += 16, o += 8) {
      const four = load<u64>(o);
      let v = v128.load32_zero(x + (<usize>four & 0xffff));
      v = v128.load_lane<f32>(x + (<usize>(four >> 16) & 0xffff), v, 1);
      v = v128.load_lane<f32>(x + (<usize>(four >> 32) & 0xffff), v, 2);
      v = v128.load_lane<f32>(x + <usize>(four >> 48), v, 3);
      sum = f32x4.add(sum, f32x4.mul(v128.load(w), v));
    }
    from = to;
    const at = y + (i << 2) - 4;
    const total =
      f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 2) + (f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 3));
    store<f32>(at, add ? load<f32>(at) + total : total);
  }
}

// @ts-ignore: decorator
@inline
function all(x: f32): v128 {
  return f32x4.splat(x);
}

/** r += share (most / (1 + exp(-slope (y + input - centre))) - r), for n rates padded to four. */
export function relaxLogistic(
  r: usize,
  y: usize,
  input: usize,
  n: i32,
  share: f32,
  most: f32,
  slope: f32,
  centre: f32,
): void {
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    const old = v128.load(r + i);
    const h = f32x4.add(v128.load(y + i), v128.load(input + i));
    const e = exp4x(f32x4.mul(all(-slope), f32x4.sub(h, all(centre))));
    const rate = f32x4.div(all(most), f32x4.add(all(1), e));
    v128.store(r + i, f32x4.add(old, f32x4.mul(all(share), f32x4.sub(rate, old))));
  }
}

/** r += share (tanh(gain (y + input)) - r), for n rates padded to four. */
export function relaxTanh(r: usize, y: usize, input: usize, n: i32, share: f32, gain: f32): void {
  for (let i: usize = 0, end = <usize>n << 2; i < end; i += 16) {
    const old = v128.load(r + i);
    const rate = tanh4x(f32x4.mul(all(gain), f32x4.add(v128.load(y + i), v128.load(input + i))));
    v128.store(r + i, f32x4.add(old, f32x4.mul(all(share), f32x4.sub(rate, old))));
  }
}
