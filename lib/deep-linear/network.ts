/**
 * Learning in a network with one hidden layer, ŷ = W32 φ(W21 x): gradient descent on full weight matrices.
 *
 * It knows the training set and the update rules of the slides, and nothing of modes: their strengths are only read off
 * the map that has been learned. The theory is in `dynamics.ts`.
 */
import { tanhInPlace } from '../math/activation';
import { DivergenceError, ParameterError } from '../math/errors';
import { column, dot, type Matrix, matrix, multiply, norm, scale } from '../math/linear-algebra';
import { type Rng, rng } from '../math/rng';
import { createRun, type Run } from '../math/run';
import { createTask, orthonormalColumns, type Task } from './task';

/** The weights of a network with one hidden layer. */
export interface Network {
  /** hidden × inputs */
  readonly w21: Matrix;
  /** outputs × hidden */
  readonly w32: Matrix;
}

/** Mode strengths and error over time. Theory and simulations return this same shape. */
export interface ModeCurves {
  /** T times, in the unit of τ */
  readonly time: Float64Array;
  /** for each mode, its strength uᵀ E[ŷ xᵀ] v at the T times, in the unit of s */
  readonly strengths: readonly Float64Array[];
  /** training error ½ E|y − ŷ|² at the T times */
  readonly error: Float64Array;
}

/** What the simulation of a network with a hidden layer returns besides. */
export interface TrainedModes extends ModeCurves {
  /** |D(t) − D(0)| at the T times, with D = W21 W21ᵀ − W32ᵀ W32 and the Frobenius norm: 0 for gradient flow */
  readonly drift: Float64Array;
  /** the weights at the last time */
  readonly network: Network;
}

/** The task and how long to learn it. */
export interface Training {
  /** singular values of Σ31, each 0 or more */
  readonly singularValues: readonly number[];
  /** strength of each mode at the start, > 0 */
  readonly a0: number;
  /** time constant τ: a step of gradient descent with rate λ takes the time λτ */
  readonly tau: number;
  /** learning rate λ: change of a weight per unit of its gradient */
  readonly rate: number;
  /** time to learn, in the unit of τ; rounded to whole steps */
  readonly duration: number;
  /** correlation of each pair of inputs, 0 <= c < 1, by default 0, that is Σ11 = I */
  readonly correlation?: number;
  /** seed of the task and of the start, by default 1 */
  readonly seed?: number;
  /** how many times to record after t = 0, by default 200 */
  readonly samples?: number;
}

/** How the network starts and what its hidden neurons do. */
export interface DeepTraining extends Training {
  /**
   * `aligned` (default): both layers along the singular vectors, a0 shared evenly, as the theory assumes;
   * `random`: independent normal weights, of the same expected square per mode and layer;
   * `pretrained`: first layer orthonormal, as an autoencoder of white inputs leaves it, second layer 0 (a0 is not used)
   */
  readonly start?: 'aligned' | 'random' | 'pretrained';
  /** weights to start from instead, for instance those of an earlier run; they are copied */
  readonly from?: Network;
  /** φ, by default `linear` */
  readonly activation?: Activation;
  /** number of hidden neurons, by default two a mode */
  readonly hidden?: number;
}

export type Activation = 'linear' | 'tanh';

/**
 * Trains a network with a hidden layer. The linear network descends on the correlations, the tanh network on the items.
 * @throws {ParameterError} if an option is out of range, {DivergenceError} if the learning rate is too large
 */
export async function simulateModes(training: DeepTraining, run: Run = createRun()): Promise<TrainedModes> {
  const { activation = 'linear', rate } = training;
  const random = rng(training.seed ?? 1);
  const task = createTask(training.singularValues, training.correlation ?? 0, random.stream('task'));
  const network = startingNetwork(training, task, random.stream('start'));
  const step =
    activation === 'linear' ? correlationStep(task, network, rate) : itemStep(task, network, rate, activation);
  const before = imbalance(network);
  const drift: number[] = [];
  const curves = await record(task, training, run, step, () => {
    drift.push(distance(imbalance(network), before));
    return multiply(network.w32, hiddenActivity(network, task.x, activation));
  });
  return { ...curves, drift: Float64Array.from(drift), network };
}

/**
 * Trains a network without hidden layer, ŷ = W x, from W = a0 U Vᵀ: ΔW = λ(Σ31 − W Σ11).
 * @throws {ParameterError} if an option is out of range, {DivergenceError} if the learning rate is too large
 */
export async function simulateShallow(training: Training, run: Run = createRun()): Promise<ModeCurves> {
  const task = createTask(training.singularValues, training.correlation ?? 0, rng(training.seed ?? 1).stream('task'));
  const w = scale(multiply(task.u, task.v, { transposeB: true }), training.a0);
  const answer = { out: matrix(w.rows, w.cols) };
  const step = (): void => {
    multiply(w, task.sigma11, answer);
    for (let i = 0; i < w.data.length; i++) w.data[i] += training.rate * (task.sigma31.data[i] - answer.out.data[i]);
  };
  return record(task, training, run, step, () => multiply(w, task.x));
}

/** The two weights of the smallest deep network over time. */
export interface Path {
  /** T times, in the unit of τ */
  readonly time: Float64Array;
  /** T first weights */
  readonly w21: Float64Array;
  /** T second weights */
  readonly w32: Float64Array;
}

/**
 * Trains the smallest deep network, one neuron a layer, ŷ = w32 w21 x with E[x²] = 1 and E[yx] = s.
 * @param start the two weights at t = 0
 * @throws {DivergenceError} if the learning rate is too large
 */
export function simulatePath(
  training: { readonly s: number; readonly tau: number; readonly rate: number; readonly duration: number },
  start: readonly [w21: number, w32: number],
  samples: number = 200,
): Path {
  const { s, tau, rate, duration } = training;
  const steps = Math.round(duration / (rate * tau));
  const last = Math.min(samples, steps);
  const path = { time: new Float64Array(last + 1), w21: new Float64Array(last + 1), w32: new Float64Array(last + 1) };
  let [first, second] = start;
  for (let i = 0, done = 0; i <= last; i++) {
    for (const until = last && Math.round((i * steps) / last); done < until; done++) {
      const delta = s - second * first;
      [first, second] = [first + rate * second * delta, second + rate * delta * first];
    }
    if (!Number.isFinite(first * second))
      throw new DivergenceError('w21', `step ${done}`, `the learning rate ${rate} is too large for s = ${s}`);
    path.time[i] = done * rate * tau;
    path.w21[i] = first;
    path.w32[i] = second;
  }
  return path;
}

/**
 * Gradient descent on the correlations, both layers at once: ΔW21 = λ W32ᵀ(Σ31 − W32 W21 Σ11),
 * ΔW32 = λ(Σ31 − W32 W21 Σ11) W21ᵀ.
 * @returns a function that makes one step, in place
 */
export function correlationStep(task: Task, network: Network, rate: number): () => void {
  const { sigma11, sigma31 } = task;
  const { w21, w32 } = network;
  const map = { out: matrix(w32.rows, w21.cols) };
  const gap = { out: matrix(w32.rows, w21.cols) };
  const d21 = { out: matrix(w21.rows, w21.cols), transposeA: true };
  const d32 = { out: matrix(w32.rows, w32.cols), transposeB: true };
  return () => {
    multiply(w32, w21, map);
    multiply(map.out, sigma11, gap);
    subtractFrom(sigma31, gap.out);
    multiply(w32, gap.out, d21);
    multiply(gap.out, w21, d32);
    move(w21, d21.out, rate);
    move(w32, d32.out, rate);
  };
}

/**
 * Backpropagation averaged over the items, both layers at once: ΔW32 = λ E[(y − ŷ) hᵀ],
 * ΔW21 = λ E[(φ′ ∘ W32ᵀ(y − ŷ)) xᵀ].
 * @returns a function that makes one step, in place
 */
export function itemStep(task: Task, network: Network, rate: number, activation: Activation): () => void {
  const { x, y } = task;
  const { w21, w32 } = network;
  const h = { out: matrix(w21.rows, x.cols) };
  const delta = { out: matrix(y.rows, x.cols) };
  const back = { out: matrix(w21.rows, x.cols), transposeA: true };
  const d21 = { out: matrix(w21.rows, w21.cols), transposeB: true };
  const d32 = { out: matrix(w32.rows, w32.cols), transposeB: true };
  return () => {
    multiply(w21, x, h);
    if (activation === 'tanh') tanhInPlace(h.out.data);
    multiply(w32, h.out, delta);
    subtractFrom(y, delta.out);
    multiply(w32, delta.out, back);
    if (activation === 'tanh') for (let i = 0; i < h.out.data.length; i++) back.out.data[i] *= 1 - h.out.data[i] ** 2;
    multiply(back.out, x, d21);
    multiply(delta.out, h.out, d32);
    move(w21, d21.out, rate / x.cols);
    move(w32, d32.out, rate / x.cols);
  };
}

/** φ(W21 x), hidden × items. */
function hiddenActivity(network: Network, x: Matrix, activation: Activation): Matrix {
  const h = multiply(network.w21, x);
  if (activation === 'tanh') tanhInPlace(h.data);
  return h;
}

/** D = W21 W21ᵀ − W32ᵀ W32, hidden × hidden: what gradient flow leaves as it was. */
export function imbalance(network: Network): Matrix {
  const d = multiply(network.w32, network.w32, { transposeA: true });
  subtractFrom(multiply(network.w21, network.w21, { transposeB: true }), d);
  return d;
}

/** The weights that a run starts from. */
function startingNetwork(training: DeepTraining, task: Task, random: Rng): Network {
  const { a0, start = 'aligned', from } = training;
  const { u, v } = task;
  const modes = u.cols;
  const hidden = from?.w21.rows ?? training.hidden ?? 2 * modes;
  check(Number.isInteger(hidden) && hidden > 0, 'hidden', 'a whole number, 1 or more', hidden);
  check(a0 > 0 && a0 < Infinity, 'a0', 'positive', a0);
  if (from) return { w21: scale(from.w21, 1), w32: scale(from.w32, 1) };
  if (start === 'random') {
    const size = Math.sqrt(a0 / hidden);
    const normal = (name: string, rows: number, cols: number): Matrix =>
      matrix(rows, cols, random.stream(name).fillNormal(new Float64Array(rows * cols), 0, size));
    return { w21: normal('W21', hidden, v.rows), w32: normal('W32', u.rows, hidden) };
  }
  check(hidden >= modes, 'hidden', `at least the number of modes, ${modes},`, hidden);
  const r = orthonormalColumns(hidden, modes, random.stream('hidden vectors'));
  if (start === 'pretrained') return { w21: r, w32: matrix(u.rows, hidden) };
  const share = scale(r, Math.sqrt(a0));
  return { w21: multiply(share, v, { transposeB: true }), w32: multiply(u, share, { transposeB: true }) };
}

/** Steps and observes in turn, and reads strengths and error off the responses (outputs × items). */
async function record(
  task: Task,
  training: Training,
  run: Run,
  step: () => void,
  respond: () => Matrix,
): Promise<ModeCurves> {
  const { tau, rate, duration, samples = 200 } = training;
  check(tau > 0 && tau < Infinity, 'tau', 'positive', tau);
  check(rate > 0 && rate < Infinity, 'rate', 'positive', rate);
  check(duration >= 0 && duration < Infinity, 'duration', '0 or more', duration);
  check(Number.isInteger(samples) && samples > 0, 'samples', 'a whole number, 1 or more', samples);
  const steps = Math.round(duration / (rate * tau));
  const last = Math.min(samples, steps);
  const time = new Float64Array(last + 1);
  const error = new Float64Array(last + 1);
  const strengths = task.singularValues.map(() => new Float64Array(last + 1));
  for (let i = 0, done = 0; i <= last; i++) {
    for (const until = last && Math.round((i * steps) / last); done < until; done++) {
      step();
      if (done % 64 === 0) await run.progress(done / steps, 'gradient descent');
    }
    time[i] = done * rate * tau;
    const responses = respond();
    error[i] = distance(task.y, responses) ** 2 / (2 * task.x.cols);
    if (!Number.isFinite(error[i]))
      throw new DivergenceError('the error', `step ${done}`, `the learning rate ${rate} is too large for this task`);
    // the diagonal of Uᵀ E[ŷ xᵀ] V
    const toInputs = multiply(responses, multiply(task.x, task.v, { transposeA: true }));
    for (const [mode, strength] of strengths.entries())
      strength[i] = dot(column(task.u, mode), column(toInputs, mode)) / task.x.cols;
  }
  return { time, strengths, error };
}

/** |a − b|, the Frobenius norm. */
function distance(a: Matrix, b: Matrix): number {
  return norm(a.data.map((entry, i) => entry - b.data[i]));
}

/** b = a − b, in place. */
function subtractFrom(a: Matrix, b: Matrix): void {
  for (let i = 0; i < b.data.length; i++) b.data[i] = a.data[i] - b.data[i];
}

/** w += rate d, in place. */
function move(w: Matrix, d: Matrix, rate: number): void {
  for (let i = 0; i < w.data.length; i++) w.data[i] += rate * d.data[i];
}

function check(holds: boolean, name: string, allowed: string, got: unknown): void {
  if (!holds) throw new ParameterError(`${name} must be ${allowed} (got ${got})`);
}
