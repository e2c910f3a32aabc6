import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../notebook/find';
import type { Assets } from './assets';
import { escapeHtml } from './markdown';
import { pageHtml } from './page-html';

/** A lesson as the index lists it. */
export interface Lesson {
  readonly place: Place;
  readonly title: string;
  /** whether its page has been made */
  readonly made: boolean;
}

/** The page that leads to all handouts, lecture by lecture. */
export function indexHtml(lessons: readonly Lesson[], assets: Assets): string {
  const lectures = [...new Set(lessons.map(({ place }) => place.lecture))];
  const body = lectures.map((lecture) => {
    const own = lessons.filter(({ place }) => place.lecture === lecture);
    const items = own.map(({ place, title, made }) => {
      const number = Number.parseInt(place.topic, 10);
      const item = Number.isNaN(number) ? '<li>' : `<li value="${number}">`;
      return made
        ? `${item}<a href="${lecture}/${place.topic}.html">${escapeHtml(title)}</a></li>`
        : `${item}${escapeHtml(title)} <small>(not made yet: npm run handouts -- ${place.topic})</small></li>`;
    });
    const name = escapeHtml(lectureTitle(path.dirname(own[0]!.place.file)));
    return `<section><h2 id="${lecture}">${name}</h2><ol class="lessons">${items.join('')}</ol></section>`;
  });
  return pageHtml({
    title: 'Lecture Lab handouts',
    top: 'Lecture Lab',
    headings: [],
    body: `<h1>Handouts</h1>\n<p>Each page holds a whole lesson: text, code, and figures that answer to the pointer. They open without a network.</p>\n${body.join('\n') || '<p>There are none yet.</p>'}`,
    assets: { ...assets, script: '' },
    formulas: '',
  });
}

/** A lecture's title: the heading of its README, or its folder's name in words. */
export function lectureTitle(folder: string): string {
  const readme = path.join(folder, 'README.md');
  const heading = existsSync(readme) ? /^#\s+(.+)$/m.exec(readFileSync(readme, 'utf8'))?.[1] : undefined;
  const words = path.basename(folder).replace(/^\d+-/, '').replaceAll('-', ' ');
  return heading?.trim() ?? words.charAt(0).toUpperCase() + words.slice(1);
}
