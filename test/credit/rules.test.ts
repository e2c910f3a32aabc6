import * as tf from '@tensorflow/tfjs';
import { expect } from 'chai';
import {
  type Batch,
  countRight,
  forward,
  learn,
  makeBatch,
  outputError,
  type Weights,
} from 'lecture-lab/credit/network';
import { backprop } from 'lecture-lab/credit/rules/backprop';
import { directFeedback } from 'lecture-lab/credit/rules/direct-feedback';
import { feedbackAlignment } from 'lecture-lab/credit/rules/feedback-alignment';
import { frozenHidden } from 'lecture-lab/credit/rules/frozen-hidden';
import { makeRule, type RuleName, ruleNames } from 'lecture-lab/credit/rules/index';
import type { Rule } from 'lecture-lab/credit/rules/rule';
import { sign, uniformSign } from 'lecture-lab/credit/rules/sign';
import { makeDrive, mirrorStep, weightMirror } from 'lecture-lab/credit/rules/weight-mirror';
import { step } from 'lecture-lab/credit/train';
import { rng } from 'lecture-lab/math/rng';
import { withoutWasm } from 'lecture-lab/wasm/instantiate';
import { oneStep } from './fixture';

/** Everything is computed in single precision. */
const SINGLE = 2e-6;

type Rows = readonly (readonly number[])[];
const flat = (rows: Rows): Float32Array => Float32Array.from(rows.flat());
const normal = (rows: number, cols: number, name: string): Float32Array =>
  rng(11)
    .stream(name)
    .fillNormal(new Float32Array(rows * cols));
const transposed = (rows: number, cols: number, a: Float32Array): Float32Array =>
  a.map((_, i) => a[(i % rows) * cols + Math.floor(i / rows)]);
const near = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number = SINGLE): void => {
  expect(actual.length).to.equal(expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++)
    expect(actual[i], `entry ${i}`).to.be.closeTo(expected[i], tolerance * scale);
};

/** A batch of these examples, gone forward and with its output error, in one with room for more. */
function passed(sizes: readonly number[], weights: Weights, x: Float32Array, labels: readonly number[]): Batch {
  const batch = makeBatch(sizes, labels.length + 3);
  batch.activities[0].set(x);
  batch.labels.set(labels);
  batch.examples = labels.length;
  forward(weights, batch);
  outputError(batch);
  return batch;
}
/** The numbers of δ^l that belong to the batch's examples. */
const delta = (batch: Batch, l: number): Float32Array => batch.errors[l].slice(0, batch.examples * batch.sizes[l + 1]);
/** The error signals of the hidden layers that a rule gives. */
function hidden(rule: Rule, weights: Weights, batch: Batch): Float32Array[] {
  rule.hiddenErrors(weights, batch);
  return batch.sizes.slice(1, -1).map((_, l) => delta(batch, l));
}

/** A network whose layers all differ in size, with a batch of labelled examples. */
const sizes = [7, 6, 4, 3];
const labels = [0, 2, 1, 1, 2];
const x = normal(5, 7, 'x');
const problem = () => {
  const weights = [normal(6, 7, 'W1'), normal(4, 6, 'W2'), normal(3, 4, 'W3')];
  return { weights, batch: passed(sizes, weights, x, labels) };
};
/** Mean cross-entropy in double precision, by another way: softmax from its definition. */
function lossOf(weights: readonly ArrayLike<number>[]): number {
  let sum = 0;
  labels.forEach((label, e) => {
    let a = Array.from(x.subarray(e * 7, (e + 1) * 7));
    weights.forEach((w, l) => {
      const h = Array.from({ length: sizes[l + 1] }, (_, i) => a.reduce((s, v, j) => s + w[i * a.length + j] * v, 0));
      a = l === weights.length - 1 ? h : h.map(Math.tanh);
    });
    sum -= Math.log(Math.exp(a[label]) / a.reduce((s, v) => s + Math.exp(v), 0));
  });
  return sum / labels.length;
}
/** The gradient that a step of size 1 takes off the weights. */
function gradient(rule: Rule): Float32Array[] {
  const { weights, batch } = problem();
  rule.hiddenErrors(weights, batch);
  const after = weights.map((w) => w.slice());
  learn(after, batch, 1, 0);
  return weights.map((w, l) => w.map((v, i) => v - after[l][i]));
}

for (const [where, inside] of [
  ['as it runs', <T>(task: () => T): T => task()],
  ['without WebAssembly', withoutWasm],
] as const)
  describe(`rules of credit assignment, ${where}`, () => {
    const test = (name: string, task: () => void): void => {
      it(name, () => inside(task));
    };

    describe('against numpy', () => {
      const rules: Record<RuleName, (feedback: Float32Array[]) => Rule> = {
        backprop: () => backprop(),
        'feedback alignment': (f) => feedbackAlignment(f),
        'direct feedback': (f) => directFeedback(f),
        sign: (f) => sign(oneStep.sizes, f),
        'uniform sign': () => uniformSign(oneStep.sizes),
        'weight mirror': (f) => weightMirror(oneStep.sizes, f, { noise: 0.1, decay: 0.05, batch: 1 }, rng(1)),
        'frozen hidden': () => frozenHidden(),
      };
      for (const name of ruleNames)
        test(`${name}: error signals and weights after one step`, () => {
          const golden = oneStep.rules[name];
          const rule = rules[name](golden.feedback.map(flat));
          const weights = oneStep.weights.map(flat);
          const batch = passed(oneStep.sizes, weights, flat(oneStep.x), oneStep.labels);
          if (rule.teachesHidden)
            hidden(rule, weights, batch).forEach((d, l) => {
              near(d, flat(golden.deltas[l]));
            });
          expect(rule.teachesHidden).to.equal(name !== 'frozen hidden');
          step(rule, weights, batch, oneStep.rate);
          weights.forEach((w, l) => {
            near(w, flat(golden.weights[l]));
          });
        });

      test('weight mirror: feedback after one step', () => {
        const golden = oneStep.rules['weight mirror'];
        const { mirrorNoise, mirrorDecay } = oneStep;
        const drive = makeDrive(oneStep.sizes, oneStep.noise[0].length);
        drive.noise.forEach((values, l) => {
          values.set(flat(oneStep.noise[l]));
        });
        const feedback = golden.feedback.map(flat);
        mirrorStep(feedback, golden.weights.map(flat), drive, mirrorDecay / mirrorNoise ** 2, mirrorDecay);
        feedback.forEach((a, l) => {
          near(a, flat(golden.feedbackAfter[l]));
        });
      });
    });

    describe('backprop', () => {
      test('is what automatic differentiation gives', () => {
        const shapes: [number, number][] = [
          [6, 7],
          [4, 6],
          [3, 4],
        ];
        const exact = tf.tidy(() => {
          const weights = problem().weights.map((w, l) => tf.tensor2d(w, shapes[l]));
          const input = tf.tensor2d(x, [5, 7]);
          const targets = tf.oneHot(tf.tensor1d(labels, 'int32'), 3);
          const loss = (...w: tf.Tensor[]): tf.Scalar => {
            const h1 = tf.tanh(tf.matMul(input, w[0] as tf.Tensor2D, false, true));
            const h2 = tf.tanh(tf.matMul(h1 as tf.Tensor2D, w[1] as tf.Tensor2D, false, true));
            const logits = tf.matMul(h2 as tf.Tensor2D, w[2] as tf.Tensor2D, false, true);
            return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)));
          };
          return tf
            .grads(loss)(weights)
            .map((g) => g.dataSync());
        });
        gradient(backprop()).forEach((g, l) => {
          near(g, exact[l]);
        });
      });

      test('is what moving each weight gives', () => {
        const { weights } = problem();
        const computed = gradient(backprop());
        // double precision: a nudge of 1e-4 leaves an error of nudge²/6 of the third derivative, here of order 1
        const nudge = 1e-4;
        weights.forEach((w, l) => {
          w.forEach((_, i) => {
            const moved = (by: number): number =>
              lossOf(weights.map((v, k) => (k === l ? Float64Array.from(v, (u, j) => (j === i ? u + by : u)) : v)));
            const measured = (moved(nudge) - moved(-nudge)) / (2 * nudge);
            expect(computed[l][i], `layer ${l + 1}, weight ${i}`).to.be.closeTo(measured, SINGLE);
          });
        });
      });

      test('reports the loss and what it gets right before the step', () => {
        const { weights, batch } = problem();
        const before = lossOf(weights);
        expect(step(backprop(), weights, batch, 0.1) / labels.length).to.be.closeTo(before, SINGLE);
        expect(lossOf(weights)).to.be.below(before);
        const logits = Array.from({ length: 5 }, (_, e) => [...batch.logits.subarray(3 * e, 3 * e + 3)]);
        const right = logits.filter((row, e) => row.indexOf(Math.max(...row)) === labels[e]).length;
        expect(countRight(batch)).to.equal(right);
      });
    });

    describe('identities', () => {
      test('feedback alignment with the transposed weights is backprop', () => {
        const { weights, batch } = problem();
        const rule = feedbackAlignment([transposed(4, 6, weights[1]), transposed(3, 4, weights[2])]);
        const exact = hidden(backprop(), weights, batch);
        hidden(rule, weights, batch).forEach((d, l) => {
          near(d, exact[l]);
        });
      });

      test('direct feedback with the transposed weights is backprop in the last hidden layer', () => {
        const { weights, batch } = problem();
        const rule = directFeedback([normal(6, 3, 'B1'), transposed(3, 4, weights[2])]);
        const exact = hidden(backprop(), weights, batch);
        const direct = hidden(rule, weights, batch);
        near(direct[1], exact[1]);
        expect(Math.max(...direct[0].map((v, i) => Math.abs(v - exact[0][i])))).to.be.above(0.01);
      });

      test('both signs keep the sign of every weight, and uniform sign one size', () => {
        const net = [3, 2, 4];
        const weights = [normal(2, 3, 'W1'), normal(4, 2, 'W2')];
        // with activity 0 the slope is 1, and a unit error at output j reads off column j of the feedback
        const batch = passed(net, weights, new Float32Array(3), [0]);
        const magnitudes = normal(2, 4, 'M');
        for (let j = 0; j < 4; j++) {
          const read = (rule: Rule): Float32Array => {
            batch.errors[1].fill(0, 0, 4);
            batch.errors[1][j] = 1;
            return hidden(rule, weights, batch)[0];
          };
          const uniform = read(uniformSign(net));
          const random = read(sign(net, [magnitudes]));
          [0, 1].forEach((i) => {
            const w = weights[1][j * 2 + i];
            expect(uniform[i]).to.be.closeTo(Math.sign(w) / 2, SINGLE);
            expect(random[i]).to.be.closeTo(Math.sign(w) * Math.abs(magnitudes[i * 4 + j]), SINGLE);
          });
        }
      });

      test('frozen hidden changes the output layer alone, as backprop does', () => {
        const start = problem().weights;
        const learned = (rule: Rule): Float32Array[] => {
          const { weights, batch } = problem();
          step(rule, weights, batch, 0.5);
          return weights;
        };
        const [frozen, trained] = [learned(frozenHidden()), learned(backprop())];
        expect([frozen[0], frozen[1]]).to.deep.equal([start[0], start[1]]);
        expect(frozen[2]).to.deep.equal(trained[2]);
        expect(trained[0]).to.not.deep.equal(start[0]);
      });

      test('no error, no change', () => {
        for (const name of ruleNames) {
          const { weights, batch } = problem();
          const rule = makeRule(name, sizes, { noise: 0.1, decay: 0.05, batch: 4 }, rng(3));
          batch.errors[2].fill(0);
          if (!rule.teachesHidden) continue;
          for (const d of hidden(rule, weights, batch)) expect(Math.max(...d.map(Math.abs)), name).to.equal(0);
        }
      });

      test('a smaller batch in the same arrays is that batch', () => {
        const { weights, batch } = problem();
        const alone = passed(sizes, weights, x.subarray(0, 14), labels.slice(0, 2));
        batch.examples = 2;
        forward(weights, batch);
        expect(outputError(batch)).to.equal(outputError(alone));
        const [a, b] = [weights.map((w) => w.slice()), weights.map((w) => w.slice())];
        step(backprop(), a, batch, 0.3);
        step(backprop(), b, alone, 0.3);
        a.forEach((w, l) => {
          near(w, b[l]);
        });
      });
    });

    describe('random feedback', () => {
      test('is the same for the same seed, bit for bit, and has variance one over its fan-in', () => {
        const net = [3, 200, 50];
        const columns = (seed: number): Float32Array => {
          const rule = makeRule('feedback alignment', net, { noise: 1, decay: 1, batch: 1 }, rng(seed));
          const weights = [new Float32Array(600), new Float32Array(10_000)];
          const batch = passed(
            net,
            weights,
            new Float32Array(150),
            Array.from({ length: 50 }, (_, i) => i),
          );
          for (let i = 0; i < 50; i++) for (let j = 0; j < 50; j++) batch.errors[1][i * 50 + j] = i === j ? 1 : 0;
          return hidden(rule, weights, batch)[0];
        };
        const values = columns(1);
        expect(columns(1)).to.deep.equal(values);
        expect(columns(2)).to.not.deep.equal(values);
        const square = values.reduce((s, v) => s + v * v, 0) / values.length;
        // 10,000 squares of normal numbers: standard error √(2/10,000) of the mean
        expect(square * 50).to.be.closeTo(1, (4 * Math.SQRT2) / 100);
      });
    });

    test('weight mirror forgets at the rate ε when nothing drives it', () => {
      const start = normal(4, 3, 'A');
      const after = start.slice();
      mirrorStep([after], [normal(4, 7, 'W1'), normal(3, 4, 'W2')], makeDrive([7, 4, 3], 8), 5, 0.25);
      near(
        after,
        start.map((v) => 0.75 * v),
      );
    });
  });
