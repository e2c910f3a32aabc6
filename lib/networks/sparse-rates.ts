import { ParameterError } from '../math/errors';
import { createRun, type Run } from '../math/run';
import type { Sparse } from '../math/sparse';
import { blocked, blockedMatvec } from '../math/sparse-blocked';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import kernel from '../wasm/sparse-rates.wasm';
import { checkFinite, checkLength, checkSteps, checkTime } from './rates';

/** Responses that the compiled loop knows. */
export type Response =
  /** most / (1 + exp(−slope (h − centre))) */
  | { readonly kind: 'logistic'; readonly most: number; readonly slope: number; readonly centre: number }
  /** tanh(gain h) */
  | { readonly kind: 'tanh'; readonly gain: number };

/** τ dr/dt = −r + φ(W r + input), for many units with few inputs each. */
export interface SparseRateEquation {
  /** (post × pre), n × n */
  readonly weights: Sparse;
  readonly response: Response;
  /** default 1 */
  readonly tau?: number;
  /** length n; default 0 */
  readonly input?: ArrayLike<number>;
}

export interface SparseRates {
  /** length n; may be set between steps */
  readonly r: Float32Array;
  /** length n; may be set between steps */
  readonly input: Float32Array;
  readonly steps: number;
  step(): void;
  /**
   * Many steps, with progress.
   * @param seen called after each step
   * @throws {DivergenceError} if a rate has left the finite numbers
   */
  run(steps: number, run?: Run, seen?: (r: Float32Array, step: number) => void): Promise<void>;
}

/**
 * A large sparse network in single precision: rates to about 1e-6 of the largest, several times faster than in double
 * (`createRates`, which takes any response and is as fast for networks of up to a thousand units).
 * @param method `euler`: r += dt/τ (φ − r); `exponential`: r decays exactly while φ is held
 * @throws {ParameterError} for shapes that don't fit or times that are not positive
 */
export function createSparseRates(
  { weights, response, tau = 1, input = new Float32Array(weights.rows) }: SparseRateEquation,
  {
    dt,
    start,
    method = 'exponential',
  }: { readonly dt: number; readonly start: ArrayLike<number>; readonly method?: 'euler' | 'exponential' },
): SparseRates {
  const n = weights.rows;
  if (weights.cols !== n) throw new ParameterError(`weights must be square (got ${n} x ${weights.cols})`);
  checkTime('dt', dt);
  checkTime('tau', tau);
  checkLength('start', start, n);
  checkLength('input', input, n);
  const share = method === 'exponential' ? -Math.expm1(-dt / tau) : dt / tau;
  const { r, input: inside, step } = stepper(weights, response, share);
  r.set(start);
  inside.set(input);
  let done = 0;
  const one = (): void => {
    step();
    done++;
  };
  return {
    r,
    input: inside,
    get steps() {
      return done;
    },
    step: one,
    async run(steps, run = createRun(), seen) {
      checkSteps(steps);
      for (let s = 1; s <= steps; s++) {
        one();
        seen?.(r, done);
        if (s % LOOK === 0 || s === steps) {
          checkFinite(r, done);
          await run.progress(s / steps, 'simulating');
        }
      }
    },
  };
}

/** Steps between two looks at the state and the clock: a few milliseconds of work for millions of connections. */
const LOOK = 5;

interface Stepper {
  readonly r: Float32Array;
  readonly input: Float32Array;
  step(): void;
}

/** The compiled loop where it runs and its memory is to be had. */
function stepper(weights: Sparse, response: Response, share: number): Stepper {
  if (!wasmRuns()) return plain(weights, response, share);
  try {
    return compiled(weights, response, share);
  } catch (error) {
    if (error instanceof RangeError) return plain(weights, response, share);
    throw error;
  }
}

function plain(weights: Sparse, response: Response, share: number): Stepper {
  const n = weights.rows;
  const matrix = blocked(weights);
  const [r, input, field] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
  const phi = responseOf(response);
  return {
    r,
    input,
    step() {
      blockedMatvec(matrix, r, field);
      for (let i = 0; i < n; i++) r[i] += share * (phi(field[i] + input[i]) - r[i]);
    },
  };
}

/** The response as a function. */
export function responseOf(response: Response): (h: number) => number {
  if (response.kind === 'tanh') return (h) => Math.tanh(response.gain * h);
  const { most, slope, centre } = response;
  return (h) => most / (1 + Math.exp(-slope * (h - centre)));
}

function compiled(weights: Sparse, response: Response, share: number): Stepper {
  const n = weights.rows;
  const { width, blocks } = blocked(weights);
  const sizes = blocks.flatMap(({ start, offset, weight }) => [start.byteLength, offset.byteLength, weight.byteLength]);
  const { call, float32, int32, uint16 } = instantiate(kernel, {
    bytes: arrayBytes(...sizes, 4 * n, 4 * n, 4 * n),
  });
  const [r, input, field] = [float32(n), float32(n), float32(n)];
  const addresses = blocks.map((block, b) => {
    const start = int32(block.start.length);
    const offset = uint16(block.offset.length);
    const weight = float32(block.weight.length);
    start.set(block.start);
    offset.set(block.offset);
    weight.set(block.weight);
    return [start.byteOffset, offset.byteOffset, weight.byteOffset, r.byteOffset + 4 * b * width] as const;
  });
  const [atR, atField, atInput] = [r.byteOffset, field.byteOffset, input.byteOffset];
  const relax =
    response.kind === 'tanh'
      ? () => call.relaxTanh(atR, atField, atInput, n, share, response.gain)
      : () => call.relaxLogistic(atR, atField, atInput, n, share, response.most, response.slope, response.centre);
  return {
    r,
    input,
    step() {
      for (let b = 0; b < addresses.length; b++) {
        const [start, offset, weight, x] = addresses[b];
        call.multiply(start, offset, weight, x, atField, n, b === 0 ? 0 : 1);
      }
      relax();
    },
  };
}
