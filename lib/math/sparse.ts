import { ParameterError } from './errors';
import { type Matrix, matrix } from './linear-algebra';
import { log } from './reproducible';
import type { Rng } from './rng';

/**
 * Compressed sparse rows. Networks use one convention: weights are (post × pre), so row i of W holds the inputs of neuron
 * i and `sparseMatvec(W, rates, out)` is the input of all neurons; spikes go the other way and want the rows of the
 * transpose, the targets of each neuron: `addRows(transposed(W), spikes, count, 1, out)`.
 *
 * The functions that a simulation calls in every step write into arrays that they are given and allocate nothing.
 */
export interface Pattern {
  readonly rows: number;
  readonly cols: number;
  /** length rows + 1: the entries of row i are number start[i] to start[i + 1] − 1 */
  readonly start: Int32Array;
  /** the column of each entry, not descending within a row; 16 bits where the columns allow it: half the memory to read */
  readonly index: Uint16Array | Uint32Array;
}

/** A pattern with a number at each entry. */
export interface Sparse extends Pattern {
  /** the value of each entry, in the order of `index` */
  readonly data: Float64Array;
}

/** Anything that holds numbers and can be written to. */
export type Vector = Float64Array | Float32Array;

/** The most entries: positions are 32-bit integers. */
const MOST = 2 ** 31 - 1;

/** How many entries a pattern has. */
export function entries(a: Pattern): number {
  return a.start[a.rows];
}

/**
 * Checks a pattern that came from elsewhere, so that no loop over it can leave its arrays.
 * @throws {ParameterError} unless `start` ascends from 0, the arrays are long enough and every column exists
 */
export function checkPattern(name: string, a: Pattern & Partial<Sparse>): void {
  const { rows, cols, start, index, data } = a;
  checkShape(rows, cols);
  let sound = start.length === rows + 1 && start[0] === 0;
  for (let i = 0; i < rows && sound; i++) sound = start[i] <= start[i + 1];
  if (!sound || index.length < start[rows] || (data && data.length < start[rows]))
    throw new ParameterError(`${name}: start, index and data don't describe ${rows} rows`);
  for (let e = 0; e < start[rows]; e++) if (index[e] >= cols) checkPlace('column', index[e], cols);
}

/**
 * A matrix from its entries in any order; values at the same place add up.
 * @param i row of each entry, 0 to rows − 1
 * @param j column of each entry, 0 to cols − 1
 * @param values as many as there are places
 * @throws {ParameterError} where lengths differ or a place lies outside
 */
export function fromTriplets(
  rows: number,
  cols: number,
  i: ArrayLike<number>,
  j: ArrayLike<number>,
  values: ArrayLike<number>,
): Sparse {
  checkShape(rows, cols);
  if (i.length !== j.length || i.length !== values.length)
    throw new ParameterError(`fromTriplets: ${i.length} rows, ${j.length} columns and ${values.length} values differ`);
  const start = new Int32Array(rows + 1);
  for (let e = 0; e < i.length; e++) {
    checkPlace('row', i[e], rows);
    checkPlace('column', j[e], cols);
    start[i[e] + 1]++;
  }
  accumulate(start);
  const index = indices(cols, i.length);
  const data = new Float64Array(i.length);
  const next = start.slice();
  for (let e = 0; e < i.length; e++) {
    const at = next[i[e]]++;
    index[at] = j[e];
    data[at] = values[e];
  }
  return summed(sorted({ rows, cols, start, index, data }));
}

/** The entries of a dense matrix that are not 0. */
export function fromDense(a: Matrix): Sparse {
  checkShape(a.rows, a.cols);
  const start = new Int32Array(a.rows + 1);
  for (let i = 0; i < a.rows; i++) for (let j = 0; j < a.cols; j++) if (a.data[i * a.cols + j] !== 0) start[i + 1]++;
  accumulate(start);
  const index = indices(a.cols, start[a.rows]);
  const data = new Float64Array(start[a.rows]);
  let e = 0;
  for (let at = 0; at < a.data.length; at++)
    if (a.data[at] !== 0) {
      index[e] = at % a.cols;
      data[e++] = a.data[at];
    }
  return { rows: a.rows, cols: a.cols, start, index, data };
}

/** The same matrix with all its zeros; repeated entries add up. */
export function toDense(a: Sparse): Matrix {
  const out = matrix(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++)
    for (let e = a.start[i]; e < a.start[i + 1]; e++) out.data[i * a.cols + a.index[e]] += a.data[e];
  return out;
}

/** A matrix of this pattern: one value for all entries, or a function of row and column, called in the order of storage. */
export function weighted(pattern: Pattern, value: number | ((row: number, column: number) => number)): Sparse {
  const { rows, cols, start, index } = pattern;
  const data = new Float64Array(entries(pattern));
  if (typeof value === 'number') data.fill(value);
  else for (let i = 0; i < rows; i++) for (let e = start[i]; e < start[i + 1]; e++) data[e] = value(i, index[e]);
  return { rows, cols, start, index, data };
}

/** The transpose, cols × rows. */
export function transposed(a: Sparse): Sparse;
export function transposed(a: Pattern): Pattern;
export function transposed(a: Pattern & Partial<Sparse>): Pattern & Partial<Sparse> {
  const count = entries(a);
  const start = new Int32Array(a.cols + 1);
  for (let e = 0; e < count; e++) start[a.index[e] + 1]++;
  accumulate(start);
  const index = indices(a.rows, count);
  const data = a.data && new Float64Array(count);
  const next = start.slice();
  for (let i = 0; i < a.rows; i++)
    for (let e = a.start[i]; e < a.start[i + 1]; e++) {
      const at = next[a.index[e]]++;
      index[at] = i;
      if (data) data[at] = a.data![e];
    }
  const shape = { rows: a.cols, cols: a.rows, start, index };
  return data ? { ...shape, data } : shape;
}

export interface NetworkOptions {
  /** whether a neuron may be its own input, for square patterns; default true */
  readonly loops?: boolean;
  /** whether the same input may be drawn again, as a second synapse; default false */
  readonly repeats?: boolean;
}

/**
 * A random pattern with the same number of entries in each row: every neuron has `degree` inputs.
 * @param degree 0 to cols, without a loop to cols − 1; any number with repeats
 * @throws {ParameterError} for a degree out of range
 */
export function fixedInDegree(
  rows: number,
  cols: number,
  degree: number,
  random: Rng,
  { loops = true, repeats = false }: NetworkOptions = {},
): Pattern {
  checkShape(rows, cols);
  checkLoops(rows, cols, loops);
  const choices = loops ? cols : cols - 1;
  const most = repeats ? (choices > 0 ? MOST : 0) : choices;
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= most))
    throw new ParameterError(`degree must be a whole number between 0 and ${most} (got ${degree})`);
  checkCount(rows * degree);
  const start = Int32Array.from({ length: rows + 1 }, (_, i) => i * degree);
  const index = indices(cols, rows * degree);
  const takenBy = new Int32Array(cols).fill(-1);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < degree; k++) {
      let j: number;
      if (repeats) j = random.integer(0, choices - 1);
      else {
        // Floyd's way to draw without repeats: one draw each, whatever the degree
        const last = choices - degree + k;
        j = random.integer(0, last);
        if (takenBy[j] === i) j = last;
        takenBy[j] = i;
      }
      index[i * degree + k] = !loops && j >= i ? j + 1 : j;
    }
  return sorted({ rows, cols, start, index });
}

/**
 * A random pattern in which each entry exists with probability p, independently of the others.
 * @throws {ParameterError} for a probability out of range
 */
export function randomPattern(
  rows: number,
  cols: number,
  p: number,
  random: Rng,
  { loops = true }: Pick<NetworkOptions, 'loops'> = {},
): Pattern {
  checkShape(rows, cols);
  checkLoops(rows, cols, loops);
  if (!(p >= 0 && p <= 1)) throw new ParameterError(`p must be between 0 and 1 (got ${p})`);
  const choices = loops ? cols : cols - 1;
  const start = new Int32Array(rows + 1);
  const found: number[] = [];
  // the gaps between entries are geometric: one draw for each entry, none for the places without one
  const logMiss = p > 0 && p < 1 ? log(1 - p) : 0;
  const gap = (): number => (p === 1 ? 0 : Math.floor(log(1 - random.uniform()) / logMiss));
  for (let i = 0; i < rows; i++) {
    if (p > 0) for (let j = gap(); j < choices; j += 1 + gap()) found.push(!loops && j >= i ? j + 1 : j);
    checkCount(found.length);
    start[i + 1] = found.length;
  }
  const index = indices(cols, found.length);
  index.set(found);
  return { rows, cols, start, index };
}

/**
 * out = a x.
 * @param x length cols
 * @param out length rows, overwritten; another array than x
 */
export function sparseMatvec(a: Sparse, x: Vector, out: Vector): void {
  if (x.length !== a.cols || out.length !== a.rows) throw mismatch('sparseMatvec', a, x.length, out.length);
  const { rows, start, index, data } = a;
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let e = start[i]; e < start[i + 1]; e++) sum += data[e] * x[index[e]];
    out[i] = sum;
  }
}

/**
 * out = a′ x.
 * @param x length rows
 * @param out length cols, overwritten; another array than x
 */
export function sparseMatvecTransposed(a: Sparse, x: Vector, out: Vector): void {
  if (x.length !== a.rows || out.length !== a.cols) throw mismatch('sparseMatvecTransposed', a, x.length, out.length);
  const { rows, start, index, data } = a;
  out.fill(0);
  for (let i = 0; i < rows; i++) {
    const factor = x[i];
    for (let e = start[i]; e < start[i + 1]; e++) out[index[e]] += data[e] * factor;
  }
}

/**
 * Adds the listed rows to out: what the spikes of these neurons bring to their targets. A pattern without values counts
 * 1 for each entry. A row listed twice is added twice.
 * @param a row = source, column = target
 * @param list numbers of rows; the first `count` are used
 * @param factor multiplies all values
 * @param out length cols
 * @throws {ParameterError} for a row that does not exist
 */
export function addRows(
  a: Pattern & Partial<Sparse>,
  list: Int32Array,
  count: number,
  factor: number,
  out: Vector,
): void {
  if (out.length !== a.cols) throw mismatch('addRows', a, count, out.length);
  const { start, index, data } = a;
  for (let s = 0; s < count; s++) {
    const i = list[s];
    if (!(i >= 0 && i < a.rows)) checkPlace('row', i, a.rows);
    const end = start[i + 1];
    if (data) for (let e = start[i]; e < end; e++) out[index[e]] += factor * data[e];
    else for (let e = start[i]; e < end; e++) out[index[e]] += factor;
  }
}

/** Columns into ascending order within each row, in a time proportional to the number of entries: transposed twice. */
function sorted<T extends Pattern>(a: T): T {
  return transposed(transposed(a)) as T;
}

/** Entries at the same place, which are neighbours, into one. */
function summed(a: Sparse): Sparse {
  const { rows, cols, index, data } = a;
  const start = new Int32Array(rows + 1);
  let to = 0;
  for (let i = 0; i < rows; i++) {
    for (let e = a.start[i]; e < a.start[i + 1]; e++) {
      if (to > start[i] && index[to - 1] === index[e]) data[to - 1] += data[e];
      else {
        index[to] = index[e];
        data[to++] = data[e];
      }
    }
    start[i + 1] = to;
  }
  return { rows, cols, start, index: index.slice(0, to), data: data.slice(0, to) };
}

/** Room for the columns of n entries. */
function indices(cols: number, n: number): Uint16Array | Uint32Array {
  return cols <= 2 ** 16 ? new Uint16Array(n) : new Uint32Array(n);
}

/** Counts, shifted by one, into positions. */
function accumulate(start: Int32Array): void {
  for (let i = 1; i < start.length; i++) start[i] += start[i - 1];
}

function checkShape(rows: number, cols: number): void {
  for (const [name, n] of [
    ['rows', rows],
    ['cols', cols],
  ] as const)
    if (!(Number.isInteger(n) && n >= 0 && n < MOST))
      throw new ParameterError(`${name} must be a whole number between 0 and ${MOST - 1} (got ${n})`);
}

function checkPlace(what: 'row' | 'column', value: number, end: number): void {
  if (!(Number.isInteger(value) && value >= 0 && value < end))
    throw new ParameterError(
      end === 0
        ? `there is no ${what} ${value}: the matrix has none`
        : `${what} must be a whole number between 0 and ${end - 1} (got ${value})`,
    );
}

function checkLoops(rows: number, cols: number, loops: boolean): void {
  if (!loops && rows !== cols)
    throw new ParameterError(`loops exist in square patterns only; this one is ${rows} x ${cols}`);
}

function checkCount(n: number): void {
  if (n > MOST) throw new ParameterError(`a sparse matrix holds at most ${MOST} entries (this one would have ${n})`);
}

function mismatch(name: string, a: Pattern, x: number, out: number): ParameterError {
  return new ParameterError(`${name}: ${a.rows} x ${a.cols} does not fit ${x} numbers in and ${out} out`);
}
