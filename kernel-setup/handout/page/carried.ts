import type { PanelFigure } from 'lecture-lab/figure/panel/engine';
import { Computer, type Hired } from './computer';

/** What the page knows of a figure of the library: what its panel needs, or why it has none. */
export type PageFigure = PanelFigure | { readonly id: string; readonly still: string };

/** Reads what the exporter put into the page: an element with JSON in it. */
function read<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : undefined;
}

/** The figures that the page knows, by id. */
export function figuresOfPage(): ReadonlyMap<string, PageFigure> {
  return new Map((read<PageFigure[]>('lab-figures') ?? []).map((figure) => [figure.id, figure]));
}

/** What computes them: a worker that starts from the script in the page, so that it needs no server. */
export function computerOfPage(): Computer {
  const hire = (): Hired => {
    const script = read<string>('lab-worker');
    if (script === undefined) throw new Error('it carries no models');
    const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
    return new Worker(address) as Hired;
  };
  return new Computer(hire, () => read('lab-files') ?? {});
}
