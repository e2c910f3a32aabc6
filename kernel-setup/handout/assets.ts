import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { projectRoot } from '../notebook/find';
import { forPages } from './live/library';

/** What every page carries: its script and its style sheet. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** Bundles one file of a page, script or style sheet, as text that can stand in the page. */
export async function bundleForPage(file: string, options: BuildOptions = {}): Promise<string> {
  const made = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: ['es2022'],
    format: file.endsWith('.ts') ? 'iife' : undefined,
    legalComments: 'none',
    logLevel: 'error',
    ...options,
  });
  // The end of a script element is found by its letters alone.
  return made.outputFiles![0]!.text.replace(/<\/(script)/gi, '<\\/$1');
}

/** Bundles the page's script and style sheet from their sources. */
export async function buildAssets(): Promise<Assets> {
  const folder = path.join(projectRoot(), 'kernel-setup', 'handout', 'page');
  const [script, style] = await Promise.all([
    bundleForPage(path.join(folder, 'main.ts'), { plugins: [forPages] }),
    bundleForPage(path.join(folder, 'style.css')),
  ]);
  return { script, style };
}
