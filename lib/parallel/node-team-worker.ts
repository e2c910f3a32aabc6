import { parentPort } from 'node:worker_threads';
import { type Calls, follow, type Plan, piecesOf } from './team';

/** What a helper is sent when it joins a team. */
export interface Joining extends Plan {
  readonly control: Int32Array;
}

/** WebAssembly's interface, which Node's types don't name. */
interface Engine {
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Engine };

parentPort?.on('message', ({ module, memory, phases, control }: Joining) => {
  const abort = (): void => {
    throw new Error('the kernel stopped');
  };
  const { exports } = new WebAssembly.Instance(module, { env: { memory, abort } });
  follow(control, piecesOf(phases, exports as Calls));
});
