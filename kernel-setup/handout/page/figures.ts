import type { PanelValues } from 'lecture-lab/figure/panel/engine';
import type { Row } from 'lecture-lab/figure/spec';
import type { Tips } from 'lecture-lab/figure/tips';
import type { PageFigure } from './carried';
import type { Computer } from './computer';
import { downloads } from './downloads';
import { hover } from './hover';
import { type LivePanel, livePanel } from './live-panel';

/** What the exporter puts beside every picture. */
export interface Live {
  readonly tips: Tips;
  /** the figure's table, where it has one */
  readonly rows: readonly Row[];
  /** id of the library's figure, where it is one */
  readonly figure?: string;
  readonly settings?: PanelValues;
}

/** The pictures of a page, which come to life one by one. */
export class Figures {
  readonly #elements = [...document.querySelectorAll<HTMLElement>('figure.plot')];
  readonly #alive = new Map<HTMLElement, Promise<LivePanel | undefined>>();

  /** @param changed told when the reader changed a figure's values */
  constructor(
    private readonly known: ReadonlyMap<string, PageFigure>,
    private readonly computer: Computer,
    private readonly changed: (panel: LivePanel) => void,
  ) {}

  /** Brings pictures to life shortly before they come into sight: a page of many opens as fast as one of few. */
  watch(): void {
    const seen = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries)
          if (isIntersecting) {
            seen.unobserve(target);
            void this.bringToLife(target as HTMLElement);
          }
      },
      { rootMargin: '600px' },
    );
    for (const element of this.#elements) seen.observe(element);
  }

  /** The figure's n-th picture in the page, from 1, and how many there are. */
  find(id: string, nth: number): { readonly element: HTMLElement | undefined; readonly count: number } {
    const own = this.#elements.filter((element) => element.dataset['figure'] === id);
    return { element: own[nth - 1], count: own.length };
  }

  /** Puts the live picture, with its controls, in the place of the still one. */
  bringToLife(element: HTMLElement): Promise<LivePanel | undefined> {
    let alive = this.#alive.get(element);
    if (!alive) {
      alive = this.#begin(element);
      this.#alive.set(element, alive);
    }
    return alive;
  }

  async #begin(element: HTMLElement): Promise<LivePanel | undefined> {
    const data = element.querySelector('script[type="application/json"]');
    const still = element.querySelector<HTMLElement>('.still');
    if (!data?.textContent || !still) return undefined;
    element.dataset['state'] = 'drawing';
    try {
      const live = JSON.parse(data.textContent) as Live;
      const declared = live.figure === undefined ? undefined : this.known.get(live.figure);
      let panel: LivePanel | undefined;
      if (declared && 'params' in declared) {
        const nth = this.#elements.filter((e) => e.dataset['figure'] === declared.id).indexOf(element) + 1;
        panel = livePanel({ element, still, live, declared, nth }, this.computer, this.changed);
      } else {
        showOnly(element, still, live);
        if (declared) element.append(note(declared.still));
      }
      element.dataset['state'] = 'live';
      return panel;
    } catch (error) {
      // The still picture stays, and the reader is told why nothing else comes.
      element.dataset['state'] = 'still';
      const reason = error instanceof Error ? error.message : String(error);
      element.append(note(`This picture could not be brought to life (${reason}).`));
      return undefined;
    }
  }
}

/** A picture with tooltips and nothing to change. */
function showOnly(element: HTMLElement, still: HTMLElement, { tips, rows }: Live): void {
  still.className = 'live';
  hover(still, () => tips);
  const bar = document.createElement('div');
  bar.className = 'downloads';
  bar.append(...downloads({ picture: () => still.querySelector('svg'), rows: () => rows }, element.id));
  element.append(bar);
}

function note(words: string): HTMLElement {
  const made = document.createElement('p');
  made.className = 'note';
  made.textContent = words;
  return made;
}
