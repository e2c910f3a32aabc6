import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { mean, standardError } from '../math/statistics';
import { defineTask, parallel, type Task } from '../parallel/parallel';
import { type Example, estimates, type Learning, type LearningCurve, learn, type Rule } from './perturbation';

/* What the figures of perturbation learning average over many trials, each on a core of its own. */

/** Trials from `from` to `to - 1`. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Windows that get longer with the trials, `each` to a decade, from single trials at first; the last ends at `trials`. */
export function windows(trials: number, each = 12): Window[] {
  const found: Window[] = [];
  for (let from = 0; from < trials; ) {
    const to = Math.min(trials, Math.max(from + 1, Math.floor((from + 1) * 10 ** (1 / each))));
    found.push({ from, to });
    from = to;
  }
  return found;
}

/** An average over seeds and its standard error. */
export interface Average {
  readonly mean: number;
  readonly se: number;
}

interface Averaged {
  readonly of: readonly Rule[];
  readonly settings: Learning;
  readonly over: readonly Window[];
  readonly seeds: number;
}

/** One learning curve, averaged over windows: trial k is that of seed k mod `seeds` and of rule k div `seeds`. */
export const averagedCurve: Task<Averaged, Float64Array> = defineTask(
  'credit/perturbation.curves',
  'averagedCurve',
  (trial, noise, { of, settings, over, seeds }) => {
    const errors = learn(of[Math.floor(trial / seeds)], settings, noise);
    return Float64Array.from(over, ({ from, to }) => mean(errors.subarray(from, to)));
  },
);

/**
 * Learns with several rules from several seeds each.
 * @returns for each rule and each window the error, averaged over the window and the seeds
 */
export async function averagedCurves(
  of: readonly Rule[],
  settings: Learning,
  over: readonly Window[],
  { seeds, seedStream, run }: { readonly seeds: number; readonly seedStream: Rng; readonly run?: Run },
): Promise<Average[][]> {
  const args = { of, settings, over, seeds };
  const curves = await parallel(of.length * seeds, averagedCurve, { seedStream, args, run });
  return of.map((_, i) => over.map((_, w) => averageOf(curves.slice(i * seeds, (i + 1) * seeds).map((c) => c[w]))));
}

const averageOf = (values: readonly number[]): Average => ({ mean: mean(values), se: standardError(values) });

/** The expected error of a window's trials. */
export function expectedIn({ from, to }: Window, curve: LearningCurve): number {
  let sum = 0;
  for (let t = from; t < to; t++) sum += curve.at(t);
  return sum / (to - from);
}

interface Estimating {
  readonly rule: Exclude<Rule, 'gradient'>;
  readonly example: Example;
  readonly sigma: number;
  /** estimates a trial */
  readonly count: number;
}

/** Squared distances of some estimates from the gradient. */
export const distances: Task<Estimating, Float64Array> = defineTask(
  'credit/perturbation.curves',
  'distances',
  (_, noise, { rule, example, sigma, count }) => estimates(rule, example, sigma, count, noise).distances,
);

/** Estimates that one trial draws. */
const AT_ONCE = 500;

/** Draws estimates of the gradient for one example; the variance is their mean squared distance. */
export async function sampledVariance(
  rule: Exclude<Rule, 'gradient'>,
  example: Example,
  sigma: number,
  samples: number,
  { seedStream, run }: { readonly seedStream: Rng; readonly run?: Run },
): Promise<Average> {
  const blocks = Math.ceil(samples / AT_ONCE);
  const args = { rule, example, sigma, count: Math.ceil(samples / blocks) };
  const found = await parallel(blocks, distances, { seedStream, args, run });
  return averageOf(found.flatMap((some) => [...some]).slice(0, samples));
}
