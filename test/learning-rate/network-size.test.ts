import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { compareConstructions, constructions, quantities } from 'lecture-lab/learning-rate/constructions';
import {
  enlarge,
  enlargeAtRandom,
  enlargedStudent,
  expansion,
  readOut,
  semiOrthogonal,
  shrink,
} from 'lecture-lab/learning-rate/embedding';
import { embedding } from 'lecture-lab/learning-rate/embedding.figures';
import { enlargeSigmoid, sigmoidLesson, withHidden } from 'lecture-lab/learning-rate/enlarged-sigmoid';
import { localShape } from 'lecture-lab/learning-rate/lesson';
import { linearStudent } from 'lecture-lab/learning-rate/linear-student';
import {
  nStarGrowing,
  nStarLinear,
  nStarPrinted,
  nStarSigmoid,
  nStarSigmoidCode,
  nStarUnmixed,
  steadyGradient,
  steadyState,
} from 'lecture-lab/learning-rate/network-size';
import { exercise2 } from 'lecture-lab/learning-rate/network-size.check';
import { optimum, prediction } from 'lecture-lab/learning-rate/network-size.figures';
import { sigmoidAnswers, sigmoidStudent } from 'lecture-lab/learning-rate/sigmoid-student';
import {
  linearLesson,
  momentsOf,
  type Point,
  steadyErrors,
  steadySigmoidErrors,
  theoryOf,
} from 'lecture-lab/learning-rate/steady-error';
import { sigmoid, steadyError } from 'lecture-lab/learning-rate/steady-error.figures';
import type { Student } from 'lecture-lab/learning-rate/student';
import { expectedRate } from 'lecture-lab/learning-rate/theory';
import { ParameterError } from 'lecture-lab/math/errors';
import { gram, matrix, multiply, symmetricEigenvalues, toRows } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';

type Pair = readonly [mean: number, se: number];
const golden: {
  readonly stars: readonly {
    readonly p: readonly [number, number, number, number, number];
    readonly linear: number;
    readonly unmixed: number;
    readonly growing: number;
    readonly sigmoid: number;
    readonly code: number;
  }[];
  readonly embedding: {
    readonly inputs: number;
    readonly outputs: number;
    readonly times: readonly [number, number];
    readonly x: number[];
    readonly target: number[];
    readonly teacher: number[];
    readonly B: number[];
    readonly D: number[];
    readonly networks: readonly { readonly weights: number[]; readonly a: number[]; readonly b: number[] }[];
  };
  readonly steady: {
    readonly moments: number[];
    readonly points: readonly {
      readonly p: readonly [number, number, number, number];
      readonly c: number;
      readonly F: Pair;
      readonly gradient: Pair;
    }[];
  };
  readonly zeros: {
    readonly sizes: number[];
    readonly larger: number[];
    readonly x: number[];
    readonly target: number[];
    readonly w: number[];
    readonly wide: number[];
    readonly F: number;
    readonly gradient: [number, number];
  };
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'learning-rate', 'network-size.json'), 'utf8'));

const of = (gamma1: number, gamma2: number, gamma3: number, interval = 1) => ({ gamma1, gamma2, gamma3, interval });
const near = (a: number, b: number, relative: number): void => {
  expect(a).to.be.closeTo(b, relative * Math.abs(b));
};

describe('network size: best sizes', () => {
  it('are those that numpy and scipy find', () => {
    for (const { p, linear, unmixed, growing, sigmoid, code } of golden.stars) {
      const [plasticity, N] = [of(p[0], p[1], p[2], p[3]), p[4]];
      // a search finds a minimum to the square root of its precision
      near(nStarLinear(plasticity), linear, 1e-6);
      near(nStarUnmixed(plasticity), unmixed, 1e-6);
      near(nStarGrowing(plasticity, N), growing, 1e-6);
      near(nStarSigmoid(plasticity, N), sigmoid, 1e-9);
      near(nStarSigmoidCode(plasticity, N), code, 1e-9);
    }
  });

  it('of the lecture’s numbers are 404 and 29 synapses', () => {
    near(nStarLinear(of(0.1, 1, 0.05)), 404, 1e-12);
    near(nStarLinear(of(0.2, 0.5, 0.1)), 29, 1e-12);
  });

  it('solve the equations that they stand for', () => {
    const random = rng(5);
    for (let i = 0; i < 50; i++) {
      const p = of(random.uniform(0, 1), random.uniform(0, 1), random.uniform(0.001, 0.5), random.uniform(0.1, 3));
      const N = random.integer(1, 1000);
      const ratio = p.interval / p.gamma3 ** 2;
      const [one, two] = [nStarSigmoid(p, N), nStarSigmoidCode(p, N)];
      near(ratio * p.gamma2 ** 2 * (1 + (p.gamma1 ** 2 * N) / (p.gamma2 ** 2 * one)), one, 1e-9);
      const common = ratio ** 2 * (p.gamma1 ** 2 + p.gamma2 ** 2);
      near(common * p.gamma2 ** 2 * two + common * p.gamma1 ** 2 * N, two ** 3, 1e-9);
      expect(nStarUnmixed(p)).to.be.below(nStarLinear(p));
      expect(nStarGrowing(p, N)).to.be.below(nStarUnmixed(p));
      expect(Math.sign(nStarPrinted(p))).to.equal(Math.sign(p.gamma2 - p.gamma1));
    }
  });

  it('are all T γ2²/γ3² where γ2 is far above γ1, and fall with the square of the noise', () => {
    const p = of(1e-6, 1, 0.05, 2);
    for (const size of [
      nStarLinear(p),
      nStarPrinted(p),
      nStarUnmixed(p),
      nStarGrowing(p, 20),
      nStarSigmoid(p, 20),
      nStarSigmoidCode(p, 20),
    ])
      near(size, 800, 1e-8);
    near(nStarSigmoid(of(1e-6, 1, 0.1, 2), 20), 200, 1e-8);
  });

  it('without task-irrelevant plasticity: printed negative, with the sign repaired positive, in the linear network none', () => {
    const p = of(0.1, 0, 0.05);
    near(nStarPrinted(p), -4, 1e-12);
    near(nStarLinear(p), 4, 1e-12);
    expect(nStarUnmixed(p)).to.equal(0);
    expect(nStarGrowing(p, 20)).to.equal(0);
    near(nStarSigmoid(p, 20), Math.sqrt((0.1 ** 2 * 20) / 0.05 ** 2), 1e-12);
    near(nStarSigmoidCode(p, 20), Math.cbrt((0.1 ** 4 * 20) / 0.05 ** 4), 1e-12);
  });

  it('are infinite without noise', () => {
    const p = of(0.1, 1, 0);
    for (const size of [nStarLinear(p), nStarUnmixed(p), nStarSigmoid(p, 20), nStarSigmoidCode(p, 20)])
      expect(size).to.equal(Number.POSITIVE_INFINITY);
    near(nStarGrowing(p, 20), 2000, 1e-12);
  });

  it('refuse what is no plasticity and no size', () => {
    expect(() => nStarLinear(of(-1, 1, 1))).to.throw(ParameterError, 'gamma1');
    expect(() => nStarUnmixed(of(1, 1, Number.NaN))).to.throw(ParameterError, 'gamma3');
    expect(() => nStarPrinted(of(1, 1, 1, 0))).to.throw(ParameterError, 'interval');
    for (const f of [nStarGrowing, nStarSigmoid, nStarSigmoidCode])
      expect(() => f(of(1, 1, 1), 0)).to.throw(ParameterError, 'size must be at least 1 (got 0)');
    expect(() => steadyGradient(of(0, 1, 1), 10, 1, 1)).to.throw(ParameterError, 'gamma1 must be above 0');
  });
});

describe('network size: larger networks', () => {
  const random = rng(2);
  const normal = (rows: number, cols: number) => matrix(rows, cols, random.fillNormal(new Float64Array(rows * cols)));
  const way = expansion(5, 4, { inputs: 3, outputs: 2 }, rng(3));
  const W = normal(4, 5);

  it('are reached by matrices with orthonormal columns', () => {
    for (const Q of [way.B, way.D, semiOrthogonal(6, 6, rng(1))])
      for (const [i, row] of toRows(gram(Q)).entries())
        for (const [j, value] of row.entries()) expect(value).to.be.closeTo(i === j ? 1 : 0, 1e-12);
    expect(() => semiOrthogonal(3, 4, rng(1))).to.throw(ParameterError, 'rows must be at least');
  });

  it('answer the same when read out, exact or random', () => {
    for (const larger of [enlarge(way, W), enlargeAtRandom(way, W, rng(4)), enlargeAtRandom(way, W, rng(4), 10)])
      for (const [i, w] of shrink(way, larger).data.entries()) expect(w).to.be.closeTo(W.data[i], 1e-11);
    expect(enlargeAtRandom(way, W, rng(4)).data).to.not.deep.equal(enlarge(way, W).data);
  });

  it('have the errors, gradients and curvatures that numpy finds', () => {
    const g = golden.embedding;
    const [rows, columns] = [g.times[1] * g.outputs, g.times[0] * g.inputs];
    const into = {
      B: matrix(columns, g.inputs, Float64Array.from(g.B)),
      D: matrix(rows, g.outputs, Float64Array.from(g.D)),
    };
    const [x, target] = [Float64Array.from(g.x), Float64Array.from(g.target)];
    const own = linearStudent({ inputs: g.inputs, outputs: g.outputs, x, target });
    const moments = gram(matrix(x.length / g.inputs, g.inputs, x));
    const best = matrix(g.outputs, g.inputs, Float64Array.from(g.teacher));
    for (const { weights, a, b } of g.networks)
      for (const [student, expected] of [
        [readOut(own, into), a],
        [enlargedStudent({ moments, best }, into), b],
      ] as const) {
        const w = Float64Array.from(weights);
        const { error, gradientNorm, trace, gradientCurvature } = localShape(student, w);
        for (const [i, value] of [error, gradientNorm, trace, gradientCurvature].entries())
          near(value, expected[i], 1e-9);
        near(student.error(w), expected[0], 1e-9);
      }
  });

  it('with all outputs right are linear students of Bx and Dy*', () => {
    const [x, teacher] = [normal(30, 5), normal(4, 5)];
    const target = multiply(x, teacher, { transposeB: true });
    const definition = linearStudent({
      inputs: 15,
      outputs: 8,
      x: multiply(x, way.B, { transposeB: true }).data,
      target: multiply(target, way.D, { transposeB: true }).data,
    });
    const fast = enlargedStudent({ moments: gram(x), best: teacher }, way);
    expect(fast.synapses).to.equal(120);
    const [w, v] = [normal(8, 15).data, normal(8, 15).data];
    const out = (student: Student) => {
      const [gradient, product] = [new Float64Array(120), new Float64Array(120)];
      const F = student.gradient(w, gradient);
      student.hessianVector(w, v, product);
      return [F, student.error(w), student.hessianTrace(w), ...gradient, ...product];
    };
    const expected = out(definition);
    for (const [i, value] of out(fast).entries()) expect(value).to.be.closeTo(expected[i], 1e-8);
  });

  it('keep what the table says, whatever the sizes', () => {
    for (const [inputsTimes, outputsTimes] of [
      [1, 1],
      [1, 4],
      [3, 1],
      [2, 3],
    ]) {
      const p = { inputs: 4, outputs: 3, inputsTimes, outputsTimes, spread: 0.7, draws: 30, examples: 50, seed: 9 };
      const rows = compareConstructions(p);
      expect(rows.map((row) => row.construction)).to.include.members([...constructions]);
      for (const { construction, quantity, original, embedded, expected, se } of rows) {
        const ratio = embedded / original;
        if (construction !== 'b, random W′' || quantity === 'Tr H' || outputsTimes === 1) near(ratio, expected, 1e-9);
        else if (quantity === 'F') {
          expect(ratio).to.be.above(1);
          expect(ratio).to.be.closeTo(expected, 4 * se);
        } else if (quantity === '|∇F|') expect(ratio).to.be.above(1);
      }
      const ratioOf = (construction: string, quantity: string): number => {
        const { original, embedded } = rows.find((r) => r.construction === construction && r.quantity === quantity)!;
        return embedded / original;
      };
      near(ratioOf('a, W′ = DWBᵀ', 'Tr H'), 1, 1e-9);
      near(ratioOf('b, W′ = DWBᵀ', 'Tr H'), outputsTimes, 1e-9);
      // the slide has c2 here
      near(ratioOf('b, W′ = DWBᵀ', 'ĝᵀHĝ'), 1, 1e-9);
    }
    expect(quantities.length).to.equal(4);
  });
});

describe('network size: the steady state', () => {
  const white = { spectrum: [400, 400, 400, 400, 400], outputs: 4, inputsTimes: 3, outputsTimes: 3 };
  const spectrum = symmetricEigenvalues(matrix(5, 5, Float64Array.from(golden.steady.moments)));

  it('is where the mean learning rate is 0', () => {
    for (const p of [of(0.1, 1, 0.05), of(0.5, 0.5, 0.05, 2), of(0.3, 0, 0.1), of(0.2, 1, 0)])
      for (const task of [white, { ...white, spectrum: [100, 300, 500] }]) {
        const { gradient, along, error } = steadyState(p, task);
        const size = task.spectrum.length * 4 * 9;
        const trace = 12 * task.spectrum.reduce((a, b) => a + b, 0);
        near(gradient, steadyGradient(p, size, trace, along), 1e-9);
        const at = { synapses: size, error, gradientNorm: gradient, gradientCurvature: along, trace };
        const k = expectedRate(p, at);
        expect(Math.abs(k)).to.be.below((1e-9 * p.gamma1 * gradient) / error);
      }
  });

  it('for small steps is a gamma distribution of |e| with shape n', () => {
    const [p, n] = [of(0.001, 1, 0.05), 60];
    const variance = 1 / 180 + 0.05 ** 2;
    const scale = variance / (2 * p.gamma1);
    const { error, gradient } = steadyState(p, white);
    // the step itself adds γ1² to n s², a share of 2e-6
    near(gradient, 400 * n * scale, 1e-5);
    near(error, 200 * n * (n + 1) * scale ** 2, 1e-4);
  });

  it('is that of networks simulated with numpy', () => {
    for (const { p, c, F, gradient } of golden.steady.points) {
      const plasticity = of(p[0], p[1], p[2], p[3]);
      const steady = steadyState(plasticity, { spectrum, outputs: 4, inputsTimes: c, outputsTimes: c });
      // what theory leaves out is of the order of the relative variance of |∇F|: of F a share of its square, of ĝᵀHĝ, which lies
      // between the eigenvalues, a share of their range; 5 standard errors, for t with 7 degrees of freedom
      const share = (steady.spread / steady.gradient) ** 2;
      const along = ((p[0] * p[3]) / 2) * (spectrum[0] - spectrum[4]) * share;
      expect(Math.abs(steady.gradient - gradient[0])).to.be.below(5 * gradient[1] + along);
      expect(Math.abs(steady.error - F[0])).to.be.below(5 * F[1] + share * steady.error * share);
    }
  });

  it('has its least error at T γ2²/γ3², not where the gradient would lie in all directions alike', () => {
    const p = of(0.5, 0.5, 0.05);
    const error = (size: number): number => {
      const c = Math.sqrt(size / 20);
      return steadyState(p, { ...white, inputsTimes: c, outputsTimes: c }).gradient;
    };
    const [unmixed, equal, growing] = [nStarUnmixed(p), nStarLinear(p), nStarGrowing(p, 20)];
    for (const other of [equal, growing * 2, unmixed * 1.05, unmixed / 1.05])
      expect(error(unmixed)).to.be.below(error(other));
    // numpy's networks of 80 and 180 synapses, on both sides of 120: the smaller one is better, as 100 but not 200 has it
    const [small, large] = golden.steady.points.filter(({ p }) => p[0] === 0.5 && p[1] === 0.5);
    expect(large.F[0] - small.F[0]).to.be.above(4 * Math.hypot(large.F[1], small.F[1]));
  });

  it('falls with size for ever without noise, and grows from the first synapse on without irrelevant plasticity', () => {
    const along = (gamma2: number, gamma3: number): number[] =>
      [1, 2, 4, 8, 16, 32].map(
        (c) => steadyState(of(0.1, gamma2, gamma3), { ...white, inputsTimes: c, outputsTimes: c }).error,
      );
    const falling = along(1, 0);
    const rising = along(0, 0.05);
    for (let i = 1; i < falling.length; i++) {
      expect(falling[i]).to.be.below(falling[i - 1]);
      expect(rising[i]).to.be.above(rising[i - 1]);
    }
  });

  it('wider inputs alone do no harm: the noise of synapses without a say is not seen', () => {
    const errors = [1, 4, 16, 64].map((c1) => steadyState(of(0.1, 1, 0.05), { ...white, inputsTimes: c1 }).error);
    for (let i = 1; i < errors.length; i++) expect(errors[i]).to.be.below(errors[i - 1]);
  });

  it('has no best size if the network is read out: the trace stays, and only irrelevant plasticity depends on size', async () => {
    const [W, random] = [matrix(4, 5, rng(6).fillNormal(new Float64Array(20))), rng(7)];
    const x = matrix(50, 5, random.fillNormal(new Float64Array(250)));
    const own = linearStudent({
      inputs: 5,
      outputs: 4,
      x: x.data,
      target: multiply(x, matrix(4, 5, random.fillNormal(new Float64Array(20))), { transposeB: true }).data,
    });
    const p = of(0.1, 1, 0.05);
    const gradients = [1, 2, 4].map((c) => {
      const way = expansion(5, 4, { inputs: c, outputs: c }, rng(c));
      const student = readOut(own, way);
      const { trace, gradientCurvature } = localShape(student, enlarge(way, W).data);
      return steadyGradient(p, student.synapses, trace, gradientCurvature);
    });
    expect(gradients[1]).to.be.below(gradients[0]);
    expect(gradients[2]).to.be.below(gradients[1]);
  });

  it('needs plasticity along the gradient, and something that disturbs it', () => {
    expect(() => steadyState(of(0, 1, 1), white)).to.throw(ParameterError, 'gamma1 must be above 0');
    expect(() => steadyState(of(1, 0, 0), white)).to.throw(ParameterError, 'gamma2 and gamma3');
    expect(() => steadyState(of(1, 1, 1, -1), white)).to.throw(ParameterError, 'interval');
  });
});

describe('network size: simulated networks', function () {
  this.timeout(60_000);
  const rising = (points: readonly Point[]): boolean[] =>
    points.slice(1).map((point, i) => point.error > points[i].error);

  it('with uncorrelated inputs have the mean gradient of the theory, to their standard error', async () => {
    const task = linearLesson(5, 4, 400, rng(11), true);
    const theory = theoryOf(task);
    const plasticities = [of(0.1, 1, 0.05), of(0.5, 0.5, 0.05), of(0.3, 0, 0.1, 0.5)];
    const points = await steadyErrors(task, plasticities, [1, 2, 3], { cycles: 1500, trials: 4 }, rng(12));
    expect(points.map(({ size }) => size)).to.deep.equal([20, 80, 180, 20, 80, 180, 20, 80, 180]);
    for (const { plasticity, expansion, cycles, gradient, error } of points) {
      const { spread, memory, ...steady } = theory(plasticity, expansion);
      const se = (spread / steady.gradient) * Math.sqrt(memory / (4 * cycles));
      expect(Math.abs(gradient / steady.gradient - 1)).to.be.below(4 * se);
      // F goes with the square; what theory leaves out is of second order in the relative variance of |∇F|
      expect(Math.abs(error / steady.error - 1)).to.be.below(8 * se + 2 * (spread / steady.gradient) ** 4);
    }
  });

  it('have a best size between 320 and 720 synapses for γ = (0.1, 1, 0.05), and around it do worse', async () => {
    const task = linearLesson(5, 4, 400, rng(1));
    const points = await steadyErrors(task, [of(0.1, 1, 0.05)], [1, 2, 4, 6, 10], { cycles: 600, trials: 2 }, rng(2));
    const [, small, left, right, large] = points;
    const best = left.error < right.error ? left : right;
    for (const other of [small, large]) expect(other.error - best.error).to.be.above(4 * Math.hypot(other.se, best.se));
  });

  it('do worse with every synapse for γ = (0.2, 0.5, 0.1), and better without noise', async () => {
    const task = linearLesson(5, 4, 400, rng(1));
    const p = [of(0.2, 0.5, 0.1), of(0.2, 0.5, 0)];
    const points = await steadyErrors(task, p, [1, 2, 3, 4, 6], { cycles: 600, trials: 3 }, rng(3));
    expect(rising(points.slice(0, 5))).to.deep.equal([true, true, true, true]);
    expect(rising(points.slice(5))).to.deep.equal([false, false, false, false]);
    expect(points[9].error).to.be.below(points[5].error / 10);
  });

  it('without irrelevant plasticity are best small: no negative size, and no positive one either', async () => {
    const task = linearLesson(5, 4, 400, rng(1));
    const points = await steadyErrors(task, [of(0.5, 0, 0.05)], [1, 2, 3], { cycles: 400, trials: 2 }, rng(4));
    for (const [i, point] of points.slice(1).entries())
      expect(point.error - points[i].error).to.be.above(4 * Math.hypot(point.se, points[i].se));
    near(nStarLinear(of(0.5, 0, 0.05)), 100, 1e-12);
  });

  it('are the same for the same seed, and others for another', async () => {
    const task = linearLesson(3, 2, 50, rng(1));
    const once = (seed: number) =>
      steadyErrors(task, [of(0.2, 0.5, 0.1)], [1, 2], { cycles: 20, trials: 2 }, rng(seed));
    expect(await once(1)).to.deep.equal(await once(1));
    expect((await once(1))[0].error).to.not.equal((await once(2))[0].error);
  });

  it('report how far they are, and stop when told', async () => {
    const task = linearLesson(5, 4, 400, rng(1));
    const told: number[] = [];
    const run = createRun(undefined, (fraction) => void told.push(fraction));
    await steadyErrors(task, [of(0.1, 1, 0.05)], [1, 2], { cycles: 3000, trials: 2 }, rng(1), run);
    expect(told.at(-1)).to.equal(1);
    for (let i = 1; i < told.length; i++) expect(told[i]).to.be.at.least(told[i - 1]);
    const stop = new AbortController();
    const long = steadyErrors(
      task,
      [of(0.1, 1, 0.05)],
      [8],
      { cycles: 1e6, trials: 2 },
      rng(1),
      createRun(stop.signal),
    );
    setTimeout(() => stop.abort(new Error('enough')), 50);
    let thrown: unknown;
    await long.catch((error: unknown) => {
      thrown = error;
    });
    expect((thrown as Error).message).to.equal('enough');
  });

  it('refuse fewer examples than inputs', () => {
    expect(() => linearLesson(5, 4, 4, rng(1))).to.throw(ParameterError, 'examples must be at least');
    expect(momentsOf(linearLesson(3, 2, 7, rng(1), true)).data).to.deep.equal(
      Float64Array.of(7, 0, 0, 0, 7, 0, 0, 0, 7),
    );
  });
});

describe('network size: sigmoid networks', function () {
  this.timeout(60_000);

  it('with zero synapses answer as before, with another gradient, here and in numpy', () => {
    const { sizes, larger, F, gradient, ...z } = golden.zeros;
    const [x, target, w] = [z.x, z.target, z.w].map((list) => Float64Array.from(list));
    const wide = enlargeSigmoid(w, sizes, larger);
    expect([...wide]).to.deep.equal(z.wide);
    const answers = sigmoidAnswers(sizes, w, x);
    for (const [i, y] of sigmoidAnswers(larger, wide, x).entries()) expect(y).to.be.closeTo(answers[i], 1e-15);
    for (const [i, [layers, at]] of (
      [
        [sizes, w],
        [larger, wide],
      ] as const
    ).entries()) {
      const { error, gradientNorm } = localShape(sigmoidStudent({ sizes: layers, x, target }), at);
      near(error, F, 1e-12);
      // central differences with steps of 1e-5
      near(gradientNorm, gradient[i], 1e-7);
    }
    expect(gradient[1]).to.be.above(gradient[0]);
  });

  it('can grow in several steps, and by nothing', () => {
    const w = rng(1).fillNormal(new Float64Array(3 * 3 + 2 * 4));
    const [small, middle, large] = [
      [2, 3, 2],
      [2, 4, 2],
      [2, 9, 2],
    ];
    expect(enlargeSigmoid(w, small, small)).to.deep.equal(w);
    expect(enlargeSigmoid(enlargeSigmoid(w, small, middle), middle, large)).to.deep.equal(
      enlargeSigmoid(w, small, large),
    );
    expect(withHidden([10, 5, 5, 6], 45)).to.deep.equal([10, 45, 45, 6]);
  });

  it('refuse to shrink, to change inputs, outputs or layers', () => {
    const w = new Float64Array(17);
    for (const larger of [
      [2, 2, 2],
      [3, 3, 2],
      [2, 3, 3],
      [2, 3, 3, 2],
    ])
      expect(() => enlargeSigmoid(w, [2, 3, 2], larger)).to.throw(ParameterError, 'larger must');
    expect(() => enlargeSigmoid(w.subarray(1), [2, 3, 2], [2, 4, 2])).to.throw(ParameterError, 'w must hold 17');
  });

  it('grow better without noise and worse with much of it', async () => {
    const task = sigmoidLesson([10, 5, 5, 6], 40, rng(1));
    const p = [of(0.06, 1, 0), of(0.06, 1, 0.15)];
    const length = { cycles: 250, trials: 6 };
    const points = await steadySigmoidErrors(task, p, [5, 30], { fresh: 0.9, memory: 0.1 }, length, rng(2));
    expect(points.map(({ size }) => size)).to.deep.equal([121, 1446, 121, 1446]);
    const [quietSmall, quietLarge, noisySmall, noisyLarge] = points;
    expect(quietSmall.error - quietLarge.error).to.be.above(4 * Math.hypot(quietSmall.se, quietLarge.se));
    expect(noisyLarge.error - noisySmall.error).to.be.above(4 * Math.hypot(noisySmall.se, noisyLarge.se));
  });
});

describe('network size: figures and self-check', function () {
  this.timeout(60_000);

  it('keep their landmarks', async () => {
    for (const evaluation of [
      await embedding.evaluate({ inputsTimes: 3, outputsTimes: 2, seed: 4 }),
      await optimum.evaluate({ gamma1: 0.3, gamma2: [0.5], noise: 0.02 }),
      await optimum.evaluate({ interval: 2, size: 400 }),
      await steadyError.evaluate({ gamma1: 0.5, gamma2: 0.5, gamma3: [0.05], expansions: [1, 2, 3, 5], white: true }),
      await steadyError.evaluate({ gamma2: 0, gamma3: [0.05, 0.1], expansions: [1, 2, 3], interval: 2, seed: 3 }),
      await sigmoid.evaluate({ hidden: [5, 25], cycles: 100, seed: 2 }),
      await prediction.evaluate({ gamma3: [0.1], gamma1: 0.3, seed: 2 }),
    ]) {
      expect(evaluation.landmarks).to.not.be.empty;
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('say why a network that nothing disturbs has no steady state', async () => {
    let thrown: unknown;
    await steadyError.evaluate({ gamma2: 0, gamma3: [0] }).catch((error: unknown) => {
      thrown = error;
    });
    expect(thrown).to.be.instanceOf(ParameterError);
    expect((thrown as Error).message).to.include('gamma2 and gamma3 must not both be 0');
  });

  it('tell each mistake from the others, and know the answer by another way', () => {
    const { mistakes, otherwise } = exercise2.definition;
    // by search over c in place of the formulas
    const search = (q: number, g1: number, g2: number, g3: number, T: number, N: number): number => {
      const bracket = (c: number): number => (g1 ** 2 * c ** q + g2 ** 2 / c) / N + (c * g3 ** 2) / T;
      let [low, high] = [1e-4, 1e6];
      for (let i = 0; i < 300; i++) {
        const [a, b] = [low ** (2 / 3) * high ** (1 / 3), low ** (1 / 3) * high ** (2 / 3)];
        if (bracket(a) < bracket(b)) high = b;
        else low = a;
      }
      return N * low * high;
    };
    expect(exercise2(search).right).to.equal(true);
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(new Set(mistakes.map(({ hint }) => hint)).size).to.equal(mistakes.length);
    expect(exercise2(() => 1).message).to.equal(otherwise);
  });
});
