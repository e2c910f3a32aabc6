import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { defineTask, type Task } from '../parallel/parallel';
import { LANES } from './hodgkin-huxley.batch';
import { type Conditions, spikeCounts } from './hodgkin-huxley.experiments';

/** A current for each patch (µA/cm²), for the same time (ms). */
export interface Sweep {
  readonly currents: readonly number[];
  readonly duration: number;
  readonly conditions: Conditions;
}

/** The spikes of one batch: trial i takes the currents from number 4 i on. */
export const countBatch: Task<Sweep, number[]> = defineTask(
  'neurons/hodgkin-huxley.tasks',
  'countBatch',
  (i: number, _: Rng, { currents, duration, conditions }: Sweep, run: Run) =>
    spikeCounts(currents.slice(i * LANES, (i + 1) * LANES), duration, conditions, run),
);
