import { makeBatch } from 'lecture-lab/credit/network';
import type { Rule } from 'lecture-lab/credit/rules/rule';
import { step } from 'lecture-lab/credit/train';
import { rng } from 'lecture-lab/math/rng';
import { type Inputs, type Prepared, prepared, type Row } from './row';

/** units of every layer */
export const sizes = [784, 500, 500, 10];
const BATCH = 128;
const RATE = 0.1;

/** What the rows of one epoch of learning share. */
export const common: Pick<Row, 'size' | 'checks' | 'peerFile' | 'inputs'> = {
  size: { name: 'examples', value: 8000, growth: [1000, 2000, 4000, 8000] },
  checks: [
    {
      name: 'mean cross-entropy over the epoch',
      within: { relative: 1e-4 },
      why: 'rounding in single precision over 63 updates',
    },
  ],
  peerFile: 'credit-epoch',
  inputs(size) {
    const random = rng(1);
    const normal = (name: string, rows: number, columns: number, sd = 1 / Math.sqrt(columns)): Float32Array =>
      random.stream(name).fillNormal(new Float32Array(rows * columns), 0, sd);
    const classes = random.stream('labels');
    return {
      images: normal('images', size, 784, 0.3).map(Math.abs),
      labels: Uint8Array.from({ length: size }, () => classes.integer(0, 9)),
      w0: normal('w0', 500, 784),
      w1: normal('w1', 500, 500),
      w2: normal('w2', 10, 500),
      b1: normal('b1', 500, 500),
      b2: normal('b2', 10, 500),
    };
  },
};

/** One epoch from the given weights, in batches in order. */
export function epoch(size: number, inputs: Inputs, rule: Rule): Prepared {
  const images = inputs['images'] as Float32Array;
  const labels = inputs['labels'] as Uint8Array;
  const start = ['w0', 'w1', 'w2'].map((name) => inputs[name] as Float32Array);
  const weights = start.map((w) => new Float32Array(w.length));
  const batch = makeBatch(sizes, BATCH);
  return prepared(
    () => {
      weights.forEach((w, l) => {
        w.set(start[l]!);
      });
      let loss = 0;
      for (let from = 0; from < size; from += BATCH) {
        const to = Math.min(from + BATCH, size);
        batch.activities[0]!.set(images.subarray(from * 784, to * 784));
        batch.labels.set(labels.subarray(from, to));
        batch.examples = to - from;
        loss += step(rule, weights, batch, RATE);
      }
      return loss / size;
    },
    (loss) => [loss],
  );
}
