import { mkdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Figure } from 'lecture-lab/figure';
import { createRun } from 'lecture-lab/math/run';
import { isFresh } from './fresh';
import type { Lesson, Shown } from './lesson';

type Spec = Readonly<Record<string, unknown>>;

export interface SpecOptions {
  readonly lessons: readonly Lesson[];
  /** folder that keeps what was computed for the next time */
  readonly kept: string;
  /** when what figures are computed from last changed */
  readonly changed: number;
  readonly signal: AbortSignal;
  readonly onProgress: (fraction: number) => void;
}

/**
 * A figure at its defaults, as Vega-Lite: from a lesson that shows it so, or from the last time, or computed.
 * @returns the specification, and whether it had to be computed
 * @throws whatever the model throws, and the signal's reason once that is aborted
 */
export async function specAtDefaults(
  figure: Figure,
  { lessons, kept, changed, signal, onProgress }: SpecOptions,
): Promise<{ spec: Spec; computed: boolean }> {
  for (const lesson of lessons)
    for (const shown of lesson.figures) if (isAtDefaults(shown, figure)) return { spec: shown.spec, computed: false };
  const file = path.join(kept, `${figure.id}.json`);
  if (isFresh(file, changed)) return { spec: JSON.parse(readFileSync(file, 'utf8')), computed: false };
  const started = new Date();
  const { spec } = await figure.evaluate({}, createRun(signal, onProgress));
  mkdirSync(path.dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.part`;
  writeFileSync(beside, JSON.stringify(spec));
  utimesSync(beside, started, started);
  renameSync(beside, file);
  return { spec, computed: true };
}

/** Whether a lesson shows this figure, at its defaults. */
export function isAtDefaults({ id, settings }: Shown, figure: Figure): boolean {
  return id === figure.id && isDeepStrictEqual(settings, { ...figure.values() });
}
