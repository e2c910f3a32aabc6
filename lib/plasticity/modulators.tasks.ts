import type { Rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import { addLearner, type Channels, type Curves, type Network, noCurves } from './modulators';

/** What all blocks share. */
export interface Blocks {
  readonly settings: readonly {
    readonly channels: Channels;
    readonly network: Network;
    readonly trials: number;
    /** learners in a block */
    readonly size: number;
  }[];
  /** blocks of a setting; trials run through the blocks of the first setting, then of the second, … */
  readonly blocks: number;
}

/** A block of learners. */
export const some: Task<Blocks, Curves> = defineTask(
  'plasticity/modulators.tasks',
  'some',
  async (trial, random: Rng, { settings, blocks }, run) => {
    const { channels, network, trials, size } = settings[Math.floor(trial / blocks)];
    const curves = noCurves(trials);
    for (let s = 0; s < size; s++) {
      addLearner(curves, channels, network, random.stream(`learner ${s}`));
      await run.progress((s + 1) / size);
    }
    return curves;
  },
);
