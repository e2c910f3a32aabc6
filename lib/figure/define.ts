import { ParameterError } from '../math/errors';
import { createRun, type Run } from '../math/run';
import type { ReferenceKey } from '../references';
import { type JudgedLandmark, judge, type Landmark } from './landmark';
import { parseValues, type Schema, type Value, type Values } from './parameters';
import type { Cell, Drawing, Row, Spec } from './spec';
import { describeFigure, evaluationText } from './text';
import { complete } from './theme';

/** The lectures, by the names that figures use for them. */
export type Lecture =
  | 'plasticity-as-optimization'
  | 'learning-in-real-networks'
  | 'fundamental-bounds'
  | 'associative-memory'
  | 'deep-learning-theory';

/** Where a figure comes from. */
export interface Source {
  readonly lecture: Lecture;
  /** the slide or section, in words */
  readonly where: string;
  readonly paper?: ReferenceKey;
}

/** What an author writes. `D` is whatever the model returns. */
export interface Definition<S extends Schema, D> {
  /** stable: command line, tests, pages and addresses use it, e.g. `oja/convergence` */
  readonly id: string;
  readonly title: string;
  readonly source: Source;
  readonly params: S;
  /** named settings, e.g. `paper` for the sizes of the original; each holds the values that differ from the defaults */
  readonly presets?: Readonly<Record<string, Partial<Values<S>>>>;
  /**
   * settings that make a figure cheap whose defaults take more than a second or two: at these the tests try both ends
   * of every other parameter's range, and the lower end of the ranges of the parameters named here
   */
  readonly quick?: Partial<Values<S>>;
  /**
   * which settings within the ranges are still refused, or diverge, in a sentence that the figure's help repeats;
   * without it every combination of allowed values must work
   */
  readonly limits?: string;
  /** runs the model; pure; long work calls `await run.progress(…)` */
  readonly compute: (p: Values<S>, run: Run) => D | Promise<D>;
  /** tidy rows, one a mark, at most 5,000 */
  readonly table: (d: D, p: Values<S>) => readonly Row[];
  /** a Vega-Lite view over the rows of `table` */
  readonly draw: (d: D, p: Values<S>) => Drawing;
  /** the numbers that a correct reproduction must show; each only where it holds for these parameters */
  readonly landmarks: (d: D, p: Values<S>) => readonly Landmark[];
}

/** One computed figure: all that is shown, printed, exported or tested. */
export interface Evaluation {
  readonly id: string;
  readonly title: string;
  readonly params: Readonly<Record<string, Value>>;
  readonly landmarks: readonly JudgedLandmark[];
  readonly rows: readonly Row[];
  readonly spec: Spec;
}

/** Values to change, and a preset to start from. */
export type Settings<S extends Schema> = Partial<Values<S>> & { readonly preset?: string };

/** A figure: its declaration and how to compute it. */
export interface Figure<S extends Schema = Schema> {
  readonly id: string;
  readonly title: string;
  readonly source: Source;
  readonly params: S;
  readonly presets: Readonly<Record<string, Partial<Values<S>>>>;
  readonly quick?: Partial<Values<S>>;
  readonly limits?: string;
  /**
   * The full set of values: defaults, then the preset, then what is given.
   * @throws {ParameterError} naming the parameter and what is allowed
   */
  values(settings?: Readonly<Record<string, unknown>>): Values<S>;
  /**
   * Computes the figure.
   * @throws {ParameterError} on settings that are not allowed, {DivergenceError} if the simulation leaves the finite
   * numbers, and the reason of the run's signal once that is aborted
   */
  evaluate(settings?: Settings<S>, run?: Run): Promise<Evaluation>;
}

/** `topic/plot`, as it stands on command lines and in addresses. */
const ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
/** What notebooks ask of a value that displays itself. */
const DISPLAY: unique symbol = Symbol.for('Jupyter.display');
const FIGURE: unique symbol = Symbol.for('lecture-lab.figure');
/** Most marks a figure may have: beyond it notebooks can't be saved and browsers are slow. */
export const MOST_MARKS = 5000;

/**
 * Makes a figure from its declaration.
 * @throws {ParameterError} if the declaration contradicts itself: a malformed id, a preset with a value out of range
 */
export function defineFigure<const S extends Schema, D>(definition: Definition<S, D>): Figure<S> {
  const { id, title, source, params, presets = {}, quick, limits } = definition;
  if (!ID.test(id)) throw new ParameterError(`a figure's id is two lower-case names with a slash (got ${id})`);
  if (Object.hasOwn(params, 'preset')) throw new ParameterError(`${id}: no parameter can be called preset`);
  for (const [name, preset] of Object.entries(presets)) parseValues(`${id}: preset ${name}`, params, preset);
  parseValues(`${id}: quick`, params, quick ?? {});
  const values = (settings: Readonly<Record<string, unknown>> = {}): Values<S> => {
    const { preset, ...given } = settings;
    if (preset !== undefined && !Object.hasOwn(presets, String(preset)))
      throw new ParameterError(
        `${id}: preset must be one of ${Object.keys(presets).join(', ') || '(this figure has none)'} (got ${JSON.stringify(preset)})`,
      );
    return parseValues(id, params, { ...(preset === undefined ? {} : presets[String(preset)]), ...given });
  };
  const figure: Figure<S> & { [symbol: symbol]: unknown } = {
    [FIGURE]: true,
    id,
    title,
    source,
    params,
    presets,
    quick,
    limits,
    values,
    // a figure that is the last value of a cell says what can be set
    [DISPLAY]: () => ({ 'text/plain': describeFigure(figure) }),
    async evaluate(settings: Settings<S> = {}, run: Run = createRun()): Promise<Evaluation> {
      const p = values(settings);
      run.signal.throwIfAborted();
      const data = await definition.compute(p, run);
      run.signal.throwIfAborted();
      const rows = definition.table(data, p);
      checkRows(id, rows);
      const evaluation = {
        id,
        title,
        params: p as Readonly<Record<string, Value>>,
        landmarks: definition.landmarks(data, p).map(judge),
        rows,
        spec: complete(title, definition.draw(data, p), rows),
      };
      // words instead of thousands of rows
      return Object.defineProperty(evaluation, DISPLAY, {
        value: () => ({ 'text/plain': evaluationText(evaluation) }),
      });
    },
  };
  return figure;
}

/** Whether a value is a figure made by `defineFigure`, of this or another copy of the library. */
export function isFigure(value: unknown): value is Figure {
  return typeof value === 'object' && value !== null && FIGURE in value;
}

function checkRows(id: string, rows: readonly Row[]): void {
  if (rows.length === 0) throw new Error(`${id}: the table is empty`);
  if (rows.length > MOST_MARKS)
    throw new Error(`${id}: ${rows.length} rows, more than ${MOST_MARKS}: aggregate them in the figure's table`);
  for (const [i, row] of rows.entries())
    for (const [column, cell] of Object.entries(row) as [string, Cell][])
      if (typeof cell === 'number' && !Number.isFinite(cell))
        throw new Error(`${id}: ${column} in row ${i} is ${cell}`);
}
