import { DivergenceError, ParameterError } from '../math/errors';
import { type Matrix, matvec } from '../math/linear-algebra';
import { type Derivative, rk4, workspace } from '../math/ode';
import { createRun, type Run } from '../math/run';
import { type Sparse, sparseMatvec } from '../math/sparse';

/**
 * A network of rates (or of potentials: the notes write V):
 *
 *     τ dr_i/dt = −r_i + φ(Σ_j W_ij r_j + inside_i) + outside_i
 */
export interface RateEquation {
  /** (post × pre), n × n, dense or sparse */
  readonly weights: Matrix | Sparse;
  /** the response of a unit to its input */
  readonly phi: (input: number) => number;
  /** time constant; default 1 */
  readonly tau?: number;
  /** input that the response acts on, length n; may be changed between steps; default 0 */
  readonly inside?: Float64Array;
  /** input that it does not act on, length n; may be changed between steps; default 0 */
  readonly outside?: Float64Array;
}

/**
 * How a step is made. `exponential` lets r decay exactly while φ is held, so that a constant φ is followed exactly at any
 * dt; order 1 like `euler`. `rk4` is the classical Runge–Kutta method, order 4.
 */
export type RateMethod = 'euler' | 'exponential' | 'rk4';

export interface Rates {
  /** length n; may be set between steps */
  readonly r: Float64Array;
  /** steps done so far */
  readonly steps: number;
  /** One step; allocates nothing. */
  step(): void;
  /**
   * Many steps, with progress.
   * @param seen called after each step
   * @throws {DivergenceError} if a rate has left the finite numbers
   */
  run(steps: number, run?: Run, seen?: (r: Float64Array, step: number) => void): Promise<void>;
}

/** Right-hand side of the equation, for `integrate` and its kin; also its fixed points are where this is 0. */
export function rateDerivative(equation: RateEquation): Derivative {
  const { phi, tau = 1 } = equation;
  const field = fieldOf(equation);
  const n = equation.weights.rows;
  return (_t, r, slope) => {
    const { inside, outside } = equation;
    field(r, slope);
    for (let i = 0; i < n; i++)
      slope[i] = (phi(slope[i] + (inside ? inside[i] : 0)) + (outside ? outside[i] : 0) - r[i]) / tau;
  };
}

/**
 * A network at a starting point.
 * @param start length n; not changed
 * @throws {ParameterError} for shapes that don't fit or a step that is not positive
 */
export function createRates(
  equation: RateEquation,
  {
    dt,
    start,
    method = 'exponential',
  }: { readonly dt: number; readonly start: ArrayLike<number>; readonly method?: RateMethod },
): Rates {
  const { tau = 1 } = equation;
  const n = equation.weights.rows;
  checkTime('dt', dt);
  checkTime('tau', tau);
  checkLength('start', start, n);
  const slope = rateDerivative(equation);
  const r = Float64Array.from(start);
  const work = workspace(n);
  const share = method === 'exponential' ? -Math.expm1(-dt / tau) : dt / tau;
  let done = 0;
  const step = (): void => {
    if (method === 'rk4') rk4(slope, r, 0, dt, work);
    else {
      slope(0, r, work.slope);
      for (let i = 0; i < n; i++) r[i] += share * tau * work.slope[i];
    }
    done++;
  };
  return {
    r,
    get steps() {
      return done;
    },
    step,
    async run(steps, run = createRun(), seen) {
      checkSteps(steps);
      for (let s = 1; s <= steps; s++) {
        step();
        seen?.(r, done);
        if (s % LOOK === 0 || s === steps) {
          checkFinite(r, done);
          await run.progress(s / steps, 'simulating');
        }
      }
    },
  };
}

/** Steps between two looks at the state and the clock. */
const LOOK = 10;

/** out = W r, whatever W is. */
function fieldOf({ weights, inside, outside }: RateEquation): (r: Float64Array, out: Float64Array) => void {
  const n = weights.rows;
  if (weights.cols !== n) throw new ParameterError(`weights must be square (got ${n} x ${weights.cols})`);
  for (const [name, input] of [
    ['inside', inside],
    ['outside', outside],
  ] as const)
    if (input) checkLength(name, input, n);
  return 'start' in weights
    ? (r, out) => sparseMatvec(weights, r, out)
    : (r, out) => {
        matvec(weights, r, { out });
      };
}

/** @throws {ParameterError} unless positive and finite */
export function checkTime(name: string, value: number): void {
  if (!(value > 0 && value < Infinity)) throw new ParameterError(`${name} must be positive (got ${value})`);
}

/** @throws {ParameterError} unless there is one number for each unit */
export function checkLength(name: string, { length }: ArrayLike<number>, n: number): void {
  if (length !== n) throw new ParameterError(`${name} must be one number for each of the ${n} units (got ${length})`);
}

/** @throws {ParameterError} unless a whole number from 0 on */
export function checkSteps(steps: number): void {
  if (!(Number.isInteger(steps) && steps >= 0))
    throw new ParameterError(`steps must be a whole number, at least 0 (got ${steps})`);
}

/** @throws {DivergenceError} naming the first unit whose rate is no finite number */
export function checkFinite(r: Float64Array | Float32Array, step: number): void {
  const unit = r.findIndex((x) => !Number.isFinite(x));
  if (unit >= 0)
    throw new DivergenceError(
      `the rate of unit ${unit}`,
      `step ${step}`,
      'the weights make the network unstable and the response does not saturate, or the time step is too long',
    );
}
