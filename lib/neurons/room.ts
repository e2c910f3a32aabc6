import { addRows, type Pattern, type Sparse } from '../math/sparse';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import kernelOf from '../wasm/spiking.wasm';
import { addPoisson, type PoissonTable } from './poisson-drive';

type Kernel = ReturnType<typeof instantiate<NonNullable<(typeof kernelOf)['exports']>>>['call'];

/**
 * Where a network keeps its arrays, and who does its inner loops: TypeScript on ordinary arrays, or a compiled kernel on
 * arrays in the memory that it works on. Both compute the same numbers, bit for bit.
 */
export interface Room {
  float64(n: number): Float64Array;
  int32(n: number): Int32Array;
  uint32(n: number): Uint32Array;
  uint16(n: number): Uint16Array;
  /** the compiled loops, which take the addresses of this room's arrays */
  readonly kernel?: Kernel;
}

/** Ordinary arrays. */
export const heap: Room = {
  float64: (n) => new Float64Array(n),
  int32: (n) => new Int32Array(n),
  uint32: (n) => new Uint32Array(n),
  uint16: (n) => new Uint16Array(n),
};

/** The largest memory asked for, so that a machine or a page with little of it falls back on ordinary arrays early. */
const LARGEST = 2 ** 31;

/**
 * A kernel's memory with room for arrays of these numbers of bytes, or ordinary arrays where kernels don't run or the
 * memory is not to be had.
 */
export function roomFor(sizes: readonly number[]): Room {
  const bytes = arrayBytes(...sizes);
  if (!wasmRuns() || bytes > LARGEST) return heap;
  try {
    const { call, float64, int32, uint32, uint16 } = instantiate(kernelOf, { bytes });
    return { kernel: call, float64, int32, uint32, uint16 };
  } catch (error) {
    if (error instanceof RangeError) return heap;
    throw error;
  }
}

/** Bytes of a pattern's or a matrix's arrays. */
export const patternBytes = ({ start, index, data }: Pattern & Partial<Sparse>): number[] => [
  start.byteLength,
  index.byteLength,
  data?.byteLength ?? 0,
];

/** What spikes bring to their targets: `addRows` of a matrix that was moved into a room. */
export function deliveryIn(
  room: Room,
  a: Pattern & Partial<Sparse>,
): (list: Int32Array, count: number, factor: number, out: Float64Array) => void {
  const { kernel } = room;
  if (!kernel) return (list, count, factor, out) => addRows(a, list, count, factor, out);
  const narrow = a.index instanceof Uint16Array;
  const copy = <T extends Int32Array | Uint16Array | Uint32Array | Float64Array>(to: T, from: T): T => {
    to.set(from);
    return to;
  };
  const { byteOffset: start } = copy(room.int32(a.start.length), a.start);
  const { byteOffset: index } = copy((narrow ? room.uint16 : room.uint32)(a.index.length), a.index);
  const data = a.data ? copy(room.float64(a.data.length), a.data).byteOffset : 0;
  const add = narrow ? kernel.addRows16 : kernel.addRows32;
  return (list, count, factor, out) => add(list.byteOffset, count, start, index, data, factor, out.byteOffset);
}

/** `addPoisson` with its table and state moved into a room. */
export function drivingIn(
  room: Room,
  table: PoissonTable,
  state: Int32Array,
): (weight: number, out: Float64Array) => void {
  const { kernel } = room;
  if (!kernel) return (weight, out) => addPoisson(table, state, weight, out);
  const cells = room.uint32(table.cells.length);
  cells.set(table.cells);
  const words = room.int32(state.length);
  words.set(state);
  return (weight, out) =>
    kernel.addPoisson(words.byteOffset, cells.byteOffset, table.bits, weight, out.byteOffset, out.length);
}
