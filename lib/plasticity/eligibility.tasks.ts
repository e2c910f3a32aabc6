import type { Rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import { type Protocol, type Synapse, simulateTrial } from './eligibility';

/** What all points share. */
export interface Points {
  readonly synapse: Synapse;
  /** a point each: what happens, and the delay of the pulse, s */
  readonly points: readonly { readonly protocol: Protocol; readonly delay: number }[];
  /** trials for each point */
  readonly trials: number;
}

/** The changes of the weight in all trials of a point. */
export const changes: Task<Points, Float64Array> = defineTask(
  'plasticity/eligibility.tasks',
  'changes',
  async (point, random: Rng, { synapse, points, trials }, run) => {
    const { protocol, delay } = points[point];
    const found = new Float64Array(trials);
    for (let trial = 0; trial < trials; trial++) {
      found[trial] = simulateTrial(synapse, protocol, delay, random.stream(`spikes ${trial}`));
      if (trial % 20 === 19) await run.progress((trial + 1) / trials);
    }
    return found;
  },
);
