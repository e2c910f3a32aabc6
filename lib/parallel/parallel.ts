import { defaultWorkers, hire } from '#pool';
import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { createRun, type Run } from '../math/run';
import { type Chunk, type Crew, NoWorkers, type Work, WorkerLost } from './crew';
import { type Failure, packFailure, unpackFailure } from './failure';
import type { Task } from './task';
import { work } from './work';

export type { TrialError } from './failure';
export { defineTask, type Task, type Trial } from './task';

/** How trials are run. */
export type ParallelOptions<A> = {
  /** each trial's generator is `seedStream.stream('trial 17')`; trials that draw nothing need none */
  readonly seedStream?: Rng;
  /** where progress is reported, over all trials together, and what stops them */
  readonly run?: Run;
  /** words for the progress report */
  readonly note?: string;
  /** number of workers, 1 to 64; by default LECTURE_LAB_WORKERS, or else one a core. 1: in the caller's thread */
  readonly workers?: number;
  /** what all trials share: plain data and typed arrays */
} & (undefined extends A ? { readonly args?: A } : { readonly args: A });

/** Most workers that can be asked for. */
const MOST_WORKERS = 64;
/** Time between two looks at progress and abort, in ms. */
const LOOK = 20;
/** Time that a trial gets to stop by itself, in ms; both together are under the 100 ms within which an abort is obeyed. */
const GRACE = 40;

/**
 * Runs independent trials side by side, on workers where there are any: threads in Node, Web Workers in a page. The
 * results stand in the order of the trials and depend neither on the number of workers nor on who ran what.
 * @param trials how many, 1 to 2^31 - 1; a trial of less than 1 ms is better a block of many
 * @returns one result a trial
 * @throws {ParameterError} for trials or workers out of range; what the first trial that fails has thrown, with its
 * number (`trial 17: …`, property `trial`): a ParameterError or DivergenceError as such, anything else as an Error of
 * that name; an Error naming the trial when a worker ended or ran out of memory; the signal's reason once the run is
 * aborted, within 100 ms even if a trial never looks at it
 */
export async function parallel<A, R>(trials: number, task: Task<A, R>, options: ParallelOptions<A>): Promise<R[]> {
  const { seedStream, run = createRun(), note, args, workers = defaultWorkers() } = options;
  checkWhole('trials', trials, 2 ** 31 - 1);
  checkWhole('workers', workers, MOST_WORKERS);
  run.signal.throwIfAborted();
  const { module, name } = task;
  const whole: Chunk = { module, name, args, origin: seedStream?.origin(), from: 0, to: trials };
  const crew = workers > 1 ? hire(workers) : undefined;
  try {
    if (crew) return (await spread(whole, crew, workers, run, note)) as R[];
  } catch (error) {
    if (!(error instanceof NoWorkers)) throw error;
  }
  return (await inTurn(whole, task as Task<unknown, unknown>, run, note)) as R[];
}

function checkWhole(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new ParameterError(`${name} must be a whole number between 1 and ${most} (got ${value})`);
}

/** All trials in the caller's thread, which breathes at every report. */
async function inTurn(
  chunk: Chunk,
  task: Task<unknown, unknown>,
  run: Run,
  note?: string,
): Promise<readonly unknown[]> {
  const report = (position: number): Promise<void> => run.progress(position / chunk.to, note);
  const { reply } = await work(chunk, task, { signal: run.signal, report }, new WeakSet());
  if (reply.failure) throw unpackFailure(reply.failure);
  await report(chunk.to);
  return reply.results;
}

/** The trials over the workers of a crew, in chunks that get smaller towards the end, so that all finish together. */
async function spread(whole: Chunk, crew: Crew, workers: number, run: Run, note?: string): Promise<unknown[]> {
  const trials = whole.to;
  const lanes = Math.min(workers, trials);
  const results = new Array<unknown>(trials);
  const running = new Map<Work, Chunk>();
  let next = 0;
  let done = 0;
  let failure: Failure | undefined;
  let broken: { readonly error: unknown } | undefined;

  /** What one worker after the other does: also after a failure the trials before it are run, so that the first one is told. */
  const lane = async (): Promise<void> => {
    while (next < (failure?.trial ?? trials) && !broken) {
      const from = next;
      next += Math.ceil((trials - from) / (2 * lanes));
      const chunk = { ...whole, from, to: next };
      const going = crew.run(chunk);
      running.set(going, chunk);
      try {
        const reply = await going.reply;
        for (const [i, result] of reply.results.entries()) results[from + i] = result;
        done += reply.results.length;
        if (reply.refusal !== undefined) throw new ParameterError(reply.refusal);
        if (reply.failure) fail(reply.failure);
      } catch (error) {
        if (error instanceof WorkerLost) fail({ ...packFailure(Math.floor(going.position()), error), name: 'Error' });
        else broken ??= { error };
      } finally {
        running.delete(going);
      }
    }
  };
  const fail = (found: Failure): void => {
    if (!failure || found.trial < failure.trial) failure = found;
    for (const [going, { from }] of running) if (from > failure.trial) going.end();
  };

  let over = false;
  let wake = (): void => undefined;
  const all = Promise.all(Array.from({ length: lanes }, lane)).then(() => {
    over = true;
    wake();
  });
  const share = (): number => {
    let sum = done;
    for (const [going, { from }] of running) sum += going.position() - from;
    return sum / trials;
  };
  try {
    while (!over) {
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, LOOK);
      });
      if (!over) await run.progress(Math.min(share(), 1 - 1e-9), note);
    }
  } catch (error) {
    broken = { error };
    for (const going of running.keys()) going.stop();
    setTimeout(() => {
      for (const going of running.keys()) going.end();
    }, GRACE);
  }
  await all;
  if (broken) throw broken.error;
  if (failure) throw unpackFailure(failure);
  await run.progress(1, note);
  return results;
}
