import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Converter } from './converter';
import type { EngineData } from './protocol';
import { type Answer, type Call, serve } from './serve';

/** The engine as a thread: TypeScript is loaded, and the declarations of JavaScript are read, at every start. */
const port = parentPort as MessagePort;
const tell = (answer: Answer): void => port.postMessage(answer);
const engine = new Converter(workerData as EngineData);
tell({ ready: true });
port.on('message', (call: Call) => tell(serve(engine, call)));
