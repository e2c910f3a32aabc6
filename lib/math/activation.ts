import kernel, { type Exports } from '../wasm/activation.wasm';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import { ParameterError } from './errors';

/**
 * Exponential and hyperbolic tangent of whole arrays: by WebAssembly two to ten times faster than `Math.exp` and `Math.tanh` number
 * by number, with a relative error below 1e-15 in double and 3e-7 in single precision.
 */

type Floats = Float64Array | Float32Array;

/** Numbers in a chunk: what stays in the processor's cache. */
const CHUNK = 4096;

interface Room {
  readonly call: Exports;
  readonly doubles: Float64Array;
  readonly doubleBias: Float64Array;
  readonly singles: Float32Array;
  readonly singleBias: Float32Array;
}
let made: Room | undefined;

function room(): Room {
  if (made) return made;
  const bytes = arrayBytes(8 * CHUNK, 8 * CHUNK, 4 * CHUNK, 4 * CHUNK);
  const { call, float64, float32 } = instantiate(kernel, { bytes });
  made = {
    call,
    doubles: float64(CHUNK),
    doubleBias: float64(CHUNK),
    singles: float32(CHUNK),
    singleBias: float32(CHUNK),
  };
  return made;
}

/** Takes the numbers through the kernel's memory. */
function inChunks(x: Floats, chunk: Floats, apply: (address: number, n: number) => void): void {
  for (let from = 0; from < x.length; from += CHUNK) {
    const part = x.subarray(from, from + CHUNK);
    chunk.set(part);
    apply(chunk.byteOffset, part.length);
    part.set(part.length === CHUNK ? chunk : chunk.subarray(0, part.length));
  }
}

const isDouble = (x: Floats): x is Float64Array => x.BYTES_PER_ELEMENT === 8;

/** Whether so many numbers are worth the call of a kernel. */
const inBulk = (n: number): boolean => n >= 16 && wasmRuns();

/** Replaces each x by e^x. Returns the array. */
export function expInPlace<T extends Floats>(x: T): T {
  if (inBulk(x.length)) {
    const { call, doubles, singles } = room();
    if (isDouble(x)) inChunks(x, doubles, (at, n) => call.exp64(at, n));
    else inChunks(x, singles, (at, n) => call.exp32(at, n));
  } else for (let i = 0; i < x.length; i++) x[i] = Math.exp(x[i]);
  return x;
}

/**
 * Replaces each x by tanh(x), or a layer's input currents by its activities tanh(x + b). Returns the array.
 * @param x any numbers; with a bias, rows × columns (one row for each example)
 * @param bias one number for each column, of the type of x
 * @throws ParameterError if x is not made of rows as long as the bias
 */
export function tanhInPlace<T extends Floats>(x: T, bias?: T): T {
  if (bias && (bias.length === 0 ? x.length > 0 : x.length % bias.length !== 0)) {
    throw new ParameterError(
      `x must hold rows of ${bias.length} numbers, as many as bias has (got ${x.length} in all)`,
    );
  }
  if (!inBulk(x.length)) {
    const columns = bias?.length ?? 1;
    for (let i = 0; i < x.length; i++) x[i] = Math.tanh(bias ? x[i] + bias[i % columns] : x[i]);
    return x;
  }
  const { call, doubles, doubleBias, singles, singleBias } = room();
  if (!bias) {
    if (isDouble(x)) inChunks(x, doubles, (at, n) => call.tanh64(at, n));
    else inChunks(x, singles, (at, n) => call.tanh32(at, n));
  } else if (isDouble(x)) ofSums(x, bias, doubles, doubleBias, call.tanhOfSum64);
  else ofSums(x, bias, singles, singleBias, call.tanhOfSum32);
  return x;
}

/** As many whole rows at a time as fit; a row that doesn't fit goes in parts. */
function ofSums(x: Floats, bias: Floats, chunk: Floats, chunkBias: Floats, apply: Exports['tanhOfSum64']): void {
  const columns = bias.length;
  const width = Math.min(columns, CHUNK);
  const height = Math.floor(CHUNK / width);
  for (let left = 0; left < columns; left += width) {
    const across = Math.min(width, columns - left);
    chunkBias.set(bias.subarray(left, left + across));
    for (let row = 0, rows = x.length / columns; row < rows; row += height) {
      const down = Math.min(height, rows - row);
      const from = row * columns + left;
      const part = x.subarray(from, from + across * down);
      chunk.set(part);
      apply(chunk.byteOffset, chunkBias.byteOffset, down, across);
      part.set(chunk.subarray(0, part.length));
    }
  }
}
