import type { Engine, PanelValues, Update } from 'lecture-lab/figure/panel/engine';
import type { Computer } from './computer';

/** A computation that takes longer than this is given up when newer values are there, in ms. */
const STALE = 150;

/**
 * Computes one panel's figure with the page's worker: one setting at a time, of several waiting ones only the latest.
 * A quick computation is not given up for a newer one: during a drag there is always a newer one, and the picture would
 * not move before the drag ends.
 */
export class PageEngine implements Engine {
  #tell: (update: Update) => void = () => undefined;
  #running: { readonly stop: () => void; readonly since: number } | undefined;
  #waiting: PanelValues | undefined;
  #giveUp: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly computer: Computer,
    private readonly figure: string,
  ) {}

  request(values: PanelValues): void {
    if (!this.#running) {
      this.#start(values);
      return;
    }
    this.#waiting = values;
    const { stop, since } = this.#running;
    this.#giveUp ??= setTimeout(stop, Math.max(0, since + STALE - performance.now()));
  }

  stop(): void {
    this.#waiting = undefined;
    this.#running?.stop();
  }

  listen(listener: (update: Update) => void): void {
    this.#tell = listener;
  }

  #start(values: PanelValues): void {
    let stopped = false;
    // set before the job tells anything: a page without a worker answers at once
    this.#running = { stop: () => (stopped ? undefined : job?.stop()), since: performance.now() };
    const job: { stop(): void } | undefined = this.computer.compute(this.figure, values, (told) => {
      if (told.kind === 'started' || told.kind === 'progress') {
        this.#tell(told);
        return;
      }
      stopped = true;
      this.#over(told);
    });
  }

  #over(told: Update): void {
    clearTimeout(this.#giveUp);
    this.#giveUp = undefined;
    this.#running = undefined;
    const next = this.#waiting;
    this.#waiting = undefined;
    // given up for newer values: the reader did not stop anything
    if (!(told.kind === 'stopped' && next)) this.#tell(told);
    if (next) this.#start(next);
  }
}
