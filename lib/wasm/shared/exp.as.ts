/**
 * Exponential and hyperbolic tangent of two doubles or four singles at once, by reduction to |r| <= ln(2) / 2 and a Taylor
 * polynomial. Multiplications and additions in a fixed order: the results are the same bits on every machine.
 *
 * Constants are loaded from memory: V8 makes one that is written in the code anew, in three instructions, at each use. `pmin` and
 * `pmax` are single instructions, `min` and `max` seven; both let NaN pass where it stands first.
 */

const ends = memory.data<f64>([710, -746, 20]);
const log2e = memory.data<f64>([1.4426950408889634]);
/** ln 2 in two parts, so that k times the first is exact. */
const ln2 = memory.data<f64>([6.93147180369123816490e-1, 1.90821492927058770002e-10]);
/** 1.5 * 2^52: added to a number it rounds it to a whole one, which then stands in the low bits. */
const rounder = memory.data<f64>([6755399441055744.0]);
/** 1 / n! for n = 2, 3, …, 13 */
const taylor = memory.data<f64>([
  1.0 / 2,
  1.0 / 6,
  1.0 / 24,
  1.0 / 120,
  1.0 / 720,
  1.0 / 5040,
  1.0 / 40320,
  1.0 / 362880,
  1.0 / 3628800,
  1.0 / 39916800,
  1.0 / 479001600,
  1.0 / 6227020800,
]);
const one = memory.data<f64>([1.0]);
const two = memory.data<f64>([2.0]);
const signBit = memory.data<f64>([-0.0]);

// @ts-ignore: decorator
@inline
function all(constant: usize, i: i32 = 0): v128 {
  return v128.load64_splat(constant + (i << 3));
}

/** exp(x) of two doubles: relative error below 1e-15; 0, Infinity and NaN as they should be, denormal results too. */
// @ts-ignore: decorator
@inline
export function exp2x(x: v128): v128 {
  // beyond these ends the result is Infinity or 0
  const y = f64x2.pmax(f64x2.pmin(x, all(ends)), all(ends, 1));
  const t = f64x2.add(f64x2.mul(y, all(log2e)), all(rounder));
  // 2^k in two factors, for results below 2^-1022 and above 2^1023. Only the low 12 bits of the sums matter
  const half = i32x4.shr_s(t, 1);
  const first = i64x2.shl(i64x2.add(half, i64x2.splat(1023)), 52);
  const second = i64x2.shl(i64x2.add(i32x4.sub(t, half), i64x2.splat(1023)), 52);
  return f64x2.mul(f64x2.mul(f64x2.add(all(one), minusOne(reduced(y, t))), first), second);
}

/** exp(x) of two doubles with -708 <= x <= 709, which is not checked: faster than `exp2x` by what that saves. */
// @ts-ignore: decorator
@inline
export function exp2xBounded(x: v128): v128 {
  const t = f64x2.add(f64x2.mul(x, all(log2e)), all(rounder));
  const power = f64x2.add(all(one), minusOne(reduced(x, t)));
  return f64x2.mul(power, i64x2.shl(i64x2.add(t, i64x2.splat(1023)), 52));
}

/** x minus the multiple of ln 2 that t holds */
// @ts-ignore: decorator
@inline
function reduced(x: v128, t: v128): v128 {
  const k = f64x2.sub(t, all(rounder));
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, all(ln2))), f64x2.mul(k, all(ln2, 1)));
}

/**
 * e^r - 1 for |r| <= ln(2) / 2 as r + r^2 q, where only the last sum rounds by much. In q, pairs of terms first: they don't wait for
 * each other.
 */
// @ts-ignore: decorator
@inline
function minusOne(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const a0 = f64x2.add(all(taylor, 0), f64x2.mul(r, all(taylor, 1)));
  const a1 = f64x2.add(all(taylor, 2), f64x2.mul(r, all(taylor, 3)));
  const a2 = f64x2.add(all(taylor, 4), f64x2.mul(r, all(taylor, 5)));
  const a3 = f64x2.add(all(taylor, 6), f64x2.mul(r, all(taylor, 7)));
  const a4 = f64x2.add(all(taylor, 8), f64x2.mul(r, all(taylor, 9)));
  const a5 = f64x2.add(all(taylor, 10), f64x2.mul(r, all(taylor, 11)));
  const b0 = f64x2.add(a0, f64x2.mul(r2, a1));
  const b1 = f64x2.add(a2, f64x2.mul(r2, a3));
  const b2 = f64x2.add(a4, f64x2.mul(r2, a5));
  const q = f64x2.add(f64x2.add(b0, f64x2.mul(r4, b1)), f64x2.mul(f64x2.mul(r4, r4), b2));
  return f64x2.add(r, f64x2.mul(r2, q));
}

/** tanh(x) of two doubles: relative error below 1e-15, also near 0, where it is x; odd; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function tanh2x(x: v128): v128 {
  // tanh x = m / (m + 2) with m = e^(2x) - 1; 1 to the last bit from x = 19.1 on
  const half = f64x2.pmin(f64x2.abs(x), all(ends, 2));
  const y = f64x2.add(half, half);
  const t = f64x2.add(f64x2.mul(y, all(log2e)), all(rounder));
  const scale = i64x2.shl(i64x2.add(t, i64x2.splat(1023)), 52);
  const m = f64x2.add(f64x2.mul(minusOne(reduced(y, t)), scale), f64x2.sub(scale, all(one)));
  return v128.or(f64x2.div(m, f64x2.add(m, all(two))), v128.and(x, all(signBit)));
}

const ends4 = memory.data<f32>([89, -104, 9.1]);
const log2e4 = memory.data<f32>([1.44269504]);
const ln24 = memory.data<f32>([0.693359375, -2.12194440e-4]);
/** 1.5 * 2^23 */
const rounder4 = memory.data<f32>([12582912.0]);
/** 1 / n! for n = 2, 3, …, 7 */
const taylor4 = memory.data<f32>([1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040]);
const one4 = memory.data<f32>([1.0]);
const two4 = memory.data<f32>([2.0]);
const signBit4 = memory.data<f32>([-0.0]);

// @ts-ignore: decorator
@inline
function all4(constant: usize, i: i32 = 0): v128 {
  return v128.load32_splat(constant + (i << 2));
}

// @ts-ignore: decorator
@inline
function reduced4(x: v128, t: v128): v128 {
  const k = f32x4.sub(t, all4(rounder4));
  return f32x4.sub(f32x4.sub(x, f32x4.mul(k, all4(ln24))), f32x4.mul(k, all4(ln24, 1)));
}

// @ts-ignore: decorator
@inline
function minusOne4(r: v128): v128 {
  const r2 = f32x4.mul(r, r);
  const a0 = f32x4.add(all4(taylor4, 0), f32x4.mul(r, all4(taylor4, 1)));
  const a1 = f32x4.add(all4(taylor4, 2), f32x4.mul(r, all4(taylor4, 3)));
  const a2 = f32x4.add(all4(taylor4, 4), f32x4.mul(r, all4(taylor4, 5)));
  const q = f32x4.add(f32x4.add(a0, f32x4.mul(r2, a1)), f32x4.mul(f32x4.mul(r2, r2), a2));
  return f32x4.add(r, f32x4.mul(r2, q));
}

/** exp(x) of four singles: relative error below 3e-7; 0, Infinity, NaN and denormal results as they should be. */
// @ts-ignore: decorator
@inline
export function exp4x(x: v128): v128 {
  const y = f32x4.pmax(f32x4.pmin(x, all4(ends4)), all4(ends4, 1));
  const t = f32x4.add(f32x4.mul(y, all4(log2e4)), all4(rounder4));
  const k = i32x4.sub(t, all4(rounder4));
  const half = i32x4.shr_s(k, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(k, half), i32x4.splat(127)), 23);
  const power = f32x4.add(all4(one4), minusOne4(reduced4(y, t)));
  return f32x4.mul(f32x4.mul(power, first), second);
}

/** tanh(x) of four singles: relative error below 3e-7, odd; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function tanh4x(x: v128): v128 {
  const half = f32x4.pmin(f32x4.abs(x), all4(ends4, 2));
  const y = f32x4.add(half, half);
  const t = f32x4.add(f32x4.mul(y, all4(log2e4)), all4(rounder4));
  const scale = i32x4.shl(i32x4.add(t, i32x4.splat(127)), 23);
  const m = f32x4.add(f32x4.mul(minusOne4(reduced4(y, t)), scale), f32x4.sub(scale, all4(one4)));
  return v128.or(f32x4.div(m, f32x4.add(m, all4(two4))), v128.and(x, all4(signBit4)));
}
