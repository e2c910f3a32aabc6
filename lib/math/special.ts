import digammaOf from '@stdlib/math-base-special-digamma';
import erfOf from '@stdlib/math-base-special-erf';
import erfcOf from '@stdlib/math-base-special-erfc';
import erfcinvOf from '@stdlib/math-base-special-erfcinv';
import erfinvOf from '@stdlib/math-base-special-erfinv';
import gammalnOf from '@stdlib/math-base-special-gammaln';

/** The error function, 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf: (x: number) => number = erfOf;

/** 1 - erf(x), accurate where erf(x) is close to 1. */
export const erfc: (x: number) => number = erfcOf;

/** The inverse of erf on [-1, 1]; NaN outside. */
export const erfinv: (y: number) => number = erfinvOf;

/** The inverse of erfc on [0, 2], accurate for small values; NaN outside. */
export const erfcinv: (y: number) => number = erfcinvOf;

/** ln |Gamma(x)|. */
export const logGamma: (x: number) => number = gammalnOf;

/** The derivative of ln Gamma(x); NaN at 0, -1, -2, … */
export const digamma: (x: number) => number = digammaOf;

/** The density of the normal distribution, by default standard. */
export function normalPdf(x: number, mean = 0, sd = 1): number {
  const z = (x - mean) / sd;
  return Math.exp(-0.5 * z * z) / (sd * Math.sqrt(2 * Math.PI));
}

/** The probability that a normal variable, by default standard, is below x; accurate in the lower tail. */
export function normalCdf(x: number, mean = 0, sd = 1): number {
  return 0.5 * erfc(-(x - mean) / (sd * Math.SQRT2));
}

/** The x below which a normal variable, by default standard, falls with probability p in [0, 1]; NaN outside. */
export function normalQuantile(p: number, mean = 0, sd = 1): number {
  return mean - sd * Math.SQRT2 * erfcinv(2 * p);
}

/** 1 / (1 + exp(-x)), without overflow. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** The inverse of the logistic function, ln(p / (1 - p)), for p in (0, 1). */
export function logit(p: number): number {
  return Math.log(p) - Math.log1p(-p);
}

/** ln(1 + exp(x)), without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** ln of the sum of exp(x_i), without overflow; -Infinity for no numbers. */
export function logSumExp(x: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < x.length; i++) most = Math.max(most, x[i]);
  if (!Number.isFinite(most)) return most;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += Math.exp(x[i] - most);
  return most + Math.log(sum);
}

/** ln n!, for n >= 0. */
export function logFactorial(n: number): number {
  return logGamma(n + 1);
}

/** ln of the number of ways to choose k of n. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}
