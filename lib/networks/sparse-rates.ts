import { team, teams } from '#pool';
import { ParameterError } from '../math/errors';
import { createRun, type Run } from '../math/run';
import type { Sparse } from '../math/sparse';
import { blocked, blockedMatvec } from '../math/sparse-blocked';
import type { Team } from '../parallel/crew';
import { type Call, type Calls, MOST_PIECES, type Piece, piecesOf } from '../parallel/team';
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
   * Many steps, with progress; for large networks on all cores, with the same numbers.
   * @param seen called after each step
   * @throws {DivergenceError} if a rate has left the finite numbers; an Error if one of the threads was lost in a step
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
  const { r, input: inside, step, together } = stepper(weights, response, share);
  r.set(start);
  inside.set(input);
  let done = 0;
  return {
    r,
    input: inside,
    get steps() {
      return done;
    },
    step() {
      step();
      done++;
    },
    async run(steps, run = createRun(), seen) {
      checkSteps(steps);
      run.signal.throwIfAborted();
      const threads = steps * weights.start[n] >= LONG ? together?.() : undefined;
      try {
        for (let s = 1; s <= steps; s++) {
          if (threads) await threads.step(run.signal);
          else step();
          done++;
          seen?.(r, done);
          if (s % LOOK === 0 || s === steps) {
            checkFinite(r, done);
            await run.progress(s / steps, 'simulating');
          }
        }
      } finally {
        threads?.leave();
      }
    },
  };
}

/** Steps between two looks at the state and the clock: a few milliseconds of work for millions of connections. */
const LOOK = 5;
/** Connections from which on threads can share the work of a step. */
const LARGE = 1e6;
/** Connections times steps from which on it pays to call helpers: some tenths of a second. */
const LONG = 2e8;
/** Connections of a piece of work: a tenth of a millisecond. */
const PIECE = 1.5e5;
/** Units of a piece of work that takes the response. */
const UNITS = 4096;

interface Stepper {
  readonly r: Float32Array;
  readonly input: Float32Array;
  step(): void;
  /** The same step, done by several threads. */
  together?(): Team | undefined;
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
  const shared = weights.start[n] >= LARGE && teams();
  const { call, memory, module, float32, int32, uint16 } = instantiate(kernel, {
    bytes: arrayBytes(...sizes, 4 * n, 4 * n, 4 * n),
    shared,
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
  const name = response.kind === 'tanh' ? 'relaxTanh' : 'relaxLogistic';
  const constants = response.kind === 'tanh' ? [response.gain] : [response.most, response.slope, response.centre];
  /** What is to be done for the units from `from` to `to - 1`: first the fields of all, then the rates. */
  const multiply = (from: number, to: number): Piece =>
    addresses.map(
      ([start, offset, weight, x], b): Call => [
        'multiply',
        start + 4 * from,
        offset,
        weight,
        x,
        field.byteOffset + 4 * from,
        to - from,
        b === 0 ? 0 : 1,
      ],
    );
  const relax = (from: number, to: number): Piece => {
    const at = [r, field, input].map((array) => array.byteOffset + 4 * from);
    return [[name, ...at, to - from, share, ...constants]];
  };
  const calls = call as unknown as Calls;
  const step = piecesOf([[[...multiply(0, n), ...relax(0, n)]]], calls)[0][0];
  return {
    r,
    input,
    step,
    ...(shared && {
      together() {
        const perPiece = Math.ceil((n * PIECE) / weights.start[n]);
        const phases = [
          ranges(n, perPiece).map((range) => multiply(...range)),
          ranges(n, UNITS).map((range) => relax(...range)),
        ];
        return team({ module, memory, phases }, calls);
      },
    }),
  };
}

/** Units in whole vectors of four, about `size` at a time: from, to. */
function ranges(n: number, size: number): (readonly [number, number])[] {
  const width = 4 * Math.ceil(Math.max(size, n / MOST_PIECES) / 4);
  return Array.from({ length: Math.ceil(n / width) }, (_, i) => [i * width, Math.min(n, (i + 1) * width)] as const);
}
