import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from './files';
import { kernelProgram, kernelspecFolder, venvFolder } from './places';
import type { Summary, Tools } from './tools';

/** The kernelspec: how Jupyter starts our kernel. `node` is the absolute path of the Node to run it. */
export function kernelspec(root: string, node: string): string {
  const spec = {
    argv: [node, kernelProgram(root), '{connection_file}'],
    display_name: 'TypeScript (Lecture Lab)',
    language: 'typescript',
    interrupt_mode: 'message',
    env: { LECTURE_LAB_ROOT: root },
    metadata: { debugger: false },
  };
  return `${JSON.stringify(spec, null, 2)}\n`;
}

/** Settings that JupyterLab starts from; readers can still change them. */
export function labOverrides(): string {
  const settings = {
    // keeps a widget's picture in a saved notebook instead of "model not found"
    '@jupyter-widgets/jupyterlab-manager:plugin': { saveState: true },
    // no news pop-up, no request to a news server
    '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function wantedFiles(root: string): [file: string, text: string][] {
  return [
    [join(kernelspecFolder(root), 'kernel.json'), kernelspec(root, process.execPath)],
    [join(venvFolder(root), 'share', 'jupyter', 'lab', 'settings', 'overrides.json'), labOverrides()],
  ];
}

/** What is wrong with the registered kernel, or undefined. */
export function kernelspecProblem(root: string): string | undefined {
  const [file, text] = wantedFiles(root)[0]!;
  const there = readText(file);
  if (there === undefined) return 'the kernel is not registered in .venv';
  if (there !== text) return 'the registered kernel belongs to another Node or another folder';
  if (!existsSync(kernelProgram(root))) return 'the kernel is not compiled';
  return undefined;
}

/** Registers the kernel and JupyterLab's settings inside the project's Python environment. */
export function jupyterFilesStep(tools: Tools): Summary {
  const stale = wantedFiles(tools.root).filter(([file, text]) => readText(file) !== text);
  for (const [file, text] of stale) tools.writeWhole(file, text);
  return stale.length === 0 ? { idle: 'registered in .venv' } : 'registered in .venv';
}
