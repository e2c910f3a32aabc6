import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../edge/edge';
import { DivergenceError } from '../math/errors';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { meanAngle } from './angle';
import { crossEntropy, forward, initialWeights, learned, outputError } from './network';
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
export interface History {
  readonly rule: RuleName;
  /** share of test examples whose most probable class is right */
  readonly accuracy: readonly number[];
  /** cross-entropy on the test examples, nats */
  readonly loss: readonly number[];
  /** for each hidden layer, lowest first: angle between the rule's δ^l and backpropagation's, degrees, mean over the
   * test examples; empty for a rule without hidden error signals */
  readonly angles: readonly (readonly number[])[];
}

/** Test examples that are evaluated at once: little enough for an abort to be obeyed in time on the slowest backend. */
const CHUNK = 256;

/**
 * Trains a network by stochastic gradient descent with one rule. With the same seed every rule starts from the same
 * weights and sees the same batches, and a short run is the beginning of a longer one. No tensor outlives the call.
 * @throws {DivergenceError} if the loss leaves the finite numbers; the reason of the run's signal once it is aborted
 */
export async function train(
  tf: TensorFlow,
  task: Task,
  name: RuleName,
  settings: TrainSettings,
  run: Run,
): Promise<History> {
  const { sizes } = task;
  const random = rng(settings.seed);
  const order = random.stream('order');
  const rule = makeRule(
    tf,
    name,
    sizes,
    { noise: settings.mirrorNoise, decay: settings.mirrorDecay, batch: settings.batch },
    random.stream(name),
  );
  const train = tensors(tf, task.train, sizes);
  const test = tensors(tf, task.test, sizes);
  let weights = initialWeights(tf, sizes, random.stream('weights'));
  try {
    const accuracy: number[] = [];
    const loss: number[] = [];
    const angles: number[][] = [];
    const count = task.train.labels.length;
    for (let epoch = 0; ; epoch++) {
      const now = await evaluate(tf, weights, rule, test, run, epoch / (settings.epochs + 1), name);
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
        const chosen = shuffled.slice(from, from + settings.batch);
        const before = weights;
        weights = tf.tidy(() => step(tf, rule, before, pick(tf, train, chosen), settings.rate));
        tf.dispose(before);
        rule.adapt?.(weights);
      }
    }
    return Object.freeze({
      rule: name,
      accuracy: Object.freeze(accuracy),
      loss: Object.freeze(loss),
      angles: Object.freeze(angles.map((a) => Object.freeze(a))),
    });
  } finally {
    tf.dispose(weights);
    tf.dispose([train.inputs, train.targets, test.inputs, test.targets]);
    rule.dispose();
  }
}

interface Batch {
  readonly inputs: Tensor2D;
  /** one-hot */
  readonly targets: Tensor2D;
}

/** One step: forward, error at the output, error signals of the hidden layers by the rule, weights. */
export function step(tf: TensorFlow, rule: Rule, weights: readonly Tensor2D[], batch: Batch, rate: number): Tensor2D[] {
  const pass = forward(tf, weights, batch.inputs);
  const error = outputError(tf, pass, batch.targets);
  const hidden = rule.hiddenErrors(weights, pass, error);
  return learned(
    tf,
    weights,
    pass,
    weights.map((_, l) => (l === weights.length - 1 ? error : hidden[l])),
    rate,
  );
}

function tensors(tf: TensorFlow, examples: Examples, sizes: readonly number[]): Batch {
  const count = examples.labels.length;
  return tf.tidy(() => ({
    inputs: tf.tensor2d(examples.inputs, [count, sizes[0]]),
    targets: tf.cast(
      tf.oneHot(tf.tensor1d(Int32Array.from(examples.labels), 'int32'), sizes.at(-1)!),
      'float32',
    ) as Tensor2D,
  }));
}

function pick(tf: TensorFlow, all: Batch, chosen: Int32Array): Batch {
  const rows: Tensor1D = tf.tensor1d(chosen, 'int32');
  return { inputs: tf.gather(all.inputs, rows), targets: tf.gather(all.targets, rows) };
}

async function evaluate(
  tf: TensorFlow,
  weights: readonly Tensor2D[],
  rule: Rule,
  test: Batch,
  run: Run,
  done: number,
  note: string,
): Promise<{ accuracy: number; loss: number; angles: number[] }> {
  const reference = backprop(tf);
  const count = test.inputs.shape[0];
  let right = 0;
  let loss = 0;
  const angles: number[] = [];
  for (let from = 0; from < count; from += CHUNK) {
    await run.progress(done, `${note}, test`);
    const size = Math.min(CHUNK, count - from);
    tf.tidy(() => {
      const targets = tf.slice(test.targets, [from, 0], [size, test.targets.shape[1]]);
      const pass = forward(tf, weights, tf.slice(test.inputs, [from, 0], [size, test.inputs.shape[1]]));
      const error = outputError(tf, pass, targets);
      const hits = tf.equal(tf.argMax(pass.logits, 1), tf.argMax(targets, 1));
      right += tf.sum(tf.cast(hits, 'int32')).dataSync()[0];
      loss += (crossEntropy(tf, pass, targets).dataSync()[0] * size) / count;
      const exact = reference.hiddenErrors(weights, pass, error);
      rule.hiddenErrors(weights, pass, error).forEach((delta, l) => {
        const degrees = meanAngle(delta.dataSync(), exact[l].dataSync(), delta.shape[1]);
        angles[l] = (angles[l] ?? 0) + (degrees * size) / count;
      });
    });
  }
  return { accuracy: right / count, loss, angles };
}
