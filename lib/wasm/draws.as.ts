/** Random numbers in bulk for lib/math/rng.ts: each function goes on from a state, fills an array and leaves the state after it. */
import * as random from './shared/random.as';

export function uniform(state: usize, out: usize, n: i32, low: f64, width: f64): void {
  random.restore(state);
  random.fillUniform(out, n, low, width);
  random.save(state);
}

export function normal(state: usize, out: usize, n: i32, mean: f64, sd: f64): void {
  random.restore(state);
  random.fillNormal(out, n, mean, sd);
  random.save(state);
}

export function exponential(state: usize, out: usize, n: i32, mean: f64): void {
  random.restore(state);
  random.fillExponential(out, n, mean);
  random.save(state);
}

/** Counts k by a table (see count-table.ts), or `mirror` - k if that is not negative. */
export function counts(
  state: usize,
  out: usize,
  n: i32,
  thresholds: usize,
  guide: usize,
  classes: i32,
  mirror: i32,
): void {
  random.restore(state);
  for (const end = out + (<usize>n << 2); out < end; out += 4) {
    const k = random.count(thresholds, guide, classes);
    store<i32>(out, mirror < 0 ? k : mirror - k);
  }
  random.save(state);
}

export function poisson(state: usize, out: usize, n: i32, mean: f64, logMean: f64): void {
  random.restore(state);
  for (const end = out + (<usize>n << 2); out < end; out += 4) {
    store<i32>(out, <i32>random.poissonByRejection(mean, logMean));
  }
  random.save(state);
}

export function binomial(state: usize, out: usize, n: i32, trials: f64, p: f64, logOdds: f64, mirror: i32): void {
  random.restore(state);
  for (const end = out + (<usize>n << 2); out < end; out += 4) {
    const k = <i32>random.binomialByRejection(trials, p, logOdds);
    store<i32>(out, mirror < 0 ? k : mirror - k);
  }
  random.save(state);
}

/** For the exchanges of a shuffle: a whole number below `from`, one below `from - 1`, and so on. */
export function falling(state: usize, out: usize, n: i32, from: u32): void {
  random.restore(state);
  for (const end = out + (<usize>n << 2); out < end; out += 4, from--) store<u32>(out, random.below(from));
  random.save(state);
}
