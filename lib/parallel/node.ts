import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Piscina as Threads } from 'piscina';
import { ParameterError } from '../math/errors';
import { type Chunk, type Crew, KEEP, NoWorkers, type Pool, type Reply, Turns, type Work, WorkerLost } from './crew';
import { type Answer, AT, FRACTION, type Job, LENGTH, STOP, WHOLE } from './node-job';
import { formTeam } from './node-team';

/** What a thread of ours is told when it starts, so that it starts none itself. */
const HAND = 'lecture-lab hand';

export const defaultWorkers: Pool['defaultWorkers'] = () =>
  setting('LECTURE_LAB_WORKERS', 64) ?? availableParallelism();

/** A whole number from the environment. */
function setting(name: string, most: number): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new ParameterError(`${name} must be a whole number between 1 and ${most} (got ${text})`);
}

let crew: ThreadCrew | undefined;

export const hire: Pool['hire'] = (workers) => {
  if (workerData === HAND) return undefined;
  // switches reach a worker when it starts: changed ones need new workers
  const switches = JSON.stringify(Object.entries(process.env).filter(([name]) => name.startsWith('LECTURE_LAB_')));
  if (!crew || crew.size < workers || crew.switches !== switches || crew.isStale()) {
    crew?.leave();
    crew = new ThreadCrew(Math.max(workers, crew?.size ?? 0), switches);
  }
  return crew;
};

export const teams: Pool['teams'] = () => workerData !== HAND && defaultWorkers() > 1;

export const team: Pool['team'] = (plan, call) => (teams() ? formTeam(plan, call, defaultWorkers() - 1) : undefined);

/** Threads of Node, kept by piscina. */
class ThreadCrew implements Crew {
  readonly #threads: Threads;
  readonly #turns: Turns;
  readonly #memory: number | undefined;
  /** files of ours that the workers have loaded, and their stamps then */
  readonly #loaded = new Map<string, string>();
  /** what waits for a thread that has yet to start */
  readonly #expectant = new Set<(error: Error) => void>();
  #going = 0;
  #left = false;

  constructor(
    readonly size: number,
    readonly switches: string,
  ) {
    this.#memory = setting('LECTURE_LAB_WORKER_MEMORY', 2 ** 20);
    // not before it is needed: it takes longer to load than most models
    const { Piscina } = require('piscina') as typeof import('piscina');
    this.#threads = new Piscina({
      filename: join(__dirname, 'node-worker.js'),
      minThreads: 0,
      maxThreads: size,
      idleTimeout: KEEP,
      recordTiming: false,
      workerData: HAND,
      ...(this.#memory === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: this.#memory } }),
    });
    // a thread that dies without work is not missed, and one that can't start makes no others
    this.#threads.on('error', (error: Error) => {
      for (const fail of this.#expectant) fail(error);
    });
    // piscina starts no thread for what waits in its queue when another has died: here nothing ever waits there
    this.#turns = new Turns(size);
  }

  /** Whether a file that a worker has loaded was compiled anew since. */
  isStale(): boolean {
    for (const [file, stamp] of this.#loaded) {
      const found = statSync(file, { throwIfNoEntry: false });
      if (!found || `${found.mtimeMs} ${found.size}` !== stamp) return true;
    }
    return false;
  }

  /** Ends the threads as soon as they are idle. */
  leave(): void {
    this.#left = true;
    if (this.#going === 0) void this.#threads.destroy();
  }

  run(chunk: Chunk): Work {
    const state = new Int32Array(new SharedArrayBuffer(LENGTH * Int32Array.BYTES_PER_ELEMENT));
    state[AT] = -1;
    const ending = new AbortController();
    return {
      reply: this.#reply(chunk, state, ending),
      position: () => {
        const at = Atomics.load(state, AT);
        return at < 0 ? chunk.from : at + Atomics.load(state, FRACTION) / WHOLE;
      },
      stop: () => void Atomics.store(state, STOP, 1),
      end: () => ending.abort(),
    };
  }

  async #reply(chunk: Chunk, state: Int32Array, ending: AbortController): Promise<Reply> {
    this.#going++;
    await this.#turns.take();
    const { port1, port2 } = new MessageChannel();
    let unstarted: Error | undefined;
    const fail = (error: Error): void => {
      if (Atomics.load(state, AT) >= 0) return;
      unstarted = error;
      ending.abort();
    };
    this.#expectant.add(fail);
    try {
      const job: Job = { chunk, state, port: port2 };
      await this.#threads.run(job, { signal: ending.signal, transferList: [port2] });
      // results have a port of their own: piscina hands arrays over only if all of it is loaded in the worker too
      const answer = (receiveMessageOnPort(port1) as { message: Answer }).message;
      for (const [file, stamp] of answer.loaded) this.#loaded.set(file, stamp);
      return answer.reply;
    } catch (error) {
      throw this.#explained(unstarted ?? (error as Error), unstarted !== undefined);
    } finally {
      this.#expectant.delete(fail);
      port1.close();
      this.#turns.give();
      this.#going--;
      if (this.#left && this.#going === 0) void this.#threads.destroy();
    }
  }

  #explained(error: Error & { code?: string }, unstarted: boolean): Error {
    const { name, code, message } = error;
    if (name === 'DataCloneError') return new ParameterError(`args can't be sent to workers: ${message}`);
    if (unstarted) return new NoWorkers(message);
    if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
      const limit = this.#memory === undefined ? '' : ` (${this.#memory} MB, LECTURE_LAB_WORKER_MEMORY)`;
      return new WorkerLost(`the worker needed more memory than it may use${limit}`);
    }
    const exit = /^worker exited with code: (\d+)/.exec(message)?.[1];
    if (exit !== undefined) return new WorkerLost(`the task ended its worker (exit code ${exit})`);
    return new WorkerLost(
      name === 'AbortError' ? 'the worker was ended' : `the worker broke down: ${name}: ${message}`,
    );
  }
}
