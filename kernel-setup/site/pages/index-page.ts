import type { Assets } from '../../handout/assets';
import { katexCss } from '../../handout/katex-css';
import { escapeHtml, TextSetter } from '../../handout/markdown';
import { pageHtml } from '../../handout/page-html';
import type { Collection, Lecture } from '../collection';
import type { Lesson } from '../lesson';
import { readmeRow } from '../readme';
import { menu, PAGES } from './frame';
import { hrefOf, line, link, pictureHtml, rebased } from './markup';

/** The page that a visitor sees first: all lessons, by lecture. */
export function indexPage(collection: Collection, assets: Assets): string {
  const { lectures, lessons, figures, symbols, works } = collection;
  const errata = lessons.reduce((sum, lesson) => sum + lesson.errata.length, 0);
  const counts = [
    `${link(PAGES.figures.file, count(figures.length, 'figure'))} to search`,
    `the ${link(PAGES.errata.file, 'errata')} of ${count(errata, 'lesson')}`,
    link(PAGES.symbols.file, count(symbols.length, 'symbol')),
    link(PAGES.references.file, count(works.length, 'reference')),
  ];
  const body = [
    '<h1>Lecture Lab</h1>',
    `<p class="lead">${count(lessons.length, 'lesson')} on learning in brains and machines. Each page holds text, code and figures, and works without a network. There are also ${counts.slice(0, -1).join(', ')} and ${counts.at(-1)}.</p>`,
    ...lectures.map((lecture) => lectureHtml(lecture, collection)),
  ].join('\n');
  return pageHtml({
    title: 'Lecture Lab',
    top: 'Lecture Lab',
    headings: [],
    body,
    assets,
    formulas: katexCss(body),
    menu: menu(''),
    picturesBeside: true,
  });
}

function lectureHtml({ folder, title, about, lessons }: Lecture, { thumbnails }: Collection): string {
  const text = new TextSetter(`${folder}/README.md`, folder);
  const intro = text.set({ type: 'markdown', id: 'readme', source: about, metadata: {} }, 1);
  const cards = lessons.map((lesson) => cardHtml(lesson, thumbnails));
  return `<section class="wide"><h2 id="${folder}">${escapeHtml(title)}</h2>\n<div class="lead">${rebased(intro, folder)}</div>\n<ol class="cards">${cards.join('\n')}</ol></section>`;
}

function cardHtml(lesson: Lesson, thumbnails: Collection['thumbnails']): string {
  const { place, title } = lesson;
  const picture = thumbnails.get(lesson);
  const number = /^\d+/.exec(place.topic)?.[0];
  const { about, runTime } = readmeRow(place);
  const shown = new Set(lesson.figures.map(({ id }) => id).filter((id) => id !== undefined)).size;
  const facts = [runTime && `runs in ${runTime}`, shown > 0 && count(shown, 'figure')].filter(Boolean);
  return [
    '<li class="card whole">',
    `<h3>${number ? `<span class="number">${number}</span> ` : ''}${link(hrefOf(lesson), title)}</h3>`,
    picture ? pictureHtml(picture) : '',
    about ? `<p>${line(about)}</p>` : '',
    facts.length > 0 ? `<p class="quiet">${escapeHtml(facts.join(' · '))}</p>` : '',
    '</li>',
  ].join('');
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
