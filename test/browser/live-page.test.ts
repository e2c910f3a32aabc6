import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { mirror } from 'lecture-lab/credit/mirror.figures';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';
import type { Evaluation } from 'lecture-lab/figure';
import type { Row } from 'lecture-lab/figure/spec';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { buildAssets } from '../../kernel-setup/handout/assets';
import { handoutHtml } from '../../kernel-setup/handout/handout';
import { catalogue } from '../../kernel-setup/handout/live/catalogue';
import { PATIENCE } from '../../kernel-setup/handout/live/timing';
import { parseNotebook } from '../../kernel-setup/notebook/format';
import { closeRows, trainedFigures } from '../figure/close-rows';
import { type Made, notebookJson, scratch } from '../notebooks/make';
import { browserOrSkip } from './chromium';
import { asked, type Noise, visit as open } from './visit';

/** Largest page, compressed, in bytes. */
const LARGEST = 4_000_000;

describe('a handout that computes, opened from disk without a network', function () {
  this.timeout(90_000);
  const { write, done } = scratch();
  let browser: string | undefined;
  let address: string;

  before(async function () {
    browser = browserOrSkip(this);
    const text = 'More words. '.repeat(200);
    address = await pageOf('page', [
      { markdown: '# A page\n\n[turn it](#deep-linear/modes?tau=2)' },
      ...shown(await modes.evaluate(), 'modes'),
      { markdown: text },
      ...shown(await modes.evaluate({ start: 'random' }), 'modes'),
      { markdown: text },
      ...shown(await mirror.evaluate({ steps: 40 }), 'mirror'),
    ]);
  });
  after(done);

  async function pageOf(name: string, cells: Made[], seconds = 1): Promise<string> {
    const options = { name, file: __filename, lecture: 'A lecture', assets: await buildAssets() };
    const measure = (): Promise<number> => Promise.resolve(seconds);
    const html = await handoutHtml(parseNotebook(notebookJson(cells), name), { ...options, measure });
    expect(gzipSync(html).length).to.be.below(LARGEST);
    return pathToFileURL(write(`${name}.html`, html)).href;
  }
  const visit = (look: (page: Page) => Promise<void>, from = address, options: BrowserContextOptions = {}) =>
    open(browser!, from, { reducedMotion: 'reduce', ...options }, look);
  const quiet = (noise: Noise, from = address): void => {
    expect(noise.complaints).to.deep.equal([]);
    expect(asked(noise)).to.deep.equal([from]);
  };

  it('follows the keyboard: chart, landmarks and address change, and nothing flickers', async () => {
    quiet(
      await visit(async (page) => {
        const figure = await alive(page, 0);
        const before = await curve(figure);
        const landmarks = page.locator('ul.landmarks, .lab-panel-landmarks').filter({ hasText: 'half-time' }).first();
        const said = await landmarks.innerText();
        await watchForGaps(figure);
        const slider = figure.getByRole('slider', { name: 'a0' });
        await slider.focus();
        for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
        const value = Number(await figure.getByRole('textbox', { name: 'a0' }).inputValue());
        expect(value).to.be.above(0.01);
        await settled(page, figure, { a0: value });
        expect(await curve(figure)).not.to.equal(before);
        expect(await landmarks.innerText()).not.to.equal(said);
        await page.waitForFunction((a0) => location.hash === `#deep-linear/modes?a0=${a0}`, String(value));
        expect(await gaps(figure)).to.equal(0);
        // what stays of the notebook's list would say something else
        expect(await page.locator('main').getByText('half-time of mode 1').count()).to.equal(1);
      }),
    );
  });

  it('follows the mouse, and a fast drag ends in one final state', async () => {
    quiet(
      await visit(async (page) => {
        const figure = await alive(page, 0);
        const slider = figure.getByRole('slider', { name: 'a0' });
        await slider.scrollIntoViewIfNeeded();
        const { x, y, width, height } = (await slider.boundingBox())!;
        await page.mouse.move(x + 0.9 * width, y + height / 2);
        await page.mouse.down();
        for (let i = 0; i < 120; i++) await page.mouse.move(x + (0.1 + 0.8 * Math.abs(Math.cos(i / 7))) * width, y + 3);
        await page.mouse.move(x + 0.3 * width, y + height / 2);
        await page.mouse.up();
        const value = Number(await figure.getByRole('textbox', { name: 'a0' }).inputValue());
        await settled(page, figure, { a0: value });
        await page.waitForTimeout(300);
        expect(await drawn(figure)).to.deep.include({ a0: value });
        const { rows } = await modes.evaluate({ a0: value });
        expect(await saved(page, figure)).to.have.length(rows.length);
      }),
    );
  });

  it('opens at the setting that the address names, of the figure that it names', async () => {
    const from = `${address}#deep-linear/modes:2?a0=0.02&singularValues=4,2`;
    const noise = await visit(async (page) => {
      const figure = page.locator('figure.plot').nth(1);
      await settled(page, figure, { a0: 0.02, singularValues: '4,2', start: 'random' });
      const { y } = (await figure.boundingBox())!;
      expect(y, 'scrolled to').to.be.within(-5, 200);
      expect(await figure.getByRole('textbox', { name: 'a0' }).inputValue()).to.equal('0.02');
      expect(await page.locator('.notice').count()).to.equal(0);
      // a link in the text is an address too
      await page.getByRole('link', { name: 'turn it' }).click();
      await settled(page, page.locator('figure.plot').first(), { tau: 2, start: 'aligned' });
    }, from);
    quiet(noise);
  });

  for (const [fragment, words] of [
    ['deep-linear/modes?a0=-1', 'deep-linear/modes: a0 must be between'],
    ['deep-linear/modes?b=1', 'unknown parameter b'],
    ['deep-linear/modes?a0=%zz', 'is not a setting, like name=value'],
    ['deep-linear/modes:9', 'shows deep-linear/modes 2 times: there is no number 9'],
    ['no/figure?x=1', 'has no figure no/figure'],
    ['Not/A/Figure', 'is not the address of a figure'],
  ] as const)
    it(`refuses #${fragment} in words`, async () => {
      const noise = await visit(async (page) => {
        const notice = page.getByRole('alert').filter({ hasText: words });
        await notice.waitFor();
        expect(await notice.innerText()).to.match(/^The address of this page asks for what is not possible\./);
        const figure = await alive(page, 0);
        expect(await figure.getByRole('textbox', { name: 'a0' }).inputValue()).to.equal('0.01');
        await notice.getByRole('button', { name: 'Close' }).click();
        expect(await page.locator('.notice').count()).to.equal(0);
      }, `${address}#${fragment}`);
      expect(noise.complaints).to.deep.equal([]);
    });

  it('shows progress of long work, answers meanwhile, and stops when told to', async () => {
    const long = 'inputs=256&outputs=256&batch=512&steps=1000';
    const noise = await visit(async (page) => {
      const figure = page.locator('figure.plot').nth(2);
      const bar = figure.getByRole('progressbar');
      await bar.waitFor();
      await page.getByRole('button', { name: 'Hide code' }).click();
      expect(await page.locator('pre.code').first().isVisible()).to.equal(false);
      await figure.getByText(/^\d+ %/).waitFor();
      expect(await bar.evaluate((node) => (node as HTMLProgressElement).position)).to.be.within(0, 0.9);
      // another figure does not wait for it
      const other = await alive(page, 0);
      await other.getByRole('slider', { name: 'a0' }).press('ArrowRight');
      await settled(page, other, { start: 'aligned' });
      expect(await bar.isVisible()).to.equal(true);
      await figure.getByRole('button', { name: 'Stop' }).click();
      await figure.getByText('Stopped. The picture still shows the values before.').waitFor();
      // and computes the next thing
      const steps = figure.getByRole('textbox', { name: 'steps' });
      await figure.getByRole('button', { name: 'Reset' }).click();
      await settled(page, figure, { steps: 40 });
      expect(await steps.inputValue()).to.equal('40');
    }, `${address}#credit/mirror?${long}`);
    quiet(noise);
  });

  it('saves data, SVG, PNG and code of what it shows now', async () => {
    quiet(
      await visit(
        async (page) => {
          const figure = await alive(page, 0);
          const box = figure.getByRole('textbox', { name: 'singularValues' });
          await box.fill('4,3,2');
          await box.press('Enter');
          await settled(page, figure, { singularValues: '4,3,2' });
          const { rows } = await modes.evaluate({ singularValues: [4, 3, 2] });
          const table = await saved(page, figure);
          expect(table).to.have.length(rows.length);
          const last = rows.at(-1)!;
          for (const [column, value] of Object.entries(last))
            expect(table.at(-1)![column], column).to.equal(String(value));
          for (const [kind, start] of [
            ['SVG', '<svg'],
            ['PNG', '\x89PNG'],
          ] as const) {
            const file = await download(page, figure, kind);
            expect(readFileSync(file, 'latin1').slice(0, 4)).to.equal(start);
          }
          await figure.getByRole('button', { name: /^Copy/ }).click();
          const shownCode = figure.locator('.lab-panel-code');
          const code = (await shownCode.isVisible())
            ? await shownCode.innerText()
            : await page.evaluate(() => navigator.clipboard.readText());
          expect(code).to.include("import { modes } from 'lecture-lab/deep-linear/dynamics.figures';");
          expect(code).to.include('await show(modes, { singularValues: [4, 3, 2] });');
        },
        address,
        { acceptDownloads: true, permissions: ['clipboard-read', 'clipboard-write'] },
      ),
    );
  });

  it('prints what it shows now, with its settings in words and without its controls', async () => {
    quiet(
      await visit(async (page) => {
        const figure = await alive(page, 0);
        const box = figure.getByRole('textbox', { name: 'a0' });
        await box.fill('0.05');
        await box.press('Enter');
        await settled(page, figure, { a0: 0.05 });
        const before = await curve(figure);
        await page.emulateMedia({ media: 'print' });
        for (const hidden of ['.lab-panel-controls', '.lab-panel-tools', '.top'])
          expect(await page.locator(hidden).first().isVisible(), hidden).to.equal(false);
        expect(await curve(figure)).to.equal(before);
        expect(await figure.getByText('deep-linear/modes: ').innerText()).to.include('a0 = 0.05');
      }),
    );
  });

  it('keeps the picture where there is no worker, and says why', async () => {
    const html = readFileSync(new URL(address), 'utf8');
    const broken = html.replace(/(id="lab-worker">).*?<\/script>/, '$1"throw new Error(\'no such luck\')"</script>');
    const from = pathToFileURL(write('broken.html', broken)).href;
    const noise = await visit(async (page) => {
      const figure = await alive(page, 0);
      const before = await curve(figure);
      await figure.getByRole('slider', { name: 'a0' }).press('ArrowRight');
      const said = figure.getByRole('alert').filter({ hasText: 'could not compute the figure' });
      await said.waitFor();
      expect(await said.innerText()).to.include('no such luck');
      expect(await curve(figure)).to.equal(before);
    }, from);
    expect(asked(noise)).to.deep.equal([from]);
  });

  it('shows its figures where scripts are off', async () => {
    await visit(
      async (page) => {
        const still = page.locator('figure.plot .still svg');
        expect(await still.count()).to.equal(3);
        expect(await still.first().isVisible()).to.equal(true);
        expect(await page.getByText('half-time of mode 1').first().isVisible()).to.equal(true);
        expect(await page.locator('.lab-panel').count()).to.equal(0);
      },
      address,
      { javaScriptEnabled: false },
    );
  });

  it('says which figures take too long, and still shows their numbers', async () => {
    const from = await pageOf('slow', shown(await modes.evaluate(), 'modes'), PATIENCE + 1);
    quiet(
      await visit(async (page) => {
        const figure = page.locator('figure.plot').first();
        await figure.locator('.live svg').waitFor();
        await figure.getByText('takes more than 20 s in a browser').waitFor();
        expect(await figure.locator('.lab-panel').count()).to.equal(0);
        expect(await saved(page, figure)).to.have.length.above(10);
      }, from),
      from,
    );
  });

  it('computes every figure of the library as Node does', async function () {
    this.timeout(300_000);
    const all = [...catalogue().values()];
    const cells = await Promise.all(all.map(async ({ figure }) => shownSmall(figure.id)));
    const from = await pageOf('all', cells.flat());
    quiet(
      await visit(async (page) => {
        const ids = all.map(({ figure }) => ({ id: figure.id, values: figure.quick ?? {} }));
        const there = await page.evaluate(computeInWorker, ids);
        const trained = await trainedFigures();
        for (const { figure } of all) {
          const { rows } = await figure.evaluate(figure.quick ?? {});
          closeRows(figure.id, there[figure.id] as Row[], rows, trained.has(figure.id));
        }
      }, from),
      from,
    );
  });
});

/** A figure's outputs, as `show` puts them into a notebook. */
function shown({ id, params, spec, landmarks }: Evaluation, name: string): Made[] {
  const items = landmarks.map((l) => `<li>✓ ${l.name}: here ${l.measured}</li>`).join('');
  const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'in words' };
  const metadata = { 'lecture-lab': { figure: id, settings: params } };
  return [
    {
      code: `await show(${name});`,
      outputs: [
        { output_type: 'display_data', data, metadata },
        { output_type: 'display_data', data: { 'text/html': `<ul class="landmarks">${items}</ul>` }, metadata: {} },
      ],
    },
  ];
}

/** A stand-in for a figure's output: what it carries counts, not what it shows. */
function shownSmall(id: string): Made[] {
  const spec = { description: 'x', data: { name: 'rows', values: [{ x: 1 }] }, mark: 'point', encoding: {} };
  const data = { 'application/vnd.vegalite.v5+json': spec };
  const metadata = { 'lecture-lab': { figure: id, settings: {} } };
  return [{ code: 'x', outputs: [{ output_type: 'display_data', data, metadata }] }];
}

/** The n-th figure of the page, once its controls are there. */
async function alive(page: Page, nth: number): Promise<Locator> {
  const figure = page.locator('figure.plot').nth(nth);
  await figure.scrollIntoViewIfNeeded();
  await figure.locator('.lab-panel').waitFor();
  return figure;
}

/** What the picture was computed with: the line that is printed below it. */
async function drawn(figure: Locator): Promise<Record<string, unknown>> {
  const text = (await figure.locator('.settings').textContent()) ?? '';
  const pairs = text.slice(text.indexOf(':') + 1).matchAll(/(\w+) = ([^ ]+?)(?=,? \w+ = |$)/g);
  return Object.fromEntries([...pairs].map(([, k, v]) => [k, v !== '' && Number.isFinite(Number(v)) ? Number(v) : v]));
}

/** Waits until the picture shows these values. */
async function settled(page: Page, figure: Locator, values: Record<string, unknown>): Promise<void> {
  for (let i = 0; i < 300; i++) {
    const now = await drawn(figure);
    if (Object.entries(values).every(([name, value]) => now[name] === value)) return;
    await page.waitForTimeout(50);
  }
  expect(await drawn(figure)).to.deep.include(values);
}

const curve = (figure: Locator): Promise<string> =>
  figure.locator('.live .mark-line path').evaluateAll((paths) => paths.map((p) => p.getAttribute('d')).join(' '));

async function download(page: Page, figure: Locator, name: string): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent('download'), figure.getByRole('button', { name }).click()]);
  return file.path();
}

/** The rows of the downloaded table, as text. */
async function saved(page: Page, figure: Locator): Promise<Record<string, string>[]> {
  const lines = readFileSync(await download(page, figure, 'Download data (CSV)'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const [head, ...rows] = lines;
  return rows.map((row) => Object.fromEntries(row.map((cell, i) => [head![i]!, cell])));
}

/** Counts how often the picture is gone, at every change of the page. */
async function watchForGaps(figure: Locator): Promise<void> {
  await figure.evaluate((node) => {
    let count = 0;
    new MutationObserver(() => {
      if (!node.querySelector('.lab-panel-picture svg path')) count++;
      (node as HTMLElement).dataset['gaps'] = String(count);
    }).observe(node, { childList: true, subtree: true });
  });
}
const gaps = async (figure: Locator): Promise<number> => Number(await figure.getAttribute('data-gaps'));

/** Has the page's own worker script compute figures, one after the other. Runs in the page. */
async function computeInWorker(wanted: { id: string; values: object }[]): Promise<Record<string, unknown>> {
  const carried = (id: string): unknown => JSON.parse(document.getElementById(id)?.textContent ?? 'null');
  const script = new Blob([carried('lab-worker') as string], { type: 'text/javascript' });
  const worker = new Worker(URL.createObjectURL(script));
  worker.postMessage({ kind: 'files', files: carried('lab-files') });
  const rows: Record<string, unknown> = {};
  for (const [job, { id, values }] of wanted.entries())
    rows[id] = await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => {
        if (data.kind === 'result') resolve(data.result.rows);
        if (data.kind === 'error') reject(new Error(`${id}: ${data.message}`));
      };
      worker.onerror = (event) => reject(new Error(`${id}: ${event.message}`));
      worker.postMessage({ kind: 'compute', job, figure: id, values });
    });
  worker.terminate();
  return rows;
}
