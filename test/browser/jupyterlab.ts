import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { choosePort, HOST, labArguments } from '../../kernel-setup/setup/jupyter';
import { environment, venvPython } from '../../kernel-setup/setup/places';

const TOKEN = 'for-this-test-only';

/** A JupyterLab of its own, with the arguments and the environment of `npm start`, on a free port. */
export class JupyterLab {
  private said = '';

  private constructor(
    private readonly process: ChildProcess,
    private readonly base: string,
  ) {
    process.stdout!.on('data', (text) => (this.said += text));
    process.stderr!.on('data', (text) => (this.said += text));
  }

  /** @param folder holds `notebooks`; under the project, where imports find the library */
  static async start(folder: string): Promise<JupyterLab> {
    const root = projectRoot();
    const port = await choosePort(undefined, NoPort);
    const base = `http://${HOST}:${port}`;
    const cache = process.env['LECTURE_LAB_CACHE'] ?? path.join(root, 'build', 'cache');
    const env = environment({ root, cache, env: process.env });
    for (const name of ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR'])
      mkdirSync(env[name]!, { recursive: true });
    const args = [...labArguments(folder, port, false), `--IdentityProvider.token=${TOKEN}`];
    const child = spawn(venvPython(root), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const lab = new JupyterLab(child, base);
    for (let i = 0; i < 600 && !(await answers(`${base}/api`)); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    return lab;
  }

  /** Opens a notebook and waits for its kernel. */
  async open(page: Page, notebook: string, { reset = true } = {}): Promise<void> {
    await page.goto(`${this.base}/lab/tree/${notebook}?${reset ? 'reset&' : ''}token=${TOKEN}`);
    try {
      await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 60_000 });
      await page.locator('.jp-NotebookPanel-toolbar').getByText('TypeScript (Lecture Lab)').waitFor();
      await idle(page);
    } catch (error) {
      throw new Error(`${(error as Error).message}\n${this.said.slice(-3000)}`);
    }
  }

  /** Opens a notebook whose kernel does not exist here, and goes on without one. */
  async openWithoutKernel(page: Page, notebook: string): Promise<void> {
    await page.goto(`${this.base}/lab/tree/${notebook}?reset&token=${TOKEN}`);
    const dialog = page.locator('.jp-Dialog').filter({ hasText: 'Select Kernel' });
    await dialog.locator('select').selectOption({ label: 'No Kernel' });
    await dialog.locator('.jp-mod-accept').click();
    await page.locator('.jp-Notebook .jp-Cell').first().waitFor({ timeout: 60_000 });
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGTERM');
    await ended;
  }
}

/** Waits until the kernel has nothing to do. */
export async function idle(page: Page): Promise<void> {
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ timeout: 60_000 });
}

/** Chooses an item of a menu. */
export async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.locator('#jp-MainMenu').getByText(menu, { exact: true }).click();
  await page.getByText(item, { exact: true }).click();
}

/** A notebook of code cells, as its file holds it. */
export function notebook(cells: readonly string[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'lecture-lab', display_name: 'TypeScript (Lecture Lab)', language: 'typescript' },
      language_info: { name: 'typescript' },
    },
    cells: cells.map((source, i) => ({
      cell_type: 'code',
      id: `cell-${i}`,
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    })),
  });
}

class NoPort extends Error {
  constructor(
    message: string,
    readonly fix: string,
  ) {
    super(message);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
