/**
 * The logarithm and the exponential of lib/math/reproducible.ts, operation by operation: the same bits. Random numbers need that;
 * where they are not concerned, exp.as.ts is faster.
 */

/** ln 2 in two parts */
const ln2 = memory.data<f64>([0.6931471803691238, 1.9082149292705877e-10]);
/** 1 / n for n = 23, 21, …, 3: the series of artanh */
const odd = memory.data<f64>([
  1.0 / 23,
  1.0 / 21,
  1.0 / 19,
  1.0 / 17,
  1.0 / 15,
  1.0 / 13,
  1.0 / 11,
  1.0 / 9,
  1.0 / 7,
  1.0 / 5,
  1.0 / 3,
]);
/** 1, 1 / 2, square root of 2, 2^52 + 1023 */
const few = memory.data<f64>([1.0, 0.5, 1.4142135623730951, 4503599627371519.0]);
const significand = memory.data<i64>([0x000fffffffffffff]);
const two52 = memory.data<i64>([0x4330000000000000]);

// @ts-ignore: decorator
@inline
function all(constant: usize, i: i32 = 0): v128 {
  return v128.load64_splat(constant + (i << 3));
}

/** The natural logarithm of a positive, normal, finite x. */
export function log(x: f64): f64 {
  return f64x2.extract_lane(log2x(f64x2.splat(x)), 0);
}

/** The natural logarithms of two positive, normal, finite doubles. */
// @ts-ignore: decorator
@inline
function log2x(x: v128): v128 {
  const raw = v128.or(v128.and(x, all(significand)), all(few));
  const above = f64x2.gt(raw, all(few, 2));
  const m = v128.bitselect(f64x2.mul(raw, all(few, 1)), raw, above);
  // the exponent becomes a double by way of the number 2^52 + exponent
  const exponent = f64x2.sub(v128.or(i64x2.shr_u(x, 52), all(two52)), all(few, 3));
  const k = f64x2.add(exponent, v128.and(above, all(few)));
  const s = f64x2.div(f64x2.sub(m, all(few)), f64x2.add(m, all(few)));
  const z = f64x2.mul(s, s);
  let sum = f64x2.mul(all(odd), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 1)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 2)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 3)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 4)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 5)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 6)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 7)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 8)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 9)), z);
  sum = f64x2.mul(f64x2.add(sum, all(odd, 10)), z);
  const twice = f64x2.add(s, s);
  const low = f64x2.add(f64x2.mul(twice, sum), f64x2.mul(k, all(ln2, 1)));
  return f64x2.add(f64x2.mul(k, all(ln2)), f64x2.add(twice, low));
}

/** e to the power x for -700 <= x <= 700. */
export function exp(x: f64): f64 {
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * load<f64>(ln2) - k * load<f64>(ln2, 8);
  let sum = 1.0;
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / <f64>n;
  return sum * reinterpret<f64>((<i64>k + 1023) << 52);
}
