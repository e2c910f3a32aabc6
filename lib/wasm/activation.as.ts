/**
 * Exponential and hyperbolic tangent of arrays, in place. The arrays of n numbers are followed by room up to the next 16 bytes, as
 * those of an instance are; only the ones with a bias keep to their size.
 */
import { exp2x, exp4x, tanh2x, tanh4x } from './shared/exp.as';

export function exp64(x: usize, n: i32): void {
  for (const end = x + (<usize>n << 3); x < end; x += 16) v128.store(x, exp2x(v128.load(x)));
}

export function exp32(x: usize, n: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 16) v128.store(x, exp4x(v128.load(x)));
}

export function tanh64(x: usize, n: i32): void {
  for (const end = x + (<usize>n << 3); x < end; x += 16) v128.store(x, tanh2x(v128.load(x)));
}

export function tanh32(x: usize, n: i32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 16) v128.store(x, tanh4x(v128.load(x)));
}

/** x <- tanh(x + bias) for each of the rows. */
export function tanhOfSum64(x: usize, bias: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    let b = bias;
    for (const end = bias + (<usize>(columns & ~1) << 3); b < end; b += 16, x += 16) {
      v128.store(x, tanh2x(f64x2.add(v128.load(x), v128.load(b))));
    }
    if (columns & 1) {
      v128.store64_lane(x, tanh2x(f64x2.add(v128.load64_zero(x), v128.load64_zero(b))), 0);
      x += 8;
    }
  }
}

/** x <- tanh(x + bias) for each of the rows. */
export function tanhOfSum32(x: usize, bias: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++) {
    let b = bias;
    for (const end = bias + (<usize>(columns & ~3) << 2); b < end; b += 16, x += 16) {
      v128.store(x, tanh4x(f32x4.add(v128.load(x), v128.load(b))));
    }
    for (const end = bias + (<usize>columns << 2); b < end; b += 4, x += 4) {
      v128.store32_lane(x, tanh4x(f32x4.add(v128.load32_zero(x), v128.load32_zero(b))), 0);
    }
  }
}
