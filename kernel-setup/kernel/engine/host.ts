import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { startThread } from '../output/channel';
import type { EngineData } from './protocol';
import type { Answer, Call } from './serve';
import { Snapshot, wasStopped } from './snapshot/snapshot';

/** How long after the start a snapshot is made, ms. */
const QUIET = 3000;

interface Events {
  readonly ready: () => void;
  readonly answered: (answer: Answer & { id: number }) => void;
  readonly failed: (error: Error) => void;
}

/**
 * Where the engine runs: in a process that starts from a snapshot; where there is none yet, or where it does not work, on
 * a thread.
 */
export class EngineHost {
  readonly #data: EngineData;
  readonly #snapshot: Snapshot;
  #on: Events | undefined;
  #send: (call: Call) => void = () => undefined;
  /** what was asked before the engine was ready */
  #early: Call[] | undefined = [];

  constructor(data: EngineData) {
    this.#data = data;
    this.#snapshot = new Snapshot(data);
    if (this.#snapshot.exists) this.#startProcess();
    else {
      this.#startThread();
      setTimeout(() => this.#snapshot.order(), QUIET).unref();
    }
  }

  /** Says who hears of the engine; in the same turn of the event loop in which it was started. */
  listen(on: Events): void {
    this.#on = on;
  }

  post(call: Call): void {
    this.#early?.push(call);
    this.#send(call);
  }

  #startProcess(): void {
    const child = this.#snapshot.start();
    this.#send = (call) => void child.send(call);
    child.on('message', (answer: Answer) => this.#answered(answer));
    let gone = false;
    const ended = (reason: string, refused = false): void => {
      if (gone) return;
      gone = true;
      if (refused) this.#snapshot.discard();
      if (this.#early) this.#startThread();
      else this.#on?.failed(new Error(reason));
    };
    child.on('error', (error) => ended(error.message)); // could not be started, or could not be written to
    child.on('exit', (code, signal) => {
      const refused = this.#early !== undefined && !wasStopped(signal);
      ended(signal ? `it was ended by ${signal}` : `it exited with code ${code}`, refused);
    });
  }

  #startThread(): void {
    const thread: Worker = startThread(join(__dirname, 'thread.js'), this.#data);
    thread.on('error', (error) => this.#on?.failed(error));
    thread.on('message', (answer: Answer) => this.#answered(answer));
    this.#send = (call) => thread.postMessage(call);
    for (const call of this.#early ?? []) this.#send(call);
  }

  #answered(answer: Answer): void {
    if (answer.id !== undefined) this.#on?.answered(answer);
    else {
      this.#early = undefined;
      this.#on?.ready();
    }
  }
}
