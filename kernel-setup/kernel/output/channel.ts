import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ChannelsData, ToChannels, ToKernel } from '../channels/messages';

/** The main thread's end of the channels' thread. */
export class Channels {
  readonly #worker: Worker;

  constructor(data: ChannelsData, receive: (message: ToKernel) => void) {
    this.#worker = startThread(join(__dirname, '..', 'channels', 'thread.js'), data);
    this.#worker.on('message', receive);
    this.#worker.on('error', (error) => receive({ kind: 'failed', message: error.message }));
  }

  post(message: ToChannels): void {
    this.#worker.postMessage(message);
  }
}

/** Starts a thread of the kernel; what it prints goes to the terminal, not under a cell. */
export function startThread(file: string, workerData: unknown): Worker {
  const worker = new Worker(file, { workerData, stdout: true, stderr: true });
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (chunk: Buffer) => writeSync(2, chunk));
  return worker;
}
