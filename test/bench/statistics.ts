// What the bench computes from its times.
import { linearRegression, median, quantile } from 'lecture-lab/math/statistics';

/** Middle, quartiles and extremes of some times or ratios. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The median, and the smallest and the largest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0), high: quantile(values, 1) };
}

/** Round by round peer / ours: what disturbed a whole round cancels. */
export function ratios(ours: readonly number[], peer: readonly number[]): number[] {
  return peer.map((seconds, round) => seconds / ours[round]!);
}

export interface Growth {
  /** the processor's seconds grow as size ** exponent */
  readonly exponent: number;
  readonly error: number;
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
}

/** Fits seconds = c size ** exponent by least squares in the logarithms. */
export function growth(sizes: readonly number[], seconds: readonly number[]): Growth {
  const { slope, slopeError } = linearRegression(sizes.map(Math.log), seconds.map(Math.log));
  return { exponent: slope, error: slopeError, sizes, seconds };
}

/** The geometric mean; undefined of nothing. */
export function geometricMean(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}
