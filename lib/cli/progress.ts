/** A stream that may be a terminal. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Work that takes less than this shows no bar, in ms. */
const PATIENCE = 500;
const BAR = 24;
const CLEAR = '\r\u001b[K';

/** A progress bar on one line of a terminal; silent where there is none (a pipe, a log). */
export function progressLine(terminal: Terminal): {
  readonly report: (fraction: number, note?: string) => void;
  readonly clear: () => void;
} {
  const start = performance.now();
  let shown = false;
  return {
    report(fraction, note) {
      if (!terminal.isTTY || performance.now() - start < PATIENCE) return;
      shown = true;
      const done = Math.round(BAR * fraction);
      const bar = '█'.repeat(done) + '░'.repeat(BAR - done);
      const text = `${bar} ${Math.floor(100 * fraction)} %${note ? `  ${note}` : ''}`;
      terminal.write(CLEAR + text.slice(0, (terminal.columns ?? 80) - 1));
    },
    clear() {
      if (shown) terminal.write(CLEAR);
      shown = false;
    },
  };
}
