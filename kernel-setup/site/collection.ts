import type { Figure } from 'lecture-lab/figure';
import type { ReferenceKey } from 'lecture-lab/references';
import type { Lesson, Spot } from './lesson';
import { type IndexedSymbol, indexSymbols } from './symbols';

/** A picture that lies in the site. */
export interface Placed {
  /** from the site's top */
  readonly src: string;
  readonly width: number;
  readonly height: number;
  readonly description: string;
}

/** A figure of the library, and where the collection has it. */
export interface GalleryFigure {
  readonly figure: Figure;
  readonly picture: Placed;
  readonly shownIn: readonly { readonly lesson: Lesson; readonly spot: Spot }[];
  /** symbols of these lessons that the figure has a parameter for */
  readonly symbols: readonly IndexedSymbol<Lesson>[];
}

/** A lecture, and how its pages are found. */
export interface Lecture {
  /** its folder, e.g. `5-deep-learning-theory` */
  readonly folder: string;
  /** as figures call it, e.g. `deep-learning-theory` */
  readonly slug: string;
  readonly title: string;
  /** what its README says before the list, in Markdown */
  readonly about: string;
  readonly lessons: readonly Lesson[];
}

/** All that the site's own pages show. */
export interface Collection {
  readonly lectures: readonly Lecture[];
  readonly lessons: readonly Lesson[];
  readonly figures: readonly GalleryFigure[];
  readonly symbols: readonly IndexedSymbol<Lesson>[];
  /** the first picture of each lesson that has one */
  readonly thumbnails: ReadonlyMap<Lesson, Placed>;
  readonly works: readonly Work[];
}

/** A work of the bibliography, and what cites it. */
export interface Work {
  readonly key: ReferenceKey;
  readonly lessons: readonly { readonly lesson: Lesson; readonly spot: Spot }[];
  readonly figures: readonly GalleryFigure[];
}

/** Puts figures, lessons, symbols and works together. */
export function collect(
  lectures: readonly Lecture[],
  drawn: readonly { readonly figure: Figure; readonly picture: Placed }[],
  thumbnails: ReadonlyMap<Lesson, Placed>,
  keys: readonly ReferenceKey[],
): Collection {
  const lessons = lectures.flatMap((lecture) => lecture.lessons);
  const symbols = indexSymbols(lessons.map((lesson) => ({ lesson, symbols: lesson.symbols })));
  const figures = drawn.map(({ figure, picture }): GalleryFigure => {
    const shownIn = lessons.flatMap((lesson) => {
      const first = lesson.figures.find(({ id }) => id === figure.id);
      return first ? [{ lesson, spot: first.spot }] : [];
    });
    // a name may stand for different things in two lessons: only those count that show the figure
    const own = symbols.filter(
      ({ names, lessons: users }) =>
        shownIn.some(({ lesson }) => users.includes(lesson)) &&
        names.some((name) => Object.hasOwn(figure.params, name)),
    );
    return { figure, picture, shownIn, symbols: own };
  });
  const works = keys.map((key): Work => {
    const citing = lessons.flatMap((lesson) => {
      const found = lesson.citations.find((citation) => citation.key === key);
      return found ? [{ lesson, spot: found.spot }] : [];
    });
    return { key, lessons: citing, figures: figures.filter(({ figure }) => figure.source.paper === key) };
  });
  return { lectures, lessons, figures, symbols, thumbnails, works };
}
