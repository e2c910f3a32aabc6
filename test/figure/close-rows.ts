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
  for (const column of new Set(expected.flatMap((row) => Object.keys(row))))
    closeColumn(`${id}: ${column}`, values(got, column), values(expected, column), tolerance);
}

function closeColumn(
  name: string,
  got: readonly (Cell | undefined)[],
  expected: readonly (Cell | undefined)[],
  tolerance: number,
): void {
  const scale = Math.max(0, ...expected.map((v) => (typeof v === 'number' ? Math.abs(v) : 0)));
  for (const [i, value] of expected.entries())
    if (typeof value !== 'number') expect(got[i], `${name}, row ${i}`).to.equal(value);
    else expect(got[i], `${name}, row ${i}`).to.be.closeTo(value, tolerance * scale);
}
