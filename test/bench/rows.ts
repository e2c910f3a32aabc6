import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from './row';

const folder = join(__dirname, 'rows');

/** The names of the rows that are written, one file each. */
export function rowNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
}

export const rowFile = (name: string): string => join(folder, `${name}.ts`);

/** A row, read from its file. */
export function readRow(name: string): Row {
  const { row } = require(rowFile(name)) as { row?: Row };
  if (row?.name !== name) throw new Error(`rows/${name}.ts must export a row of the name ${name}`);
  return row;
}
