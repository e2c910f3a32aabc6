/**
 * Threads that go through a simulation together, step by step, on one shared memory. A step has phases; a phase has pieces
 * of work that don't depend on each other. Each thread takes the next piece that nobody has taken, and the next phase
 * opens when all pieces are done. So results don't depend on who did what, nobody waits for a thread that was kept from
 * running, and helpers can come and go.
 */

/** A function of a compiled kernel, and its arguments. */
export type Call = readonly [name: string, ...args: number[]];
/** Calls that one thread makes, in their order. */
export type Piece = readonly Call[];
/** A kernel's functions by name. */
export type Calls = Readonly<Record<string, (...args: number[]) => unknown>>;

/** What every thread of a team needs. */
export interface Plan {
  /** the compiled kernel, for threads to make an instance of */
  readonly module: object;
  /** the shared memory */
  readonly memory: object;
  /** of a step; at most `MOST_PIECES` pieces each */
  readonly phases: readonly (readonly Piece[])[];
}

/** Where in the shared numbers stands what, on cache lines of their own: the open phase with its next piece; pieces done. */
export const OPEN = 0;
export const DONE = 16;
export const LENGTH = 32;

/** `OPEN` is this many times the number of the phase, plus the next piece. */
const SPAN = 1024;
export const MOST_PIECES = SPAN - 1;
/** In place of the open phase: none is open yet; the team is dissolved. */
export const NOT_YET = SPAN - 1;
export const DISSOLVED = -1;

/** Looks at a number before its thread sleeps: some 30 μs, about what it takes to wake up. */
const LOOKS = 5000;

/** The pieces of each phase as functions. */
export function piecesOf(phases: Plan['phases'], call: Calls): readonly (readonly (() => void)[])[] {
  return phases.map((pieces) =>
    pieces.map((calls) => {
      const bound = calls.map(([name, ...args]) => [call[name]!, args] as const);
      return () => {
        for (const [run, args] of bound) run(...args);
      };
    }),
  );
}

/** Opens a phase. @param count phases opened before */
export function open(control: Int32Array, count: number): void {
  Atomics.store(control, DONE, 0);
  Atomics.store(control, OPEN, count * SPAN);
  Atomics.notify(control, OPEN);
}

/** Number of phases after which the count starts anew: a whole number of steps. */
export const turnOver = (phases: number): number => phases * Math.floor(2 ** 20 / phases);

/** Does pieces of a phase until all are taken or another phase is open. */
export function work(control: Int32Array, pieces: readonly (() => void)[], count: number): void {
  for (;;) {
    const at = Atomics.load(control, OPEN);
    const piece = at - count * SPAN;
    if (piece < 0 || piece >= pieces.length) return;
    if (Atomics.compareExchange(control, OPEN, at, at + 1) !== at) continue;
    pieces[piece]!();
    if (Atomics.add(control, DONE, 1) + 1 === pieces.length) Atomics.notify(control, DONE);
  }
}

/** What a helper does until the team is dissolved. */
export function follow(control: Int32Array, phases: readonly (readonly (() => void)[])[]): void {
  for (;;) {
    const at = Atomics.load(control, OPEN);
    if (at === DISSOLVED) return;
    const count = Math.floor(at / SPAN);
    const pieces = phases[count % phases.length]!;
    if (at % SPAN < pieces.length) work(control, pieces, count);
    else waitWhile(control, OPEN, at);
  }
}

/**
 * Waits while a number stays as it is: awake first, then asleep.
 * @param most longest sleep, in ms
 */
export function waitWhile(control: Int32Array, index: number, value: number, most = Number.POSITIVE_INFINITY): void {
  for (let i = 0; i < LOOKS; i++) if (Atomics.load(control, index) !== value) return;
  Atomics.wait(control, index, value, most);
}
