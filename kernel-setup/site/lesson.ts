import path from 'node:path';
import { titleOf } from '../handout/handout';
import { lectureTitle } from '../handout/index-html';
import type { PageFigure } from '../handout/live/carried';
import { type Heading, TextSetter } from '../handout/markdown';
import { wordsOf } from '../handout/page-html';
import { VEGA_LITE } from '../handout/plots';
import type { Place } from '../notebook/find';
import { type CodeCell, isRecord, type Notebook, type TextCell } from '../notebook/format';
import { type Notation, symbolsOf } from './symbols';

/** What the site knows of a lesson, all of it read from its executed notebook. */
export interface Lesson {
  readonly place: Place;
  readonly title: string;
  /** the lecture's title */
  readonly lecture: string;
  readonly figures: readonly Shown[];
  readonly errata: readonly Section[];
  readonly symbols: readonly Notation[];
  readonly citations: readonly Citation[];
  /** ids of figures that its page can compute anew */
  readonly alive: ReadonlySet<string>;
}

/** A place in a lesson's page. */
export interface Spot {
  readonly anchor: string;
  /** the heading above it, in words */
  readonly heading: string;
}

/** A figure that a lesson shows. */
export interface Shown {
  /** id of the library's figure, if the kernel said that it is one */
  readonly id?: string;
  readonly settings?: unknown;
  /** Vega-Lite */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly spot: Spot;
}

/** A part of a lesson from one `##` heading to the next. */
export interface Section {
  readonly spot: Spot;
  readonly heading: Heading;
  /** text cells without what belongs to other sections and without the heading itself */
  readonly cells: readonly (TextCell | CodeCell)[];
}

/** A work of the bibliography that a lesson names. */
export interface Citation {
  readonly key: string;
  readonly spot: Spot;
}

/** The heading of a lesson's section on errata: `What the slide gets wrong`, `Errata`. */
export const ERRATA = /\bgets? wrong\b|\berrat(a|um)\b/i;

/**
 * Reads an executed notebook.
 * @param keys of the bibliography
 * @param page the lesson's page
 * @throws {NotebookError} on formulas and tables of symbols that can't be read
 */
export function readLesson(notebook: Notebook, place: Place, keys: readonly string[], page: string): Lesson {
  const { figures, sections, citations } = walk(notebook, place, keys);
  return {
    place,
    title: titleOf(notebook) ?? place.topic,
    lecture: lectureTitle(path.dirname(place.file)),
    figures,
    errata: sections.filter(({ spot }) => ERRATA.test(spot.heading)),
    symbols: symbolsOf(notebook, place.name),
    citations,
    alive: aliveIn(page),
  };
}

/** Goes through the cells in order and keeps account of the heading above each. */
function walk(notebook: Notebook, place: Place, keys: readonly string[]) {
  const text = new TextSetter(place.name, path.dirname(place.file));
  const figures: Shown[] = [];
  const sections: (Section & { cells: (TextCell | CodeCell)[] })[] = [];
  const citations: Citation[] = [];
  let spot: Spot = { anchor: 'start', heading: '' };
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.type === 'raw') continue;
    if (cell.type === 'code') {
      sections.at(-1)?.cells.push(cell);
      for (const shown of figuresIn(cell)) figures.push({ ...shown, spot });
      continue;
    }
    const known = text.headings.length;
    text.set(cell, i + 1);
    const headings = text.headings.slice(known);
    const seconds = headings.filter(({ level }) => level === 2);
    for (const [n, piece] of cutAtHeadings(cell.source).entries()) {
      const heading = seconds[n - 1];
      if (heading) sections.push({ spot: spotOf(heading), heading, cells: [] });
      if (piece.trim() !== '') sections.at(-1)?.cells.push({ ...cell, source: piece });
    }
    const last = headings.at(-1);
    if (last) spot = spotOf(last);
    for (const key of keys)
      if (!citations.some((citation) => citation.key === key) && new RegExp(`\\b${key}\\b`).test(cell.source))
        citations.push({ key, spot });
  }
  return { figures, sections, citations };
}

const spotOf = ({ id, html }: Heading): Spot => ({ anchor: id, heading: wordsOf(html) });

/** The text before the first `##` heading, then that below each, without the headings; code blocks are no headings. */
export function cutAtHeadings(markdown: string): string[] {
  const pieces: string[][] = [[]];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const mark = /^ {0,3}(```+|~~~+)/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark?.startsWith(fence!)) fence = undefined;
    if (fence === undefined && /^ {0,3}##\s+\S/.test(line)) pieces.push([]);
    else pieces.at(-1)!.push(line);
  }
  return pieces.map((lines) => lines.join('\n'));
}

/** The figures that a lesson's page can compute anew, by id. @param html the page */
export function aliveIn(html: string): ReadonlySet<string> {
  const said = /<script type="application\/json" id="lab-figures">([\s\S]*?)<\/script>/.exec(html)?.[1];
  const figures = said === undefined ? [] : (JSON.parse(said) as readonly PageFigure[]);
  return new Set(figures.filter((figure) => !('still' in figure)).map(({ id }) => id));
}

function figuresIn(cell: CodeCell): Omit<Shown, 'spot'>[] {
  return cell.outputs.flatMap((output) => {
    if (output.output_type !== 'display_data' && output.output_type !== 'execute_result') return [];
    const spec = output.data[VEGA_LITE];
    if (!isRecord(spec)) return [];
    const said = output.metadata['lecture-lab'];
    const figure =
      isRecord(said) && typeof said['figure'] === 'string' ? { id: said['figure'], settings: said['settings'] } : {};
    return [{ ...figure, spec }];
  });
}
