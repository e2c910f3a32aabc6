import { ParameterError } from '../math/errors';
import { gram, type Matrix, matrix, symmetricEigenvalues } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import type { Run } from '../math/run';
import { mean, standardError } from '../math/statistics';
import { defineTask, parallel, type Task } from '../parallel/parallel';
import { enlarge, enlargedStudent, expansion } from './embedding';
import { enlargeSigmoid, type SigmoidLesson, withHidden } from './enlarged-sigmoid';
import { type Drift, learnErrors } from './learning';
import { type Steady, steadyState } from './network-size';
import { sigmoidStudent, sigmoidSynapses } from './sigmoid-student';
import type { Student } from './student';
import type { Plasticity } from './theory';

/* Where the error stops falling, measured: networks of many sizes learn the same task, each trial on a core of its own. */

/** A linear task and where its student starts. */
export interface LinearLesson {
  readonly inputs: number;
  readonly outputs: number;
  /** Σ x xᵀ, inputs x inputs */
  readonly moments: Float64Array;
  /** W*, outputs x inputs */
  readonly teacher: Float64Array;
  /** outputs x inputs */
  readonly start: Float64Array;
}

/**
 * A task with normal inputs and weights, all of variance 1. Streams of `random`: `inputs`, `teacher`, `student`.
 * @param examples P, at least `inputs`
 * @param white whether the inputs are made uncorrelated, Σ x xᵀ = P I, as they are on average
 */
export function linearLesson(
  inputs: number,
  outputs: number,
  examples: number,
  random: Rng,
  white: boolean = false,
): LinearLesson {
  if (!(examples >= inputs))
    throw new ParameterError(`examples must be at least the number of inputs, ${inputs} (got ${examples})`);
  const normal = (name: string, n: number): Float64Array => random.stream(name).fillNormal(new Float64Array(n));
  const moments = white
    ? Float64Array.from({ length: inputs * inputs }, (_, i) => (i % (inputs + 1) === 0 ? examples : 0))
    : gram(matrix(examples, inputs, normal('inputs', examples * inputs))).data;
  const size = inputs * outputs;
  return { inputs, outputs, moments, teacher: normal('teacher', size), start: normal('student', size) };
}

/** Σ x xᵀ of a task as a matrix. */
export function momentsOf({ inputs, moments }: LinearLesson): Matrix {
  return matrix(inputs, inputs, moments);
}

/** How one network learns. */
interface Condition {
  readonly plasticity: Plasticity;
  /** of the linear network c1 = c2; of the sigmoid one the hidden units of each layer */
  readonly expansion: number;
  /** steps of learning before any is counted, and those that are */
  readonly settling: number;
  readonly cycles: number;
}

/** How long, and how often. */
export interface Measured {
  /** steps of learning that are averaged over, at least; those that it takes to get there come first */
  readonly cycles: number;
  /** networks of each kind */
  readonly trials: number;
}

/** Long averages, in `BATCHES` parts one after the other. */
interface Batches {
  readonly error: Float64Array;
  readonly gradient: Float64Array;
}
const BATCHES = 4;
/** Largest relative standard error of F that is expected of a linear network's average over its trials. */
const ERROR = 0.07;

/** Learns, and averages F and |∇F| over parts of the cycles once it has settled. */
async function average(
  student: Student,
  start: Float64Array,
  { plasticity, settling, cycles }: Condition,
  drift: Drift,
  random: Rng,
  run: Run,
): Promise<Batches> {
  const all = settling + cycles;
  const norms = new Float64Array(all + 1);
  let cycle = 0;
  const watched: Student = {
    ...student,
    gradient: (w, out) => {
      const F = student.gradient(w, out);
      let sum = 0;
      for (let i = 0; i < out.length; i++) sum += out[i] * out[i];
      norms[cycle++] = Math.sqrt(sum);
      return F;
    },
  };
  const errors = await learnErrors(watched, start, plasticity, drift, all, random.stream('learning'), run);
  const parts = (x: Float64Array): Float64Array =>
    Float64Array.from({ length: BATCHES }, (_, i) => {
      const at = (k: number): number => settling + 1 + Math.floor((cycles * k) / BATCHES);
      return mean(x.subarray(at(i), at(i + 1)));
    });
  return { error: parts(errors), gradient: parts(norms) };
}

interface LinearArgs {
  readonly task: LinearLesson;
  readonly conditions: readonly Condition[];
  readonly trials: number;
}

/** Its directions are new every cycle, as the theory assumes. */
const FRESH: Drift = { fresh: 1, memory: 0 };

/** Trial k is of condition k div `trials`. */
export const linearTrial: Task<LinearArgs, Batches> = defineTask(
  'learning-rate/steady-error',
  'linearTrial',
  (trial: number, random: Rng, { task, conditions, trials }: LinearArgs, run: Run) => {
    const { inputs, outputs, teacher, start } = task;
    const condition = conditions[Math.floor(trial / trials)];
    const times = { inputs: condition.expansion, outputs: condition.expansion };
    const way = expansion(inputs, outputs, times, random);
    const student = enlargedStudent({ moments: momentsOf(task), best: matrix(outputs, inputs, teacher) }, way);
    const from = enlarge(way, matrix(outputs, inputs, start)).data;
    return average(student, from, condition, FRESH, random, run);
  },
);

interface SigmoidArgs {
  readonly task: SigmoidLesson;
  readonly conditions: readonly Condition[];
  readonly trials: number;
  readonly drift: Drift;
}

/** Trial k is of condition k div `trials`. */
export const sigmoidTrial: Task<SigmoidArgs, Batches> = defineTask(
  'learning-rate/steady-error',
  'sigmoidTrial',
  (trial: number, random: Rng, { task, conditions, trials, drift }: SigmoidArgs, run: Run) => {
    const condition = conditions[Math.floor(trial / trials)];
    const { sizes, x, target, start } = task;
    const larger = withHidden(sizes, condition.expansion);
    const student = sigmoidStudent({ sizes: larger, x, target });
    const from = enlargeSigmoid(start, sizes, larger);
    return average(student, from, condition, drift, random, run);
  },
);

/** One point of a sweep. */
export interface Point {
  readonly plasticity: Plasticity;
  /** as asked for */
  readonly expansion: number;
  /** synapses */
  readonly size: number;
  /** steps that each network was averaged over */
  readonly cycles: number;
  /** mean of F in the long run, and its standard error over trials, of linear networks over their parts too */
  readonly error: number;
  readonly se: number;
  /** the same of |∇F| */
  readonly gradient: number;
  readonly gradientSe: number;
}

type Length = Pick<Condition, 'settling' | 'cycles'>;
/**
 * Every plasticity with every expansion. The long ones come last, where `parallel` hands out trial by trial, so that all
 * workers end together.
 */
function crossed(
  plasticities: readonly Plasticity[],
  expansions: readonly number[],
  length: (p: Plasticity, expansion: number) => Length,
): Condition[] {
  const work = ({ expansion, settling, cycles }: Condition): number => expansion ** 2 * (settling + cycles);
  return plasticities
    .flatMap((plasticity) =>
      expansions.map((expansion) => ({ plasticity, expansion, ...length(plasticity, expansion) })),
    )
    .sort((a, b) => work(a) - work(b));
}

/** Means and standard errors. @param partsCount whether the parts of a trial are independent measurements */
function collect(
  conditions: readonly Condition[],
  results: readonly Batches[],
  trials: number,
  sizeOf: (expansion: number) => number,
  plasticities: readonly Plasticity[],
  partsCount: boolean,
): Point[] {
  const samples = (of: readonly Float64Array[]): number[] => (partsCount ? of.flatMap((x) => [...x]) : of.map(mean));
  const points = conditions.map(({ plasticity, expansion, cycles }, i): Point => {
    const own = results.slice(i * trials, (i + 1) * trials);
    const [errors, gradients] = [samples(own.map(({ error }) => error)), samples(own.map(({ gradient }) => gradient))];
    return {
      plasticity,
      expansion,
      size: sizeOf(expansion),
      cycles,
      error: mean(errors),
      se: standardError(errors),
      gradient: mean(gradients),
      gradientSe: standardError(gradients),
    };
  });
  const place = ({ plasticity }: Point): number => plasticities.indexOf(plasticity);
  return points.sort((a, b) => place(a) - place(b) || a.expansion - b.expansion);
}

/** What `steadyState` says of a task. */
export interface Theory {
  /** for c1 = c2 = c, at least 1 but not necessarily whole */
  (p: Plasticity, c: number): Steady;
  /** eigenvalues of Σ x xᵀ */
  readonly spectrum: Float64Array;
}

/** The theory of a task, to be asked for many sizes. */
export function theoryOf(task: LinearLesson): Theory {
  const spectrum = symmetricEigenvalues(momentsOf(task));
  const at = (p: Plasticity, c: number): Steady =>
    steadyState(p, { spectrum, outputs: task.outputs, inputsTimes: c, outputsTimes: c });
  return Object.assign(at, { spectrum });
}

/**
 * The long-run error of linear networks c times as wide on both sides, for every plasticity and every c.
 * @param expansions c, whole numbers from 1 on
 * @param seedStream noise and embeddings are drawn from it, for each trial its own
 * @returns by plasticity as given, then by rising c
 */
export async function steadyErrors(
  task: LinearLesson,
  plasticities: readonly Plasticity[],
  expansions: readonly number[],
  { cycles, trials }: Measured,
  seedStream: Rng,
  run?: Run,
): Promise<Point[]> {
  const steady = theoryOf(task);
  const distance = Math.hypot(...task.start.map((w, i) => w - task.teacher[i]));
  const conditions = crossed(plasticities, expansions, (p, c): Length => {
    const { gradient, spread, memory } = steady(p, c);
    // the way there at speed γ1, and four times the time in which a deviation of |e|² falls to 1/e
    const settling = Math.ceil(distance / (p.gamma1 * p.interval) + 2 * (memory + 1));
    // small networks fluctuate more: they are averaged for longer, as F goes with |∇F|²
    const enough = Math.ceil((((2 * spread) / gradient / ERROR) ** 2 * memory) / trials);
    // and no part is shorter than the memory: its parts are then nearly independent, as the standard error takes them
    return { settling, cycles: Math.max(cycles, enough, Math.ceil(BATCHES * memory)) };
  });
  const args = { task, conditions, trials };
  const options = { seedStream, args, run, note: 'networks learn' };
  const results = await parallel(conditions.length * trials, linearTrial, options);
  return collect(conditions, results, trials, (c) => c * c * task.inputs * task.outputs, plasticities, true);
}

/**
 * The long-run error of sigmoid networks that are given zero synapses, for every plasticity and every number of hidden units.
 * They settle for as many cycles as are averaged.
 * @param hidden units of every hidden layer, at least as many as the task's own
 * @returns by plasticity as given, then by rising number of units
 */
export async function steadySigmoidErrors(
  task: SigmoidLesson,
  plasticities: readonly Plasticity[],
  hidden: readonly number[],
  drift: Drift,
  { cycles, trials }: Measured,
  seedStream: Rng,
  run?: Run,
): Promise<Point[]> {
  const conditions = crossed(plasticities, hidden, () => ({ settling: cycles, cycles }));
  const args = { task, conditions, trials, drift };
  const options = { seedStream, args, run, note: 'networks learn' };
  const results = await parallel(conditions.length * trials, sigmoidTrial, options);
  const sizeOf = (h: number): number => sigmoidSynapses(withHidden(task.sizes, h));
  // their memory is not known and can be long: only networks count as independent
  return collect(conditions, results, trials, sizeOf, plasticities, false);
}
