import path from 'node:path';
import { build } from 'esbuild';
import type { Assets } from '../handout/assets';
import { projectRoot } from '../notebook/find';

/** Script and style of the site's own pages, and the style that handouts need to show the site's menu. */
export interface SiteAssets {
  readonly plain: Assets;
  readonly search: Assets;
  readonly menuStyle: string;
}

/** Bundles what the site's pages carry. Their look is that of the handouts; here stands only what those don't have. */
export async function buildSiteAssets(handouts: Assets): Promise<SiteAssets> {
  const folder = path.join(projectRoot(), 'kernel-setup', 'site', 'page');
  const bundle = async (file: string): Promise<string> => {
    const made = await build({
      entryPoints: [path.join(folder, file)],
      bundle: true,
      minify: true,
      write: false,
      platform: 'browser',
      target: ['es2022'],
      format: file.endsWith('.ts') ? 'iife' : undefined,
      legalComments: 'none',
      logLevel: 'error',
    });
    return made.outputFiles[0]!.text.replace(/<\/(script)/gi, '<\\/$1');
  };
  const [script, search, menuStyle, own] = await Promise.all(
    ['plain.ts', 'search.ts', 'menu.css', 'site.css'].map(bundle) as [
      Promise<string>,
      Promise<string>,
      Promise<string>,
      Promise<string>,
    ],
  );
  const style = handouts.style + menuStyle + own;
  return { plain: { script, style }, search: { script: search, style }, menuStyle };
}
