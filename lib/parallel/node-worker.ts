import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, sep } from 'node:path';
import type { Reply } from './crew';
import { packFailure } from './failure';
import { type Answer, AT, FRACTION, type Job, STOP, WHOLE } from './node-job';
import { findTask, type Task } from './task';
import { type Floor, work } from './work';

/** The compiled library. */
const dist = join(__dirname, '..');
const seen = new WeakSet<object>();
const told = new Set<string>();

/** What piscina calls in a thread. */
export default async function run({ chunk, state, port }: Job): Promise<void> {
  const answer = (reply: Reply, given: ArrayBuffer[] = []): void => {
    const message: Answer = { reply, loaded: loaded() };
    port.postMessage(message, given);
  };
  try {
    Atomics.store(state, AT, chunk.from);
    const task = load(chunk.module, chunk.name);
    if (typeof task === 'string') return answer({ results: [], refusal: task });
    const { reply, given } = await work(chunk, task, floorOf(state), seen);
    answer(reply, given);
  } catch (error) {
    // it was stopped, or its results can't be sent
    answer({ results: [], failure: packFailure(Atomics.load(state, AT), error) });
  } finally {
    port.close();
  }
}

/** The task, or why there is none. */
function load(module: string, name: string): Task<unknown, unknown> | string {
  try {
    createRequire(__filename)(isAbsolute(module) ? module : join(dist, module));
  } catch (error) {
    const [message] = String((error as Error).message).split('\n');
    return `task must stand in a module that workers can load: ${module} fails with: ${message}`;
  }
  return findTask(module, name) ?? `task must stand in the module that it names: ${module} defines no task ${name}`;
}

function floorOf(state: Int32Array): Floor {
  const signal: Floor['signal'] = {
    get aborted() {
      return Atomics.load(state, STOP) === 1;
    },
    get reason() {
      return new Error('stopped');
    },
    throwIfAborted() {
      if (this.aborted) throw this.reason;
    },
  };
  return {
    signal,
    report(position) {
      signal.throwIfAborted();
      const trial = Math.floor(position);
      Atomics.store(state, AT, trial);
      Atomics.store(state, FRACTION, (position - trial) * WHOLE);
      return undefined;
    },
  };
}

/** Files of the library that are new to the one who waits for the answer. */
function loaded(): [string, string][] {
  const files = Object.keys(require.cache).filter((file) => file.startsWith(dist + sep) && !told.has(file));
  return files.map((file) => {
    told.add(file);
    const { mtimeMs, size } = statSync(file);
    return [file, `${mtimeMs} ${size}`];
  });
}
