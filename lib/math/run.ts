/** What a computation may ask of an abort signal. The `AbortSignal` of Node and of browsers is one. */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

/** What a long computation is given: a way to report and a way to be stopped. */
export interface Run {
  readonly signal: CancelSignal;
  /**
   * Reports how much is done and lets the rest of the program breathe. Call it every few milliseconds of work; it is
   * cheap when called too often. Rejects with the signal's reason once the run is aborted.
   * @param fraction share of the work done, 0 to 1
   * @param note what is being done now, a few words
   */
  progress(fraction: number, note?: string): Promise<void>;
}

/** Longest stretch of work between two looks at the event loop, in ms: well under the 100 ms within which an abort is obeyed. */
const BREATH = 25;

/**
 * Makes a `Run`.
 * @param signal aborts the run; without it the run can't be aborted
 * @param report called with every progress report that `progress` lets through (at most one a breath, and the last)
 */
export function createRun(signal?: CancelSignal, report?: (fraction: number, note?: string) => void): Run {
  let last = performance.now();
  return {
    signal: signal ?? never,
    async progress(fraction, note) {
      const now = performance.now();
      if (fraction >= 1 || now - last >= BREATH) {
        report?.(fraction, note);
        await new Promise<void>((resolve) => setTimeout(resolve));
        last = performance.now();
      }
      signal?.throwIfAborted();
    },
  };
}

/** A run for a part of the work: what it reports from 0 to 1 is `from` to `to` of the whole. */
export function partOf(run: Run, from: number, to: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress(from + fraction * (to - from), note) };
}

const never: CancelSignal = { aborted: false, reason: undefined, throwIfAborted: () => undefined };
