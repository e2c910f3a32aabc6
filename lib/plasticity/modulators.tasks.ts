import type { Rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import { type Channels, type Curves, learnSome, type Network } from './modulators';

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
  (trial, random: Rng, { settings, blocks }) => {
    const { channels, network, trials, size } = settings[Math.floor(trial / blocks)];
    return learnSome(channels, network, trials, size, random);
  },
);
