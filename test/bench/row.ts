// What a row of the bench is: one model, the Python that a reader would otherwise have used, and the numbers that both must agree on.
// To add a row write rows/<name>.ts (`export const row = defineRow({ ... })`) and peers/<name>.py, and take its line out of waiting.ts.

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array | Int8Array;

/** Arrays that both sides start from, flat and row-major; the peer reads each from a .npy file of that name. */
export type Inputs = Readonly<Record<string, TypedArray>>;

/** A side that is ready: `work` is timed and repeated, `numbers` reads what to check off its result, untimed. */
export interface Prepared<Result = unknown> {
  work(): Result | Promise<Result>;
  /** as many numbers as the row has checks, in their order */
  numbers(result: Result): readonly number[];
}

/** Puts a side's two halves together. */
export function prepared<Result>(
  work: () => Result | Promise<Result>,
  numbers: (result: Result) => readonly number[],
): Prepared {
  return { work, numbers: (result) => numbers(result as Result) };
}

export interface Row {
  /** the file's name without its ending */
  readonly name: string;
  /** what is computed, in one line */
  readonly words: string;
  readonly size: Size;
  readonly checks: readonly Check[];
  readonly peers: readonly Peer[];
  /** the Python file under peers/, without its ending; otherwise the row's name. Rows that differ in one flag share one. */
  readonly peerFile?: string;
  /** Where our ratio comes from an algorithm that the peer could use too: said beside every ratio. */
  readonly note?: string;
  /** Makes what both sides start from, the same at every call. Runs in our side's process, before any time is taken. */
  readonly inputs?: (size: number) => Inputs;
  /**
   * Our side, written as a reader of a notebook would: prepares what stays from run to run (arrays, connections, workers), then gives
   * `prepared(work, numbers)`. Runs in a Node process of its own.
   */
  readonly ours: (size: number, inputs: Inputs) => Prepared | Promise<Prepared>;
}

export interface Size {
  /** what the number counts, e.g. `currents` */
  readonly name: string;
  /** the size at which the two sides are compared */
  readonly value: number;
  /** at least four increasing sizes at which ours alone is timed: how the cost grows */
  readonly growth: readonly number[];
}

/** A number that both sides compute. */
export interface Check {
  readonly name: string;
  /**
   * How far apart the two may be: `exact`, or the largest difference, `absolute` or `relative` to the larger of the two. For a Monte Carlo
   * number it is some standard errors of the difference.
   */
  readonly within: 'exact' | { readonly absolute: number } | { readonly relative: number };
  /** where that tolerance comes from */
  readonly why: string;
}

/**
 * `typical`: what a reader writes first; `best`: the fastest that a good one arrives at; `both` where that is the same; `other`: shown, but
 * not counted in the means over rows.
 */
export type Role = 'typical' | 'best' | 'both' | 'other';

export interface Peer {
  /** what `--peer` calls it, e.g. `numba` */
  readonly name: string;
  /** the function in the peer file, otherwise the name with each character that is no letter or digit as _ */
  readonly call?: string;
  readonly role: Role;
  /** peer seconds / our seconds that we want to reach */
  readonly target: number;
  /** the Python environment it runs in, otherwise the one with numpy, scipy, scikit-learn and numba */
  readonly needs?: 'brian2' | 'torch';
  /** programs beside Python that it needs, e.g. `g++` */
  readonly programs?: readonly string[];
  /** the work is long and compiles nothing: no repetition before time is taken */
  readonly cold?: boolean;
  /** at most this many rounds, where one takes many seconds */
  readonly rounds?: number;
  /** It does a part of the work and multiplies: said beside its time, and its numbers are not compared. */
  readonly extrapolates?: string;
  /** It is no Python, but our own side with the compiled loops switched off. */
  readonly ownTwin?: true;
}

/** A peer for rows that run compiled loops: the readable TypeScript of each instead. Its ratio says whether they pay. */
export const twin: Peer = { name: 'plain TypeScript', role: 'other', target: 1, ownTwin: true };

/** Checks a row and hands it on. @throws Error naming what is wrong */
export function defineRow(row: Row): Row {
  const wrong = (what: string): never => {
    throw new Error(`bench row ${row.name}: ${what}`);
  };
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(row.name)) wrong('the name must be words of a-z and 0-9 joined by -');
  const { growth } = row.size;
  if (growth.length < 4) wrong(`growth needs at least 4 sizes (got ${growth.length})`);
  if (growth.some((size, i) => !(size > (growth[i - 1] ?? 0))))
    wrong('the sizes of growth must be positive and increase');
  if (!(row.size.value > 0)) wrong('the size must be positive');
  if (row.checks.length === 0) wrong('both sides must compute a number that can be compared');
  if (row.peers.length === 0) wrong('there is no peer');
  for (const { name, target } of row.peers) if (!(target > 0)) wrong(`the target of ${name} must be positive`);
  if (new Set(row.peers.map(({ name }) => name)).size < row.peers.length) wrong('two peers have the same name');
  return row;
}

/** The function that a peer's file defines for it. */
export function callOf(peer: Peer): string {
  return peer.call ?? peer.name.replaceAll(/[^A-Za-z0-9]+/g, '_');
}
