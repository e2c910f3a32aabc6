import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Converter } from './converter';
import type { EngineData, Operations } from './protocol';

/** The thread on which TypeScript checks and converts cells. */
const port = parentPort as MessagePort;
const engine: Operations = new Converter(workerData as EngineData);
port.postMessage({ ready: true });

port.on('message', ({ id, operation, args }: { id: number; operation: keyof Operations; args: never[] }) => {
  try {
    port.postMessage({ id, result: (engine[operation] as (...args: never[]) => unknown)(...args) });
  } catch (error) {
    port.postMessage({ id, failure: String((error as Error).stack) });
  }
});
