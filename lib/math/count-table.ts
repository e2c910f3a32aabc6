/**
 * Poisson and binomial counts of small mean by inversion: the count is found where a uniform number falls among the cumulative
 * probabilities. For many draws of the same distribution the place is looked up in a table, which gives the same counts.
 */
import { exp, log } from './reproducible';

/** Beyond 120 lies less than one rounding error of probability where the mean is below 10. */
const MOST = 120;
const two53 = 0x20000000000000;
const CELLS = 1024;
const cell = two53 / CELLS;

/** A distribution of counts 0, 1, … `classes` - 1, by its recursion. */
export interface Counts {
  /** the probability of 0 */
  readonly p0: number;
  /** the probability of k as a multiple of that of k - 1 */
  ratio(k: number): number;
  readonly classes: number;
}

/** Poisson counts of a mean below 10. */
export const poissonCounts = (mean: number): Counts => ({ p0: exp(-mean), ratio: (k) => mean / k, classes: MOST });

/** Binomial counts with n p below 10 and p up to 1/2. */
export function binomialCounts(n: number, p: number): Counts {
  const q = 1 - p;
  const logQ = log(q) - (q - 1 + p) / q; // the second term repairs the rounding of 1 - p
  return { p0: exp(n * logQ), ratio: (k) => ((n - k + 1) / k) * (p / q), classes: Math.min(n + 1, MOST) };
}

/** The count of a uniform number in [0, 1), or `classes` if it lies beyond the last one and must be drawn again. */
export function invert(uniform: number, { p0, ratio, classes }: Counts): number {
  let u = uniform;
  let p = p0;
  let k = 0;
  while (u >= p) {
    u -= p;
    k++;
    if (k === classes) break;
    p *= ratio(k);
  }
  return k;
}

/** What the table of a distribution holds. */
export interface CountTable {
  /** for each class, the first of the 2^53 uniform numbers that lies beyond it; then Infinity */
  readonly thresholds: Float64Array;
  /** for each value of the highest 10 bits of a uniform number, the first class where it may lie; 1024 */
  readonly guide: Uint8Array;
  readonly classes: number;
}

/** The table of `invert`: the same counts for each of the 2^53 uniform numbers, down to the rounding of its subtractions. */
export function countTable(counts: Counts): CountTable {
  const { p0, ratio, classes } = counts;
  const thresholds = new Float64Array(classes + 1).fill(Number.POSITIVE_INFINITY);
  const countOf = (whole: number): number => invert(whole / two53, counts);
  const highest = countOf(two53 - 1);
  // a larger uniform number never gives a smaller count, since rounding keeps the order: bisect around the sum of probabilities
  let p = p0;
  let sum = 0;
  for (let k = 0; k < highest; k++) {
    sum += p;
    thresholds[k] = firstBeyond(k, Math.min(Math.round(sum * two53), two53 - 1), countOf);
    p *= ratio(k + 1);
  }
  const guide = new Uint8Array(CELLS);
  for (let i = 0, k = 0; i < CELLS; i++) {
    while (thresholds[k] <= i * cell) k++;
    guide[i] = k;
  }
  return { thresholds, guide, classes };
}

const tables = new Map<string, CountTable>();

/** The table of a distribution, kept for the next time: making it takes 50 µs. */
function kept(name: string, counts: () => Counts): CountTable {
  let table = tables.get(name);
  if (!table) {
    table = countTable(counts());
    if (tables.size >= 1000) tables.clear();
    tables.set(name, table);
  }
  return table;
}

/** The table of Poisson counts of a mean below 10. */
export const poissonTable = (mean: number): CountTable => kept(`${mean}`, () => poissonCounts(mean));

/** The table of binomial counts with n p below 10 and p up to 1/2. */
export const binomialTable = (n: number, p: number): CountTable => kept(`${n} ${p}`, () => binomialCounts(n, p));

/** The smallest whole number below 2^53 whose count is above k, given that the largest one's is. */
function firstBeyond(k: number, near: number, countOf: (whole: number) => number): number {
  let low = near;
  let high = near;
  for (let step = 1; low >= 0 && countOf(low) > k; step *= 2) low -= step;
  for (let step = 1; high < two53 && countOf(high) <= k; step *= 2) high = Math.min(high + step, two53 - 1);
  low = Math.max(low, -1);
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (countOf(middle) > k) high = middle;
    else low = middle;
  }
  return high;
}
