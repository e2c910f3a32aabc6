import path from 'node:path';
import { escapeHtml, TextSetter } from '../../handout/markdown';
import type { Placed } from '../collection';
import type { Lesson, Spot } from '../lesson';

export const link = (href: string, text: string): string => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;

/** A place in a lesson, from the site's top. */
export const hrefOf = ({ place }: Lesson, spot?: Spot): string => `${place.name}.html${spot ? `#${spot.anchor}` : ''}`;

/** `Why learning stalls › One mode at a time`, as a link. */
export function spotLink(lesson: Lesson, spot: Spot): string {
  return link(hrefOf(lesson, spot), spot.heading ? `${lesson.title} › ${spot.heading}` : lesson.title);
}

export function pictureHtml({ src, width, height, description }: Placed): string {
  const alt = escapeHtml(description);
  return `<p class="picture"><img src="${escapeHtml(src)}" alt="${alt}" width="${width}" height="${height}" loading="lazy"></p>`;
}

/** A line of Markdown, formulas included. */
export function line(markdown: string): string {
  const html = new TextSetter('a table', '.').set({ type: 'markdown', id: 'line', source: markdown, metadata: {} }, 1);
  return html.trim().replace(/^<p>([\s\S]*)<\/p>$/, '$1');
}

/** Links of a lesson's page, or of its lecture's README, as they lead from the site's top. */
export function rebased(html: string, folder: string, page?: string): string {
  return html.replace(/ href="([^"]*)"/g, (whole, href: string) => {
    if (/^[a-z][a-z+.-]*:/i.test(href)) return whole;
    if (href.startsWith('#')) return page === undefined ? whole : ` href="${page}${href}"`;
    return ` href="${path.posix.join(folder, href)}"`;
  });
}
