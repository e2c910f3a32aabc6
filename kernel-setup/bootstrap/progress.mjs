import { throwIfInterrupted } from './programs.mjs';

/**
 * Prints the steps of set-up with their times. The stream is standard error: standard output belongs to what the command is for.
 * `quiet` leaves out the steps that had nothing to do.
 */
export function progressPrinter(stream, quiet = false) {
  const live = Boolean(stream.isTTY);
  const write = (text) => stream.write(live ? `\r\u001b[K${text}` : text);
  return {
    note(text) {
      write(`  ${text}\n`);
    },

    /**
     * Runs one step. Its work is given `say(what is going on)` and gives a summary, or `{ idle: summary }` when nothing was to do.
     */
    async step(name, work) {
      throwIfInterrupted();
      const from = performance.now();
      const time = () => `${((performance.now() - from) / 1000).toFixed(1)} s`;
      let doing = '';
      const redraw = () => doing && write(`  … ${name}: ${doing} (${time()})`);
      const clock = live ? setInterval(redraw, 1000) : undefined;
      const say = (text) => {
        doing = text;
        if (live) redraw();
        else write(`  … ${name}: ${text}\n`);
      };
      try {
        const summary = await work(say);
        throwIfInterrupted();
        const idle = typeof summary === 'object';
        if (!idle || !quiet) write(`  ok ${name}: ${idle ? summary.idle : summary} (${time()})\n`);
      } catch (error) {
        write(`  -- ${name}: ${error.name === 'Interrupted' ? 'stopped' : 'failed'} (${time()})\n`);
        throw error;
      } finally {
        clearInterval(clock);
      }
    },
  };
}
