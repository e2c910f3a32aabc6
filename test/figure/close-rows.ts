import { expect } from 'chai';
import type { Cell, Row } from 'lecture-lab/figure/spec';
import { bundleWorker } from '../../kernel-setup/handout/live/bundle';
import { catalogue } from '../../kernel-setup/handout/live/catalogue';

/** float64 models differ in a page by the rounding of its linear algebra alone. */
const EXACT = 1e-9;
/**
 * Sums in single precision run in another order in WebAssembly than in OpenBLAS, so that one of the 2,004 test digits
 * may fall on the other side.
 */
const TRAINED = 1 / 2004;
/**
 * A network that is taught noise stays at chance, where its answers are nearly ties and rounding decides more of them: within the
 * standard error of a guess over the test digits, √(0.1 · 0.9 / 2004).
 */
const AT_CHANCE = { rows: ['delayed, no memory'], tolerance: 0.0067 } as const;
/**
 * A figure that shows the rounding of its own sums shows the last bits of `Math.tanh` too, which the language leaves to the engine. Two
 * such errors differ by no more than both are large: the points lie about twice as high as the line of one rounding.
 */
const ROUNDING = { figure: 'backprop/gradient-check', line: 'theory: rounding of E', times: 4 } as const;
/** The ids of the figures whose modules train networks on digits. */
export async function trainedFigures(): Promise<ReadonlySet<string>> {
  const all = [...catalogue().values()];
  const trained = new Set<string>();
  for (const module of new Set(all.map((entry) => entry.module))) {
    const own = all.filter((entry) => entry.module === module);
    if ('mnist-10k.bin.gz' in (await bundleWorker(own)).files) for (const { figure } of own) trained.add(figure.id);
  }
  return trained;
}

/**
 * Asserts that a page computed the rows that Node computes: the same text, and numbers within a tolerance relative to
 * the largest number of their column.
 * @param trained whether the figure trains networks on digits
 */
export function closeRows(id: string, got: readonly Row[], expected: readonly Row[], trained: boolean): void {
  const tolerance = trained ? TRAINED : EXACT;
  expect(got.length, `${id}: rows`).to.equal(expected.length);
  const values = (rows: readonly Row[], column: string): (Cell | undefined)[] => rows.map((row) => row[column]);
  const taughtNoise = expected.map(
    (row) => trained && (AT_CHANCE.rows as readonly unknown[]).includes(row['constraint']),
  );
  const roundings = expected.map((row) => (id === ROUNDING.figure ? roundingOf(row, expected) : 0));
  for (const column of new Set(expected.flatMap((row) => Object.keys(row))))
    closeColumn(`${id}: ${column}`, values(got, column), values(expected, column), (scale, row) =>
      taughtNoise[row] ? AT_CHANCE.tolerance : Math.max(tolerance * scale, column === 'error' ? roundings[row]! : 0),
    );
}

/** How far two engines may be apart at the step of a simulated row; at the largest step where nothing is stepped. */
function roundingOf(row: Row, rows: readonly Row[]): number {
  if (row['kind'] !== 'simulation') return 0;
  const line = rows.filter(({ series }) => series === ROUNDING.line);
  const step =
    row['series'] === 'finite differences' ? row['step'] : Math.max(...line.map((one) => one['step'] as number));
  return ROUNDING.times * (line.find((one) => one['step'] === step)!['error'] as number);
}

function closeColumn(
  name: string,
  got: readonly (Cell | undefined)[],
  expected: readonly (Cell | undefined)[],
  tolerance: (scale: number, row: number) => number,
): void {
  const scale = Math.max(0, ...expected.map((v) => (typeof v === 'number' ? Math.abs(v) : 0)));
  for (const [i, value] of expected.entries())
    if (typeof value !== 'number') expect(got[i], `${name}, row ${i}`).to.equal(value);
    else expect(got[i], `${name}, row ${i}`).to.be.closeTo(value, tolerance(scale, i));
}
