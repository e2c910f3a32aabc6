import { type Digits, mnist10k, pixels } from '../data/mnist';
import type { Run } from '../math/run';
import type { RuleName } from './rules';
import { type Examples, type History, type Task, type TrainSettings, train } from './train';

/** Pixels, two hidden layers of tanh units, classes. */
export const digitSizes: readonly number[] = [784, 128, 64, 10];

/** The settings of the lecture's comparison. */
export const digitDefaults: TrainSettings = {
  epochs: 10,
  batch: 64,
  rate: 0.1,
  seed: 1,
  mirrorNoise: 0.1,
  mirrorDecay: 0.05,
};

/**
 * Trainings that were done before, so that two figures with the same settings train once. A longer run begins like a
 * shorter one, so one entry serves all shorter ones too. Histories are frozen; the oldest use goes first.
 */
const remembered = new Map<string, History>();
const MOST_REMEMBERED = 64;

/**
 * Trains the 784-128-64-10 network on MNIST-10k (7,996 training and 2,004 test digits) with each rule in turn. With the
 * same seed all rules start from the same weights and see the same batches.
 * @throws as `train`
 */
export async function learnDigits(
  rules: readonly RuleName[],
  settings: TrainSettings,
  run: Run,
): Promise<readonly History[]> {
  const known = rules.map((rule) => recall(rule, settings));
  const missing = known.filter((history) => !history).length;
  if (missing === 0) return known as readonly History[];
  run.signal.throwIfAborted();
  const task = await digits();
  const histories: History[] = [];
  let trained = 0;
  for (const [i, rule] of rules.entries()) {
    const history = known[i] ?? (await train(task, rule, settings, part(run, trained++, missing)));
    if (!known[i]) remember(rule, settings, history);
    histories.push(history);
  }
  return histories;
}

async function digits(): Promise<Task> {
  const data = await mnist10k();
  return { sizes: digitSizes, train: examples(data.train), test: examples(data.test) };
}

function examples(digits: Digits): Examples {
  return { inputs: pixels(digits), labels: digits.labels };
}

function key(rule: RuleName, s: TrainSettings): string {
  const mirror = rule === 'weight mirror' ? [s.mirrorNoise, s.mirrorDecay] : [];
  return [rule, s.batch, s.rate, s.seed, ...mirror].join(' ');
}

function remember(rule: RuleName, settings: TrainSettings, history: History): void {
  remembered.set(key(rule, settings), history);
  if (remembered.size > MOST_REMEMBERED) remembered.delete(remembered.keys().next().value!);
}

function recall(rule: RuleName, settings: TrainSettings): History | undefined {
  const k = key(rule, settings);
  const known = remembered.get(k);
  const entries = settings.epochs + 1;
  if (!known || known.accuracy.length < entries) return undefined;
  remembered.delete(k);
  remembered.set(k, known);
  if (known.accuracy.length === entries) return known;
  return Object.freeze({
    ...known,
    accuracy: Object.freeze(known.accuracy.slice(0, entries)),
    loss: Object.freeze(known.loss.slice(0, entries)),
    angles: Object.freeze(known.angles.map((a) => Object.freeze(a.slice(0, entries)))),
  });
}

/** The i-th of n equal parts of a run. */
function part(run: Run, i: number, n: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress((i + fraction) / n, note) };
}
