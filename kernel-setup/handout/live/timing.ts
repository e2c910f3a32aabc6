import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bareWorker } from './bare-worker';
import type { WorkerBundle } from './bundle';

/** Longest that a figure may take at its defaults to be alive in a page, in seconds. */
export const PATIENCE = 20;

/** Seconds that a figure takes at its defaults in a page's worker, the start of the worker included; Infinity beyond `PATIENCE`. */
export type Measure = (bundle: WorkerBundle, figure: string) => Promise<number>;

/**
 * Measures with the script that the page carries, in a bare thread of Node: the engine that runs it, V8, is Chromium's.
 * @throws {Error} if the figure fails
 */
export const measure: Measure = (bundle, figure) => {
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const worker = bareWorker(bundle);
  let clock: NodeJS.Timeout | undefined;
  const taken = new Promise<number>((resolve, reject) => {
    clock = setTimeout(() => resolve(Number.POSITIVE_INFINITY), PATIENCE * 1000);
    worker.onmessage = ({ data }) => {
      if (data.kind === 'result') resolve(seconds());
      if (data.kind === 'error') reject(new Error(`${figure} can't be computed in a page: ${data.message}`));
    };
    worker.postMessage({ kind: 'compute', job: 1, figure, values: {} });
  });
  return taken.finally(() => {
    clearTimeout(clock);
    return worker.terminate();
  });
};

/**
 * Measures once: what was measured is kept, and holds for as long as the figure's code is the same, so that a page made
 * again says what it said.
 * @param folder where the measurements are kept
 */
export function remembering(folder: string, measureNow: Measure = measure): Measure {
  return async (bundle, figure) => {
    const key = createHash('sha256')
      .update(JSON.stringify([bundle.script, bundle.files, figure]))
      .digest('hex');
    const file = path.join(folder, `${key.slice(0, 32)}.json`);
    const known = existsSync(file) ? read(file) : undefined;
    if (known !== undefined) return known;
    const seconds = await measureNow(bundle, figure);
    mkdirSync(folder, { recursive: true });
    const partial = `${file}.${process.pid}.part`;
    // JSON has no infinity: null is longer than anybody waits
    writeFileSync(partial, JSON.stringify({ figure, seconds: Number.isFinite(seconds) ? seconds : null }));
    renameSync(partial, file);
    return seconds;
  };
}

/** A kept measurement; undefined if the file is damaged. */
function read(file: string): number | undefined {
  try {
    const { seconds } = JSON.parse(readFileSync(file, 'utf8')) as { seconds?: unknown };
    return seconds === null ? Number.POSITIVE_INFINITY : typeof seconds === 'number' ? seconds : undefined;
  } catch {
    return undefined;
  }
}
