import { type Digits, pixels } from '../data/mnist';
import { ParameterError } from '../math/errors';
import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { delayed } from './delay';
import { type Change, forward, initialWeights, learn, makeBatch, outputError } from './network';
import { makeRule } from './rules';
import { backprop } from './rules/backprop';
import { frozenHidden } from './rules/frozen-hidden';
import { limited, rectified, type Say, type SmallErrors, unsigned, withinWindow } from './rules/limited';
import type { Rule } from './rules/rule';
import { twoPopulations } from './rules/two-populations';
import { type Course, type Examples, fill, type History, type Task, trainWith } from './train';

/**
 * What a biological constraint costs: a network learns digits by backpropagation, by backpropagation under one
 * constraint, and with the hidden layers frozen. The output layer always learns from its exact error.
 */
export const constraints = [
  'none',
  'no weight transport',
  'unsigned errors',
  'two populations',
  'one decade',
  'delayed',
  'delayed, no memory',
  'frozen hidden',
] as const;
export type Constraint = (typeof constraints)[number];

/** How errors without a sign are to be understood: a rate that is 0 for errors below 0, or the error's size. */
export const signless = ['rectified', 'size'] as const;

export interface ConstraintSettings extends Course {
  /** units of both hidden layers, lowest first */
  readonly hidden: readonly [number, number];
  readonly signless: (typeof signless)[number];
  /** one decade: how many decades the window really has */
  readonly decades: number;
  /** one decade: the largest error that a neuron can say, over the root mean square error of its layer before learning */
  readonly ceiling: number;
  /** one decade: what becomes of errors below the window */
  readonly small: SmallErrors;
  /** delayed: batches between an error and the change of the weights, k */
  readonly delay: number;
}

/** The settings that the landmarks of the figure and its independent numbers are for. */
export const constraintDefaults: ConstraintSettings = {
  hidden: [32, 32],
  epochs: 3,
  batch: 64,
  rate: 0.1,
  seed: 1,
  signless: 'rectified',
  decades: 1,
  ceiling: 3,
  small: 'silent',
  delay: 10,
};

/**
 * Trains one network under one constraint. With the same seed all start from the same weights and see the same batches.
 * @param digits images and labels, to learn from and to test on
 * @throws {ParameterError} for a delay, decades or a ceiling that are not positive; else as `train`
 */
export async function trainUnder(
  constraint: Constraint,
  digits: { readonly train: Digits; readonly test: Digits },
  settings: ConstraintSettings,
  run: Run,
): Promise<History<Constraint>> {
  const sizes = [784, ...settings.hidden, 10];
  const task: Task = { sizes, train: examples(digits.train), test: examples(digits.test) };
  return trainWith(task, constraint, ruleUnder(constraint, task, settings), settings, run, changeUnder());

  function changeUnder(): Change {
    if (constraint === 'delayed') return delayed(sizes, settings.batch, settings.delay, true);
    if (constraint === 'delayed, no memory') return delayed(sizes, settings.batch, settings.delay, false);
    return learn;
  }
}

/** The rule that a constraint leaves. @throws as `trainUnder` */
export function ruleUnder(constraint: Constraint, task: Task, settings: ConstraintSettings): Rule {
  switch (constraint) {
    case 'no weight transport': {
      const unused = { noise: 0, decay: 0, batch: 1 };
      return makeRule('feedback alignment', task.sizes, unused, rng(settings.seed).stream('feedback alignment'));
    }
    case 'unsigned errors':
      return limited(settings.signless === 'rectified' ? rectified : unsigned);
    case 'two populations':
      return twoPopulations();
    case 'one decade':
      return limited(windowAtStart(task, settings));
    case 'frozen hidden':
      return frozenHidden();
    default:
      return backprop();
  }
}

/** Examples from which the errors before learning are measured. */
const SAMPLE = 256;

/** A window around the errors that each layer has before learning; it stays where it is. */
function windowAtStart(task: Task, { seed, decades, ceiling, small }: ConstraintSettings): Say {
  for (const [name, value] of Object.entries({ decades, ceiling }))
    if (!(value > 0)) throw new ParameterError(`trainUnder: ${name} must be above 0 (got ${value})`);
  const tops = errorsAtStart(task, seed).map((size) => ceiling * size);
  return withinWindow(tops, decades, small);
}

/**
 * Root mean square of δ^1 … δ^L before learning, over training examples chosen at random.
 * @param seed as of the training: its weights are meant
 */
export function errorsAtStart({ sizes, train }: Task, seed: number): number[] {
  const random = rng(seed);
  const count = Math.min(SAMPLE, train.labels.length);
  const batch = makeBatch(sizes, count);
  fill(batch, train, random.stream('window').permutation(train.labels.length).subarray(0, count));
  const weights = initialWeights(sizes, random.stream('weights'));
  forward(weights, batch);
  outputError(batch);
  backprop().hiddenErrors(weights, batch);
  return batch.errors.map((errors) => {
    let sum = 0;
    for (const e of errors) sum += e * e;
    return Math.sqrt(sum / errors.length);
  });
}

/** The pixels of digits as numbers are made once: many networks learn from them. */
const made = new WeakMap<Digits, Examples>();

function examples(digits: Digits): Examples {
  const known = made.get(digits);
  if (known) return known;
  const fresh = { inputs: pixels(digits), labels: digits.labels };
  made.set(digits, fresh);
  return fresh;
}
