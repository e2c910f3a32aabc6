import { expect } from 'chai';
import {
  drawExamples,
  empiricalRisk,
  factorise,
  moments,
  ridge,
  roomFor,
  shortestFit,
  teacherWeights,
  trueRisk,
} from 'lecture-lab/inference/regression';
import { fixedRisk, minimisedRisk, sampleRisks } from 'lecture-lab/inference/risk';
import { empiricalAndTrue } from 'lecture-lab/inference/risk.figures';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { golden } from './golden';

const run = createRun();

describe('regression: fits', () => {
  const { X, y, fits, empirical, few } = golden.ridge;
  const examples = { X: Float64Array.from(X), y: Float64Array.from(y) };

  it('of a ridge are those of numpy', () => {
    const [S, c] = [new Float64Array(16), new Float64Array(4)];
    const [factor, w] = [new Float64Array(16), new Float64Array(4)];
    moments(examples, S, c);
    for (const [i, [penalty, ...expected]] of fits.entries()) {
      ridge(S, c, penalty!, factor, w);
      for (const [k, value] of w.entries()) expect(value).to.be.closeTo(expected[k]!, 1e-12);
      expect(empiricalRisk(examples, w)).to.be.closeTo(empirical[i]![1], 1e-12);
    }
  });

  it('leave a gradient of 0, with and without a penalty', () => {
    const [S, c] = [new Float64Array(16), new Float64Array(4)];
    const [factor, w] = [new Float64Array(16), new Float64Array(4)];
    moments(examples, S, c);
    for (const penalty of [0, 0.7]) {
      ridge(S, c, penalty, factor, w);
      for (let i = 0; i < 4; i++) {
        const step = 1e-5;
        const at = (d: number): number => {
          const moved = w.map((v, k) => (k === i ? v + d : v));
          return empiricalRisk(examples, moved) + 0.5 * penalty * moved.reduce((sum, v) => sum + v * v, 0);
        };
        // a quadratic has no third derivative: the difference is exact but for rounding
        expect((at(step) - at(-step)) / (2 * step)).to.be.closeTo(0, 1e-9);
      }
    }
  });

  it('of few examples are exact and the shortest, as by the pseudo-inverse', () => {
    const exact = { X: Float64Array.from(few.X), y: Float64Array.from(few.y) };
    const w = new Float64Array(4);
    shortestFit(exact, new Float64Array(9), new Float64Array(3), w);
    for (const [k, value] of w.entries()) expect(value).to.be.closeTo(few.fit[k]!, 1e-12);
    expect(empiricalRisk(exact, w)).to.be.below(1e-25);
  });

  it('refuse a matrix that is not positive definite', () => {
    expect(() => factorise(Float64Array.of(1, 0, 2, 1), 2)).to.throw(ParameterError, 'pivot 1');
  });

  it('draw labels that the teacher gives, with the noise asked for', () => {
    const teacher = { inputs: 3, noise: 0.5, length: 2 };
    const room = roomFor(40_000, 3);
    const target = teacherWeights(teacher);
    drawExamples(room, target, 0.5, rng(1));
    expect(Math.hypot(...target)).to.be.closeTo(2, 1e-12);
    // ½ σ² χ²/M: relative spread √(2/M)
    expect(empiricalRisk(room, target)).to.be.closeTo(0.125, 0.125 * 5 * Math.sqrt(2 / 40_000));
    expect(trueRisk(target, target, 0.5)).to.equal(0.125);
    expect(trueRisk(new Float64Array(3), target, 0.5)).to.be.closeTo(0.125 + 2, 1e-12);
  });
});

describe('risk: the minimised one', () => {
  it('on average is what numpy finds', () => {
    const unpenalised = golden.averages.filter(([, , , , penalty]) => penalty === 0);
    expect(unpenalised.length).to.equal(2);
    for (const [inputs, samples, noise, length, , train, risk] of unpenalised) {
      const theory = minimisedRisk({ inputs, noise, length }, samples);
      expect(theory.empirical).to.be.closeTo(train[0], 5 * train[1] + 1e-12);
      expect(theory.true).to.be.closeTo(risk[0], 5 * risk[1]);
    }
  });

  it('on average is what simulation finds, on both sides of N', async () => {
    for (const [inputs, samples] of [
      [3, 12],
      [8, 24],
      [20, 8],
    ] as const) {
      const teacher = { inputs, noise: 0.8, length: 1.2 };
      const found = await sampleRisks(teacher, samples, 4000, rng(2), run);
      const theory = minimisedRisk(teacher, samples);
      expect(found.empirical.mean).to.be.closeTo(theory.empirical, 5 * found.empirical.standardError + 1e-12);
      expect(found.true.mean).to.be.closeTo(theory.true, 5 * found.true.standardError);
      expect(found.gap.mean).to.be.closeTo(found.true.mean - found.empirical.mean, 1e-12);
    }
  });

  it('underestimates the floor that the true one overestimates, and both tend to it', () => {
    const teacher = { inputs: 10, noise: 1, length: 1.5 };
    for (const M of [12, 20, 100]) {
      const { empirical, true: risk } = minimisedRisk(teacher, M);
      expect(empirical).to.be.below(0.5);
      expect(risk).to.be.above(0.5);
    }
    const { empirical, true: risk } = minimisedRisk(teacher, 1e9);
    expect(1e9 * (0.5 - empirical)).to.be.closeTo(5, 1e-6);
    expect(1e9 * (risk - 0.5)).to.be.closeTo(5, 1e-6);
  });

  it('without noise is 0 from N + 2 examples on, and the length decides below', () => {
    const teacher = { inputs: 10, noise: 0, length: 2 };
    expect(minimisedRisk(teacher, 12)).to.deep.equal({ empirical: 0, true: 0 });
    expect(minimisedRisk(teacher, 5).true).to.be.closeTo(1, 1e-12);
  });

  it('has no mean at N − 1, N and N + 1 examples', () => {
    for (const M of [9, 10, 11])
      expect(minimisedRisk({ inputs: 10, noise: 1, length: 1 }, M).true).to.equal(Number.POSITIVE_INFINITY);
  });
});

describe('risk: of weights chosen before', () => {
  it('is unbiased, with a variance of ½ s⁴/M', async () => {
    const teacher = { inputs: 4, noise: 0.6, length: 1.1 };
    for (const samples of [8, 50]) {
      const { fixed } = await sampleRisks(teacher, samples, 20_000, rng(3), run);
      const theory = fixedRisk(teacher, teacher.length, samples);
      expect(theory.mean).to.equal((0.36 + 1.1 * 1.1) / 2);
      expect(fixed.mean).to.be.closeTo(theory.mean, (5 * theory.sd) / Math.sqrt(20_000));
      const relative = Math.sqrt((2 + 12 / samples) / (4 * 20_000));
      expect(Math.sqrt(fixed.variance)).to.be.closeTo(theory.sd, 5 * relative * theory.sd);
    }
  });

  it('narrows as 1/√M', () => {
    const teacher = { inputs: 4, noise: 1, length: 1 };
    expect(fixedRisk(teacher, 1, 10).sd / fixedRisk(teacher, 1, 40).sd).to.be.closeTo(2, 1e-12);
  });
});

describe('risk: refusals and interruption', () => {
  const teacher = { inputs: 4, noise: 1, length: 1 };

  it('name what is wrong', async () => {
    expect(() => minimisedRisk(teacher, 0)).to.throw(ParameterError, 'samples');
    expect(() => fixedRisk(teacher, 1, 1.5)).to.throw(ParameterError, 'samples');
    const refused = await sampleRisks(teacher, 10, 1, rng(1), run).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(ParameterError).with.property('message').that.includes('trials');
  });

  it('stop within 100 ms, and report', async () => {
    const abort = new AbortController();
    const fractions: number[] = [];
    const watched = createRun(abort.signal, (fraction) => fractions.push(fraction));
    let aborted = Number.NaN;
    setTimeout(() => {
      aborted = performance.now();
      abort.abort(new Error('enough'));
    }, 60);
    const error = await empiricalAndTrue
      .evaluate({ inputs: 20, trials: 1000 }, watched)
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'enough');
    expect(performance.now() - aborted).to.be.below(100);
    expect(fractions).to.not.be.empty;
    for (const fraction of fractions) expect(fraction).to.be.within(0, 1);
  });

  it('keep the landmarks at other settings', async () => {
    for (const settings of [
      { inputs: 20, noise: 0.3 },
      { inputs: 3, length: 0, seed: 7 },
    ]) {
      const { landmarks } = await empiricalAndTrue.evaluate(settings);
      expect(landmarks).to.not.be.empty;
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('give the same numbers for the same seed, and others for another', async () => {
    const one = await sampleRisks(teacher, 10, 50, rng(1).stream('M = 10'), run);
    const again = await sampleRisks(teacher, 10, 50, rng(1).stream('M = 10'), run);
    expect(again).to.deep.equal(one);
    expect((await sampleRisks(teacher, 10, 50, rng(2).stream('M = 10'), run)).true.mean).to.not.equal(one.true.mean);
  });
});
