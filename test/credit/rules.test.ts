// registers the gradients of all operations: the library itself differentiates by hand and needs none
import '@tensorflow/tfjs';
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { expect } from 'chai';
import { crossEntropy, forward, learned, outputError } from 'lecture-lab/credit/network';
import { backprop } from 'lecture-lab/credit/rules/backprop';
import { directFeedback } from 'lecture-lab/credit/rules/direct-feedback';
import { feedbackAlignment } from 'lecture-lab/credit/rules/feedback-alignment';
import { frozenHidden } from 'lecture-lab/credit/rules/frozen-hidden';
import { makeRule, type RuleName, ruleNames } from 'lecture-lab/credit/rules/index';
import type { Rule } from 'lecture-lab/credit/rules/rule';
import { sign, uniformSign } from 'lecture-lab/credit/rules/sign';
import { mirrorStep, weightMirror } from 'lecture-lab/credit/rules/weight-mirror';
import { step } from 'lecture-lab/credit/train';
import type { TensorFlow } from 'lecture-lab/edge/edge';
import { tensorflow } from 'lecture-lab/edge/node';
import { rng } from 'lecture-lab/math/rng';
import { oneStep } from './fixture';

/** TensorFlow computes in single precision. */
const SINGLE = 2e-6;

describe('rules of credit assignment', () => {
  let tf: TensorFlow;
  before(async function () {
    this.timeout(60_000);
    tf = await tensorflow();
  });

  const matrix = (rows: readonly (readonly number[])[]): Tensor2D => tf.tensor2d(rows.map((r) => [...r]));
  const normal = (rows: number, cols: number, name: string): Tensor2D =>
    tf.tensor2d(
      rng(11)
        .stream(name)
        .fillNormal(new Float32Array(rows * cols)),
      [rows, cols],
    );
  const near = (actual: Tensor2D, expected: Tensor2D, tolerance: number = SINGLE): void => {
    expect(actual.shape).to.deep.equal(expected.shape);
    const wanted = expected.dataSync();
    const scale = Math.max(1, ...wanted.map(Math.abs));
    actual.dataSync().forEach((v, i) => {
      expect(v, `entry ${i}`).to.be.closeTo(wanted[i], tolerance * scale);
    });
  };

  /** A network whose layers all differ in size, with a batch of labelled examples. */
  const problem = () => {
    const weights = [normal(6, 7, 'W1'), normal(4, 6, 'W2'), normal(3, 4, 'W3')];
    const x = normal(5, 7, 'x');
    const y = tf.cast(tf.oneHot(tf.tensor1d([0, 2, 1, 1, 2], 'int32'), 3), 'float32') as Tensor2D;
    const pass = forward(tf, weights, x);
    return { weights, x, y, pass, error: outputError(tf, pass, y) };
  };
  const lossOf = (weights: readonly Tensor2D[], x: Tensor2D, y: Tensor2D): Scalar =>
    crossEntropy(tf, forward(tf, weights, x), y) as Scalar;

  describe('against numpy', () => {
    const rules: Record<RuleName, (feedback: Tensor2D[]) => Rule> = {
      backprop: () => backprop(tf),
      'feedback alignment': (f) => feedbackAlignment(tf, f),
      'direct feedback': (f) => directFeedback(tf, f),
      sign: (f) => sign(tf, f),
      'uniform sign': () => uniformSign(tf),
      'weight mirror': (f) => weightMirror(tf, f, { noise: 0.1, decay: 0.05, batch: 1 }, rng(1)),
      'frozen hidden': () => frozenHidden(),
    };
    for (const name of ruleNames)
      it(`${name}: error signals and weights after one step`, () =>
        tf.tidy(() => {
          const golden = oneStep.rules[name];
          const rule = rules[name](golden.feedback.map(matrix));
          const weights = oneStep.weights.map(matrix);
          const inputs = matrix(oneStep.x);
          const targets = tf.cast(
            tf.oneHot(tf.tensor1d([...oneStep.labels], 'int32'), oneStep.sizes.at(-1)!),
            'float32',
          ) as Tensor2D;
          const pass = forward(tf, weights, inputs);
          const deltas = rule.hiddenErrors(weights, pass, outputError(tf, pass, targets));
          expect(deltas).to.have.length(name === 'frozen hidden' ? 0 : 2);
          deltas.forEach((d, l) => {
            near(d, matrix(golden.deltas[l]));
          });
          step(tf, rule, weights, { inputs, targets }, oneStep.rate).forEach((w, l) => {
            near(w, matrix(golden.weights[l]));
          });
        }));

    it('weight mirror: feedback after one step', () =>
      tf.tidy(() => {
        const golden = oneStep.rules['weight mirror'];
        const { mirrorNoise, mirrorDecay } = oneStep;
        const after = mirrorStep(
          tf,
          golden.feedback.map(matrix),
          golden.weights.map(matrix),
          oneStep.noise.map(matrix),
          mirrorDecay / mirrorNoise ** 2,
          mirrorDecay,
        );
        after.forEach((a, l) => {
          near(a, matrix(golden.feedbackAfter[l]));
        });
      }));
  });

  describe('backprop', () => {
    it('is what automatic differentiation gives', () =>
      tf.tidy(() => {
        const { weights, x, y, pass, error } = problem();
        const exact = tf.grads((...w: Tensor[]) => lossOf(w as Tensor2D[], x, y))(weights) as Tensor2D[];
        // a step of size 1 is minus the gradient
        const after = learned(tf, weights, pass, [...backprop(tf).hiddenErrors(weights, pass, error), error], 1);
        weights.forEach((w, l) => {
          near(tf.sub(w, after[l]), exact[l]);
        });
      }));

    it('is what moving single weights gives', () =>
      tf.tidy(() => {
        const { weights, x, y, pass, error } = problem();
        const after = learned(tf, weights, pass, [...backprop(tf).hiddenErrors(weights, pass, error), error], 1);
        // single precision: a nudge of 0.02 leaves an error of nudge²/6 of the third derivative and of rounding/nudge
        const nudge = 0.02;
        for (const [l, i] of [
          [0, 3],
          [0, 30],
          [1, 0],
          [1, 17],
          [2, 5],
          [2, 11],
        ]) {
          const moved = (by: number): number => {
            const values = weights[l].dataSync().slice();
            values[i] += by;
            const changed = weights.map((w, k) => (k === l ? tf.tensor2d(values, w.shape) : w));
            return lossOf(changed, x, y).dataSync()[0];
          };
          const measured = (moved(nudge) - moved(-nudge)) / (2 * nudge);
          const computed = weights[l].dataSync()[i] - after[l].dataSync()[i];
          expect(computed, `layer ${l + 1}, weight ${i}`).to.be.closeTo(measured, 3e-4);
        }
      }));
  });

  describe('identities', () => {
    it('feedback alignment with the transposed weights is backprop', () =>
      tf.tidy(() => {
        const { weights, pass, error } = problem();
        const rule = feedbackAlignment(tf, [tf.transpose(weights[1]), tf.transpose(weights[2])]);
        const exact = backprop(tf).hiddenErrors(weights, pass, error);
        rule.hiddenErrors(weights, pass, error).forEach((d, l) => {
          expect([...d.dataSync()]).to.deep.equal([...exact[l].dataSync()]);
        });
      }));

    it('direct feedback with the transposed weights is backprop in the last hidden layer', () =>
      tf.tidy(() => {
        const { weights, pass, error } = problem();
        const rule = directFeedback(tf, [normal(6, 3, 'B1'), tf.transpose(weights[2])]);
        const exact = backprop(tf).hiddenErrors(weights, pass, error);
        const direct = rule.hiddenErrors(weights, pass, error);
        expect([...direct[1].dataSync()]).to.deep.equal([...exact[1].dataSync()]);
        expect([...direct[0].dataSync()]).to.not.deep.equal([...exact[0].dataSync()]);
      }));

    it('both signs keep the sign of every weight, and uniform sign one size', () =>
      tf.tidy(() => {
        const weights = [normal(2, 3, 'W1'), normal(4, 2, 'W2')];
        // with activity 0 the slope is 1, and a unit error at output j reads off column j of the feedback
        const pass = { ...forward(tf, weights, tf.zeros([1, 3])) };
        const magnitudes = normal(2, 4, 'M');
        for (let j = 0; j < 4; j++) {
          const unit = tf.cast(tf.oneHot(tf.tensor1d([j], 'int32'), 4), 'float32') as Tensor2D;
          const forwards = [0, 1].map((i) => weights[1].dataSync()[j * 2 + i]);
          const uniform = uniformSign(tf).hiddenErrors(weights, pass, unit)[0].dataSync();
          const random = sign(tf, [magnitudes]).hiddenErrors(weights, pass, unit)[0].dataSync();
          forwards.forEach((w, i) => {
            expect(uniform[i]).to.be.closeTo(Math.sign(w) / 2, SINGLE);
            expect(random[i]).to.be.closeTo(Math.sign(w) * Math.abs(magnitudes.dataSync()[i * 4 + j]), SINGLE);
          });
        }
      }));

    it('frozen hidden changes the output layer alone, as backprop does', () =>
      tf.tidy(() => {
        const { weights, x, y } = problem();
        const frozen = step(tf, frozenHidden(), weights, { inputs: x, targets: y }, 0.5);
        const trained = step(tf, backprop(tf), weights, { inputs: x, targets: y }, 0.5);
        [0, 1].forEach((l) => {
          expect([...frozen[l].dataSync()]).to.deep.equal([...weights[l].dataSync()]);
        });
        expect([...frozen[2].dataSync()]).to.deep.equal([...trained[2].dataSync()]);
      }));

    it('no error, no change', () =>
      tf.tidy(() => {
        const { weights, pass } = problem();
        for (const name of ruleNames) {
          const rule = makeRule(tf, name, [7, 6, 4, 3], { noise: 0.1, decay: 0.05, batch: 4 }, rng(3));
          for (const d of rule.hiddenErrors(weights, pass, tf.zeros([5, 3])))
            expect(Math.max(...d.dataSync().map(Math.abs)), name).to.equal(0);
        }
      }));
  });

  describe('random feedback', () => {
    it('is the same for the same seed, bit for bit, and has variance one over its fan-in', () =>
      tf.tidy(() => {
        const columns = (seed: number): Float32Array => {
          const rule = makeRule(tf, 'feedback alignment', [3, 200, 50], { noise: 1, decay: 1, batch: 1 }, rng(seed));
          const weights = [tf.zeros([200, 3]) as Tensor2D, tf.zeros([50, 200]) as Tensor2D];
          const pass = forward(tf, weights, tf.zeros([50, 3]));
          return rule.hiddenErrors(weights, pass, tf.eye(50))[0].dataSync() as Float32Array;
        };
        const values = columns(1);
        expect([...columns(1)]).to.deep.equal([...values]);
        expect([...columns(2)]).to.not.deep.equal([...values]);
        const square = values.reduce((s, v) => s + v * v, 0) / values.length;
        // 10,000 squares of normal numbers: standard error √(2/10,000) of the mean
        expect(square * 50).to.be.closeTo(1, (4 * Math.SQRT2) / 100);
      }));
  });

  it('weight mirror forgets at the rate ε when nothing drives it', () =>
    tf.tidy(() => {
      const start = normal(4, 3, 'A');
      const weights = [normal(4, 7, 'W1'), normal(3, 4, 'W2')];
      const [after] = mirrorStep(tf, [start], weights, [tf.zeros([8, 4])], 5, 0.25);
      near(after, tf.mul(0.75, start));
    }));
});
