import path from 'node:path';
import type { PanelFigure } from 'lecture-lab/figure/panel/engine';
import { projectRoot } from '../../notebook/find';
import { isRecord, type Notebook } from '../../notebook/format';
import { bundleWorker, type WorkerBundle } from './bundle';
import { type Catalogued, catalogue } from './catalogue';
import { type Measure, PATIENCE, remembering } from './timing';

/** What a page knows of a figure of the library: what its panel needs, or why it has none. */
export type PageFigure = PanelFigure | { readonly id: string; readonly still: string };

/** What a page carries so that its figures are alive in it. */
export interface Carried {
  readonly figures: readonly PageFigure[];
  /** what computes them; undefined if no figure is alive */
  readonly worker: WorkerBundle | undefined;
}

/**
 * What a page needs for its figures: of every figure of the library that it shows the declaration, and one script that
 * computes those that take at most 20 s at their defaults in a page.
 */
export async function carriedBy(
  notebook: Notebook,
  measure: Measure = remembering(path.join(projectRoot(), 'build', 'cache', 'pages')),
): Promise<Carried> {
  const all = shownIn(notebook).size > 0 ? catalogue() : new Map<string, Catalogued>();
  const shown = [...shownIn(notebook)].flatMap((id) => all.get(id) ?? []);
  if (shown.length === 0) return { figures: [], worker: undefined };
  const together = await bundleWorker(shown);
  const slow = new Set<Catalogued>();
  for (const entry of shown) if ((await measure(together, entry.figure.id)) > PATIENCE) slow.add(entry);
  const alive = shown.filter((entry) => !slow.has(entry));
  const worker = alive.length === 0 ? undefined : slow.size === 0 ? together : await bundleWorker(alive);
  return { figures: shown.map((entry) => (slow.has(entry) ? tooSlow(entry) : declaration(entry))), worker };
}

/** The ids of figures that the notebook's outputs say they are. */
function shownIn({ cells }: Notebook): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const cell of cells)
    for (const output of cell.type === 'code' ? cell.outputs : []) {
      const said = 'metadata' in output ? output.metadata['lecture-lab'] : undefined;
      if (isRecord(said) && typeof said['figure'] === 'string') ids.add(said['figure']);
    }
  return ids;
}

function declaration({ figure: { id, title, params, presets }, module, name }: Catalogued): PanelFigure {
  return { id, title, params, presets: presets as PanelFigure['presets'], origin: { module, name } };
}

const tooSlow = ({ figure: { id } }: Catalogued): PageFigure => ({
  id,
  still: `Computing this figure takes more than ${PATIENCE} s in a browser, so here it stays as the notebook made it. In the notebook its parameters can be changed.`,
});
