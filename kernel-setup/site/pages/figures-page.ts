import { cite, type ReferenceKey } from 'lecture-lab/references';
import type { Assets } from '../../handout/assets';
import { escapeHtml } from '../../handout/markdown';
import type { Collection, GalleryFigure } from '../collection';
import { wordsOfSymbol } from '../symbols';
import { PAGES, sitePage } from './frame';
import { hrefOf, line, link, pictureHtml, spotLink } from './markup';
import { type Choice, searchForm } from './search-form';

/** Every figure of the library, at its defaults, with a search that works without a server. */
export function figuresPage(collection: Collection, assets: Assets): string {
  const groups = byLecture(collection);
  const sections = groups.map(({ slug, title, figures }) => {
    const cards = figures.map((figure) => cardHtml(figure, title));
    return `<section class="wide group" aria-labelledby="${slug}"><h2 id="${slug}">${escapeHtml(title)}</h2>\n<ul class="cards large">${cards.join('\n')}</ul></section>`;
  });
  const body = [
    '<p class="lead">Each figure at its default parameters. The lesson has it in its place; the command computes it anew, and <code>--help</code> lists what can be set.</p>',
    searchForm('figures', 'name, author …', choices(collection, groups)),
    ...sections,
  ].join('\n');
  return sitePage('figures', assets, body);
}

interface Group {
  readonly slug: string;
  readonly title: string;
  readonly figures: readonly GalleryFigure[];
}

function byLecture({ lectures, figures }: Collection): Group[] {
  const known = lectures.map(({ slug }) => slug);
  const others = [...new Set(figures.map(({ figure }) => String(figure.source.lecture)))].filter(
    (slug) => !known.includes(slug),
  );
  return [...known, ...others]
    .map((slug) => ({
      slug,
      title: lectures.find((lecture) => lecture.slug === slug)?.title ?? inWords(slug),
      figures: figures.filter(({ figure }) => figure.source.lecture === slug),
    }))
    .filter((group) => group.figures.length > 0);
}

const inWords = (slug: string): string => slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ');
const topicOf = ({ figure }: GalleryFigure): string => figure.id.split('/')[0]!;

function choices({ symbols, figures }: Collection, groups: readonly Group[]): Choice[] {
  const used = symbols.filter((symbol) => figures.some((figure) => figure.symbols.includes(symbol)));
  const papers = [...new Set(figures.flatMap(({ figure }) => figure.source.paper ?? []))].sort();
  return [
    {
      name: 'topic',
      label: 'Topic',
      groups: groups.map(({ slug, title, figures }) => ({
        title,
        options: [
          { value: slug, text: `all of ${title}` },
          ...[...new Set(figures.map(topicOf))].map((topic) => ({ value: topic, text: topic })),
        ],
      })),
    },
    {
      name: 'symbol',
      label: 'Symbol',
      options: used.map(({ anchor, plain, meaning }) => ({ value: anchor, text: `${plain}: ${words(meaning)}` })),
    },
    { name: 'paper', label: 'Paper', options: papers.map((key) => ({ value: key, text: cite(key) })) },
  ];
}

function cardHtml({ figure, picture, shownIn, symbols }: GalleryFigure, lecture: string): string {
  const { id, title, source, params } = figure;
  const [first] = shownIn;
  const live = shownIn.find(({ lesson }) => lesson.alive.has(id));
  const heading = first ? link(hrefOf(first.lesson, first.spot), title) : escapeHtml(title);
  const rows: [string, string][] = [
    ['Slide', `${escapeHtml(source.where)} <small>(${escapeHtml(lecture)})</small>`],
    ...(source.paper
      ? [['Paper', link(`${PAGES.references.file}#${source.paper}`, cite(source.paper))] as [string, string]]
      : []),
    ...(symbols.length > 0 ? [['Symbols', symbols.map(symbolLink).join(', ')] as [string, string]] : []),
    ['Lesson', shownIn.map(({ lesson, spot }) => spotLink(lesson, spot)).join('<br>') || 'not in a lesson yet'],
    ...(live ? [['Live', link(`${hrefOf(live.lesson)}#${id}`, 'change its parameters')] as [string, string]] : []),
    ['Command', `<code>npm run figure -- ${escapeHtml(id)}</code>`],
  ];
  const hidden = [
    ...Object.entries(params).flatMap(([name, { doc, unit = '' }]) => [name, doc, unit]),
    ...symbols.flatMap(wordsOfSymbol),
    ...(source.paper ? [source.paper, authors(source.paper)] : []),
    picture.description,
  ];
  return [
    `<li class="card entry" id="${id}" data-topic="${[topicOf({ figure } as GalleryFigure), source.lecture].join(' ')}"`,
    ` data-symbol="${symbols.map(({ anchor }) => anchor).join(' ')}" data-paper="${source.paper ?? ''}"`,
    ` data-words="${escapeHtml(hidden.join(' '))}">`,
    `<h3>${heading}</h3>`,
    pictureHtml(picture),
    `<p class="quiet"><code>${escapeHtml(id)}</code></p>`,
    `<dl class="facts">${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>`,
    '</li>',
  ].join('');
}

const symbolLink = ({ anchor, markdown }: GalleryFigure['symbols'][number]): string =>
  `<a href="${PAGES.symbols.file}#${anchor}">${line(markdown)}</a>`;
const authors = (key: ReferenceKey): string => `${cite(key)} ${key}`;
/** A meaning without the marks of Markdown, for lists that can't set them. */
const words = (markdown: string): string => markdown.replace(/[*_`$\\]/g, '');
