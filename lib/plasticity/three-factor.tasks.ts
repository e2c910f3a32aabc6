import type { Rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import { averagedFrom, type Learning, type Rule, type Task as Stimuli, simulate } from './three-factor';

/** What all learners share: so many of each setting. */
export interface Learners {
  readonly settings: readonly { readonly rule: Rule; readonly learning: Learning; readonly at: readonly number[] }[];
  readonly task: Stimuli;
  /** learners in a block; trials run through the blocks of the first setting, then of the second, … */
  readonly size: number;
  readonly blocks: number;
}

/** A block of learners: their performances, learner × look. */
export const learners: Task<Learners, Float64Array> = defineTask(
  'plasticity/three-factor.tasks',
  'learners',
  async (trial, random: Rng, { settings, task, size, blocks }, run) => {
    const { rule, learning, at } = settings[Math.floor(trial / blocks)];
    const found = new Float64Array(size * at.length);
    for (let s = 0; s < size; s++) {
      found.set(simulate(rule, task, learning, at, random.stream(`learner ${s}`)), s * at.length);
      await run.progress((s + 1) / size);
    }
    return found;
  },
);

/** What all averaged equations share. */
export interface Paths {
  /** an equation each */
  readonly rules: readonly Rule[];
  readonly task: Stimuli;
  readonly learning: Learning;
  readonly at: readonly number[];
}

/** The averaged equation of a rule: right answers at the looks. */
export const path: Task<Paths, Float64Array[]> = defineTask(
  'plasticity/three-factor.tasks',
  'path',
  async (i, _: Rng, { rules, task, learning, at }, run) => {
    const advance = averagedFrom(rules[i], task, learning);
    const found: Float64Array[] = [];
    for (const trials of at) {
      found.push(advance(trials));
      await run.progress(found.length / at.length);
    }
    return found;
  },
);
