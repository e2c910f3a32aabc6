import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Figure, isFigure } from '../figure/define';

/** The folder of the compiled library. */
const root = join(__dirname, '..');

/**
 * The compiled files that hold figures, in alphabetical order. What was compiled from a source that is gone since is
 * passed over: the compiler leaves it behind.
 */
export function figureFiles(): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.figures.js') && existsSync(join(root, '..', file.replace(/js$/, 'ts'))))
    .sort()
    .map((file) => join(root, file));
}

/**
 * Every figure of the library, by id: whatever the `*.figures.js` files export. There is no list to keep.
 * @throws {Error} if two figures have one id
 */
export function allFigures(files: readonly string[] = figureFiles()): Map<string, Figure> {
  const load = createRequire(__filename);
  const figures = new Map<string, Figure>();
  for (const file of files)
    for (const figure of Object.values(load(file) as Record<string, unknown>).filter(isFigure)) {
      const other = figures.get(figure.id);
      if (other !== undefined && other !== figure) throw new Error(`two figures have the id ${figure.id} (${file})`);
      figures.set(figure.id, figure);
    }
  return new Map([...figures].sort(([a], [b]) => (a < b ? -1 : 1)));
}
