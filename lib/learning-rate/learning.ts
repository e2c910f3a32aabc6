import { DivergenceError, ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { needLength, type Student } from './student';
import { needPlasticity, type Plasticity, secondOrderRate } from './theory';

/**
 * How the direction of task-irrelevant plasticity moves: n2 ← normalise(memory n2 + fresh u), u a new random unit vector
 * every cycle. Both 0 or more, not both 0.
 */
export interface Drift {
  readonly fresh: number;
  readonly memory: number;
}

/** A new direction every cycle: what the theory of ⟨k⟩ assumes. */
export const RENEWED: Drift = { fresh: 1, memory: 0 };
/** A direction that is remembered a little; one of the settings of the authors' published program. */
export const DRIFTING: Drift = { fresh: 0.9, memory: 0.1 };

/** A drift whose direction correlates by `memory` from one cycle to the next (0 to 1; exact for many synapses). */
export function driftOf(memory: number): Drift {
  if (!(memory >= 0 && memory <= 1)) throw new ParameterError(`memory must be between 0 and 1 (got ${memory})`);
  return { fresh: Math.sqrt(1 - memory * memory), memory };
}

/** One student that learns: F before every cycle and after the last. Frozen but for its arrays. */
export interface Learning {
  /** F, length cycles + 1 */
  readonly error: Float64Array;
  /** k = −(F after − F before) / (T F before), length cycles; likewise below */
  readonly rate: Float64Array;
  /** |∇F| before the step */
  readonly gradientNorm: Float64Array;
  /** G = uᵀ∇²Fu / (2|∇F|) along the step that was made, u = ẇ/|ẇ| */
  readonly difficulty: Float64Array;
  /** n̂2·ĝ: theory takes its mean to be 0 */
  readonly driftAlignment: Float64Array;
  /** k as predicted from that G, with −γ1 in the place of ẇ·ĝ: what cannot be known before the step is left out */
  readonly predicted: Float64Array;
  /** the weights after the last cycle, length N */
  readonly weights: Float64Array;
}

/**
 * Lets a student learn, Δw = −γ1 T ĝ + γ2 T n̂2 + γ3 √(NT) n̂3 a cycle, and measures every step. Streams of `random`:
 * `task-irrelevant` and `noise`.
 * @param start weights, length N; not changed
 * @param cycles 1 or more
 * @throws {ParameterError} for settings out of range, or if F is 0 and k has no meaning
 * @throws {DivergenceError} if F leaves the finite numbers; the reason of the run's signal once it is aborted
 */
export async function learn(
  student: Student,
  start: Float64Array,
  plasticity: Plasticity,
  drift: Drift,
  cycles: number,
  random: Rng,
  run: Run,
): Promise<Learning> {
  const stepper = makeStepper(student, start, plasticity, drift, cycles, random);
  const { weights, gradient, step, n2 } = stepper;
  const curved = new Float64Array(student.synapses);
  const error = new Float64Array(cycles + 1);
  const [rate, gradientNorm, difficulty, driftAlignment, predicted] = Array.from(
    { length: 5 },
    () => new Float64Array(cycles),
  );
  const T = plasticity.interval;
  for (let cycle = 0; cycle < cycles; cycle++) {
    await run.progress(cycle / cycles);
    const F = (error[cycle] = stepper.look(cycle));
    if (F === 0) throw new ParameterError(`the error is 0 at cycle ${cycle}: k, its relative change, has no meaning`);
    stepper.choose();
    student.hessianVector(weights, step, curved);
    const squared = dot(step, step);
    const size = (gradientNorm[cycle] = Math.sqrt(dot(gradient, gradient)));
    const G = (difficulty[cycle] = dot(step, curved) / (2 * size * squared));
    driftAlignment[cycle] = dot(n2, gradient) / size;
    predicted[cycle] = secondOrderRate({ error: F, gradientNorm: size }, T, -plasticity.gamma1, squared / (T * T), G);
    stepper.move();
    if (cycle > 0) rate[cycle - 1] = (error[cycle - 1] - F) / (T * error[cycle - 1]);
  }
  const F = (error[cycles] = stepper.look(cycles));
  rate[cycles - 1] = (error[cycles - 1] - F) / (T * error[cycles - 1]);
  return Object.freeze({ error, rate, gradientNorm, difficulty, driftAlignment, predicted, weights });
}

/**
 * The same process, bit for bit, and only its errors: F before every cycle and after the last, length cycles + 1. For
 * sweeps: no product with the Hessian is made.
 * @throws as `learn`; an error of 0 is none here
 */
export async function learnErrors(
  student: Student,
  start: Float64Array,
  plasticity: Plasticity,
  drift: Drift,
  cycles: number,
  random: Rng,
  run: Run,
): Promise<Float64Array> {
  const stepper = makeStepper(student, start, plasticity, drift, cycles, random);
  const error = new Float64Array(cycles + 1);
  for (let cycle = 0; cycle < cycles; cycle++) {
    await run.progress(cycle / cycles);
    error[cycle] = stepper.look(cycle);
    stepper.choose();
    stepper.move();
  }
  error[cycles] = stepper.look(cycles);
  return error;
}

/** The parts of one step in turn; its arrays are the same ones all the time. */
interface Stepper {
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
  /** T ẇ */
  readonly step: Float64Array;
  /** n̂2 */
  readonly n2: Float64Array;
  /** Measures F, which it returns, and ∇F at the present weights. */
  look(cycle: number): number;
  /** Draws the noises and puts the step together. */
  choose(): void;
  /** Makes the step. */
  move(): void;
}

function makeStepper(
  student: Student,
  start: Float64Array,
  plasticity: Plasticity,
  drift: Drift,
  cycles: number,
  random: Rng,
): Stepper {
  const { synapses } = student;
  needPlasticity(plasticity);
  needDrift(drift);
  needLength('start', start, synapses);
  if (!Number.isInteger(cycles) || cycles < 1)
    throw new ParameterError(`cycles must be a whole number from 1 on (got ${cycles})`);
  const { gamma1, gamma2, gamma3, interval } = plasticity;
  const [irrelevant, noise] = [random.stream('task-irrelevant'), random.stream('noise')];
  const weights = start.slice();
  const [gradient, step, n2, n3] = Array.from({ length: 4 }, () => new Float64Array(synapses));
  const wander = wanderer(drift, irrelevant, n2);
  const [along, across, shaken] = [-gamma1 * interval, gamma2 * interval, gamma3 * Math.sqrt(synapses * interval)];
  return {
    weights,
    gradient,
    step,
    n2,
    look: (cycle) => {
      const F = student.gradient(weights, gradient);
      if (!Number.isFinite(F))
        throw new DivergenceError('the error F', `cycle ${cycle}`, 'the steps are too long for its curvature');
      return F;
    },
    choose: () => {
      const size = Math.sqrt(dot(gradient, gradient));
      // at a minimum there is no way down
      const down = size > 0 ? along / size : 0;
      wander();
      unitVector(noise, n3);
      for (let i = 0; i < synapses; i++) step[i] = down * gradient[i] + across * n2[i] + shaken * n3[i];
    },
    move: () => {
      for (let i = 0; i < synapses; i++) weights[i] += step[i];
    },
  };
}

/**
 * Moves a direction, a step a call; the first is as good as any.
 * @param n2 where it stands, length N
 */
export function wanderer({ fresh, memory }: Drift, random: Rng, n2: Float64Array): () => void {
  needDrift({ fresh, memory });
  const u = new Float64Array(n2.length);
  let begun = false;
  return () => {
    unitVector(random, u);
    if (!begun) n2.set(u);
    else for (let i = 0; i < u.length; i++) n2[i] = memory * n2[i] + fresh * u[i];
    begun = true;
    normalise(n2);
  };
}

/** A random direction: normal numbers, normalised, into `out`. */
export function unitVector(random: Rng, out: Float64Array): void {
  random.fillNormal(out);
  normalise(out);
}

function normalise(v: Float64Array): void {
  const size = Math.sqrt(dot(v, v));
  for (let i = 0; i < v.length; i++) v[i] /= size;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function needDrift({ fresh, memory }: Drift): void {
  for (const [name, part] of [
    ['fresh', fresh],
    ['memory', memory],
  ] as const)
    if (!(part >= 0 && part < Infinity)) throw new ParameterError(`${name} must be 0 or more (got ${part})`);
  if (fresh === 0 && memory === 0) throw new ParameterError('fresh and memory must not both be 0');
}
