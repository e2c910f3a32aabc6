import kernel from '../wasm/dense.wasm';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';

/** Arrays for layers of tanh units, and what such a layer does to its numbers, in place. */
export interface Units {
  /** Arrays of zeros, in the order in which they were asked for. */
  readonly arrays: readonly Float32Array[];
  /** x ← φ(x) = tanh x for the first n. @param x one of the arrays */
  tanh(x: Float32Array, n: number): void;
  /** δ ← φ′ ⊙ δ for the first n, with φ′ = 1 − x² where x = tanh h. @param delta one of the arrays; so is x */
  timesSlope(delta: Float32Array, x: Float32Array, n: number): void;
}

/** Arrays of these lengths: in the memory of a compiled kernel where that runs, else in ordinary memory. */
export function makeUnits(lengths: readonly number[]): Units {
  return wasmRuns() ? compiled(lengths) : plain(lengths);
}

function compiled(lengths: readonly number[]): Units {
  const { call, float32 } = instantiate(kernel, { bytes: arrayBytes(...lengths.map((n) => 4 * n)) });
  return {
    arrays: lengths.map(float32),
    tanh: (x, n) => call.tanhAll(x.byteOffset, n),
    timesSlope: (delta, x, n) => call.timesSlope(delta.byteOffset, x.byteOffset, n),
  };
}

/** The readable form. */
function plain(lengths: readonly number[]): Units {
  return {
    arrays: lengths.map((n) => new Float32Array(n)),
    tanh(x, n) {
      for (let i = 0; i < n; i++) x[i] = Math.tanh(x[i]);
    },
    timesSlope(delta, x, n) {
      for (let i = 0; i < n; i++) delta[i] *= 1 - x[i] * x[i];
    },
  };
}
