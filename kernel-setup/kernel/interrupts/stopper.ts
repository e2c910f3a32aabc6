import { Session } from 'node:inspector';
import type { StopReason } from '../channels/messages';
import { BREAK_IN } from './break-in';
import { FLAGS } from './flags';

/** How long the main thread gets to notice a stop by itself before it is stopped by force, ms. */
const PATIENCE = 150;
const ATTEMPTS = 40;
/** Share of the heap limit, in the memory of the whole process, from which V8's debugger watches the heap. */
const WATCH_FROM = 0.6;
const WATCH_EVERY = 50;

/**
 * Stops what runs on the main thread. Lives on the channels' thread.
 *
 * An interrupt is first sent as a message, which the main thread reads when its event loop turns. If it doesn't, its
 * code is ended by force through the inspector. Memory: V8 ends the process when the heap is full, unless a debugger
 * is attached, which is then asked first. Attaching one slows promises down, so it happens only when memory gets short.
 */
export class Stopper {
  readonly #flags: Int32Array;
  readonly #session = new Session();
  readonly #tell: (reason: StopReason, turn: number) => void;
  readonly #heapLimit: number;
  #watching = false;

  constructor(flags: SharedArrayBuffer, heapLimit: number, tell: (reason: StopReason, turn: number) => void) {
    this.#flags = new Int32Array(flags);
    this.#heapLimit = heapLimit;
    this.#tell = tell;
    this.#session.connectToMainThread();
    this.#session.on('Debugger.paused', ({ params }) => {
      if (params.reason === 'OOM') void this.stop('memory');
      this.#session.post('Debugger.resume');
    });
    setInterval(() => this.#watch(), WATCH_EVERY).unref();
  }

  get #busy(): boolean {
    return Atomics.load(this.#flags, FLAGS.busy) === 1;
  }

  /** Resolves when the main thread has noticed, or when there is nothing to stop. */
  async stop(reason: StopReason): Promise<void> {
    const turn = Atomics.add(this.#flags, FLAGS.asked, 1) + 1;
    const seen = (): boolean => Atomics.load(this.#flags, FLAGS.seen) >= turn;
    if (reason === 'memory') this.#force();
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      this.#tell(reason, turn); // again each time: the force may have hit the handler of this very message
      for (let waited = 0; waited < PATIENCE && !seen(); waited += 5) await pause(5);
      if (seen() || !this.#busy) break;
      this.#force();
    }
    if (reason === 'memory') this.#session.post('HeapProfiler.collectGarbage');
  }

  #force(): void {
    this.#session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${BREAK_IN}')]()`, silent: true });
  }

  #watch(): void {
    const short = this.#busy && process.memoryUsage.rss() > WATCH_FROM * this.#heapLimit;
    if (short === this.#watching) return;
    this.#watching = short;
    if (short) this.#session.post('Debugger.enable', { maxScriptsCacheSize: 0 });
    else this.#session.post('Debugger.disable');
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
