import type { Digits } from '../data/mnist';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { defineTask, type Task } from '../parallel/parallel';
import { type Constraint, type ConstraintSettings, trainUnder } from './constraints';

/** What all trainings of a comparison share. */
export interface Comparison {
  readonly digits: { readonly train: Digits; readonly test: Digits };
  /** one training each: a constraint and a seed */
  readonly runs: readonly { readonly constraint: Constraint; readonly seed: number }[];
  readonly settings: ConstraintSettings;
}

/** How one training went: test accuracy before learning and after every epoch. */
export const training: Task<Comparison, number[]> = defineTask(
  'credit/constraints.tasks',
  'training',
  async (i: number, _: Rng, { digits, runs, settings }: Comparison, run: Run) => {
    const { constraint, seed } = runs[i];
    const { accuracy } = await trainUnder(constraint, digits, { ...settings, seed }, run);
    return [...accuracy];
  },
);
