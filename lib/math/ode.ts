import { DivergenceError, ParameterError } from './errors';
import type { Rng } from './rng';

/**
 * The right-hand side of y' = f(t, y): writes f(t, y) into `dydt` (all entries) and leaves `y` alone.
 * @param t time
 * @param y state, length d
 * @param dydt output, length d
 */
export type Derivative = (t: number, y: Float64Array, dydt: Float64Array) => void;

/** Room for the intermediate results of a step, made once per simulation with `workspace`. */
export interface Workspace {
  readonly slope: Float64Array;
  readonly trial: Float64Array;
  readonly sum: Float64Array;
}

/** The workspace of a system of d variables. */
export function workspace(dimension: number): Workspace {
  return {
    slope: new Float64Array(dimension),
    trial: new Float64Array(dimension),
    sum: new Float64Array(dimension),
  };
}

/** Advances `y` in place from t to t + dt. Allocates nothing. */
export type Step = (f: Derivative, y: Float64Array, t: number, dt: number, work: Workspace) => void;

/** Euler's method, order 1. */
export const euler: Step = (f, y, t, dt, work) => {
  const k = work.slope;
  f(t, y, k);
  for (let i = 0; i < y.length; i++) y[i] += dt * k[i];
};

/** The midpoint method, order 2. */
export const midpoint: Step = (f, y, t, dt, work) => {
  const k = work.slope;
  const trial = work.trial;
  f(t, y, k);
  for (let i = 0; i < y.length; i++) trial[i] = y[i] + (dt / 2) * k[i];
  f(t + dt / 2, trial, k);
  for (let i = 0; i < y.length; i++) y[i] += dt * k[i];
};

/** The classical Runge–Kutta method, order 4. */
export const rk4: Step = (f, y, t, dt, work) => {
  const k = work.slope;
  const trial = work.trial;
  const sum = work.sum;
  const n = y.length;
  f(t, y, k);
  for (let i = 0; i < n; i++) {
    sum[i] = k[i];
    trial[i] = y[i] + (dt / 2) * k[i];
  }
  f(t + dt / 2, trial, k);
  for (let i = 0; i < n; i++) {
    sum[i] += 2 * k[i];
    trial[i] = y[i] + (dt / 2) * k[i];
  }
  f(t + dt / 2, trial, k);
  for (let i = 0; i < n; i++) {
    sum[i] += 2 * k[i];
    trial[i] = y[i] + dt * k[i];
  }
  f(t + dt, trial, k);
  for (let i = 0; i < n; i++) y[i] += (dt / 6) * (sum[i] + k[i]);
};

/** A recorded solution. */
export interface Trajectory {
  /** Number of variables, d. */
  readonly dimension: number;
  /** Recorded times, length n. */
  readonly t: Float64Array;
  /** Recorded states, n x d: the state at t[i] is y[i * d] to y[i * d + d - 1]. */
  readonly y: Float64Array;
}

/** One variable of a trajectory over its recorded times, length n. */
export function component(trajectory: Trajectory, index: number): Float64Array {
  const { dimension, t, y } = trajectory;
  return Float64Array.from(t, (_, i) => y[i * dimension + index]);
}

export interface FixedStepOptions {
  /** Start time, default 0. */
  from?: number;
  /** End time. */
  to: number;
  /** Step size. The number of steps is (to - from) / dt rounded; the step is adjusted so that the last one ends at `to`. */
  dt: number;
  /** Record every so many steps, default 1. The start and the end are always recorded. */
  every?: number;
  /** Default `rk4`. */
  step?: Step;
  /** Names of the variables, for the error message. */
  names?: readonly string[];
  /** Unit of time, for the error message, e.g. `ms`. */
  unit?: string;
}

/**
 * Solves y' = f(t, y) with a fixed step and records it.
 * @param y0 initial state, length d; not changed
 * @throws DivergenceError when a recorded state is not finite
 * @throws ParameterError for a step or span that is not positive and finite
 */
export function integrate(f: Derivative, y0: ArrayLike<number>, options: FixedStepOptions): Trajectory {
  const { step = rk4 } = options;
  const work = workspace(y0.length);
  return record(y0, options, (y, t, dt) => step(f, y, t, dt, work));
}

/**
 * One Euler–Maruyama step of dy = f(t, y) dt + g(t, y) dW with independent noise in each variable (Itô), in place:
 * y += f dt + g sqrt(dt) xi with xi standard normal. Strong order 1/2, 1 where g is constant.
 * @param g writes the noise amplitude of each variable (unit of y per square root of time) into its last argument
 */
export function eulerMaruyama(
  f: Derivative,
  g: Derivative,
  y: Float64Array,
  t: number,
  dt: number,
  noise: Rng,
  work: Workspace,
): void {
  const { slope, sum: amplitude } = work;
  const root = Math.sqrt(dt);
  f(t, y, slope);
  g(t, y, amplitude);
  for (let i = 0; i < y.length; i++) y[i] += dt * slope[i] + root * amplitude[i] * noise.normal();
}

/**
 * Solves dy = f(t, y) dt + g(t, y) dW (Itô, independent noise in each variable) by Euler–Maruyama and records it.
 * @param noise the stream that the noise comes from
 * @throws DivergenceError when a recorded state is not finite
 */
export function integrateNoisy(
  f: Derivative,
  g: Derivative,
  y0: ArrayLike<number>,
  noise: Rng,
  options: Omit<FixedStepOptions, 'step'>,
): Trajectory {
  const work = workspace(y0.length);
  return record(y0, options, (y, t, dt) => eulerMaruyama(f, g, y, t, dt, noise, work));
}

function record(
  y0: ArrayLike<number>,
  options: FixedStepOptions,
  advance: (y: Float64Array, t: number, dt: number) => void,
): Trajectory {
  const { from = 0, to, every = 1 } = options;
  checkSpan(from, to);
  if (!(options.dt > 0 && options.dt < Infinity)) {
    throw new ParameterError(`dt must be positive and finite (got ${options.dt})`);
  }
  if (!Number.isInteger(every) || every < 1) {
    throw new ParameterError(`every must be a whole number, at least 1 (got ${every})`);
  }
  const steps = Math.max(1, Math.round((to - from) / options.dt));
  const dt = (to - from) / steps;
  const d = y0.length;
  const rows = 1 + Math.ceil(steps / every);
  const t = new Float64Array(rows);
  const y = new Float64Array(rows * d);
  const state = Float64Array.from(y0);
  let row = 0;
  const save = (time: number) => {
    checkFinite(state, time, options);
    t[row] = time;
    y.set(state, row * d);
    row++;
  };
  save(from);
  for (let i = 1; i <= steps; i++) {
    advance(state, from + (i - 1) * dt, dt); // times as products: no rounding accumulates
    if (i === steps) save(to);
    else if (i % every === 0) save(from + i * dt);
  }
  return { dimension: d, t, y };
}

export interface AdaptiveOptions {
  /** Start time, default 0. */
  from?: number;
  /** End time. */
  to: number;
  /** Times to record, increasing, within [from, to]. By default every accepted step is recorded. */
  at?: ArrayLike<number>;
  /** Error allowed per step, relative to the state. Default 1e-6. */
  relative?: number;
  /** Error allowed per step where the state is near 0, in the state's unit. Default 1e-9. */
  absolute?: number;
  /** Longest step, default to - from. Needed where the right-hand side has short events, such as pulses, that a long step would miss. */
  maxStep?: number;
  /** Names of the variables, for the error message. */
  names?: readonly string[];
  /** Unit of time, for the error message, e.g. `ms`. */
  unit?: string;
}

const stages = 7;
/** Nodes, matrix and weights of Dormand and Prince (1980); `error` is the fifth-order minus the fourth-order weights. */
const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const matrix = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const error = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
/** Weights of the fourth-order continuous extension (Hairer, Nørsett and Wanner 1993, section II.6). */
const dense = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/**
 * Solves y' = f(t, y) with steps that keep the error per step within the tolerances: the method of Dormand and Prince,
 * order 5 with an error estimate of order 4. Values between steps come from its continuous extension, order 4.
 * @param y0 initial state, length d; not changed
 * @throws DivergenceError when the state leaves the finite numbers or the step shrinks to nothing
 * @throws ParameterError for spans, tolerances or times out of range
 */
export function integrateAdaptive(f: Derivative, y0: ArrayLike<number>, options: AdaptiveOptions): Trajectory {
  const { from = 0, to, at, relative = 1e-6, absolute = 1e-9 } = options;
  checkSpan(from, to);
  const { maxStep = to - from } = options;
  if (!(relative >= 1e-13 && relative < 1)) {
    throw new ParameterError(`relative must be between 1e-13 and 1 (got ${relative})`);
  }
  if (!(absolute >= 0 && absolute < Infinity)) {
    throw new ParameterError(`absolute must be at least 0 and finite (got ${absolute})`);
  }
  if (!(maxStep > 0)) throw new ParameterError(`maxStep must be positive (got ${maxStep})`);
  if (at) checkTimes(at, from, to);

  const d = y0.length;
  const y = Float64Array.from(y0);
  const next = new Float64Array(d);
  const trial = new Float64Array(d);
  const k = Array.from({ length: stages }, () => new Float64Array(d));
  const times: number[] = [];
  const states: Float64Array[] = [];
  const save = (time: number, state: Float64Array) => {
    times.push(time);
    states.push(state);
  };

  checkFinite(y, from, options);
  let wanted = 0;
  if (!at) save(from, y.slice());
  else for (; wanted < at.length && at[wanted] <= from; wanted++) save(at[wanted], y.slice());

  let t = from;
  f(t, y, k[0]);
  checkFinite(k[0], t, options, 'the slope of ');
  let h = Math.min(maxStep, firstStep(f, t, y, k[0], trial, k[1], relative, absolute), to - from);
  let rejected = false;
  while (t < to) {
    const last = t + h * 1.0000001 >= to; // no sliver of a step at the end
    if (last) h = to - t;
    for (let s = 1; s < stages; s++) {
      const row = matrix[s];
      const target = s === stages - 1 ? next : trial;
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = 0; j < s; j++) sum += row[j] * k[j][i];
        target[i] = y[i] + h * sum;
      }
      f(t + nodes[s] * h, target, k[s]);
    }
    const size = errorSize(k, y, next, h, relative, absolute);
    if (size <= 1) {
      const end = last ? to : t + h;
      if (!at) save(end, next.slice());
      else {
        for (; wanted < at.length && at[wanted] <= end; wanted++) {
          save(at[wanted], at[wanted] === end ? next.slice() : between(k, y, next, h, (at[wanted] - t) / h));
        }
      }
      y.set(next);
      t = end;
      const spare = k[0];
      k[0] = k[stages - 1]; // the last stage is the next step's first
      k[stages - 1] = spare;
    } else if (h <= 1e-14 * Math.max(Math.abs(t), to - from)) {
      throw new DivergenceError(
        worst(next, options.names),
        timeName(t, options.unit),
        'the solution is singular there, or the system is too stiff for an explicit method',
      );
    }
    // the usual controller: aim at 90 % of the tolerance, change by at most 5 times, don't grow right after a rejection
    const factor = Number.isFinite(size) ? 0.9 * Math.max(size, 1e-10) ** -0.2 : 0.2;
    h = Math.min(maxStep, h * Math.min(size > 1 || rejected ? 1 : 5, Math.max(0.2, factor)));
    rejected = !(size <= 1);
  }
  const out = new Float64Array(states.length * d);
  for (let i = 0; i < states.length; i++) out.set(states[i], i * d);
  return { dimension: d, t: Float64Array.from(times), y: out };
}

/** The root mean square over variables of estimated error / allowed error. */
function errorSize(
  k: readonly Float64Array[],
  y: Float64Array,
  next: Float64Array,
  h: number,
  relative: number,
  absolute: number,
): number {
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    let e = 0;
    for (let j = 0; j < stages; j++) e += error[j] * k[j][i];
    const allowed = absolute + relative * Math.max(Math.abs(y[i]), Math.abs(next[i]));
    if (e !== 0) total += ((h * e) / allowed) ** 2;
    if (!Number.isFinite(next[i])) return Infinity;
  }
  return Number.isNaN(total) ? Infinity : Math.sqrt(total / Math.max(1, y.length));
}

/** The state at share x of the step. */
function between(k: readonly Float64Array[], y: Float64Array, next: Float64Array, h: number, x: number): Float64Array {
  return Float64Array.from(y, (start, i) => {
    const change = next[i] - start;
    const bend = h * k[0][i] - change;
    let fifth = 0;
    for (let j = 0; j < stages; j++) fifth += dense[j] * k[j][i];
    const rest = change - h * k[stages - 1][i] - bend;
    return start + x * (change + (1 - x) * (bend + x * (rest + (1 - x) * h * fifth)));
  });
}

/** A first step from the sizes of the state, its slope and its curvature (Hairer, Nørsett and Wanner 1993, section II.4). */
function firstStep(
  f: Derivative,
  t: number,
  y: Float64Array,
  slope: Float64Array,
  trial: Float64Array,
  slope1: Float64Array,
  relative: number,
  absolute: number,
): number {
  const rms = (value: (i: number) => number) => {
    let sum = 0;
    for (let i = 0; i < y.length; i++) {
      const x = value(i);
      if (x !== 0) sum += (x / (absolute + relative * Math.abs(y[i]))) ** 2;
    }
    return Math.sqrt(sum / Math.max(1, y.length));
  };
  const d0 = rms((i) => y[i]);
  const d1 = rms((i) => slope[i]);
  const h0 = d0 < 1e-5 || d1 < 1e-5 || !Number.isFinite(d1) ? 1e-6 : (0.01 * d0) / d1;
  for (let i = 0; i < y.length; i++) trial[i] = y[i] + h0 * slope[i];
  f(t + h0, trial, slope1);
  const d2 = rms((i) => slope1[i] - slope[i]) / h0;
  const largest = Math.max(d1, d2);
  const h1 = largest <= 1e-15 ? Math.max(1e-6, h0 * 1e-3) : (0.01 / largest) ** 0.2;
  return Number.isFinite(h1) && h1 > 0 ? Math.min(100 * h0, h1) : h0;
}

function checkSpan(from: number, to: number): void {
  if (!(Number.isFinite(from) && Number.isFinite(to) && to > from)) {
    throw new ParameterError(`to must be finite and later than from (got from ${from} to ${to})`);
  }
}

function checkTimes(at: ArrayLike<number>, from: number, to: number): void {
  for (let i = 0; i < at.length; i++) {
    if (!(at[i] >= from && at[i] <= to && (i === 0 || at[i] > at[i - 1]))) {
      throw new ParameterError(`at must increase within ${from} to ${to} (got ${at[i]} at position ${i})`);
    }
  }
}

function checkFinite(
  state: Float64Array,
  time: number,
  { names, unit }: { names?: readonly string[]; unit?: string },
  what = '',
): void {
  for (let i = 0; i < state.length; i++) {
    if (!Number.isFinite(state[i])) {
      throw new DivergenceError(
        what + (names?.[i] ?? `variable ${i}`),
        timeName(time, unit),
        'the equations are unstable, or the time step is too long',
      );
    }
  }
}

function worst(state: Float64Array, names?: readonly string[]): string {
  const bad = state.findIndex((x) => !Number.isFinite(x));
  let i = bad;
  if (bad < 0) {
    i = 0;
    for (let j = 1; j < state.length; j++) if (Math.abs(state[j]) > Math.abs(state[i])) i = j;
  }
  return names?.[i] ?? `variable ${i}`;
}

function timeName(t: number, unit?: string): string {
  return unit ? `t = ${t} ${unit}` : `t = ${t}`;
}
