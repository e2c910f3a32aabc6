import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { projectRoot } from '../notebook/find';
import { forPages } from './live/library';

/** What every page carries: its script (with Vega in it) and its style sheet. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

/** Bundles the page's script and style sheet from their sources. */
export async function buildAssets(): Promise<Assets> {
  const folder = path.join(projectRoot(), 'kernel-setup', 'handout', 'page');
  const bundle = async (file: string, options: BuildOptions): Promise<string> => {
    const made = await build({
      entryPoints: [path.join(folder, file)],
      bundle: true,
      minify: true,
      write: false,
      // The fetching parts of Vega's loader are left out by its own browser builds; a page may not fetch anyway.
      platform: 'browser',
      target: ['es2022'],
      legalComments: 'none',
      logLevel: 'error',
      plugins: [forPages],
      ...options,
    });
    return made.outputFiles![0]!.text;
  };
  const [script, style] = await Promise.all([bundle('main.ts', { format: 'iife' }), bundle('style.css', {})]);
  // The end of a script element is found by its letters alone.
  return { script: script.replace(/<\/(script)/gi, '<\\/$1'), style };
}
