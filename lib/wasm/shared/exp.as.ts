/**
 * Exponential and hyperbolic tangent of two doubles or four singles at once, by reduction to |r| <= ln(2) / 2 and a Taylor
 * polynomial. All multiply and add in a fixed order, so the results are the same bits on every machine.
 */

// @ts-ignore: decorator
@inline
const log2e: f64 = 1.4426950408889634;
/** ln 2 in two parts, so that k * ln2High is exact. */
// @ts-ignore: decorator
@inline
const ln2High: f64 = 6.93147180369123816490e-1;
// @ts-ignore: decorator
@inline
const ln2Low: f64 = 1.90821492927058770002e-10;
/** 1.5 * 2^52: adding it rounds to a whole number, which then stands in the low bits. */
// @ts-ignore: decorator
@inline
const rounder: f64 = 6755399441055744.0;

// @ts-ignore: decorator
@inline
function all(x: f64): v128 {
  return f64x2.splat(x);
}

/** exp(x) of two doubles: relative error below 1e-15; 0, Infinity and NaN as they should be, denormal results too. */
// @ts-ignore: decorator
@inline
export function exp2x(x: v128): v128 {
  // beyond these ends the result is 0 or Infinity
  const y = f64x2.max(all(-746), f64x2.min(all(710), x));
  const t = f64x2.add(f64x2.mul(y, all(log2e)), all(rounder));
  // 2^k in two factors, for results below 2^-1022 and above 2^1023
  const k = i64x2.sub(t, all(rounder));
  const half = i64x2.shr_s(k, 1);
  const first = i64x2.shl(i64x2.add(half, i64x2.splat(1023)), 52);
  const second = i64x2.shl(i64x2.add(i64x2.sub(k, half), i64x2.splat(1023)), 52);
  return f64x2.mul(f64x2.mul(power(reduced(y, t)), first), second);
}

/** exp(x) of two doubles with -708 <= x <= 709, which is not checked: faster than `exp2x` by what that saves. */
// @ts-ignore: decorator
@inline
export function exp2xBounded(x: v128): v128 {
  const t = f64x2.add(f64x2.mul(x, all(log2e)), all(rounder));
  return f64x2.mul(power(reduced(x, t)), i64x2.shl(i64x2.add(t, i64x2.splat(1023)), 52));
}

/** x minus the multiple of ln 2 that t holds. */
// @ts-ignore: decorator
@inline
function reduced(x: v128, t: v128): v128 {
  const k = f64x2.sub(t, all(rounder));
  return f64x2.sub(f64x2.sub(x, f64x2.mul(k, all(ln2High))), f64x2.mul(k, all(ln2Low)));
}

/** e^r for |r| <= ln(2) / 2, twelve terms beyond the first (error 2e-16). Pairs of terms first: they don't wait for each other. */
// @ts-ignore: decorator
@inline
function power(r: v128): v128 {
  return f64x2.add(all(1), f64x2.mul(r, minusOneOver(r)));
}

/** (e^r - 1) / r */
// @ts-ignore: decorator
@inline
function minusOneOver(r: v128): v128 {
  const r2 = f64x2.mul(r, r);
  const r4 = f64x2.mul(r2, r2);
  const r8 = f64x2.mul(r4, r4);
  const a0 = f64x2.add(all(1), f64x2.mul(r, all(0.5)));
  const a1 = f64x2.add(all(1.0 / 6), f64x2.mul(r, all(1.0 / 24)));
  const a2 = f64x2.add(all(1.0 / 120), f64x2.mul(r, all(1.0 / 720)));
  const a3 = f64x2.add(all(1.0 / 5040), f64x2.mul(r, all(1.0 / 40320)));
  const a4 = f64x2.add(all(1.0 / 362880), f64x2.mul(r, all(1.0 / 3628800)));
  const a5 = f64x2.add(all(1.0 / 39916800), f64x2.mul(r, all(1.0 / 479001600)));
  const b0 = f64x2.add(a0, f64x2.mul(r2, a1));
  const b1 = f64x2.add(a2, f64x2.mul(r2, a3));
  const b2 = f64x2.add(a4, f64x2.mul(r2, a5));
  return f64x2.add(f64x2.add(b0, f64x2.mul(r4, b1)), f64x2.mul(r8, b2));
}

/** tanh(x) of two doubles: relative error below 1e-15, also near 0, where it is x; odd; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function tanh2x(x: v128): v128 {
  // tanh x = m / (m + 2) with m = e^(2x) - 1; 1 to the last bit from x = 19.1 on
  const y = f64x2.mul(f64x2.min(f64x2.abs(x), all(20)), all(2));
  const t = f64x2.add(f64x2.mul(y, all(log2e)), all(rounder));
  const r = reduced(y, t);
  const scale = i64x2.shl(i64x2.add(t, i64x2.splat(1023)), 52);
  const m = f64x2.add(f64x2.mul(f64x2.mul(r, minusOneOver(r)), scale), f64x2.sub(scale, all(1)));
  return v128.or(f64x2.div(m, f64x2.add(m, all(2))), v128.and(x, all(-0.0)));
}

// @ts-ignore: decorator
@inline
function all4(x: f32): v128 {
  return f32x4.splat(x);
}

/** x minus k ln 2, in single precision. */
// @ts-ignore: decorator
@inline
function reduced4(x: v128, k: v128): v128 {
  return f32x4.sub(f32x4.sub(x, f32x4.mul(k, all4(0.693359375))), f32x4.mul(k, all4(-2.12194440e-4)));
}

/** (e^r - 1) / r in single precision */
// @ts-ignore: decorator
@inline
function minusOneOver4(r: v128): v128 {
  const r2 = f32x4.mul(r, r);
  const a0 = f32x4.add(all4(1), f32x4.mul(r, all4(0.5)));
  const a1 = f32x4.add(all4(1.0 / 6), f32x4.mul(r, all4(1.0 / 24)));
  const a2 = f32x4.add(all4(1.0 / 120), f32x4.mul(r, all4(1.0 / 720)));
  return f32x4.add(f32x4.add(a0, f32x4.mul(r2, a1)), f32x4.mul(f32x4.mul(r2, r2), a2));
}

/** exp(x) of four singles: relative error below 3e-7; 0, Infinity, NaN and denormal results as they should be. */
// @ts-ignore: decorator
@inline
export function exp4x(x: v128): v128 {
  const y = f32x4.max(all4(-104), f32x4.min(all4(89), x));
  const k = f32x4.nearest(f32x4.mul(y, all4(1.44269504)));
  const r = reduced4(y, k);
  const whole = i32x4.trunc_sat_f32x4_s(k);
  const half = i32x4.shr_s(whole, 1);
  const first = i32x4.shl(i32x4.add(half, i32x4.splat(127)), 23);
  const second = i32x4.shl(i32x4.add(i32x4.sub(whole, half), i32x4.splat(127)), 23);
  const power = f32x4.add(all4(1), f32x4.mul(r, minusOneOver4(r)));
  return f32x4.mul(f32x4.mul(power, first), second);
}

/** tanh(x) of four singles: relative error below 3e-7, odd; NaN stays NaN. */
// @ts-ignore: decorator
@inline
export function tanh4x(x: v128): v128 {
  const y = f32x4.mul(f32x4.min(f32x4.abs(x), all4(9.1)), all4(2));
  const k = f32x4.nearest(f32x4.mul(y, all4(1.44269504)));
  const r = reduced4(y, k);
  const scale = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  const m = f32x4.add(f32x4.mul(f32x4.mul(r, minusOneOver4(r)), scale), f32x4.sub(scale, all4(1)));
  return v128.or(f32x4.div(m, f32x4.add(m, all4(2))), v128.and(x, all4(-0.0)));
}
