import { expect } from 'chai';
import { driftOf, learn } from 'lecture-lab/learning-rate/learning';
import { difficulty, prediction } from 'lecture-lab/learning-rate/learning.figures';
import { localShape, makeLesson } from 'lecture-lab/learning-rate/lesson';
import { linearStudent } from 'lecture-lab/learning-rate/linear-student';
import { expected } from 'lecture-lab/learning-rate/rate.figures';
import { steadyState } from 'lecture-lab/learning-rate/steady';
import { curvature } from 'lecture-lab/learning-rate/step.figures';
import { expectedRate, slideRate, steadyDifficulty } from 'lecture-lab/learning-rate/theory';
import { add, type Matrix, matrix, multiply, qr } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { correlation, mean } from 'lecture-lab/math/statistics';

/* What the text of the lesson on the learning rate says in numbers. */

const plasticity = { gamma1: 0.2, gamma2: 0.3, gamma3: 0.05, interval: 0.5 };
const { student, start } = makeLesson('linear', [5, 4], 400, rng(1));
const at = localShape(student, start);

describe('the lesson on the learning rate says', function () {
  this.timeout(60_000);

  it('that the sigmoid’s expansion is off by about four times less at half the T', () => {
    const { student: sigmoid, start: w } = makeLesson('sigmoid', [5, 4, 4], 400, rng(1));
    const shape = localShape(sigmoid, w);
    const noise = rng(2).fillNormal(new Float64Array(shape.synapses), 0, 0.1);
    const speed = shape.gradient.map((g, i) => -g / shape.gradientNorm + noise[i]);
    const curved = new Float64Array(shape.synapses);
    sigmoid.hessianVector(w, speed, curved);
    const dot = (a: Float64Array): number => a.reduce((sum, x, i) => sum + x * speed[i], 0);
    const off = (T: number): number => {
      const k = (shape.error - sigmoid.error(w.map((x, i) => x + T * speed[i]))) / (T * shape.error);
      return -(dot(shape.gradient) + (T / 2) * dot(curved)) / shape.error - k;
    };
    for (const T of [0.4, 0.2]) expect(off(T) / off(T / 2)).to.be.closeTo(4, 0.5);
  });

  it('that the limit is G = 0.8, and that at T = 0.5 nothing is reversed', async () => {
    expect((await curvature.evaluate()).landmarks.at(-1)!.theory).to.equal(0.8);
    const { rows } = await curvature.evaluate({ interval: 0.5 });
    expect(rows.filter(({ fate }) => fate === 'reversed')).to.deep.equal([]);
    const { rows: still } = await curvature.evaluate({ difficulties: [1.2], interval: 0.8 / 1.2 });
    expect(still[0].k).to.be.closeTo(0, 1e-12);
  });

  it('that five times the noise ends learning, and that the best γ1 is 11, with kT = 0.96', async () => {
    const noisier = (m: number) => ({ ...plasticity, gamma2: 0.3 * m, gamma3: 0.05 * m });
    expect(expectedRate(noisier(4.9), at)).to.be.above(0);
    expect(expectedRate(noisier(5.1), at)).to.be.below(0);
    const best = at.gradientNorm / (0.5 * at.gradientCurvature);
    expect(best).to.be.closeTo(11, 0.5);
    expect(0.5 * expectedRate({ ...plasticity, gamma1: best }, at)).to.be.closeTo(0.96, 0.005);
    expect(Math.abs(0.5 * expectedRate({ ...plasticity, gamma1: 2 * best }, at))).to.be.below(0.01);
    for (const gamma1 of [0.97 * best, 1.03 * best])
      expect(expectedRate({ ...plasticity, gamma1 }, at)).to.be.below(
        expectedRate({ ...plasticity, gamma1: best }, at),
      );
    // the figure has the same student
    const { rows } = await expected.evaluate({ samples: 500 });
    const formula = rows.find(({ kind, multiple }) => kind === 'formula' && multiple === 1)!;
    expect(formula.k).to.be.closeTo(expectedRate(plasticity, at), 1e-12);
  });

  it('where the points of the four panels lie', async () => {
    const { rows } = await prediction.evaluate();
    const panel = (network: string, noise: string) => {
      const own = rows.filter((row) => row.network === network && row.noise === noise);
      const [k, predicted] = [own.map((row) => row.k as number), own.map((row) => row.predicted as number)];
      return { r: correlation(k, predicted), above: mean(predicted.map((x, i) => Math.sign(x - k[i]))) };
    };
    // on the line; beside it; a cloud without slope; and again a slope
    expect(panel('linear', 'low').r).to.be.above(0.95);
    expect(panel('sigmoid', 'low').r).to.be.above(0.9);
    expect(panel('sigmoid', 'low').above).to.be.above(0.9);
    expect(panel('linear', 'high').r).to.be.below(0.2);
    expect(panel('sigmoid', 'high').r).to.be.above(0.6);
    const shorter = await prediction.evaluate({ network: 'sigmoid', interval: 0.5, cycles: 500 });
    const low = shorter.rows.filter((row) => row.noise === 'low');
    const above = mean(low.map((row) => Math.sign((row.predicted as number) - (row.k as number))));
    expect(above).to.be.below(panel('sigmoid', 'low').above - 0.2);
  });

  it('that one of twenty sigmoid students starts with a negative trace, and none has one on the way', () => {
    const negative = (left: number): number =>
      Array.from({ length: 20 }, (_, seed) => {
        const { student, start, teacher } = makeLesson('sigmoid', [10, 5, 5, 10], 100, rng(seed));
        return student.hessianTrace(start.map((w, i) => teacher[i] + left * (w - teacher[i])));
      }).filter((trace) => trace < 0).length;
    expect(negative(1)).to.equal(1);
    for (const left of [0.5, 0.25, 0]) expect(negative(left)).to.equal(0);
  });

  it('that the sigmoid’s G settles up to a tenth above the prediction', async () => {
    const { rows } = await difficulty.evaluate({ network: 'sigmoid' });
    for (const gamma3 of [0.05, 0.1]) {
      const late = rows.filter((row) => row.gamma3 === gamma3).slice(50);
      const ratio = mean(late.map((row) => row.difficulty as number)) / (late[0].predicted as number);
      expect(ratio, `γ3 = ${gamma3}`).to.be.within(1, 1.12);
    }
  });

  it('that a memory of 0.1 costs an eighth of G', async () => {
    const pupil = makeLesson('linear', [10, 6], 500, rng(1));
    const rule = { gamma1: 0.2, gamma2: 0.5, gamma3: 0.05, interval: 2 };
    const late = async (memory: number): Promise<number> =>
      steadyState(
        await learn(pupil.student, pupil.start, rule, driftOf(memory), 2000, rng(2), createRun()),
        rule,
        60,
        500,
      ).weighted;
    const [without, with1] = [await late(0), await late(0.1)];
    expect(without).to.be.closeTo(steadyDifficulty(rule, 60), 0.01);
    expect(1 - with1 / without).to.be.closeTo(1 / 8, 0.02);
  });

  it('that the slide’s mean rate is more than 40 times too large in size', () => {
    const right = expectedRate(plasticity, at);
    for (const sign of ['printed', 'repaired'] as const)
      expect(Math.abs(slideRate(plasticity, at, sign)) / right).to.be.within(40, 45);
  });

  it('what an embedding leaves as it was, and what not', () => {
    const normal = (rows: number, cols: number, name: string): Matrix =>
      matrix(
        rows,
        cols,
        rng(3)
          .stream(name)
          .fillNormal(new Float64Array(rows * cols)),
      );
    const [X, W, teacher] = [normal(400, 5, 'x'), normal(4, 5, 'W'), normal(4, 5, 'W*')];
    const back = { transposeB: true };
    const Y = multiply(X, teacher, back);
    for (const [c1, c2] of [
      [2, 2],
      [3, 2],
      [1, 4],
    ]) {
      const [B, D] = [qr(normal(c1 * 5, 5, 'B')).Q, qr(normal(c2 * 4, 4, 'D')).Q];
      const put = (inner: Matrix): Matrix => multiply(multiply(D, inner), B, back);
      const R = normal(c2 * 4, c1 * 5, 'R');
      const other = add(add(put(W), R), put(multiply(multiply(D, R, { transposeA: true }), B)), -1);
      const product = multiply(multiply(D, other, { transposeA: true }), B);
      for (const [i, w] of product.data.entries()) expect(w).to.be.closeTo(W.data[i], 1e-12);
      const small = localShape(linearStudent({ inputs: 5, outputs: 4, x: X.data, target: Y.data }), W.data);
      const student = linearStudent({
        inputs: c1 * 5,
        outputs: c2 * 4,
        x: multiply(X, B, back).data,
        target: multiply(Y, D, back).data,
      });
      const [embedded, random] = [put(W), other].map((w) => localShape(student, w.data));
      for (const same of ['error', 'gradientNorm', 'gradientCurvature'] as const)
        expect(embedded[same], same).to.be.closeTo(small[same], 1e-9 * small[same]);
      for (const shape of [embedded, random]) expect(shape.trace).to.be.closeTo(c2 * small.trace, 1e-9 * shape.trace);
      if (c2 > 1) expect(random.error).to.be.above(1.1 * small.error);
      if (c2 > 1) expect(random.gradientNorm).to.be.above(1.05 * small.gradientNorm);
      // a gradient that is spread evenly over all directions meets the mean eigenvalue: smaller by c1, not larger by c2
      expect(embedded.trace / student.synapses).to.be.closeTo(small.trace / 20 / c1, 1e-9 * small.trace);
    }
  });
});
