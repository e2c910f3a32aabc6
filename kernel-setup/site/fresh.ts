import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * When any of these files and folders last changed, in ms. A folder's own date counts as well: it changes when a file
 * in it comes, goes or is exchanged. Compiled output is left out: its sources are what counts.
 */
export function lastChange(paths: readonly string[]): number {
  let last = 0;
  for (const place of paths) {
    const found = statSync(place);
    last = Math.max(last, found.mtimeMs);
    if (!found.isDirectory()) continue;
    const inside = readdirSync(place).filter((name) => !['dist', 'node_modules', '__pycache__'].includes(name));
    last = Math.max(last, lastChange(inside.map((name) => path.join(place, name))));
  }
  return last;
}

/** Whether a file is there and was made after the last change of what it was made from. */
export function isFresh(file: string, changed: number): boolean {
  return existsSync(file) && statSync(file).mtimeMs > changed;
}
