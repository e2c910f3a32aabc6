import { createRequire } from 'node:module';
import path from 'node:path';
import { figureFiles } from 'lecture-lab/cli/catalogue';
import { type Figure, isFigure } from 'lecture-lab/figure/define';
import { librarySources } from './library';

/** A figure of the library and how it is imported. */
export interface Catalogued {
  readonly figure: Figure;
  /** as notebooks import it, e.g. `lecture-lab/deep-linear/dynamics.figures` */
  readonly module: string;
  /** its name in the module */
  readonly name: string;
}

/** Every figure of the library by id. Of several modules that export one, the first in the alphabet: its own or a room's. */
export function catalogue(): ReadonlyMap<string, Catalogued> {
  const load = createRequire(__filename);
  const dist = path.join(librarySources(), 'dist');
  const found = new Map<string, Catalogued>();
  for (const file of figureFiles())
    for (const [name, value] of Object.entries(load(file) as Record<string, unknown>)) {
      if (!isFigure(value) || found.has(value.id)) continue;
      const module = path.relative(dist, file).replace(/\.js$/, '').split(path.sep).join('/');
      found.set(value.id, { figure: value, module: `lecture-lab/${module}`, name });
    }
  return found;
}
