/**
 * Exponential and logarithm from additions, multiplications and divisions alone. The language leaves the last bits of
 * `Math.exp` and `Math.log` to each engine; IEEE 754 fixes these operations, so the results below are the same bits on
 * every machine. Random numbers depend on them. Elsewhere use `Math.exp` and `Math.log`, which are faster.
 */

const double = new Float64Array(1);
/** The two halves of `double`: the sign and exponent are in `words[high]`. */
const words = new Int32Array(double.buffer);
double[0] = 1;
const high = words[1] === 0 ? 0 : 1;

/** ln 2, split so that `k * ln2High` is exact for every exponent k of a double. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** The natural logarithm of a positive, normal, finite x; error below 2 units in the last place. */
export function log(x: number): number {
  // x = m 2^k with m in [1, 2), then in [sqrt(1/2), sqrt(2))
  double[0] = x;
  let k = (words[high] >>> 20) - 1023;
  words[high] = (words[high] & 0xfffff) | 0x3ff00000;
  let m = double[0];
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  // ln m = 2 artanh s, s = (m - 1) / (m + 1), |s| < 0.172: eleven terms reach 1e-18
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let sum = 0;
  for (let n = 23; n >= 3; n -= 2) sum = (sum + 1 / n) * z;
  return k * ln2High + (2 * s + (2 * s * sum + k * ln2Low));
}

/** e to the power x for -700 <= x <= 700; error below 2 units in the last place. */
export function exp(x: number): number {
  // x = k ln 2 + r with |r| <= ln(2) / 2, then the Taylor series of exp(r): 14 terms reach 1e-18
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * ln2High - k * ln2Low;
  let sum = 1;
  for (let n = 14; n >= 1; n--) sum = 1 + (sum * r) / n;
  double[0] = 1;
  words[high] = (k + 1023) << 20;
  return sum * double[0];
}
