import type { Assets } from '../../handout/assets';
import { katexCss } from '../../handout/katex-css';
import { type MenuEntry, pageHtml } from '../../handout/page-html';

/** The site's own pages, in the order of the menu. */
export const PAGES = {
  figures: { file: 'figures.html', title: 'Figures' },
  errata: { file: 'errata.html', title: 'Errata' },
  symbols: { file: 'symbols.html', title: 'Symbols' },
  references: { file: 'references.html', title: 'References' },
} as const;
type PageName = keyof typeof PAGES;

/** The menu as a page shows it. @param up the way to the site's top from there */
export function menu(up: '' | '../', here?: PageName): MenuEntry[] {
  return Object.entries(PAGES).map(([name, { file, title }]) => ({
    title,
    href: up + file,
    here: name === here,
  }));
}

/** One of the site's own pages. */
export function sitePage(name: PageName, assets: Assets, body: string): string {
  const { title } = PAGES[name];
  return pageHtml({
    title: `${title} – Lecture Lab`,
    top: `<a href="index.html">Lecture Lab</a> / ${title}`,
    headings: [],
    body: `<h1>${title}</h1>\n${body}`,
    assets,
    formulas: katexCss(body),
    menu: menu('', name),
    picturesBeside: true,
  });
}
