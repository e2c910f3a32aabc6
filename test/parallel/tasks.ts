import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { defineTask, parallel } from 'lecture-lab/parallel/parallel';

/** Tasks that behave in every way that a task can. */
const here = join(__dirname, 'tasks.cjs');

export const draws = defineTask(here, 'draws', (trial, random, { count }: { count: number }) => ({
  trial,
  values: random.fillNormal(new Float64Array(count)),
}));

export const thread = defineTask(here, 'thread', () => threadId);

/** The same, but so long that no worker does two before another has done one. */
export const longThread = defineTask(here, 'longThread', async () => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return threadId;
});

export const setting = defineTask(here, 'setting', (_trial, _random, name: string) => process.env[name]);

export const double = defineTask(here, 'double', (_trial, _random, values: Float64Array) => values.map((x) => 2 * x));

const given: Float64Array[] = [];
/** Gives an array away and says how many of those that it gave before it can still read. */
export const kept = defineTask(here, 'kept', (trial) => {
  const still = given.filter(({ length }) => length > 0).length;
  const mine = new Float64Array(1000).fill(trial);
  given.push(mine);
  return { mine, still, before: given.length - 1 };
});

const workspaces = new Map<string, Float64Array>();
/** Gives the same array again and again: one for each name, because workers stay, and an array that was given away is lost to them. */
export const reused = defineTask(here, 'reused', (trial, _random, name: string) => {
  const mine = workspaces.get(name) ?? new Float64Array(4);
  workspaces.set(name, mine);
  return mine.fill(trial);
});
export const part = defineTask(here, 'part', () => new Float64Array(4).subarray(1));
export const unsendable = defineTask(here, 'unsendable', (trial) => (trial === 3 ? () => trial : trial));

export type Way = 'parameter' | 'divergence' | 'type' | 'words' | 'exit' | 'memory' | 'callback' | 'loop';
const ways: Readonly<Record<Way, (trial: number) => unknown>> = {
  parameter: (trial) => {
    throw new ParameterError(`tau must be positive (got ${-trial})`);
  },
  divergence: () => {
    throw new DivergenceError('V', '12 ms', 'the time step is too long');
  },
  type: () => (undefined as unknown as { x: number }).x,
  words: () => {
    throw 'just words';
  },
  exit: () => process.exit(3),
  memory: () => {
    const full: number[][] = [];
    for (;;) full.push(new Array(1000).fill(full.length));
  },
  callback: () => {
    setTimeout(() => {
      throw new RangeError('in a callback');
    });
    return new Promise(() => undefined);
  },
  loop: () => {
    for (;;);
  },
};
/** Fails in one way from some trial on. */
export const fails = defineTask(here, 'fails', (trial, _random, { from, way }: { from: number; way: Way }) =>
  trial < from ? trial : ways[way](trial),
);

export const breathing = defineTask(here, 'breathing', async (_trial, _random, _args: undefined, run) => {
  for (;;) {
    await run.progress(0.5);
    // otherwise the loop would be stuck in a thread that does not breathe at every report
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});

export const slow = defineTask(here, 'slow', async (trial, _random, { ms }: { ms: number }, run) => {
  const start = performance.now();
  for (let past = 0; past < ms; past = performance.now() - start) await run.progress(past / ms);
  return trial;
});

export const nested = defineTask(here, 'nested', async (trial, _random, _args: undefined, run) => {
  const inner = await parallel(3, thread, { run });
  const values = await parallel(2, draws, { seedStream: rng(trial), args: { count: 2 }, run });
  return { own: threadId, inner, values };
});

/** A task that says that it stands elsewhere. */
export const lost = defineTask(join(__dirname, 'nowhere.cjs'), 'lost', () => 1);
export const misnamed = { ...defineTask(join(__dirname, 'other.cjs'), 'name', () => 1), module: here, name: 'none' };
