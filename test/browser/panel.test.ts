import path from 'node:path';
import { expect } from 'chai';
import { build } from 'esbuild';
import type { PanelFigure, PanelValues, Update } from 'lecture-lab/figure/panel/engine';
import { panelFigure } from 'lecture-lab/figure/widget';
import type { Locator, Page } from 'playwright-core';
import { decay } from '../figure/example.figures';
import { browserOrSkip, openBrowser } from './chromium';

/** What the test's page offers: an engine that answers nothing by itself. */
interface Bench {
  begin(figure: PanelFigure, options: object): void;
  readonly requests: PanelValues[];
  readonly seen: PanelValues[];
  stops: number;
  tell(update: Update): void;
  readonly panel: { readonly values: PanelValues; set(values: PanelValues): void; destroy(): void };
}
declare const bench: Bench;

const PAGE = `
  import { createPanel } from './panel';
  const bench = { requests: [], seen: [], stops: 0 };
  const engine = {
    request: (values) => bench.requests.push(values),
    stop: () => bench.stops++,
    listen: (listener) => (bench.tell = listener),
  };
  bench.begin = (figure, options) => {
    bench.requests.length = 0;
    document.body.replaceChildren(document.createElement('main'));
    const onValues = (values) => bench.seen.push(values);
    bench.panel = createPanel(document.querySelector('main'), figure, engine, { onValues, ...options });
  };
  window.bench = bench;`;

describe('the panel', function () {
  this.timeout(60_000);
  let page: Page;
  let close: () => Promise<void>;
  const figure = { ...panelFigure(decay as never), origin: { module: 'lecture-lab/example.figures', name: 'decay' } };

  before(async function () {
    const browser = browserOrSkip(this);
    const resolveDir = path.join(__dirname, '..', '..', 'lib', 'figure', 'panel');
    const bundle = await build({ stdin: { contents: PAGE, resolveDir }, bundle: true, write: false, format: 'iife' });
    let context: Awaited<ReturnType<typeof openBrowser>>['context'];
    ({ context, close } = await openBrowser(browser!, { viewport: { width: 900, height: 900 } }));
    page = await context.newPage();
    await page.setContent('<!doctype html><body></body>');
    await page.addScriptTag({ content: bundle.outputFiles[0]!.text });
  });
  after(() => close?.());
  beforeEach(() => begin());

  const begin = (options: object = {}): Promise<void> =>
    page.evaluate(([given, settings]) => bench.begin(given, settings), [figure, options] as const);
  const last = (): Promise<PanelValues> => page.evaluate(() => bench.requests.at(-1)!);
  const requests = (): Promise<number> => page.evaluate(() => bench.requests.length);
  const tell = (update: Update): Promise<void> => page.evaluate((given) => bench.tell(given), update);
  const set = (values: PanelValues): Promise<void> => page.evaluate((given) => bench.panel.set(given), values);
  const values = decay.values();
  const tau = (): Locator => page.getByRole('slider', { name: 'time constant (ms) tau' });
  const tauText = (): Locator => page.getByRole('textbox', { name: 'time constant, as a number' });
  const starts = (): Locator => page.getByRole('textbox', { name: 'starting voltages starts' });
  const enter = async (field: Locator, text: string): Promise<void> => {
    await field.fill(text);
    await field.press('Enter');
  };

  it('asks for its first picture, at the defaults or where it is told to begin', async () => {
    expect(await last()).to.deep.equal(values);
    await begin({ values: { tau: 20 } });
    expect(await last()).to.deep.equal({ ...values, tau: 20 });
    expect(await requests()).to.equal(1);
  });

  it('asks for nothing where a picture is given', async () => {
    await begin({ result: { values, landmarks: [], svg: '<svg xmlns="http://www.w3.org/2000/svg"/>' } });
    expect(await requests()).to.equal(0);
    expect(await page.locator('.lab-panel-picture svg').count()).to.equal(1);
  });

  it('has a control for every kind of parameter, and each asks for the value it shows', async () => {
    await tau().press('End');
    expect(await last()).to.deep.equal({ ...values, tau: 100 });
    await enter(tauText(), '12.5');
    await enter(starts(), '0.5, 3');
    await page.getByRole('switch', { name: 'adds measurement noise noisy' }).click();
    await page.getByRole('radio', { name: 'linear' }).click();
    await enter(page.getByRole('textbox', { name: 'number of points, as a number' }), '5');
    await enter(page.getByRole('textbox', { name: 'random seed seed' }), '7');
    const chosen = { tau: 12.5, points: 5, starts: [0.5, 3], shape: 'linear', noisy: true, seed: 7 };
    expect(await last()).to.deep.equal(chosen);
    expect(await page.evaluate(() => bench.panel.values)).to.deep.equal(chosen);
    expect(await page.evaluate(() => bench.seen.at(-1))).to.deep.equal(chosen);
  });

  it('shows the values that it is set to, in every control, and asks for them', async () => {
    await set({ tau: 33.3, starts: [1, 9], shape: 'linear', noisy: true, seed: 2 });
    expect(await tauText().inputValue()).to.equal('33.3');
    expect(await tau().getAttribute('aria-valuetext')).to.equal('33.3 ms');
    expect(await starts().inputValue()).to.equal('1,9');
    expect(await page.getByRole('radio', { name: 'linear' }).isChecked()).to.equal(true);
    expect(await page.getByRole('switch').isChecked()).to.equal(true);
    expect(await last()).to.include({ tau: 33.3, seed: 2 });
  });

  it('refuses to be set to what is not allowed, and changes nothing', async () => {
    const refused = await page.evaluate(() => {
      try {
        bench.panel.set({ tau: 50, seed: -1 });
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    });
    expect(refused).to.equal('example/decay: seed must be a whole number between 0 and 2147483647 (got -1)');
    expect(await page.evaluate(() => bench.panel.values)).to.deep.equal(values);
    expect(await requests()).to.equal(1);
  });

  it('moves by arrow keys, each a small step by factors', async () => {
    const before = Number(await tauText().inputValue());
    await tau().press('ArrowRight');
    const after = Number(await tauText().inputValue());
    expect(after / before).to.be.closeTo(10 ** (1 / 50), 0.01);
    expect((await last())['tau']).to.equal(after);
  });

  it('reads a range with both ends', async () => {
    await enter(starts(), '1:4:4');
    expect((await last())['starts']).to.deep.equal([1, 2, 3, 4]);
    expect(await starts().inputValue()).to.equal('1,2,3,4');
  });

  for (const [text, words] of [
    ['1,x', 'starts must hold numbers between 0 and 10 (got "x")'],
    ['', 'starts must hold 1 to 4 numbers (got 0)'],
    ['1:9:90', 'starts must hold 1 to 4 numbers (got 5)'],
    ['1,99', 'starts must hold numbers between 0 and 10 (got 99)'],
  ] as const)
    it(`refuses the list "${text}" in words, and asks for nothing`, async () => {
      await enter(starts(), text);
      await page.getByRole('alert').waitFor();
      expect(await page.getByRole('alert').innerText()).to.equal(words);
      expect(await starts().getAttribute('aria-invalid')).to.equal('true');
      expect(await requests()).to.equal(1);
      await enter(starts(), '2');
      expect(await page.getByRole('alert').count()).to.equal(0);
      expect((await last())['starts']).to.deep.equal([2]);
    });

  it('draws a new seed, goes to a preset, and back to where it began', async () => {
    await begin({ values: { tau: 20 } });
    await page.getByRole('button', { name: 'New seed' }).click();
    const drawn = (await last())['seed'] as number;
    expect(Number.isInteger(drawn) && drawn >= 0 && drawn < 100_000).to.equal(true);
    const preset = page.getByLabel('Preset');
    await preset.selectOption('paper');
    expect(await last()).to.deep.equal(decay.values({ preset: 'paper' }));
    await tau().press('Home');
    expect(await preset.inputValue()).to.equal('');
    await page.getByRole('button', { name: 'Reset' }).click();
    expect(await last()).to.deep.equal({ ...values, tau: 20 });
    await preset.selectOption('defaults');
    expect(await last()).to.deep.equal(values);
  });

  it('shows the picture and the landmarks, with signs and words', async () => {
    const landmark = { name: 'half-time', theory: 1, tolerance: 0.1, source: 'closed form' };
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="c"><path d=""/></clipPath></defs><g clip-path="url(#c)"/></svg>';
    const landmarks = [
      { ...landmark, measured: 1.05, pass: true },
      { ...landmark, name: '<b>level</b>', measured: 2, pass: false },
    ];
    await tell({ kind: 'result', result: { values, landmarks, svg } });
    expect(await page.getByRole('listitem').allInnerTexts()).to.deep.equal([
      '✓ half-time: theory 1, here 1.05',
      '✗ <b>level</b>: theory 1, here 2 (off by more than 0.1)',
    ]);
    const names = await page.evaluate(() => [
      document.querySelector('.lab-panel clipPath')!.id,
      document.querySelector('.lab-panel g')!.getAttribute('clip-path'),
    ]);
    expect(names[1]).to.equal(`url(#${names[0]})`);
    expect(names[0]).to.match(/^lab-panel-\d+-c$/);
  });

  it('runs no script of a picture', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg"><script>window.ran = true</script><image href="x:" onerror="window.ran = true"/></svg>';
    await tell({ kind: 'result', result: { values, landmarks: [], svg } });
    await page.waitForTimeout(200);
    expect(await page.evaluate(() => 'ran' in window)).to.equal(false);
  });

  it('says nothing of quick work, shows the progress of slow work, and stops it', async () => {
    const stop = page.getByRole('button', { name: 'Stop' });
    await tell({ kind: 'started', values });
    await tell({ kind: 'result', result: { values, landmarks: [] } });
    await page.waitForTimeout(600);
    expect(await stop.count()).to.equal(0);
    await tell({ kind: 'started', values });
    await stop.waitFor();
    await tell({ kind: 'progress', fraction: 0.42, note: 'trial 5 of 12' });
    await page.getByText('42 %, trial 5 of 12').waitFor();
    expect(await page.getByRole('progressbar').getAttribute('value')).to.equal('0.42');
    await stop.click();
    expect(await page.evaluate(() => bench.stops)).to.equal(1);
    await tell({ kind: 'stopped' });
    await page.getByRole('status').getByText('Stopped').waitFor();
    expect(await stop.count()).to.equal(0);
    const before = await requests();
    await page.getByRole('button', { name: 'Compute' }).click();
    expect(await requests()).to.equal(before + 1);
  });

  it('says what went wrong, until something works again', async () => {
    await tell({ kind: 'error', message: 'y is no longer finite <at> step 40' });
    expect(await page.getByRole('alert').innerText()).to.equal('y is no longer finite <at> step 40');
    await tell({ kind: 'result', result: { values, landmarks: [] } });
    expect(await page.getByRole('alert').count()).to.equal(0);
  });

  it('gives its code where there is no clipboard', async () => {
    await set({ tau: 20 });
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true }));
    await page.getByRole('button', { name: 'Copy as TypeScript' }).click();
    expect(await page.getByLabel('Code', { exact: true }).innerText()).to.include('await show(decay, { tau: 20 });');
  });

  it('names every control, and leads through all of them by the keyboard', async () => {
    const found = await page.locator('.lab-panel').locator('input, select, button').all();
    for (const control of found)
      expect(
        await control.evaluate((node: HTMLInputElement) => node.labels?.length || node.textContent || node.ariaLabel),
      ).to.not.be.oneOf([0, '', null]);
    for (let i = 0; i < 11; i++) {
      await page.keyboard.press('Tab');
      expect(await page.locator('.lab-panel :focus-visible').count()).to.equal(1);
    }
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 340, height: 900 });
    const { wide, most } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      most: document.documentElement.clientWidth,
    }));
    await page.setViewportSize({ width: 900, height: 900 });
    expect(wide).to.be.at.most(most);
  });

  it('leaves nothing behind', async () => {
    await page.evaluate(() => bench.panel.destroy());
    expect(await page.locator('main *').count()).to.equal(0);
    await tell({ kind: 'error', message: 'too late' });
    expect(await page.locator('main *').count()).to.equal(0);
  });
});
