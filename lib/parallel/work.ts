import { ParameterError } from '../math/errors';
import { type Rng, rngFrom } from '../math/rng';
import type { CancelSignal, Run } from '../math/run';
import type { Chunk, Reply } from './crew';
import { type Failure, packFailure } from './failure';
import { givenArrays } from './given';
import type { Task } from './task';

/** Where trials run: in a worker, or in the caller's own thread. */
export interface Floor {
  readonly signal: CancelSignal;
  /** Takes note of how far the chunk is, e.g. 17.5. Rejects, or throws, once the signal is aborted. */
  report(position: number): Promise<void> | undefined;
}

/**
 * Runs the trials of a chunk, one after the other, up to the first that fails.
 * @param seen memory of arrays that were returned before
 * @returns the reply and the memory that goes with it
 * @throws the signal's reason, once that is aborted
 */
export async function work(
  chunk: Chunk,
  task: Task<unknown, unknown>,
  floor: Floor,
  seen: WeakSet<object>,
): Promise<{ reply: Reply; given: ArrayBuffer[] }> {
  const { args, from, to } = chunk;
  const seeds = chunk.origin && rngFrom(chunk.origin);
  const results: unknown[] = [];
  const given: ArrayBuffer[] = [];
  let failure: Failure | undefined;
  for (let trial = from; trial < to && !failure; trial++) {
    const told = floor.report(trial);
    if (told) await told;
    const run: Run = {
      signal: floor.signal,
      progress: async (fraction) => floor.report(trial + Math.min(Math.max(fraction, 0), 1)),
    };
    try {
      const result = task.run(trial, seeds ? seeds.stream(`trial ${trial}`) : unseeded, args, run);
      const value = isPromise(result) ? await result : result;
      given.push(...givenArrays(value, seen));
      results.push(value);
    } catch (error) {
      floor.signal.throwIfAborted();
      failure = packFailure(trial, error);
    }
  }
  return { reply: failure ? { results, failure } : { results }, given };
}

/**
 * Sends a reply, or else which result can't be sent.
 * @param send throws if something in the results is of a kind that threads can't hand to each other
 */
export function sendReply(
  { from }: Chunk,
  { reply, given }: Awaited<ReturnType<typeof work>>,
  send: (reply: Reply, given: ArrayBuffer[]) => void,
): void {
  try {
    send(reply, given);
  } catch (error) {
    const trial =
      from +
      Math.max(
        0,
        reply.results.findIndex((result) => !canBeSent(result)),
      );
    const thrown = new Error(`the task's result can't be sent from its worker: ${(error as Error).message}`);
    send({ results: [], failure: packFailure(trial, thrown) }, []);
  }
}

function canBeSent(result: unknown): boolean {
  try {
    structuredClone(result);
    return true;
  } catch {
    return false;
  }
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | undefined)?.then === 'function';

/** The generator of trials without a seed stream: any use of it is a mistake. */
const unseeded = new Proxy({} as Rng, {
  get() {
    throw new ParameterError('seedStream must be given to parallel: the task draws random numbers');
  },
});
