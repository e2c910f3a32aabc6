import { Worker } from 'node:worker_threads';
import type { Answer, Port, Request } from 'lecture-lab/figure/worker/protocol';
import type { WorkerBundle } from './bundle';

/** What runs in the thread: a world with what a Web Worker has, and nothing of Node. */
const HOST = `
const { parentPort, workerData } = require('node:worker_threads');
const vm = require('node:vm');
const world = vm.createContext({
  performance, setTimeout, clearTimeout, setInterval, clearInterval, queueMicrotask, Blob, DecompressionStream, Response, atob, TextEncoder,
  TextDecoder, AbortController, structuredClone, WorkerGlobalScope: class {},
  console: { log() {}, info() {}, warn() {}, error() {}, debug() {} },
  postMessage: (message) => parentPort.postMessage(message),
});
world.self = world;
parentPort.on('message', (data) => world.onmessage({ data }));
// as arguments: a context looks up each global by a call, which takes a hundred times as long as in a browser
const names = vm.runInContext('Object.getOwnPropertyNames(globalThis)', world).filter((name) => /^[A-Z]\\w*$/.test(name));
vm.runInContext('(function (' + names + ') {' + workerData + '\\n})(' + names + ')', world);
`;

/** A page's worker outside of any page, in a thread of Node: the same script in the same engine as Chromium's. */
export function bareWorker({ script, files }: WorkerBundle): Port<Request, Answer> & { terminate(): Promise<void> } {
  const thread = new Worker(HOST, { eval: true, workerData: script, stdout: true, stderr: true });
  const port: ReturnType<typeof bareWorker> = {
    onmessage: null,
    postMessage: (message) => thread.postMessage(message),
    terminate: async () => void (await thread.terminate()),
  };
  thread.on('message', (data: Answer) => port.onmessage?.({ data }));
  thread.on('error', (error) => port.onmessage?.({ data: { kind: 'error', job: -1, message: error.message } }));
  port.postMessage({ kind: 'files', files });
  return port;
}
