import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../output/channel';
import type { EngineData } from './protocol';
import type { Answer, Call } from './serve';
import { Snapshot } from './snapshot/snapshot';

/** How long the kernel has to be idle after its start before a snapshot is made, ms. */
const QUIET = 3000;

/**
 * Where the engine runs: in a process that starts from a snapshot; where there is none yet, or where it does not work, on
 * a thread.
 */
export class EngineHost {
  readonly #data: EngineData;
  readonly #snapshot: Snapshot;
  readonly #receive: (answer: Answer & { id: number }) => void;
  readonly #failed: (error: Error) => void;
  #send: (call: Call) => void = () => undefined;
  /** what was asked before the engine was ready */
  #early: Call[] | undefined = [];

  constructor(data: EngineData, receive: (answer: Answer & { id: number }) => void, failed: (error: Error) => void) {
    this.#data = data;
    this.#receive = receive;
    this.#failed = failed;
    this.#snapshot = new Snapshot(data);
    if (this.#snapshot.exists) this.#startProcess();
    else {
      this.#startThread();
      setTimeout(() => void this.#snapshot.make(), QUIET).unref();
    }
  }

  post(call: Call): void {
    this.#early?.push(call);
    this.#send(call);
  }

  #startProcess(): void {
    const child = this.#snapshot.start();
    this.#send = (call) => void child.send(call);
    child.on('message', (answer: Answer) => this.#answered(answer));
    const ended = (reason: string): void => {
      if (this.#early) {
        this.#snapshot.discard();
        this.#startThread();
      } else this.#failed(new Error(reason));
    };
    child.on('error', (error) => ended(error.message)); // could not be started, or could not be written to
    child.on('exit', (code, signal) => ended(`it exited with ${signal ?? `code ${code}`}`));
  }

  #startThread(): void {
    const thread: Worker = startThread(join(__dirname, 'thread.js'), this.#data);
    thread.on('error', this.#failed);
    thread.on('message', (answer: Answer) => this.#answered(answer));
    this.#send = (call) => thread.postMessage(call);
    for (const call of this.#early ?? []) this.#send(call);
  }

  #answered(answer: Answer): void {
    if (answer.id === undefined) this.#early = undefined;
    else this.#receive(answer);
  }
}
