import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { CancelSignal } from '../math/run';
import { KEEP, type Team } from './crew';
import type { Joining } from './node-team-worker';
import {
  type Calls,
  DISSOLVED,
  DONE,
  LENGTH,
  NOT_YET,
  OPEN,
  open,
  type Plan,
  piecesOf,
  turnOver,
  waitWhile,
  work,
} from './team';

/** Longest time for which the thread that leads a team sleeps without a look at the signal, in ms. */
const NAP = 20;

/** A thread that can help. It keeps no process alive. */
interface Helper {
  readonly worker: Worker;
  /** how it ended */
  lost?: string;
  idle?: NodeJS.Timeout;
}

const free: Helper[] = [];

function hire(): Helper {
  const found = free.pop();
  if (found) {
    clearTimeout(found.idle);
    return found;
  }
  const worker = new Worker(join(__dirname, 'node-team-worker.js'), { execArgv: [] });
  // Node forgets it if it is told before
  worker.once('online', () => worker.unref());
  const helper: Helper = { worker };
  worker.on('error', (error: Error) => {
    helper.lost ??= error.message;
  });
  worker.on('exit', (code) => {
    helper.lost ??= `exit code ${code}`;
    if (free.includes(helper)) free.splice(free.indexOf(helper), 1);
  });
  return helper;
}

/** A helper that is done, or will be in a moment: it hears of its next team after that. */
function release(helper: Helper): void {
  if (helper.lost !== undefined) return;
  free.push(helper);
  helper.idle = setTimeout(() => void helper.worker.terminate(), KEEP).unref();
}

/** Forms a team. Helpers join when they have started; until then the caller does the work alone. */
export function formTeam({ module, memory, phases }: Plan, call: Calls, helpers: number): Team {
  const control = new Int32Array(new SharedArrayBuffer(LENGTH * Int32Array.BYTES_PER_ELEMENT));
  const own = piecesOf(phases, call);
  control[OPEN] = NOT_YET;
  let count = 0;
  const joining: Joining = { module, memory, phases, control };
  const crew: Helper[] = [];
  for (let i = 0; i < helpers; i++) {
    const helper = hire();
    helper.worker.postMessage(joining);
    crew.push(helper);
  }
  let broken = false;

  const wait = async (pieces: number, signal: CancelSignal): Promise<void> => {
    for (let done: number; (done = Atomics.load(control, DONE)) < pieces; ) {
      waitWhile(control, DONE, done, NAP);
      if (Atomics.load(control, DONE) > done) continue;
      // a helper does not get on: here it is heard if it is lost, and whether all should stop
      await new Promise<void>((resolve) => setTimeout(resolve));
      const lost = crew.find((helper) => helper.lost !== undefined);
      if (lost && Atomics.load(control, DONE) < pieces)
        throw new Error(`the simulation lost one of its threads (${lost.lost}); start it anew`);
      signal.throwIfAborted();
    }
  };
  return {
    async step(signal) {
      broken = true;
      for (const pieces of own) {
        open(control, count);
        work(control, pieces, count);
        if (Atomics.load(control, DONE) < pieces.length) await wait(pieces.length, signal);
        count = (count + 1) % turnOver(own.length);
      }
      broken = false;
    },
    leave() {
      Atomics.store(control, OPEN, DISSOLVED);
      Atomics.notify(control, OPEN);
      for (const helper of crew) {
        if (broken) void helper.worker.terminate();
        else release(helper);
      }
    },
  };
}
