import { ParameterError } from './errors';
import type { Rng } from './rng';

/** Sample statistics of typed and ordinary arrays. Each refuses too few numbers instead of returning NaN. */
type Sample = ArrayLike<number>;

/** The sum, with the rounding errors carried along (Neumaier 1974): exact to rounding for any length. */
export function sum(x: Sample): number {
  let total = 0;
  let lost = 0;
  for (let i = 0; i < x.length; i++) {
    const next = total + x[i];
    lost += Math.abs(total) >= Math.abs(x[i]) ? total - next + x[i] : x[i] - next + total;
    total = next;
  }
  return Number.isFinite(lost) ? total + lost : total;
}

/** The arithmetic mean of at least one number. */
export function mean(x: Sample): number {
  atLeast('mean', x, 1);
  return sum(x) / x.length;
}

/** The unbiased variance (divided by n - 1) of at least two numbers. */
export function variance(x: Sample): number {
  return covariance(x, x);
}

/** The square root of the unbiased variance. */
export function standardDeviation(x: Sample): number {
  return Math.sqrt(variance(x));
}

/** The standard error of the mean of independent numbers: sqrt(variance / n). */
export function standardError(x: Sample): number {
  return Math.sqrt(variance(x) / x.length);
}

/** The unbiased covariance (divided by n - 1) of two samples of the same length, at least two. */
export function covariance(x: Sample, y: Sample): number {
  atLeast('covariance', x, 2);
  sameLength('covariance', x, y);
  const mx = mean(x);
  const my = x === y ? mx : mean(y);
  let total = 0;
  let dx = 0;
  let dy = 0;
  for (let i = 0; i < x.length; i++) {
    const a = x[i] - mx;
    const b = y[i] - my;
    total += a * b;
    dx += a;
    dy += b;
  }
  return (total - (dx * dy) / x.length) / (x.length - 1); // dx and dy are 0 but for the rounding of the means
}

/** Pearson's correlation of two samples of the same length, -1 to 1; NaN where one doesn't vary. */
export function correlation(x: Sample, y: Sample): number {
  const r = covariance(x, y) / Math.sqrt(variance(x) * variance(y));
  return Math.max(-1, Math.min(1, r));
}

/**
 * The q-quantile, 0 <= q <= 1, linear between order statistics (type 7 of Hyndman and Fan 1996, the default of numpy and R).
 */
export function quantile(x: Sample, q: number): number {
  return quantiles(x, [q])[0];
}

/** Several quantiles of one sample, sorted once. */
export function quantiles(x: Sample, qs: readonly number[]): number[] {
  atLeast('quantile', x, 1);
  const sorted = Float64Array.from(x).sort();
  return qs.map((q) => {
    if (!(q >= 0 && q <= 1)) throw new ParameterError(`quantile: q must be between 0 and 1 (got ${q})`);
    const at = q * (sorted.length - 1);
    const i = Math.floor(at);
    return i + 1 < sorted.length ? sorted[i] + (at - i) * (sorted[i + 1] - sorted[i]) : sorted[i];
  });
}

/** The 0.5-quantile. */
export function median(x: Sample): number {
  return quantile(x, 0.5);
}

export interface Histogram {
  /** Borders of the bins, ascending, length bins + 1. */
  readonly edges: Float64Array;
  /** How many numbers lie in each bin: from its left border, included, to its right one, excluded except for the last. */
  readonly counts: Float64Array;
  /** counts / (all numbers * bin width): the estimated density. Numbers outside count in the denominator. */
  readonly density: Float64Array;
  /** Numbers below the first and above the last border. */
  readonly outside: number;
}

/**
 * Counts in bins of equal width.
 * @param bins number of bins
 * @param range borders of the whole, by default the smallest and largest number
 */
export function histogram(x: Sample, bins: number, range?: readonly [number, number]): Histogram {
  atLeast('histogram', x, 1);
  if (!Number.isInteger(bins) || bins < 1) {
    throw new ParameterError(`histogram: bins must be a whole number, at least 1 (got ${bins})`);
  }
  let [low, high] = range ?? extent(x);
  if (!range && low === high) {
    low -= 0.5;
    high += 0.5;
  }
  if (!(high > low)) throw new ParameterError(`histogram: the range must be ascending (got ${low} to ${high})`);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  edges[bins] = high;
  const counts = new Float64Array(bins);
  let outside = 0;
  for (let i = 0; i < x.length; i++) {
    const value = x[i];
    if (!(value >= low && value <= high)) {
      outside++;
      continue;
    }
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    if (value < edges[bin])
      bin--; // rounding of the quotient
    else if (bin < bins - 1 && value >= edges[bin + 1]) bin++;
    counts[bin]++;
  }
  const width = (high - low) / bins;
  return { edges, counts, density: counts.map((c) => c / (x.length * width)), outside };
}

/** The smallest and the largest number. */
export function extent(x: Sample): [number, number] {
  atLeast('extent', x, 1);
  let low = x[0];
  let high = x[0];
  for (let i = 1; i < x.length; i++) {
    low = Math.min(low, x[i]);
    high = Math.max(high, x[i]);
  }
  return [low, high];
}

export interface Regression {
  readonly slope: number;
  readonly intercept: number;
  /** Standard errors for independent residuals of equal variance; NaN with two points. */
  readonly slopeError: number;
  readonly interceptError: number;
  /** Share of the variance of y that the line explains. */
  readonly r2: number;
}

/** The least-squares line y = intercept + slope x through at least two points that differ in x. */
export function linearRegression(x: Sample, y: Sample): Regression {
  const n = x.length;
  const cxy = covariance(x, y);
  const vx = variance(x);
  const vy = variance(y);
  if (!(vx > 0)) throw new ParameterError('linearRegression: all x are equal');
  const slope = cxy / vx;
  const mx = mean(x);
  const my = mean(y);
  const intercept = my - slope * mx;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (y[i] - my - slope * (x[i] - mx)) ** 2;
  const residual = n > 2 ? squares / (n - 2) : NaN;
  const spread = (n - 1) * vx;
  return {
    slope,
    intercept,
    slopeError: Math.sqrt(residual / spread),
    interceptError: Math.sqrt(residual * (1 / n + (mx * mx) / spread)),
    r2: vy > 0 ? 1 - squares / ((n - 1) * vy) : 1,
  };
}

/** A statistic's standard error by resampling with replacement (Efron 1979): for statistics without a formula. */
export function bootstrapError(
  x: Sample,
  statistic: (sample: Float64Array) => number,
  random: Rng,
  resamples = 1000,
): number {
  atLeast('bootstrapError', x, 2);
  const sample = new Float64Array(x.length);
  const values = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    for (let i = 0; i < sample.length; i++) sample[i] = x[random.integer(0, x.length - 1)];
    values[r] = statistic(sample);
  }
  return standardDeviation(values);
}

/** Mean and variance of numbers that come one by one and aren't kept (Welford 1962). */
export class Running {
  private n = 0;
  private m = 0;
  private squares = 0;

  /** Takes one more number. */
  push(x: number): void {
    this.n++;
    const before = x - this.m;
    this.m += before / this.n;
    this.squares += before * (x - this.m);
  }

  /** How many numbers came. */
  get count(): number {
    return this.n;
  }

  /** Their mean; NaN before the first. */
  get mean(): number {
    return this.n > 0 ? this.m : NaN;
  }

  /** Their unbiased variance; NaN before the second. */
  get variance(): number {
    return this.n > 1 ? this.squares / (this.n - 1) : NaN;
  }

  /** The standard error of the mean if they are independent; NaN before the second. */
  get standardError(): number {
    return Math.sqrt(this.variance / this.n);
  }
}

function atLeast(name: string, x: Sample, n: number): void {
  if (x.length < n)
    throw new ParameterError(`${name}: needs at least ${n} number${n > 1 ? 's' : ''} (got ${x.length})`);
}

function sameLength(name: string, x: Sample, y: Sample): void {
  if (x.length !== y.length) throw new ParameterError(`${name}: lengths ${x.length} and ${y.length} differ`);
}
