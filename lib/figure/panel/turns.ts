import type { CancelSignal } from '../../math/run';
import type { PanelResult, PanelValues, Update } from './engine';

/**
 * A computation that is no longer wanted may still run for so long, in ms, counted from its start. Without this nothing
 * would be seen while a slider moves: every move would abort the picture of the last one.
 */
export const GRACE = 150;

/** What a computation reports to. */
export type Progress = (fraction: number, note?: string) => void;

interface Running {
  readonly controller: AbortController;
  readonly start: number;
  /** whether its end is set already */
  ending: boolean;
}

/**
 * Decides which of the settings that a reader runs through are computed: one at a time, of those that wait only the
 * latest, and what is stale is aborted. `arrived` and `stop` may be called while a computation runs; `take` is called
 * for each setting in the order of their arrival, one after the other.
 */
export class Turns {
  private latest: PanelValues | undefined;
  private running: Running | undefined;
  /** whether something was asked for that has not been answered */
  private open = false;

  /**
   * @param compute computes one setting; rejects with the signal's reason once that is aborted
   * @param tell told of everything that happens, in order
   */
  constructor(
    private readonly compute: (values: PanelValues, signal: CancelSignal, report: Progress) => Promise<PanelResult>,
    private readonly tell: (update: Update) => void,
  ) {}

  /** A setting is asked for: what runs is stale. */
  arrived(values: PanelValues): void {
    this.latest = values;
    this.open = true;
    const { running } = this;
    if (!running || running.ending) return;
    running.ending = true;
    const abort = (): void => running.controller.abort(new Stale());
    const left = running.start + GRACE - performance.now();
    if (left <= 0) abort();
    else setTimeout(abort, left);
  }

  /** Nothing that was asked for so far is wanted. */
  stop(): void {
    this.latest = undefined;
    if (this.running) this.running.controller.abort(new Stopped());
    else this.stopped();
  }

  /** What was running was ended by force, and could not say so itself. */
  ended(): void {
    this.running = undefined;
    this.latest = undefined;
    this.stopped();
  }

  /** Computes a setting that has arrived, unless a later one has. */
  async take(values: PanelValues): Promise<void> {
    if (values !== this.latest) return;
    const running: Running = { controller: new AbortController(), start: performance.now(), ending: false };
    const { signal } = running.controller;
    this.running = running;
    this.tell({ kind: 'started', values });
    const report: Progress = (fraction, note) => {
      if (this.running === running && !signal.aborted) this.tell({ kind: 'progress', fraction, note });
    };
    let answer: Update | undefined;
    try {
      const result = await this.compute(values, signal, report);
      signal.throwIfAborted();
      answer = { kind: 'result', result };
    } catch (error) {
      const reason = signal.aborted ? signal.reason : error;
      if (reason instanceof Stopped) answer = { kind: 'stopped' };
      else if (!(reason instanceof Stale)) answer = { kind: 'error', message: wordsOf(reason) };
    }
    if (this.running !== running) return; // it was ended, and that has been told
    this.running = undefined;
    if (!answer) return;
    this.open = this.latest !== undefined && this.latest !== values;
    this.tell(answer);
  }

  private stopped(): void {
    if (!this.open) return;
    this.open = false;
    this.tell({ kind: 'stopped' });
  }
}

/** The reader has asked for something else since. */
class Stale extends Error {
  override readonly name: string = 'Stale';
}

/** The reader wants no more of it. A computation that was interrupted from outside throws it too. */
export class Stopped extends Error {
  override readonly name: string = 'Stopped';
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
