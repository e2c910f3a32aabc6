import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Notebook, NotebookError, tagsOf } from '../notebook/format';
import type { Assets } from './assets';
import { katexCss } from './katex-css';
import { carriedBy } from './live/carried';
import type { Measure } from './live/timing';
import { escapeHtml, highlighted, TextSetter } from './markdown';
import { outputsHtml } from './outputs';
import { type MenuEntry, pageHtml } from './page-html';

/** Largest page that is written, in bytes after compression: pages are mailed and opened on phones. */
export const LARGEST_PAGE = 4_000_000;

/** A page that another page leads to. */
export interface Neighbour {
  readonly title: string;
  /** as seen from this page */
  readonly href: string;
}

export interface HandoutOptions {
  /** how messages call the notebook, e.g. `5-deep-learning-theory/05-deep-linear-dynamics` */
  readonly name: string;
  /** where the notebook lies: its pictures are found from there */
  readonly file: string;
  readonly lecture: string;
  readonly assets: Assets;
  readonly before?: Neighbour;
  readonly after?: Neighbour;
  /** how long figures take in a page; measured and remembered unless given */
  readonly measure?: Measure;
  /** what every page of a site leads to */
  readonly menu?: readonly MenuEntry[];
}

/**
 * An executed notebook as a page that holds all it needs.
 * @throws {NotebookError} on what a page can't show, and on a page over 4 MB compressed
 */
export async function handoutHtml(notebook: Notebook, options: HandoutOptions): Promise<string> {
  const { name, file, lecture, assets, before, after, measure } = options;
  const text = new TextSetter(name, path.dirname(file));
  const parts: string[] = [];
  for (const [i, cell] of notebook.cells.entries()) {
    const tags = tagsOf(cell);
    if (cell.type === 'markdown') parts.push(`<section>${text.set(cell, i + 1)}</section>`);
    if (cell.type !== 'code' || cell.source.trim() === '') continue;
    if (!tags.includes('hide-input'))
      parts.push(`<pre class="code" tabindex="0"><code>${highlighted(cell.source, 'typescript')}</code></pre>`);
    if (!tags.includes('hide-output')) parts.push(await outputsHtml(cell.outputs, `figure-${i + 1}`, text));
  }
  const title = titleOf(notebook) ?? path.basename(name);
  const neighbours = [
    before ? `<a rel="prev" href="${before.href}">← ${escapeHtml(before.title)}</a>` : '<span></span>',
    after ? `<a rel="next" href="${after.href}">${escapeHtml(after.title)} →</a>` : '<span></span>',
  ];
  if (before || after) parts.push(`<nav class="neighbours" aria-label="Neighbours">${neighbours.join('')}</nav>`);
  const body = parts.filter((part) => part !== '').join('\n');
  const html = pageHtml({
    title,
    top: `<a href="../index.html">Lecture Lab</a> / ${escapeHtml(lecture)}`,
    headings: text.headings,
    body,
    assets,
    formulas: katexCss(body),
    carried: await carriedBy(notebook, measure),
    menu: options.menu,
  });
  const size = compressedSize(html);
  if (size > LARGEST_PAGE)
    throw new NotebookError(
      `${name}: the page would be ${(size / 1e6).toFixed(1)} MB compressed, more than 4 MB: show fewer rows or smaller pictures`,
    );
  return html;
}

/** What a server or a mail program makes of a page. */
export const compressedSize = (html: string): number => gzipSync(html).length;

/** A notebook's title: its first heading, as plain words. */
export function titleOf(notebook: Notebook): string | undefined {
  for (const cell of notebook.cells) {
    const heading = cell.type === 'markdown' ? /^#\s+(.+)$/m.exec(cell.source)?.[1] : undefined;
    if (heading) return heading.replace(/[*_`$]/g, '').trim();
  }
  return undefined;
}
