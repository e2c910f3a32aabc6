import { expect } from 'chai';
import { drawExamples, empiricalRisk, moments, roomFor, trueRisk } from 'lecture-lab/inference/regression';
import {
  bestPenalty,
  expectedSpectrum,
  type Lesson,
  limitingRisk,
  ridgeRisk,
  sampleRidge,
} from 'lecture-lab/inference/ridge';
import { regularisation } from 'lecture-lab/inference/ridge.figures';
import { minimisedRisk } from 'lecture-lab/inference/risk';
import { exercise2 } from 'lecture-lab/inference/risk.check';
import { wishartEigenvalues } from 'lecture-lab/inference/wishart';
import { ParameterError } from 'lecture-lab/math/errors';
import { inverse, matrix, matvec, symmetricEigenvalues, trace } from 'lecture-lab/math/linear-algebra';
import type { Rule } from 'lecture-lab/math/quadrature';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { golden } from './golden';

const run = createRun();
const over = ({ nodes, weights }: Rule, f: (x: number) => number): number =>
  nodes.reduce((sum, x, i) => sum + weights[i]! * f(x), 0);

describe('wishart: expected eigenvalues', () => {
  const shapes = [
    [1, 1],
    [2, 1],
    [2, 2],
    [7, 3],
    [12, 10],
    [30, 20],
    [41, 39],
    [40, 40],
    [200, 40],
    [400, 2],
  ] as const;

  it('are n, with the moments that follow from independent normal entries', () => {
    for (const [m, n] of shapes) {
      const rule = wishartEigenvalues(m, n);
      expect(over(rule, () => 1) / n).to.be.closeTo(1, 1e-12);
      expect(over(rule, (x) => x) / (m * n)).to.be.closeTo(1, 1e-12);
      expect(over(rule, (x) => x * x) / (m * n * (m + n + 1))).to.be.closeTo(1, 1e-12);
      const third = m * n * (m * m + n * n + 3 * m * n + 3 * m + 3 * n + 4);
      expect(over(rule, (x) => x ** 3) / third).to.be.closeTo(1, 1e-11);
      if (m > n + 1) expect((over(rule, (x) => 1 / x) * (m - n - 1)) / n).to.be.closeTo(1, 1e-11);
    }
  });

  it('of two columns are those of scipy, for functions that are no polynomials', () => {
    const functions = {
      inverse: (x: number) => 1 / (x + 1),
      root: Math.sqrt,
      exponential: (x: number) => Math.exp(-x / 3),
    };
    for (const [m, name, sum] of golden.wishart)
      expect(over(wishartEigenvalues(m, 2), functions[name]), `${m} ${name}`).to.be.closeTo(sum, 1e-8);
  });

  it('of one column are χ²: E e^(−x/2) = 2^(−m/2)', () => {
    for (const m of [1, 2, 5, 20])
      expect(over(wishartEigenvalues(m, 1), (x) => Math.exp(-x / 2))).to.be.closeTo(2 ** (-m / 2), 1e-13);
  });

  it('are never negative in number, and are refused for shapes that don’t exist', () => {
    for (const weight of wishartEigenvalues(30, 20).weights) expect(weight).to.be.above(-1e-12);
    for (const [m, n] of [
      [3, 4],
      [3, 0],
      [2.5, 1],
      [401, 2],
    ] as const)
      expect(() => wishartEigenvalues(m, n)).to.throw(ParameterError, 'n ≤ m');
  });
});

describe('ridge: risks', () => {
  const lesson: Lesson = { inputs: 20, samples: 25, noise: 1, length: 1.5 };

  it('on average are what numpy finds', () => {
    const penalised = golden.averages.filter(([, , , , penalty]) => penalty > 0);
    expect(penalised.length).to.equal(3);
    for (const [inputs, samples, noise, length, penalty, train, risk] of penalised) {
      const theory = ridgeRisk({ inputs, samples, noise, length }, expectedSpectrum(inputs, samples), penalty);
      expect(theory.empirical).to.be.closeTo(train[0], 5 * train[1]);
      expect(theory.true).to.be.closeTo(risk[0], 5 * risk[1]);
    }
  });

  it('on average are what simulation finds', async () => {
    for (const [l, seed] of [
      [lesson, 1],
      [{ ...lesson, samples: 10 }, 2],
      [{ inputs: 6, samples: 6, noise: 0.5, length: 2 }, 3],
    ] as const)
      for (const { penalty, empirical, true: risk } of await sampleRidge(l, [0.01, 0.3, 5], 3000, rng(seed), run)) {
        const theory = ridgeRisk(l, expectedSpectrum(l.inputs, l.samples), penalty);
        expect(empirical.mean).to.be.closeTo(theory.empirical, 5 * empirical.standardError);
        expect(risk.mean).to.be.closeTo(theory.true, 5 * risk.standardError);
      }
  });

  it('for given inputs and a given teacher follow from matrices, averaged over noise and sign', () => {
    // fixed X: E over noise by linear algebra, and the direction of w* averaged over all axes
    const [N, M, noise, penalty] = [3, 5, 0.7, 0.2];
    const examples = roomFor(M, N);
    drawExamples(examples, new Float64Array(N), 1, rng(4));
    const [S, c] = [new Float64Array(N * N), new Float64Array(N)];
    moments(examples, S, c);
    const s = symmetricEigenvalues(matrix(N, N, S));
    const theory = ridgeRisk(
      { inputs: N, samples: M, noise, length: 1 },
      { nodes: s, weights: new Float64Array(N).fill(1) },
      penalty,
    );
    const G = inverse(
      matrix(
        N,
        N,
        S.map((v, p) => v + (p % (N + 1) === 0 ? penalty : 0)),
      ),
    );
    let [train, risk] = [0, 0];
    const solved = (y: Float64Array): Float64Array => {
      const moment = new Float64Array(N);
      moments({ X: examples.X, y }, new Float64Array(N * N), moment);
      return matvec(G, moment);
    };
    for (let axis = 0; axis < N; axis++) {
      const target = new Float64Array(N).map((_, i) => (i === axis ? 1 : 0));
      const y = Float64Array.from({ length: M }, (_, m) => examples.X[m * N + axis]!);
      const w = solved(y);
      train += empiricalRisk({ X: examples.X, y }, w) / N;
      risk += trueRisk(w, target, noise) / N;
    }
    for (let m = 0; m < M; m++) {
      const y = new Float64Array(M).map((_, k) => (k === m ? noise : 0));
      const w = solved(y);
      train += empiricalRisk({ X: examples.X, y }, w);
      risk += trueRisk(w, new Float64Array(N), 0);
    }
    expect(theory.empirical).to.be.closeTo(train, 1e-12);
    expect(theory.true).to.be.closeTo(risk, 1e-12);
    expect(trace(G)).to.be.closeTo(
      s.reduce((sum, v) => sum + 1 / (v + penalty), 0),
      1e-12,
    );
  });

  it('without a penalty are those of least squares, with an endless one those of a silent network', () => {
    for (const samples of [30, 12]) {
      const l = { ...lesson, samples };
      const [none, least] = [ridgeRisk(l, expectedSpectrum(20, samples), 0), minimisedRisk(l, samples)];
      expect(none.true).to.be.closeTo(least.true, 1e-10);
      expect(none.empirical).to.be.closeTo(least.empirical, 1e-12);
      const silent = ridgeRisk(l, expectedSpectrum(20, samples), 1e9);
      expect(silent.true).to.be.closeTo((1 + 2.25) / 2, 1e-8);
      expect(silent.empirical).to.be.closeTo((1 + 2.25) / 2, 1e-8);
    }
  });

  it('of training rises with λ; the true one has its minimum at σ²N/M|w*|², for any N and M', () => {
    for (const [inputs, samples, noise, length] of [
      [20, 25, 1, 1.5],
      [20, 8, 0.4, 1],
      [5, 5, 2, 2],
      [3, 60, 1, 0.5],
    ] as const) {
      const l = { inputs, samples, noise, length };
      const spectrum = expectedSpectrum(inputs, samples);
      const best = bestPenalty(l);
      const at = (penalty: number) => ridgeRisk(l, spectrum, penalty);
      for (const factor of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) expect(at(best * factor).true).to.be.above(at(best).true);
      const slope = (at(best * 1.001).true - at(best * 0.999).true) / 0.002;
      expect(slope / at(best).true).to.be.closeTo(0, 1e-6);
      expect(at(2 * best).empirical).to.be.above(at(best).empirical);
    }
  });

  it('at the best penalty are ½ σ² (1 + E tr (S + λ)⁻¹/M)', () => {
    const best = bestPenalty(lesson);
    const spectrum = expectedSpectrum(20, 25);
    expect(ridgeRisk(lesson, spectrum, best).true).to.be.closeTo(
      0.5 * (1 + over(spectrum, (s) => 1 / (s + best)) / 25),
      1e-12,
    );
  });

  it('tend to the limit of Marchenko and Pastur, twice as near with twice the inputs', () => {
    const [ratio, penalty] = [0.8, 0.3];
    const limit = limitingRisk({ noise: 1, length: 1.5 }, ratio, penalty);
    const off = (N: number) => {
      const l = { inputs: N, samples: N / ratio, noise: 1, length: 1.5 };
      const { empirical, true: risk } = ridgeRisk(l, expectedSpectrum(N, N / ratio), penalty);
      return [empirical - limit.empirical, risk - limit.true] as const;
    };
    const [near, nearer] = [off(40), off(80)];
    for (const i of [0, 1] as const) {
      expect(Math.abs(near[i])).to.be.below(0.01);
      // first order in 1/N, with a remainder of second order
      expect(nearer[i] / near[i]).to.be.closeTo(0.5, 0.03);
    }
  });

  it('at the best penalty have the limit of Advani and Ganguli, where α is M/N', () => {
    // q = ½ σ_s² [1 − α − φ + √((α + φ − 1)² + 4φ)], φ = σ²/σ_s²: the squared error of all weights together
    for (const [alpha, q] of [
      [0.5, 0.78078],
      [1, 0.61803],
      [2, 0.41421],
      [4, 0.23607],
    ] as const)
      expect(2 * limitingRisk({ noise: 1, length: 1 }, 1 / alpha, 1 / alpha).true - 1).to.be.closeTo(q, 5e-6);
    const [alpha, noise, length] = [1.7, 0.6, 1.3];
    const phi = (noise / length) ** 2;
    const closed = (length ** 2 / 2) * (1 - alpha - phi + Math.sqrt((alpha + phi - 1) ** 2 + 4 * phi));
    const { true: risk } = limitingRisk({ noise, length }, 1 / alpha, phi / alpha);
    expect(2 * risk - noise ** 2).to.be.closeTo(closed, 1e-12);
  });

  it('in the limit are continuous where 1 − γ + λ changes its sign', () => {
    const at = (ratio: number) => limitingRisk({ noise: 1, length: 1 }, ratio, 0.5);
    expect(at(1.5 + 1e-9).true).to.be.closeTo(at(1.5 - 1e-9).true, 1e-7);
  });

  it('have the slope that their differences have', async () => {
    const [low, at, high] = await sampleRidge(
      lesson,
      [0.3 * Math.exp(-1e-3), 0.3, 0.3 * Math.exp(1e-3)],
      20,
      rng(5),
      run,
    );
    const difference = (high!.true.mean - low!.true.mean) / 2e-3;
    // central differences: second order in 1e-3
    expect(at!.slope.mean).to.be.closeTo(difference, 1e-5);
  });

  it('refuse what makes no sense', async () => {
    const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
    expect(await thrown(sampleRidge(lesson, [0], 10, rng(1), run))).to.be.instanceOf(ParameterError);
    expect(await thrown(sampleRidge(lesson, [1], 1, rng(1), run))).to.be.instanceOf(ParameterError);
    expect(() => limitingRisk(lesson, 1, 0)).to.throw(ParameterError, 'penalty');
  });
});

describe('ridge: figure and self-check', () => {
  it('keep the landmarks at other settings', async () => {
    for (const settings of [{ samples: 100 }, { inputs: 40, samples: 20, seed: 5 }, { noise: 0.3, length: 3 }]) {
      const { landmarks } = await regularisation.evaluate(settings);
      expect(landmarks.length).to.equal(3);
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('refuse a value out of range by name', async () => {
    const error = await regularisation.evaluate({ noise: 0 }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ParameterError).with.property('message').that.includes('noise must be between');
  });

  it('obey an abort', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(new Error('enough')), 50);
    const error = await regularisation
      .evaluate({ trials: 1000, inputs: 40, samples: 100 }, createRun(abort.signal))
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'enough');
  });

  it('tell each mistake from the others, and know the answer by another way', () => {
    const { mistakes, otherwise } = exercise2.definition;
    // by bisection of the slope of the exact average
    const searched = (inputs: number, samples: number, noise: number, length: number): number => {
      const l = { inputs, samples, noise, length };
      const spectrum = expectedSpectrum(inputs, samples);
      const slope = (t: number): number =>
        ridgeRisk(l, spectrum, Math.exp(t + 1e-4)).true - ridgeRisk(l, spectrum, Math.exp(t - 1e-4)).true;
      let [low, high] = [-12, 8];
      for (let i = 0; i < 60; i++) {
        const middle = (low + high) / 2;
        if (slope(middle) < 0) low = middle;
        else high = middle;
      }
      return Math.exp((low + high) / 2);
    };
    const answer = exercise2.definition.solution;
    const settings: readonly Parameters<typeof answer>[] = [
      [20, 25, 1, 1.5],
      [30, 10, 2, 0.7],
    ];
    for (const c of settings) expect(searched(...c) / answer(...c)).to.be.closeTo(1, 1e-5);
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(new Set(mistakes.map(({ hint }) => hint)).size).to.equal(mistakes.length);
    expect(exercise2(() => 1).message).to.equal(otherwise);
    expect(exercise2((N, M, s, l) => (s * s * N) / (M * l * l)).right).to.equal(true);
  });
});
