import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, sep } from 'node:path';
import type { Reply } from './crew';
import { type Answer, AT, FRACTION, type Job, STOP, WHOLE } from './node-job';
import { findTask, type Task } from './task';
import { type Floor, sendReply, work } from './work';

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
  const floor = floorOf(state);
  try {
    Atomics.store(state, AT, chunk.from);
    const task = load(chunk.module, chunk.name);
    if (typeof task === 'string') answer({ results: [], refusal: task });
    else sendReply(chunk, await work(chunk, task, floor, seen), answer);
  } catch (error) {
    if (!floor.signal.aborted) throw error;
    answer({ results: [] });
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

/** Files that are new to the one who waits for the answer. Packages don't change while a kernel runs. */
function loaded(): [string, string][] {
  const files = Object.keys(require.cache).filter((file) => !file.includes(`${sep}node_modules${sep}`));
  return files
    .filter((file) => !told.has(file))
    .map((file) => {
      told.add(file);
      const { mtimeMs, size } = statSync(file);
      return [file, `${mtimeMs} ${size}`];
    });
}
