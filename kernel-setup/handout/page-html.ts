import { createHash } from 'node:crypto';
import type { Assets } from './assets';
import type { Carried } from './live/carried';
import { escapeHtml, type Heading } from './markdown';

/** A page before it is put together. */
export interface Page {
  readonly title: string;
  /** what stands in the bar at the top, as HTML */
  readonly top: string;
  readonly headings: readonly Heading[];
  readonly body: string;
  readonly assets: Assets;
  /** KaTeX's style sheet, where there are formulas */
  readonly formulas: string;
  /** what its figures need to be alive */
  readonly carried?: Carried;
  /** pages of the collection that every page leads to, in a site */
  readonly menu?: readonly MenuEntry[];
  /** whether pictures lie beside the page; otherwise it holds all it shows */
  readonly picturesBeside?: boolean;
}

export interface MenuEntry {
  readonly title: string;
  readonly href: string;
  /** whether it is the page itself */
  readonly here?: boolean;
}

/** Whose work a page carries besides ours. */
const NOTICE = `<!--
This page carries Vega's tooltips, and, where its figures can be computed anew, Vega, its interpreter and Vega-Lite:
copyright University of Washington Interactive Data Lab, BSD-3-Clause licence; where networks are trained, TensorFlow.js
(copyright Google LLC, Apache-2.0 licence). Its formulas were set by KaTeX: copyright Khan Academy and other contributors,
MIT licence.
-->
`;

const FORMULAS_NOTICE = `<!--
The formulas of this page were set by KaTeX: copyright Khan Academy and other contributors, MIT licence.
-->
`;

/** A complete page that asks no network for anything, and whose policy forbids it to. */
export function pageHtml(page: Page): string {
  const { assets, carried } = page;
  const { worker } = carried ?? {};
  // An empty script is none: the index needs none.
  const hash = createHash('sha256').update(assets.script).digest('base64');
  const policy = [
    "default-src 'none'",
    assets.script ? `script-src 'sha256-${hash}'${worker?.wasm ? " 'wasm-unsafe-eval'" : ''}` : "script-src 'none'",
    ...(worker ? ['worker-src blob:'] : []),
    "style-src 'unsafe-inline'",
    page.picturesBeside ? "img-src 'self' data: blob:" : 'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const contents = contentsHtml(page.headings);
  return `<!doctype html>
<html lang="en">
${page.carried ? NOTICE : page.formulas ? FORMULAS_NOTICE : ''}<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<link rel="icon" href="data:,">
<style>${page.formulas}${assets.style}</style>
</head>
<body>
<a class="skip" href="#start">Skip to the text</a>
<header class="top"><nav aria-label="Place">${page.top}</nav>${menuHtml(page.menu)}<div class="buttons"></div></header>
<div class="sheet${contents ? ' with-contents' : ''}">
${contents}<main id="start">
${page.body}
</main>
</div>
${carriedHtml(carried)}${assets.script ? `<script>${assets.script}</script>` : ''}
</body>
</html>
`;
}

function menuHtml(menu: readonly MenuEntry[] = []): string {
  if (menu.length === 0) return '';
  const links = menu.map(
    ({ title, href, here }) => `<a href="${href}"${here ? ' aria-current="page"' : ''}>${escapeHtml(title)}</a>`,
  );
  return `<nav class="menu" aria-label="Collection">${links.join('')}</nav>`;
}

/** What the page's script reads: data, never run from where it stands. */
function carriedHtml({ figures, worker }: Carried = { figures: [], worker: undefined }): string {
  const element = (id: string, value: unknown): string =>
    `<script type="application/json" id="${id}">${JSON.stringify(value).replace(/</g, '\\u003c')}</script>\n`;
  return [
    ...(figures.length > 0 ? [element('lab-figures', figures)] : []),
    ...(worker ? [element('lab-worker', worker.script)] : []),
    ...(worker && Object.keys(worker.files).length > 0 ? [element('lab-files', worker.files)] : []),
  ].join('');
}

function contentsHtml(headings: readonly Heading[]): string {
  const listed = headings.filter(({ level }) => level === 2 || level === 3);
  if (listed.length < 2) return '';
  const items = listed.map(
    ({ level, id, html }) =>
      `<li${level === 3 ? ' class="deeper"' : ''}><a href="#${id}">${withoutLinks(html)}</a></li>`,
  );
  return `<nav class="contents" aria-label="Contents"><details open><summary>Contents</summary><ol>${items.join('')}</ol></details></nav>\n`;
}

const withoutLinks = (html: string): string => html.replace(/<\/?a\b[^>]*>/g, '');

/** The words of a piece of HTML; of a formula its source. */
export function wordsOf(html: string): string {
  return html
    .replace(/<span class="katex-html"[\s\S]*?<\/span>(?=<\/span>)/g, '')
    .replace(/<annotation[^>]*>[\s\S]*?<\/annotation>/g, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ')
    .trim();
}
