// How long a slider in JupyterLab takes to its new chart: node --require tsx/cjs test/browser/explore.measure.ts
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { findChromium, openBrowser } from './chromium';
import { idle, JupyterLab, notebook } from './jupyterlab';

/** Figures from the quickest to one that trains a network, with their modules. */
const FIGURES = [
  ['saddle', 'deep-linear/dynamics.figures'],
  ['spike', 'neurons/hodgkin-huxley.figures'],
  ['modes', 'deep-linear/dynamics.figures'],
] as const;
const MOVES = 60;

async function main(): Promise<void> {
  const folder = path.join(projectRoot(), 'build', 'test', 'measure');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.join(folder, 'notebooks'), { recursive: true });
  const lab = await JupyterLab.start(folder);
  const { context, close } = await openBrowser(findChromium()!, { viewport: { width: 1400, height: 1400 } });
  try {
    for (const [name, module] of FIGURES) {
      const cell = `import { explore } from 'lecture-lab/figure';
import { ${name} } from 'lecture-lab/${module}';
await explore(${name});`;
      writeFileSync(path.join(folder, 'notebooks', `${name}.ipynb`), notebook([cell]));
      const page = await context.newPage();
      await lab.open(page, `${name}.ipynb`);
      await page.locator('.jp-CodeCell .cm-content').press('Control+Enter');
      await page.locator('.lab-panel svg').first().waitFor();
      await idle(page);
      const times = await page.evaluate(timesOf, MOVES);
      const sorted = times.sort((a, b) => a - b);
      const at = (share: number): string => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(0);
      console.log(`${name}: median ${at(0.5)} ms, 90 % below ${at(0.9)} ms (${sorted.length} moves)`);
      await page.close();
    }
  } finally {
    await close();
    await lab.stop();
  }
}

/** Moves the first slider, waits until the new chart is painted, and again. Runs in the page. */
async function timesOf(moves: number): Promise<number[]> {
  const slider = document.querySelector<HTMLInputElement>('.lab-panel input[type=range]')!;
  const area = document.querySelector('.lab-panel-picture')!;
  const times: number[] = [];
  const middle = Math.floor(Number(slider.max) / 2);
  for (let i = 0; i < moves; i++) {
    const start = performance.now();
    await new Promise<void>((resolve) => {
      const observer = new MutationObserver(() => {
        observer.disconnect();
        requestAnimationFrame(() => setTimeout(resolve)); // after the frame that shows it
      });
      observer.observe(area, { childList: true });
      slider.value = String(middle + (i % 20) - 10);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return times;
}

void main();
