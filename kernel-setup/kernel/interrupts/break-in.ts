import { Session } from 'node:inspector';
import { FLAGS } from './flags';

/** The name under which the channels' thread calls the break-in on the main thread through the inspector. */
export const BREAK_IN = 'lecture-lab.break-in';

/** Node's bookkeeping of asynchronous contexts, as far as it is needed here. */
interface AsyncWrap {
  clearAsyncIdStack(): void;
  readonly async_hook_fields: Uint32Array;
  readonly constants: { readonly kTotals: number; readonly kCheck: number };
}

/**
 * The last resort against a cell that never returns to the event loop, such as `await x; while (true) {}`. The inspector
 * runs `breakIn` in the middle of that loop; it then ends whatever JavaScript is on the stack.
 *
 * Code that is ended by force skips its `finally` blocks, also Node's own, which leave async ids on Node's stack. Node
 * takes that for corruption and aborts. So its checks are off from the break-in until the main thread is back in its
 * event loop, where `recover` clears the stack, exactly as Node does after an uncaught exception.
 */
export class BreakIn {
  readonly #flags: Int32Array;
  readonly #session = new Session();
  readonly #wrap: AsyncWrap;
  #saved: { totals: number; check: number } | undefined;

  constructor(shared: SharedArrayBuffer) {
    this.#flags = new Int32Array(shared);
    this.#session.connect();
    // the only way to it; main.ts starts the kernel with the deprecation notice switched off
    const { binding } = process as unknown as { binding(name: 'async_wrap'): AsyncWrap };
    this.#wrap = binding.call(process, 'async_wrap');
    Object.defineProperty(globalThis, Symbol.for(BREAK_IN), { value: () => this.#breakIn() });
  }

  #breakIn(): void {
    const flags = this.#flags;
    if (Atomics.load(flags, FLAGS.busy) === 0 || Atomics.load(flags, FLAGS.seen) >= Atomics.load(flags, FLAGS.asked))
      return;
    const { async_hook_fields: fields, constants } = this.#wrap;
    this.#saved ??= { totals: fields[constants.kTotals]!, check: fields[constants.kCheck]! };
    fields[constants.kTotals] = 0;
    fields[constants.kCheck] = 0;
    this.#wrap.clearAsyncIdStack();
    this.#session.post('Runtime.terminateExecution');
  }

  /** Called from the event loop, after a stop. */
  recover(): void {
    if (!this.#saved) return;
    const { async_hook_fields: fields, constants } = this.#wrap;
    this.#wrap.clearAsyncIdStack();
    fields[constants.kTotals] = this.#saved.totals;
    fields[constants.kCheck] = this.#saved.check;
    this.#saved = undefined;
  }
}
