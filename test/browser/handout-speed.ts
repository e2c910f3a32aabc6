// Measures how quickly a page with live figures answers: node --require tsx/cjs test/browser/handout-speed.ts PAGE …
// Times depend on the machine and on what else it does, so this is no test.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Locator, Page } from 'playwright-core';
import { findChromium, openBrowser } from './chromium';

/** Presses of a key on each figure's first slider. */
const PRESSES = 21;

async function measure(file: string): Promise<void> {
  const html = readFileSync(file);
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
  console.log(`\n${path.basename(file)}: ${mb(html.length)}, compressed ${mb(gzipSync(html).length)}`);
  const { context, close } = await openBrowser(findChromium()!, {
    offline: true,
    viewport: { width: 1200, height: 900 },
  });
  try {
    const page = await context.newPage();
    // what compiles this names functions with a helper that the page does not have
    await page.addInitScript({ content: `globalThis.__name = (f) => f; (${watch})();` });
    const address = pathToFileURL(path.resolve(file)).href;
    await page.goto(address);
    const ids = await page
      .locator('figure.plot')
      .evaluateAll((all) => all.map((f) => (f as HTMLElement).dataset['figure']));
    // the address brings the first figure to life at once, wherever it stands
    await page.goto('about:blank');
    await page.goto(`${address}#${ids[0]}`);
    await page.locator('figure.plot[data-state="live"]').first().waitFor();
    const { painted, still, alive } = await seen(page);
    console.log(`first paint ${painted} ms, still figure ${still} ms, first live figure ${alive} ms`);
    for (const [n, id] of ids.entries()) {
      const figure = page.locator('figure.plot').nth(n);
      await figure.scrollIntoViewIfNeeded();
      await figure.and(page.locator('[data-state]:not([data-state="drawing"])')).waitFor();
      const slider = figure.getByRole('slider').first();
      if ((await slider.count()) === 0) {
        console.log(`${id}: no slider`);
        continue;
      }
      await seen(page);
      const times: number[] = [];
      for (let i = 0; i < PRESSES; i++) times.push(await answerTo(slider, figure));
      const sorted = [...times].sort((a, b) => a - b);
      const round = (x: number): string => x.toFixed(0);
      console.log(
        `${id}: first ${round(times[0]!)} ms, median ${round(sorted[PRESSES >> 1]!)} ms, longest ${round(sorted.at(-1)!)} ms; ` +
          `longest task of the page ${round((await seen(page)).task)} ms`,
      );
    }
  } finally {
    await close();
  }
}

/** Time from a control's event to the picture in the page, in ms; a figure that takes more than 10 s counts as that. */
async function answerTo(slider: Locator, figure: Locator): Promise<number> {
  return figure.evaluate(
    async (element, handle) => {
      const control = handle as HTMLInputElement;
      // the line that is printed below the picture changes with it
      const line = element.querySelector('.settings')!;
      return new Promise<number>((resolve) => {
        const up = Number(control.value) < Number(control.max);
        control.value = String(Number(control.value) + (up ? 1 : -1));
        const start = performance.now();
        const done = (): void => {
          observer.disconnect();
          clearTimeout(clock);
          // until it is painted
          requestAnimationFrame(() => resolve(performance.now() - start));
        };
        const observer = new MutationObserver(done);
        const clock = setTimeout(done, 10_000);
        observer.observe(line, { childList: true });
        control.dispatchEvent(new Event('input', { bubbles: true }));
      });
    },
    await slider.elementHandle(),
  );
}

interface Seen {
  painted: number;
  still: number;
  alive: number;
  task: number;
}

/** Runs in the page before anything else. */
function watch(): void {
  const seen = { painted: 0, still: 0, alive: 0, task: 0 };
  (globalThis as { seen?: Seen }).seen = seen;
  const now = (): number => Math.round(performance.now());
  const look = (): void => {
    if (!seen.still && document.querySelector('figure.plot .still svg')) seen.still = now();
    if (!seen.alive && document.querySelector('figure.plot[data-state="live"] .lab-panel')) seen.alive = now();
    if (!seen.alive) requestAnimationFrame(look);
  };
  look();
  const observe = (type: string, note: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  observe('paint', ({ startTime }) => {
    seen.painted ||= Math.round(startTime);
  });
  observe('longtask', ({ duration }) => {
    seen.task = Math.max(seen.task, duration);
  });
}

/** What was seen; the longest task starts anew. */
const seen = (page: Page): Promise<Seen> =>
  page.evaluate(() => {
    const now = (globalThis as unknown as { seen: Seen }).seen;
    const copy = { ...now };
    now.task = 0;
    return copy;
  });

void (async () => {
  for (const file of process.argv.slice(2)) await measure(file);
})();
