import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Evaluation } from 'lecture-lab/figure';

const folder = join(__dirname, '..', 'fixtures', 'specs');
/** Rows that a snapshot keeps of a long table. */
const KEPT = 24;

/**
 * A figure's specification with its numbers rounded, and an even sample of its rows.
 * @param exact whether the numbers are the same on every machine; else only the form is kept
 */
export function snapshot({ spec, rows }: Evaluation, exact: boolean): unknown {
  const { config: _, data: __, ...drawing } = spec as Record<string, unknown>;
  const step = Math.max(1, Math.ceil(rows.length / KEPT));
  return rounded(
    {
      spec: drawing,
      count: rows.length,
      rows: exact ? rows.filter((_, i) => i % step === 0) : [...new Set(rows.flatMap((row) => Object.keys(row)))],
    },
    exact,
  );
}

function rounded(value: unknown, exact: boolean): unknown {
  if (typeof value === 'number') return exact ? four(value) : '#';
  if (typeof value === 'string')
    return exact
      ? value.replace(/\d+\.\d+(e[-+]?\d+)?/g, (x) => String(four(Number(x))))
      : value.replace(/\d+(\.\d+)?/g, '#');
  if (Array.isArray(value)) return value.map((x) => rounded(x, exact));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, rounded(v, exact)]));
  return value;
}

/** Four significant digits; what is left of a zero after rounding errors is zero. */
const four = (x: number): number => (Math.abs(x) < 1e-12 ? 0 : Number(x.toPrecision(4)));

/**
 * Compares with the snapshot on disk. A changed one is written beside it as `<id>.changed.json`, for a look at the
 * difference. With UPDATE_SNAPSHOTS=1 it is taken as right.
 * @returns what to say, or undefined if nothing changed
 */
export function compareWithSnapshot(id: string, current: unknown): string | undefined {
  const path = join(folder, `${id.replace('/', '.')}.json`);
  const changed = path.replace(/\.json$/, '.changed.json');
  const text = `${JSON.stringify(current, null, 1)}\n`;
  rmSync(changed, { force: true });
  if (process.env['UPDATE_SNAPSHOTS'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  const remedy = `if it is right: UPDATE_SNAPSHOTS=1 npx mocha test/figure/all-figures.test.ts`;
  if (!existsSync(path)) return `there is no snapshot of ${id} yet; ${remedy}`;
  const difference = firstDifference(JSON.parse(readFileSync(path, 'utf8')), JSON.parse(text), 'snapshot');
  if (difference === undefined) return;
  writeFileSync(changed, text);
  return `${difference}; compare ${path} with ${changed}; ${remedy}`;
}

/** Where two values differ first. Numbers may differ in the last of their four digits: machines round differently. */
export function firstDifference(a: unknown, b: unknown, where: string): string | undefined {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1.001e-3 * Math.max(Math.abs(a), Math.abs(b)) ? undefined : `${where} was ${a}, is ${b}`;
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const difference = firstDifference(left[key], right[key], `${where}.${key}`);
      if (difference !== undefined) return difference;
    }
    return;
  }
  return a === b ? undefined : `${where} was ${JSON.stringify(a)}, is ${JSON.stringify(b)}`;
}
