import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { BrowserContext, Locator, Page } from 'playwright-core';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { browserOrSkip, openBrowser } from './chromium';
import { choose, idle, JupyterLab, notebook } from './jupyterlab';

/** A figure whose every run takes the time that is asked for, and that tells which runs were begun and which finished. */
const SLOW = `
const log: string[] = [];
const slow = defineFigure({
  id: 'test/slow',
  title: 'A slow figure',
  source: { lecture: 'learning-in-real-networks', where: 'nowhere' },
  params: {
    seconds: number({ default: 0.2, min: 0.1, max: 30, doc: 'time it takes', unit: 's' }),
    level: number({ default: 1, min: 0, max: 10, doc: 'height of the line' }),
    stuck: flag({ default: false, doc: 'never look at the clock' }),
  },
  async compute(p, run) {
    log.push('begun ' + p.level);
    if (p.level === 10) throw new Error('the line is too high');
    const start = performance.now();
    for (let done = 0; done < 1; done = (performance.now() - start) / 1000 / p.seconds)
      if (!p.stuck) await run.progress(done, 'waiting');
    log.push('finished ' + p.level);
    return p.level;
  },
  table: (level) => [{ x: 0, y: level }, { x: 1, y: level }],
  draw: () => ({
    description: 'a line',
    mark: { type: 'point', filled: true, size: 4000, tooltip: true },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative', scale: { domain: [0, 10] } } },
  }),
  landmarks: (level) => [{ name: 'level', theory: 1, measured: level, tolerance: 0.5, source: 'identity' }],
});`;

const CELLS = [
  `import { defineFigure, explore, flag, number } from 'lecture-lab/figure';
import { modes, saddle } from 'lecture-lab/deep-linear/dynamics.figures';`,
  SLOW,
  'await explore(saddle);',
  'await explore(slow, { level: 2 });',
  'await explore(modes, { a0: 0.05 });',
];

describe('explore in JupyterLab', function () {
  this.timeout(180_000);
  const folder = path.join(projectRoot(), 'build', 'test', 'explore');
  let lab: JupyterLab;
  let context: BrowserContext;
  let close: () => Promise<void>;
  let page: Page;

  const panel = (title: string): Locator => page.getByRole('group', { name: `Controls of ${title}` });
  const saddle = (): Locator => panel('Learning runs from a saddle to a curve of solutions');
  const slow = (): Locator => panel('A slow figure');
  const picture = (of: Locator): Promise<string> => of.locator('.lab-panel-picture').innerHTML();
  const landmarks = (of: Locator): Promise<string> => of.getByRole('list', { name: 'Landmarks' }).innerText();
  /** Waits until a panel shows another picture. */
  const changed = async (of: Locator, before: string): Promise<void> => {
    for (let i = 0; i < 400; i++) {
      if ((await picture(of)) !== before) return;
      await page.waitForTimeout(25);
    }
    throw new Error('the picture stays the same');
  };
  const screenshot = (name: string): Promise<unknown> => page.screenshot({ path: path.join(folder, `${name}.png`) });
  const run = async (code: string): Promise<string> => {
    const last = page.locator('.jp-CodeCell').last();
    await last.locator('.cm-content').fill(code);
    const prompt = last.locator('.jp-InputPrompt');
    const before = await prompt.innerText();
    await last.locator('.cm-content').press('Control+Enter');
    for (let i = 0; i < 400 && [before, '[*]:'].includes(await prompt.innerText()); i++) await page.waitForTimeout(25);
    await idle(page);
    return last.locator('.jp-OutputArea').innerText();
  };

  before(async function () {
    const browser = browserOrSkip(this);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(path.join(folder, 'notebooks'), { recursive: true });
    writeFileSync(path.join(folder, 'notebooks', 'explore.ipynb'), notebook([...CELLS, '']));
    lab = await JupyterLab.start(folder);
    ({ context, close } = await openBrowser(browser!, { viewport: { width: 1400, height: 1400 } }));
    page = await context.newPage();
    await lab.open(page, 'explore.ipynb');
    await choose(page, 'Run', 'Run All Cells');
    await panel('Strong modes are learned first, each in a leap').waitFor();
    await idle(page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(`failed-${this.currentTest.title.slice(0, 20)}`);
  });
  after(async () => {
    await close?.();
    await lab?.stop();
  });

  const field = (of: Locator, name: string): Locator => of.getByLabel(`${name}, as a number`);
  const type = async (of: Locator, name: string, text: string): Promise<void> => {
    await field(of, name).fill(text);
    await field(of, name).press('Enter');
  };

  it('shows the panel, and the static picture and its words for everybody else', async () => {
    expect(await page.locator('.lab-panel').count()).to.equal(3);
    expect(await page.locator('.vega-embed').count(), 'Lab ranks the panel first').to.equal(0);
    expect(await saddle().locator('.lab-panel-picture svg[role=img]').getAttribute('aria-label')).to.match(/saddle/);
    expect(await landmarks(saddle())).to.match(/✓ rate at which w21 = w32 leaves the saddle: theory 1, here 1/);
    await screenshot('light');
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(1000);
    const saved = JSON.parse(readFileSync(path.join(folder, 'notebooks', 'explore.ipynb'), 'utf8'));
    const [output] = saved.cells[2].outputs;
    expect(Object.keys(output.data)).to.include.members([
      'application/vnd.jupyter.widget-view+json',
      'application/vnd.vegalite.v5+json',
      'image/svg+xml',
      'text/plain',
    ]);
    expect(output.data['text/plain'].join?.('') ?? output.data['text/plain']).to.include('leaves the saddle');
    expect(output.metadata['lecture-lab'].figure).to.equal('deep-linear/saddle');
  });

  it('follows a slider that is moved by keyboard, which JupyterLab leaves to it', async () => {
    const slider = saddle().getByRole('slider', { name: 'singular value s of the one mode' });
    const before = await picture(saddle());
    const start = Number(await slider.inputValue());
    await slider.focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
    await changed(saddle(), before);
    expect(Number(await slider.inputValue())).to.equal(start + 5);
    expect(await saddle().locator(':focus').count()).to.equal(1);
    const s = await field(saddle(), 'singular value s of the one mode').inputValue();
    expect(await slider.getAttribute('aria-valuetext')).to.equal(s);
    await expectText(saddle(), `leaves the saddle: theory ${s}, here ${s}`);
  });

  it('follows the mouse, and of a fast drag shows the last state', async () => {
    await run('log.length = 0;');
    const slider = slow().getByRole('slider', { name: 'height of the line' });
    await slider.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await slider.boundingBox())!;
    await page.mouse.move(x + 0.2 * width, y + height / 2);
    await page.mouse.down();
    for (let i = 0; i <= 60; i++) await page.mouse.move(x + width * (0.2 + i / 100), y + height / 2);
    await screenshot('drag');
    await page.mouse.up();
    const level = await field(slow(), 'height of the line').inputValue();
    expect(Number(level)).to.be.within(7, 9);
    await expectText(slow(), `here ${level}`);
    await idle(page);
    await page.waitForTimeout(500);
    expect(await landmarks(slow())).to.include(`✗ level: theory 1, here ${level} (off by more than 0.5)`);
    const log = (await run("console.log(log.join('\\n'))")).trim().split('\n');
    expect(log.slice(-2)).to.deep.equal([`begun ${level}`, `finished ${level}`]);
    const begun = log.filter((line) => line.startsWith('begun')).length;
    expect(begun).to.be.within(1, 30); // of 61 moves
    await type(slow(), 'height of the line', '1.2');
    await expectText(slow(), '✓ level: theory 1, here 1.2');
  });

  it('draws with tooltips where that is asked for, and follows the slider there, too', async () => {
    const tooltips = slow().getByRole('switch', { name: 'Tooltips' });
    await tooltips.check();
    const drawing = slow().locator('.lab-panel-picture .vega-embed').locator('canvas, svg').first();
    await drawing.waitFor();
    await type(slow(), 'height of the line', '5');
    await expectText(slow(), 'here 5');
    await drawing.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await drawing.boundingBox())!;
    const tip = page.locator('#vg-tooltip-element.visible');
    // one of the two points lies at the right end, half way up
    for (let i = 0; i < 20 && (await tip.count()) === 0; i++) {
      await page.mouse.move(x + 0.93 * width, y + height * (0.4 + 0.01 * i));
      await page.waitForTimeout(100);
    }
    await screenshot('tooltips');
    expect(await tip.innerText()).to.match(/y:\s+5/);
    await page.mouse.move(0, 0);
    const shown = (): Promise<string> =>
      drawing.evaluate((canvas: unknown) => (canvas as HTMLCanvasElement).toDataURL());
    const whole = await shown();
    await page.mouse.move(x + 0.5 * width, y + 0.4 * height);
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(500);
    expect(await shown(), 'zoomed by the wheel').not.to.equal(whole);
    await screenshot('zoomed');
    await page.mouse.dblclick(x + 0.5 * width, y + 0.4 * height);
    await page.mouse.move(0, 0);
    await page.waitForTimeout(500);
    expect(await shown(), 'whole again').to.equal(whole);
    await tooltips.uncheck();
    await slow().locator('.lab-panel-picture > svg').waitFor();
    expect(await landmarks(slow())).to.include('here 5');
  });

  it('refuses bad text in words, and goes on', async () => {
    const of = slow();
    await type(of, 'height of the line', 'high');
    expect(await of.getByRole('alert').innerText()).to.equal('level must be between 0 and 10 (got "high")');
    expect(await field(of, 'height of the line').getAttribute('aria-invalid')).to.equal('true');
    await type(of, 'height of the line', '4');
    expect(await of.getByRole('alert').count()).to.equal(0);
    await expectText(of, 'here 4');
  });

  it('says in the panel what goes wrong in the model', async () => {
    await type(slow(), 'height of the line', '10');
    await slow().getByRole('alert').getByText('the line is too high').waitFor();
    expect(await page.locator('.jp-RenderedText[data-mime-type*=stderr]').count()).to.equal(0);
    await type(slow(), 'height of the line', '3');
    await expectText(slow(), 'here 3');
    expect(await slow().getByRole('alert').count()).to.equal(0);
  });

  it('shows the progress of slow work, and stops it', async () => {
    await type(slow(), 'time it takes', '30');
    await slow()
      .getByRole('status')
      .getByText(/^\d+ %, waiting$/)
      .waitFor();
    await screenshot('progress');
    await slow().getByRole('button', { name: 'Stop' }).click();
    await slow().getByRole('status').getByText('Stopped').waitFor();
    await idle(page);
    expect(await slow().getByRole('button', { name: 'Stop' }).count()).to.equal(0);
    await slow().getByRole('button', { name: 'Compute' }).click();
    await slow()
      .getByRole('status')
      .getByText(/^\d+ %, waiting$/)
      .waitFor();
    await slow().getByRole('button', { name: 'Stop' }).click();
    await idle(page);
  });

  for (const stuck of [false, true])
    it(`is stopped by an interrupt of the kernel${stuck ? ', even where the model never looks up' : ''}`, async () => {
      if (stuck) await slow().getByLabel('never look at the clock').check();
      await type(slow(), 'time it takes', '20');
      await slow().getByRole('button', { name: 'Stop' }).waitFor();
      await page.waitForTimeout(500);
      await choose(page, 'Kernel', 'Interrupt Kernel');
      await slow().getByRole('status').getByText('Stopped').waitFor();
      await idle(page);
      await slow().getByRole('button', { name: 'Reset' }).click();
      await expectText(slow(), 'here 2');
    });

  it('keeps two views of one panel in step', async () => {
    const output = page.locator('.jp-OutputArea-output').filter({ has: saddle() });
    await output.locator('.lab-panel-tools').click({ button: 'right', position: { x: 2, y: 2 } });
    await page.getByText('Create New View for Cell Output', { exact: true }).click();
    const name = 'singular value s of the one mode';
    await saddle().nth(1).waitFor();
    const [first, second] = [saddle().nth(0), saddle().nth(1)];
    for (const [one, other, s] of [
      [first, second, '1.3'],
      [second, first, '1.4'],
    ] as const) {
      await type(one, name, s);
      for (const view of [one, other]) await expectText(view, `leaves the saddle: theory ${s}, here ${s}`);
      expect(await field(other, name).inputValue()).to.equal(s);
      const bare = async (of: Locator): Promise<string> => (await picture(of)).replace(/lab-panel-\d+-/g, '');
      expect(await bare(other)).to.equal(await bare(one));
    }
    await screenshot('two views');
    const tab = page.locator('.lm-TabBar-tab').filter({ hasText: 'Output View' });
    await tab.locator('.lm-TabBar-tabCloseIcon').click();
    await saddle().nth(1).waitFor({ state: 'detached' });
  });

  it('works on after the page was loaded again', async () => {
    await type(saddle(), 'singular value s of the one mode', '1.5');
    await expectText(saddle(), 'leaves the saddle: theory 1.5, here 1.5');
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(1000);
    await lab.open(page, 'explore.ipynb', { reset: false });
    await saddle().waitFor();
    expect(await field(saddle(), 'singular value s of the one mode').inputValue()).to.equal('1.5');
    await expectText(saddle(), 'leaves the saddle: theory 1.5, here 1.5');
    await type(saddle(), 'singular value s of the one mode', '2');
    await expectText(saddle(), 'leaves the saddle: theory 2, here 2');
  });

  it('keeps the picture when the kernel is restarted, and says what to do', async () => {
    const before = await picture(saddle());
    await choose(page, 'Kernel', 'Restart Kernel…');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await page.waitForTimeout(2000);
    await idle(page);
    expect(await picture(saddle())).to.equal(before);
    await type(saddle(), 'singular value s of the one mode', '1.7');
    await saddle()
      .getByRole('alert')
      .getByText(/run this cell again/)
      .waitFor();
    expect(await picture(saddle())).to.equal(before);
  });

  it('shows its figure in a saved notebook that is opened without a kernel', async () => {
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(1000);
    const saved = JSON.parse(readFileSync(path.join(folder, 'notebooks', 'explore.ipynb'), 'utf8'));
    saved.metadata.kernelspec = { name: 'gone', display_name: 'Gone', language: 'gone' };
    delete saved.metadata.language_info;
    writeFileSync(path.join(folder, 'notebooks', 'gone.ipynb'), JSON.stringify(saved));
    const other = await context.newPage();
    try {
      await lab.openWithoutKernel(other, 'gone.ipynb');
      // JupyterLab passes over the panel and draws the figure from its specification
      const drawn = other.locator('.jp-OutputArea-output').locator('canvas, svg[role=img], .lab-panel svg');
      await drawn.first().waitFor();
      await other.screenshot({ path: path.join(folder, 'no kernel.png') });
      expect(await drawn.count()).to.be.at.least(2);
      expect(await other.getByText(/model not found/i).count()).to.equal(0);
    } finally {
      await other.close();
    }
  });

  it('is readable in the dark', async () => {
    const theme = async (name: string): Promise<void> => {
      await page.locator('#jp-MainMenu').getByText('Settings', { exact: true }).click();
      await page.getByText('Theme', { exact: true }).hover();
      await page.getByText(name, { exact: true }).click();
      await page.locator(`body[data-jp-theme-name="${name}"]`).waitFor({ state: 'attached' });
    };
    await choose(page, 'Kernel', 'Restart Kernel and Run All Cells…');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await page.waitForTimeout(3000);
    await idle(page);
    await saddle().waitFor();
    try {
      await theme('JupyterLab Dark');
      await saddle().scrollIntoViewIfNeeded();
      await screenshot('dark');
    } finally {
      await theme('JupyterLab Light'); // JupyterLab remembers it for the next test
    }
  });

  async function expectText(of: Locator, text: string): Promise<void> {
    try {
      await of.getByText(text).first().waitFor({ timeout: 15_000 });
    } catch (error) {
      await screenshot('failed');
      throw new Error(`${text} is not in: ${await of.innerText()}`, { cause: error });
    }
  }
});
