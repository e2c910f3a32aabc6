import path from 'node:path';
import { type Assets, bundleForPage } from '../handout/assets';
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
  const bundle = (file: string): Promise<string> => bundleForPage(path.join(folder, file));
  const [script, search, menuStyle, own] = await Promise.all([
    bundle('plain.ts'),
    bundle('search.ts'),
    bundle('menu.css'),
    bundle('site.css'),
  ]);
  const style = handouts.style + menuStyle + own;
  return { plain: { script, style }, search: { script: search, style }, menuStyle };
}
