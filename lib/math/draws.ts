import kernel, { type Exports } from '../wasm/draws.wasm';
import { arrayBytes, type Instance, instantiate } from '../wasm/instantiate';
import type { CountTable } from './count-table';

/**
 * Random numbers in bulk, by WebAssembly: what lib/math/rng.ts fills large arrays with. The numbers are those of its single
 * calls, bit for bit. They are made in chunks that stay in the processor's cache, and copied from there.
 */

/** Numbers in a chunk: even, since uniform and exponential numbers are made in pairs. */
const CHUNK = 4096;
const TABLE = 128;

interface Room {
  readonly call: Exports;
  readonly state: Int32Array;
  readonly doubles: Float64Array;
  readonly counts: Int32Array;
  readonly below: Uint32Array;
  readonly thresholds: Float64Array;
  readonly guide: Uint8Array;
}

let made: Room | undefined;

/** One room for all generators of a thread: between calls it holds nothing that counts. */
function room(): Room {
  if (made) return made;
  const k: Instance<Exports> = instantiate(kernel, {
    bytes: arrayBytes(16, 8 * CHUNK, 4 * CHUNK, 4 * CHUNK, 8 * TABLE, 1024),
  });
  made = {
    call: k.call,
    state: k.int32(4),
    doubles: k.float64(CHUNK),
    counts: k.int32(CHUNK),
    below: k.uint32(CHUNK),
    thresholds: k.float64(TABLE),
    guide: k.uint8(1024),
  };
  return made;
}

/** What can be filled: anything that takes numbers from a typed array. */
interface Target {
  readonly length: number;
  set(from: ArrayLike<number>, at: number): void;
}

type Chunk = Float64Array | Int32Array | Uint32Array;
/** Calls the kernel: addresses of the state and of a chunk, how many numbers. */
type Fill = (call: Exports, state: number, chunk: number, n: number) => void;

function inChunks<C extends Chunk>(
  state: Int32Array,
  length: number,
  chunk: C,
  fill: Fill,
  use: (numbers: C, from: number) => void,
): void {
  const { call, state: inside } = room();
  inside.set(state);
  for (let from = 0; from < length; from += CHUNK) {
    const n = Math.min(CHUNK, length - from);
    fill(call, inside.byteOffset, chunk.byteOffset, n);
    use(n === CHUNK ? chunk : (chunk.subarray(0, n) as C), from);
  }
  state.set(inside);
}

const into = (state: Int32Array, out: Target, length: number, chunk: Chunk, fill: Fill): void =>
  inChunks(state, length, chunk, fill, (numbers, from) => out.set(numbers, from));

export function fillUniform(state: Int32Array, out: Target, low: number, width: number): void {
  into(state, out, out.length, room().doubles, (call, s, to, n) => call.uniform(s, to, n, low, width));
}

export function fillNormal(state: Int32Array, out: Target, mean: number, sd: number): void {
  into(state, out, out.length, room().doubles, (call, s, to, n) => call.normal(s, to, n, mean, sd));
}

export function fillExponential(state: Int32Array, out: Target, mean: number): void {
  into(state, out, out.length, room().doubles, (call, s, to, n) => call.exponential(s, to, n, mean));
}

/** @param mirror where it is not negative, the counts are taken from it: `mirror` - k */
export function fillFromTable(state: Int32Array, out: Target, table: CountTable, mirror = -1): void {
  const { counts, thresholds, guide } = room();
  thresholds.set(table.thresholds);
  guide.set(table.guide);
  into(state, out, out.length, counts, (call, s, to, n) =>
    call.counts(s, to, n, thresholds.byteOffset, guide.byteOffset, table.classes, mirror),
  );
}

/** For means of 10 and more. */
export function fillPoisson(state: Int32Array, out: Target, mean: number, logMean: number): void {
  into(state, out, out.length, room().counts, (call, s, to, n) => call.poisson(s, to, n, mean, logMean));
}

/** For means of 10 and more, and p up to 1/2. `mirror` as for a table. */
export function fillBinomial(
  state: Int32Array,
  out: Target,
  trials: number,
  p: number,
  logOdds: number,
  mirror: number,
): void {
  into(state, out, out.length, room().counts, (call, s, to, n) => call.binomial(s, to, n, trials, p, logOdds, mirror));
}

/** Whole numbers below n, below n - 1, … below 2, in chunks: what a shuffle draws. */
export function eachFalling(state: Int32Array, n: number, use: (numbers: Uint32Array, from: number) => void): void {
  let top = n;
  const fill: Fill = (call, s, to, count) => {
    call.falling(s, to, count, top);
    top -= count;
  };
  inChunks(state, n - 1, room().below, fill, use);
}
