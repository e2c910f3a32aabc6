import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { modes } from 'lecture-lab/deep-linear/dynamics.figures';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { buildAssets } from '../../kernel-setup/handout/assets';
import { handoutHtml } from '../../kernel-setup/handout/handout';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { parseNotebook, readNotebook } from '../../kernel-setup/notebook/format';
import { lessons } from '../notebooks/lesson';
import { notebookJson, scratch } from '../notebooks/make';
import { browserOrSkip } from './chromium';
import { asked, type Noise, visit as open } from './visit';

describe('a handout in a browser, opened from disk without a network', function () {
  this.timeout(60_000);
  const { write, done } = scratch();
  let browser: string | undefined;
  let address: string;
  let rows: number;

  before(async function () {
    browser = browserOrSkip(this);
    const { spec, id, params } = await modes.evaluate();
    rows = (spec['data'] as { values: unknown[] }).values.length;
    const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': 'in words' };
    const metadata = { 'lecture-lab': { figure: id, settings: params } };
    const shown = { output_type: 'display_data' as const, data, metadata };
    const notebook = notebookJson([
      { markdown: '# A page\n\n$$\\tau\\frac{dV}{dt} = -V$$\n\n## First $x$' },
      { code: 'await show(modes);', outputs: [shown] },
      { markdown: '## Second\n\n<details><summary>Solution</summary>\n\nhidden words\n\n</details>' },
      { code: `const long = '${'wide '.repeat(60)}';\nawait show(modes);`, outputs: [shown] },
    ]);
    const options = { name: 'a/page', file: __filename, lecture: 'A lecture', assets: await buildAssets() };
    address = pathToFileURL(write('page.html', await handoutHtml(parseNotebook(notebook, 'a/page'), options))).href;
  });
  after(done);

  const visit = (options: BrowserContextOptions, look: Parameters<typeof open>[3], from = address): Promise<Noise> =>
    open(browser!, from, options, look);
  const onlyItself = (noise: Noise, from = address): void => {
    expect(noise.complaints).to.deep.equal([]);
    expect(asked(noise)).to.deep.equal([from]);
  };

  it('draws its figures live, with tooltips, downloads and formulas, and asks no network', async () => {
    const noise = await visit({ acceptDownloads: true }, async (page) => {
      const first = page.locator('figure.plot').first();
      await first.scrollIntoViewIfNeeded();
      await first.locator('.live svg').waitFor();
      expect(await first.locator('.still').count()).to.equal(0);
      expect(await first.locator('.live svg').getAttribute('aria-label')).to.have.length.above(40);
      expect(await first.locator('.live .mark-line path').count()).to.be.above(0);

      const line = first.locator('.live .mark-line path').first();
      const tooltip = page.locator('#vg-tooltip-element.visible');
      // The numbers are those under the pointer, not the first of the line: time runs on as the pointer does.
      const times: number[] = [];
      for (const share of [0.5, 0.7, 0.9]) {
        await pointAt(page, line, share);
        await tooltip.waitFor();
        times.push(Number(/time:?\s*([\d.]+)/.exec((await tooltip.textContent()) ?? '')?.[1]));
      }
      expect(times[0]).to.be.above(0);
      expect(times[1]).to.be.above(times[0]!);
      expect(times[2]).to.be.above(times[1]!);

      const [csv] = await Promise.all([
        page.waitForEvent('download'),
        first.getByRole('button', { name: 'CSV' }).click(),
      ]);
      expect(
        readFileSync(await csv.path(), 'utf8')
          .trim()
          .split('\n'),
      ).to.have.length(rows + 1);
      for (const [kind, start] of [
        ['SVG', '<svg'],
        ['PNG', '\x89PNG'],
      ] as const) {
        const [saved] = await Promise.all([
          page.waitForEvent('download'),
          first.getByRole('button', { name: kind }).click(),
        ]);
        expect(readFileSync(await saved.path(), 'latin1').slice(0, 4)).to.equal(start);
      }

      const fonts = await page.evaluate(async () => {
        await document.fonts.ready;
        return [...document.fonts].map(({ family, status }) => `${family} ${status}`);
      });
      expect(fonts).to.include.members(['KaTeX_Main loaded', 'KaTeX_Math loaded']);
      expect(fonts.filter((font) => font.endsWith('error'))).to.deep.equal([]);
      expect(await page.getByText('hidden words').isVisible()).to.equal(false);
    });
    onlyItself(noise);
  });

  it('can be used with the keyboard alone', async () => {
    const noise = await visit({}, async (page) => {
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.textContent)).to.equal('Skip to the text');
      await page.getByRole('button', { name: /Theme/ }).focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).to.equal('dark');
      await page.getByRole('button', { name: 'Hide code' }).focus();
      await page.keyboard.press('Enter');
      expect(await page.locator('pre.code').first().isVisible()).to.equal(false);
      await page.locator('summary', { hasText: 'Solution' }).focus();
      await page.keyboard.press('Enter');
      expect(await page.getByText('hidden words').isVisible()).to.equal(true);
    });
    onlyItself(noise);
  });

  it('shows still figures and formulas where scripts are off', async () => {
    const noise = await visit({ javaScriptEnabled: false }, async (page) => {
      const still = page.locator('figure.plot .still svg');
      expect(await still.count()).to.equal(2);
      expect(await still.first().isVisible()).to.equal(true);
      expect(await page.locator('figure.plot .still path').count()).to.be.above(10);
      expect(await page.locator('.katex-display .mfrac').isVisible()).to.equal(true);
    });
    expect(asked(noise)).to.deep.equal([address]);
  });

  for (const theme of ['light', 'dark'] as const)
    it(`can be read in ${theme} colours: text, code and figures stand out`, async () => {
      const noise = await visit({ colorScheme: theme }, async (page) => {
        await page.locator('figure.plot .live svg').first().waitFor();
        const contrasts = await page.evaluate(contrastsOf, [
          'main p, main h2',
          'pre.code code',
          '.hljs-keyword',
          '.hljs-string',
          '.contents a',
          '.live svg .role-axis-label text',
          '.live svg .role-axis-title text',
        ]);
        // 4.5 is what the accessibility guidelines ask for text (WCAG 2.2, 1.4.3).
        for (const [selector, contrast] of Object.entries(contrasts)) expect(contrast, selector).to.be.at.least(4.5);
        expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).to.equal(
          theme === 'dark' ? 'rgb(22, 24, 28)' : 'rgb(255, 255, 255)',
        );
      });
      onlyItself(noise);
    });

  it('prints black on white, without what only a screen can use', async () => {
    const noise = await visit({ colorScheme: 'dark' }, async (page) => {
      await page.locator('figure.plot .live svg').first().waitFor();
      await page.emulateMedia({ media: 'print' });
      expect(await page.evaluate(() => getComputedStyle(document.body).color)).to.equal('rgb(0, 0, 0)');
      for (const hidden of ['.top', '.contents', '.lab-panel-controls', '.lab-panel-tools'])
        expect(await page.locator(hidden).first().isVisible(), hidden).to.equal(false);
      expect((await page.pdf({ format: 'A4' })).length).to.be.above(10_000);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).to.equal(true);
    });
    onlyItself(noise);
  });

  it('fits a narrow screen: only code and figures scroll sideways', async () => {
    const noise = await visit({ viewport: { width: 340, height: 700 } }, async (page) => {
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(340);
      const smallest = await page.evaluate(() =>
        Math.min(...[...document.querySelectorAll('figure svg')].map((svg) => svg.getBoundingClientRect().width)),
      );
      expect(smallest).to.be.at.least(400);
    });
    onlyItself(noise);
  });

  for (const { name, file, lecture } of lessons)
    it(`draws every figure of ${name} live`, async function () {
      // The notebook suite leaves its runs here; nobody should wait for another one.
      const executed = path.join(projectRoot(), 'build', 'test', 'executed', `${name}.ipynb`);
      if (!existsSync(executed)) {
        console.log('      skipped: not run yet (the notebooks suite does it)');
        this.skip();
      }
      // nothing is computed here, and a page that carries everything is the largest it could be
      const measure = (): Promise<number> => Promise.resolve(1);
      const assets = await buildAssets();
      const html = await handoutHtml(readNotebook(executed), { name, file, lecture, assets, measure });
      const from = pathToFileURL(write(`${path.basename(name)}.html`, html)).href;
      const look = async (page: Page): Promise<void> => {
        const figures = page.locator('figure.plot');
        expect(await figures.count()).to.be.above(1);
        for (const figure of await figures.all()) {
          await figure.scrollIntoViewIfNeeded();
          await figure.locator('.live svg').waitFor();
          expect(await figure.getAttribute('data-state')).to.equal('live');
          const { width, height } = (await figure.locator('.live svg').boundingBox())!;
          expect(width).to.be.above(200);
          expect(height).to.be.above(100);
        }
        // No formula was left as its source, and none asks for a font that is not there.
        expect(await page.locator('main').innerText()).not.to.match(/\$[^$\n]*\\[a-z]+/);
        const fonts = await page.evaluate(() => [...document.fonts].map(({ status }) => String(status)));
        expect(fonts).not.to.include('error');
      };
      onlyItself(await visit({}, look, from), from);
    });

  it('refuses a script that is not its own', async () => {
    const text = readFileSync(new URL(address), 'utf8').replace(
      '</main>',
      '<script>document.title = "taken"</script></main>',
    );
    const foreign = pathToFileURL(write('foreign.html', text)).href;
    await visit({}, async (page) => {
      await page.goto(foreign);
      expect(await page.title()).to.equal('A page');
    });
  });
});

/** Puts the pointer on a drawn line, a share of its length from its start. */
async function pointAt(page: Page, line: ReturnType<Page['locator']>, share: number): Promise<void> {
  const { x, y } = await line.evaluate((node, part) => {
    const path = node as unknown as SVGPathElement;
    const middle = path.getPointAtLength(path.getTotalLength() * part);
    const seen = new DOMPoint(middle.x, middle.y).matrixTransform(path.getScreenCTM()!);
    return { x: seen.x, y: seen.y };
  }, share);
  await page.mouse.move(x - 1, y - 1);
  await page.mouse.move(x, y);
}

/** The least contrast of text against the page, by selector; 0 where there is none. Runs in the page. */
function contrastsOf(selectors: readonly string[]): Record<string, number> {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string): number => {
    const [r = 0, g = 0, b = 0] = channels(colour).map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element: Element): string => {
    for (let at: Element | null = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (channels(colour)[3] !== 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const contrast = (element: Element): number => {
    const style = getComputedStyle(element);
    const [light, dark] = [
      luminance(element instanceof SVGElement ? style.fill : style.color),
      luminance(ground(element)),
    ].sort((a, b) => b - a);
    return (light! + 0.05) / (dark! + 0.05);
  };
  return Object.fromEntries(
    selectors.map((selector) => {
      const found = [...document.querySelectorAll(selector)];
      return [selector, found.length === 0 ? 0 : Math.min(...found.map(contrast))];
    }),
  );
}
