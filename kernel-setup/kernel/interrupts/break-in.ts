import { Session } from 'node:inspector';
import { createRequire } from 'node:module';
import { FLAGS } from './flags';

/** The name under which the channels' thread calls `breakIn` on the main thread through the inspector. */
export const BREAK_IN = 'lecture-lab.break-in';

/**
 * Installs the last resort against a cell that never returns to the event loop, such as `await x; while (true) {}`.
 * The inspector runs this function in the middle of that loop; it then ends whatever JavaScript is on the stack.
 * Ending code by force skips its `finally` blocks, also Node's own, which leave async ids on Node's stack; Node takes
 * that for corruption and aborts. So the stack is cleared first, exactly as Node does after an uncaught exception.
 */
export function installBreakIn(shared: SharedArrayBuffer): void {
  const flags = new Int32Array(shared);
  const session = new Session();
  session.connect();
  const clearAsyncIds = asyncIdStack();
  Object.defineProperty(globalThis, Symbol.for(BREAK_IN), {
    value: () => {
      if (Atomics.load(flags, FLAGS.busy) === 0 || Atomics.load(flags, FLAGS.seen) >= Atomics.load(flags, FLAGS.asked))
        return;
      clearAsyncIds();
      session.post('Runtime.terminateExecution');
    },
  });
}

function asyncIdStack(): () => void {
  // the only way to it on every Node from 20 to 24; main.ts starts the kernel with this door open
  const internals = createRequire(__filename)('internal/test/binding') as {
    internalBinding(name: 'async_wrap'): { clearAsyncIdStack(): void };
  };
  const wrap = internals.internalBinding('async_wrap');
  return () => wrap.clearAsyncIdStack();
}
