import type { Rng } from '../math/rng';
import type { Run } from '../math/run';

/**
 * What one trial does.
 * @param trial which one, from 0
 * @param rng this trial's own generator: `seedStream.stream('trial 17')`
 * @param args what all trials share, read only: with workers each of them has a copy
 * @param run reports how far this trial is (0 to 1) and is stopped with all the others
 * @returns plain data and typed arrays. The arrays are given away, not copied: each must be new in every trial and own
 * its memory (`x.slice()` of a workspace, never the workspace)
 */
export type Trial<A, R> = (trial: number, rng: Rng, args: A, run: Run) => R | Promise<R>;

/** A function that workers find by its name. */
export interface Task<A, R> {
  /** the module that exports it, as within the library: `plasticity/calcium.tasks` */
  readonly module: string;
  /** its name there */
  readonly name: string;
  readonly run: Trial<A, R>;
}

const tasks = new Map<string, Task<never, unknown>>();
const key = (module: string, name: string): string => `${module} ${name}`;

/**
 * Names a function so that workers can run it: functions can't be sent to them, names can. Stands at the top of a module
 * and is exported under its name: `export const walk = defineTask('neurons/walk.tasks', 'walk', (trial, rng) => …)`.
 * @param module where it stands, as within the library; outside of the library the absolute path of a file
 * @param name under which the module exports it
 */
export function defineTask<A, R>(module: string, name: string, run: Trial<A, R>): Task<A, R> {
  const task: Task<A, R> = { module, name, run };
  tasks.set(key(module, name), task as Task<never, unknown>);
  return task;
}

/** The tasks of all modules that are loaded. */
export function definedTasks(): readonly Task<never, unknown>[] {
  return [...tasks.values()];
}

/** @returns undefined if no module that is loaded defines it */
export function findTask(module: string, name: string): Task<unknown, unknown> | undefined {
  return tasks.get(key(module, name)) as Task<unknown, unknown> | undefined;
}
