import { FLAGS } from '../interrupts/flags';
import { type Context, contexts, type Interrupted } from './context';

/** Runs one context at a time, in such a way that it can be stopped wherever it is. */
export class Runner {
  readonly #flags: Int32Array;
  #running: { context: Context; reject: (reason: unknown) => void } | undefined;
  /** the last context that ran, for output that can't be attributed */
  #last: Context | undefined;

  constructor(flags: SharedArrayBuffer) {
    this.#flags = new Int32Array(flags);
  }

  /** The context in which the caller runs. */
  get context(): Context | undefined {
    return contexts.getStore() ?? this.#running?.context ?? this.#last;
  }

  get running(): Context | undefined {
    return this.#running?.context;
  }

  /** Runs `body` in `context`; rejects with what it throws, or with the reason for which it was stopped. */
  async run<T>(context: Context, body: () => Promise<T>): Promise<T> {
    this.#last = context;
    Atomics.store(this.#flags, FLAGS.busy, 1);
    try {
      return await new Promise<T>((resolve, reject) => {
        this.#running = { context, reject };
        // on a stack of its own: being stopped by force ends everything on the stack, which must not be our own code
        setImmediate(() => contexts.run(context, () => void body().then(resolve, reject)));
      });
    } finally {
      Atomics.store(this.#flags, FLAGS.busy, 0);
      this.#running = undefined;
    }
  }

  /**
   * Stops what runs; nothing when nothing runs.
   * @param turn which stop this is: each is obeyed once
   */
  stop(reason: Interrupted, turn: number): void {
    const repeated = Atomics.load(this.#flags, FLAGS.seen) >= turn;
    if (repeated) return;
    Atomics.store(this.#flags, FLAGS.seen, turn);
    const running = this.#running;
    if (!running) return;
    running.context.state = 'stopped';
    running.reject(reason);
    running.context.controller.abort(reason);
  }
}
