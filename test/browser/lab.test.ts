import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { BrowserContext } from 'playwright-core';
import { findNotebooks, projectRoot, selectNotebooks } from '../../kernel-setup/notebook/find';
import { readNotebook } from '../../kernel-setup/notebook/format';
import { browserOrSkip, openBrowser } from './chromium';
import { choose, JupyterLab } from './jupyterlab';

/** The lesson that is opened: of the three kinds the one with the most different figures for its run time. */
const LESSON = 'deep-linear-dynamics';

describe('JupyterLab in a browser', function () {
  this.timeout(180_000);
  const root = projectRoot();
  // A copy, because JupyterLab saves what it runs; under the project, where imports find the library.
  const folder = path.join(root, 'build', 'test', 'lab');
  const place = selectNotebooks(findNotebooks(path.join(root, 'notebooks')), [LESSON])[0]!;
  let lab: JupyterLab;
  let close: () => Promise<void>;
  let context: BrowserContext;

  before(async function () {
    const browser = browserOrSkip(this);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.join(folder, 'notebooks'), { recursive: true });
    copyFileSync(place.file, path.join(folder, 'notebooks', 'lesson.ipynb'));

    lab = await JupyterLab.start(folder);
    ({ context, close } = await openBrowser(browser!, { viewport: { width: 1400, height: 1000 } }));
  });

  after(async () => {
    await close?.();
    await lab?.stop();
  });

  it(`runs all cells of ${LESSON} and shows their charts`, async () => {
    const page = await context.newPage();
    // All cells stay in the page, whichever is in sight, so that all can be looked at.
    await lab.open(page, 'lesson.ipynb');
    await choose(page, 'Run', 'Run All Cells');

    const cells = readNotebook(place.file).cells;
    const code = cells.filter((cell) => cell.type === 'code');
    const shown = code.filter((cell) => /^\s*await show\(/m.test(cell.source));
    const prompts = page.locator('.jp-CodeCell .jp-InputPrompt');
    await page.waitForFunction(
      (count) => {
        // The last cell has its number once it is done, and the kernel is idle.
        const seen = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(
          (node) => node.textContent ?? '',
        );
        const idle = document.querySelector('.jp-Notebook-ExecutionIndicator')?.getAttribute('data-status') === 'idle';
        return idle && seen.some((text) => text.includes(`[${count}]`));
      },
      code.length,
      { timeout: 120_000 },
    );
    expect(await prompts.count()).to.be.above(0);

    // JupyterLab keeps cells out of the page until they are scrolled to.
    const charts = new Map<string, { marks: number; landmarks: string }>();
    let errors = 0;
    const cellCount = cells.length;
    for (let i = 0; i < cellCount; i++) {
      const cell = page.locator(`.jp-Cell[data-windowed-list-index="${i}"]`);
      await page.evaluate(scrollToCell, i / cellCount);
      if ((await cell.count()) === 0) continue;
      await cell.scrollIntoViewIfNeeded();
      const source = cells[i]!;
      errors += await cell.locator('[data-mime-type="application/vnd.jupyter.stderr"], .jp-RenderedError').count();
      if (!shown.includes(source as never)) continue;
      const chart = cell.locator('.vega-embed canvas, .vega-embed svg').first();
      await chart.waitFor({ timeout: 20_000 });
      charts.set(source.id, {
        marks: await chart.evaluate(inkOf),
        landmarks: await cell.locator('.landmarks').innerText(),
      });
      await page.screenshot({ path: path.join(folder, `${source.id}.png`) });
    }
    expect([...charts.keys()]).to.deep.equal(shown.map(({ id }) => id));
    for (const [id, { marks, landmarks }] of charts) {
      expect(marks, `drawn marks of ${id}`).to.be.above(100);
      expect(landmarks, id)
        .to.match(/✓ .*: theory [-\d.e]+.*, here [-\d.e]+/)
        .and.not.include('✗');
    }
    expect(errors).to.equal(0);
    await page.screenshot({ path: path.join(folder, 'lab.png') });
  });
});

/** Scrolls the notebook to a fraction of its height. Runs in the page. */
function scrollToCell(fraction: number): void {
  const outer = document.querySelector('.jp-WindowedPanel-outer');
  if (outer) outer.scrollTop = fraction * outer.scrollHeight;
}

/** How many pixels or shapes a chart has. Runs in the page. */
function inkOf(chart: Element): number {
  if (!(chart instanceof HTMLCanvasElement)) return chart.querySelectorAll('path, text, line, rect').length;
  const { data } = chart.getContext('2d')!.getImageData(0, 0, chart.width, chart.height);
  const colours = new Set<number>();
  let inked = 0;
  for (let i = 0; i < data.length; i += 4)
    if (data[i + 3]! > 0) {
      const colour = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
      if (colour !== 0xffffff) inked++;
      colours.add(colour);
    }
  return colours.size > 3 ? inked : 0;
}
