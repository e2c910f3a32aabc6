import { DivergenceError, ParameterError } from '../math/errors';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { meanAngle } from './angle';
import {
  type Batch,
  type Change,
  countRight,
  forward,
  initialWeights,
  learn,
  makeBatch,
  outputError,
  type Weights,
} from './network';
import { makeRule, type RuleName } from './rules';
import { backprop } from './rules/backprop';
import type { Rule } from './rules/rule';

/** Labelled examples. */
export interface Examples {
  /** row-major, [examples, inputs] */
  readonly inputs: Float32Array;
  /** class of each example, 0 to classes − 1 */
  readonly labels: ArrayLike<number>;
}

/** What is to be learned, and by what network. */
export interface Task {
  /** units of every layer of neurons: inputs, hidden layers, classes; at least one hidden layer */
  readonly sizes: readonly number[];
  readonly train: Examples;
  readonly test: Examples;
}

export interface TrainSettings {
  /** passes through the training examples, 0 or more */
  readonly epochs: number;
  /** examples in one step; the last step of an epoch takes what is left */
  readonly batch: number;
  /** learning rate of all layers */
  readonly rate: number;
  readonly seed: number;
  /** weight mirror: standard deviation of the noise */
  readonly mirrorNoise: number;
  /** weight mirror: share of the feedback forgotten in a step */
  readonly mirrorDecay: number;
}

/** How learning went; every list has one entry an epoch, the first before learning. Frozen. */
export interface History<Name extends string = RuleName> {
  readonly rule: Name;
  /** share of test examples whose most probable class is right */
  readonly accuracy: readonly number[];
  /** cross-entropy on the test examples, nats */
  readonly loss: readonly number[];
  /** for each hidden layer, lowest first: angle between the rule's δ^l and backpropagation's, degrees, mean over the
   * test examples; empty for a rule without hidden error signals */
  readonly angles: readonly (readonly number[])[];
}

/** Test examples that are evaluated at once: little enough for an abort to be obeyed in time on the slowest machine. */
const CHUNK = 256;

/**
 * Trains a network by stochastic gradient descent with one rule. With the same seed every rule starts from the same
 * weights and sees the same batches, and a short run is the beginning of a longer one.
 * @throws {ParameterError} if the examples don't fit the network
 * @throws {DivergenceError} if the loss leaves the finite numbers; the reason of the run's signal once it is aborted
 */
export async function train(task: Task, name: RuleName, settings: TrainSettings, run: Run): Promise<History> {
  const mirror = { noise: settings.mirrorNoise, decay: settings.mirrorDecay, batch: settings.batch };
  return trainWith(task, name, makeRule(name, task.sizes, mirror, rng(settings.seed).stream(name)), settings, run);
}

/** What trainings by any rule have in common. */
export type Course = Pick<TrainSettings, 'epochs' | 'batch' | 'rate' | 'seed'>;

/**
 * `train` with a rule that was made elsewhere.
 * @param name what the history and the progress report call it
 * @param change how the weights change once the errors are known; at once by default
 * @throws as `train`
 */
export async function trainWith<Name extends string>(
  task: Task,
  name: Name,
  rule: Rule,
  settings: Course,
  run: Run,
  change: Change = learn,
): Promise<History<Name>> {
  const { sizes } = task;
  needExamples('train', task.train, sizes);
  needExamples('test', task.test, sizes);
  const random = rng(settings.seed);
  const order = random.stream('order');
  const weights = initialWeights(sizes, random.stream('weights'));
  const count = task.train.labels.length;
  const batch = makeBatch(sizes, Math.min(settings.batch, count));
  const chunk = makeBatch(sizes, CHUNK);
  const accuracy: number[] = [];
  const loss: number[] = [];
  const angles: number[][] = [];
  for (let epoch = 0; ; epoch++) {
    const now = await evaluate(weights, rule, task.test, chunk, run, epoch / (settings.epochs + 1), name);
    if (!Number.isFinite(now.loss))
      throw new DivergenceError('the cross-entropy', `epoch ${epoch}`, 'the learning rate is too large');
    accuracy.push(now.accuracy);
    loss.push(now.loss);
    now.angles.forEach((degrees, l) => {
      (angles[l] ??= []).push(degrees);
    });
    if (epoch === settings.epochs) break;
    const shuffled = order.permutation(count);
    for (let from = 0; from < count; from += settings.batch) {
      await run.progress((epoch + from / count) / (settings.epochs + 1), `${name}, epoch ${epoch + 1}`);
      fill(batch, task.train, shuffled.subarray(from, from + settings.batch));
      step(rule, weights, batch, settings.rate, change);
      rule.adapt?.(weights);
    }
  }
  return Object.freeze({
    rule: name,
    accuracy: Object.freeze(accuracy),
    loss: Object.freeze(loss),
    angles: Object.freeze(angles.map((a) => Object.freeze(a))),
  });
}

/**
 * One step on the examples in `batch`: forward, error at the output, error signals of the hidden layers by the rule,
 * weights in place.
 * @returns the cross-entropy before the step, summed over the examples, nats
 */
export function step(rule: Rule, weights: Weights, batch: Batch, rate: number, change: Change = learn): number {
  forward(weights, batch);
  const loss = outputError(batch);
  rule.hiddenErrors(weights, batch);
  change(weights, batch, rate, rule.teachesHidden ? 0 : weights.length - 1);
  return loss;
}

/** Puts chosen examples into a batch, in their order. */
export function fill(batch: Batch, { inputs, labels }: Examples, chosen: ArrayLike<number>): void {
  const [width] = batch.sizes;
  const x = batch.activities[0];
  for (let i = 0; i < chosen.length; i++) {
    const at = chosen[i] * width;
    x.set(inputs.subarray(at, at + width), i * width);
    batch.labels[i] = labels[chosen[i]];
  }
  batch.examples = chosen.length;
}

async function evaluate(
  weights: Weights,
  rule: Rule,
  test: Examples,
  chunk: Batch,
  run: Run,
  done: number,
  note: string,
): Promise<{ accuracy: number; loss: number; angles: number[] }> {
  const reference = backprop();
  const { sizes, errors } = chunk;
  const count = test.labels.length;
  let right = 0;
  let loss = 0;
  const angles: number[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    await run.progress(done, `${note}, test`);
    const size = Math.min(CHUNK, count - from);
    fill(
      chunk,
      test,
      Array.from({ length: size }, (_, i) => from + i),
    );
    forward(weights, chunk);
    right += countRight(chunk);
    loss += outputError(chunk) / count;
    if (!rule.teachesHidden) continue;
    const hidden = (): Float32Array[] => sizes.slice(1, -1).map((units, l) => errors[l].slice(0, size * units));
    rule.hiddenErrors(weights, chunk);
    const given = hidden();
    reference.hiddenErrors(weights, chunk);
    hidden().forEach((exact, l) => {
      angles[l] = (angles[l] ?? 0) + (meanAngle(given[l], exact, sizes[l + 1]) * size) / count;
    });
  }
  return { accuracy: right / count, loss, angles };
}

function needExamples(name: string, { inputs, labels }: Examples, sizes: readonly number[]): void {
  const count = labels.length;
  if (count === 0) throw new ParameterError(`${name}: needs at least one example`);
  if (inputs.length !== count * sizes[0])
    throw new ParameterError(
      `${name}: ${count} labels and ${sizes[0]} inputs need ${count * sizes[0]} numbers (got ${inputs.length})`,
    );
  const classes = sizes[sizes.length - 1];
  for (let i = 0; i < count; i++)
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] < classes))
      throw new ParameterError(`${name}: label ${i} must be a class from 0 to ${classes - 1} (got ${labels[i]})`);
}
