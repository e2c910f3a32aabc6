import { expect } from 'chai';
import type { Evaluation } from 'lecture-lab/figure';
import { bowlError, learningRate } from 'lecture-lab/learning-rate/bowl';
import { driftOf, learn, RENEWED } from 'lecture-lab/learning-rate/learning';
import { difficulty, prediction } from 'lecture-lab/learning-rate/learning.figures';
import { localShape, makeLesson } from 'lecture-lab/learning-rate/lesson';
import { driftCorrelation, measuredCorrelation, stepParts } from 'lecture-lab/learning-rate/parts';
import { exercise2 } from 'lecture-lab/learning-rate/rate.check';
import { condition, expected } from 'lecture-lab/learning-rate/rate.figures';
import { sampleRate } from 'lecture-lab/learning-rate/sampling';
import { steadyState } from 'lecture-lab/learning-rate/steady';
import { curvature, decomposition } from 'lecture-lab/learning-rate/step.figures';
import { expectedRate, steadyDifficulty } from 'lecture-lab/learning-rate/theory';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardError } from 'lecture-lab/math/statistics';

const run = createRun();
const plasticity = { gamma1: 0.2, gamma2: 0.5, gamma3: 0.1, interval: 2 };

async function failure(promise: Promise<unknown>): Promise<Error> {
  let error: unknown;
  await promise.catch((caught: unknown) => {
    error = caught;
  });
  expect(error).to.be.an.instanceOf(Error);
  return error as Error;
}

describe('the landscape of two synapses', () => {
  const bowl = { gradientNorm: 0.25, alignment: 0.8, difficulty: 0.7, skew: 0.3 };

  it('has the gradient, the difficulty and the third derivative that it says', () => {
    const h = 1e-3;
    const along = (t: number): number => bowlError(bowl, [t, 0]);
    const slope = [(along(h) - along(-h)) / (2 * h), (bowlError(bowl, [0, h]) - bowlError(bowl, [0, -h])) / (2 * h)];
    expect(Math.hypot(...slope)).to.be.closeTo(0.25, 1e-6);
    expect(-slope[0] / 0.25).to.be.closeTo(0.8, 1e-6);
    expect((along(h) - 2 * along(0) + along(-h)) / (h * h) / (2 * 0.25)).to.be.closeTo(0.7, 1e-6);
    const third = (along(2 * h) - 2 * along(h) + 2 * along(-h) - along(-2 * h)) / (2 * h ** 3);
    expect(third).to.be.closeTo(0.3, 1e-5);
    expect(along(0)).to.equal(1);
  });

  it('refuses an alignment that is no cosine', () => {
    expect(() => bowlError({ ...bowl, alignment: 1.1 }, [0, 0])).to.throw(ParameterError, 'alignment');
  });

  it('and the learning rate is 1/T where all of the error goes, 0 where none does', () => {
    expect(learningRate(3, 0, 2)).to.equal(0.5);
    expect(learningRate(3, 3, 2)).to.equal(0);
    expect(learningRate(3, 6, 2)).to.equal(-0.5);
  });

  it('the figure calls the three fates by their names', async () => {
    const { rows } = await curvature.evaluate({ difficulties: [-0.2, 0, 0.79, 0.81], interval: 1, alignment: 0.8 });
    const fates = new Map(rows.map(({ difficulty, fate, k }) => [difficulty, [fate, Math.sign(k as number)]]));
    expect([...fates]).to.deep.equal([
      [-0.2, ['faster', 1]],
      [0, ['as the slope says', 1]],
      [0.79, ['slower', 1]],
      [0.81, ['reversed', -1]],
    ]);
  });

  it('and at twice the interval half the difficulty is too much', async () => {
    const limit = async (interval: number): Promise<number> =>
      (await curvature.evaluate({ interval })).landmarks.at(-1)!.measured;
    expect((await limit(0.5)) / (await limit(1))).to.be.closeTo(2, 1e-9);
  });
});

describe('the parts of a step', () => {
  it('add up to what the learning rule does, bit for bit but for the order of sums', async () => {
    const { student, start } = makeLesson('sigmoid', [4, 3, 2], 30, rng(1));
    const drift = driftOf(0.7);
    const parts = stepParts(student, start, plasticity, drift, 6, rng(2));
    const { weights } = await learn(student, start, plasticity, drift, 6, rng(2), run);
    const last = parts[5];
    for (const [i, w] of weights.entries())
      expect(last.from[i] + last.relevant[i] + last.irrelevant[i] + last.noise[i]).to.be.closeTo(w, 1e-12);
    for (const { relevant, irrelevant, noise } of parts) {
      expect(Math.hypot(...relevant)).to.be.closeTo(0.4, 1e-12);
      expect(Math.hypot(...irrelevant)).to.be.closeTo(1, 1e-12);
      expect(Math.hypot(...noise)).to.be.closeTo(0.1 * Math.sqrt(student.synapses * 2), 1e-12);
    }
  });

  it('and the drift remembers as much as it is told to', () => {
    expect(driftCorrelation(driftOf(0.9), 3)).to.be.closeTo(0.729, 1e-12);
    expect(driftCorrelation({ fresh: 0.9, memory: 0.1 }, 1)).to.be.closeTo(0.1104, 1e-4);
    expect(driftCorrelation(RENEWED, 0)).to.equal(1);
    for (const memory of [0.2, 0.6, 0.95]) {
      const found = measuredCorrelation(driftOf(memory), 200, 4, 10, rng(1));
      expect(found[0].mean).to.be.closeTo(1, 1e-12);
      for (const lag of [1, 4]) {
        const { mean: measured, se } = found[lag];
        expect(Math.abs(measured - memory ** lag)).to.be.below(4 * se + (0.3 * lag) / 200);
      }
    }
    expect(() => driftOf(1.1)).to.throw(ParameterError, 'memory must be between 0 and 1 (got 1.1)');
    expect(() => driftOf(-0.1)).to.throw(ParameterError, 'memory');
  });

  it('the figure draws them head to tail', async () => {
    const { rows } = await decomposition.evaluate({ cycles: 2 });
    const arrows = rows.filter((row) => 'to1' in row);
    expect(arrows.length).to.equal(8);
    for (const i of [1, 2, 4, 5, 6]) {
      const [before, row] = [arrows[i === 4 ? 3 : i - 1], arrows[i]];
      expect(row.w1).to.be.closeTo(before.to1 as number, 1e-12);
      expect(row.w2).to.be.closeTo(before.to2 as number, 1e-12);
    }
  });
});

describe('the sampled learning rate', () => {
  it('is the formula for a linear student, at every stage and for every mixture of noises', async () => {
    const { student, start, teacher } = makeLesson('linear', [6, 4], 100, rng(3));
    const random = rng(4);
    const z: number[] = [];
    for (let i = 0; i < 40; i++) {
      const share = random.uniform(0.1, 1);
      const w = start.map((x, j) => teacher[j] + share * (x - teacher[j]));
      const p = {
        gamma1: random.uniform(0, 1),
        gamma2: random.uniform(0, 1),
        gamma3: random.uniform(0, 0.3),
        interval: random.uniform(0.1, 2),
      };
      const { mean: k, se } = await sampleRate(student, w, p, 500, random.stream(`${i}`), run);
      z.push((k - expectedRate(p, localShape(student, w))) / se);
    }
    expect(mean(z.map((x) => x * x))).to.be.closeTo(1, 4 * Math.sqrt(2 / 40));
    expect(Math.abs(mean(z))).to.be.below(4 / Math.sqrt(40));
  });

  it('without noise is exact after two steps', async () => {
    const { student, start } = makeLesson('linear', [6, 4], 100, rng(3));
    const p = { gamma1: 0.3, gamma2: 0, gamma3: 0, interval: 1 };
    const { mean: k, se } = await sampleRate(student, start, p, 2, rng(1), run);
    expect(k).to.be.closeTo(expectedRate(p, localShape(student, start)), 1e-13);
    expect(se).to.equal(0);
  });

  it('refuses what it cannot do, and stops when it is told to', async () => {
    const { student, start } = makeLesson('linear', [6, 4], 10, rng(3));
    for (const samples of [1, 2.5]) {
      const error = await failure(sampleRate(student, start, plasticity, samples, rng(1), run));
      expect(error).to.be.an.instanceOf(ParameterError);
      expect(error.message).to.contain('samples must be a whole number from 2 on');
    }
    const wrong = await failure(sampleRate(student, start, { ...plasticity, gamma3: -1 }, 9, rng(1), run));
    expect(wrong.message).to.contain('gamma3 must be 0 or more');
    const abort = new AbortController();
    const seen: number[] = [];
    const watched = createRun(abort.signal, (fraction) => {
      seen.push(fraction);
      abort.abort(new Error('enough'));
    });
    expect((await failure(sampleRate(student, start, plasticity, 1e8, rng(1), watched))).message).to.equal('enough');
    expect(seen.length).to.equal(1);
  });
});

describe('the steady state', () => {
  it('is predicted exactly, but for chance: over 24 students the errors are what they are said to be', async () => {
    const z = await Promise.all(
      Array.from({ length: 24 }, async (_, seed) => {
        const { student, start } = makeLesson('linear', [8, 4], 100, rng(seed));
        const course = await learn(student, start, plasticity, RENEWED, 600, rng(seed).stream('course'), run);
        const { weighted, se, plain } = steadyState(course, plasticity, 32, 200);
        expect(plain).to.be.above(weighted * 0.97);
        return (weighted - steadyDifficulty(plasticity, 32)) / se;
      }),
    );
    expect(mean(z.map((x) => x * x))).to.be.closeTo(1, 4 * Math.sqrt(2 / 24));
    expect(Math.abs(mean(z))).to.be.below(4 / Math.sqrt(24));
  });

  it('with the overlap of a drift that remembers it is lower, by γ2 overlap in γ1', async () => {
    for (const memory of [0.1, 0.5, 0.9]) {
      const { student, start } = makeLesson('linear', [8, 4], 100, rng(1));
      const course = await learn(student, start, plasticity, driftOf(memory), 3000, rng(2), run);
      const { weighted, overlap, noiseSe } = steadyState(course, plasticity, 32, 500);
      const theory = steadyDifficulty(plasticity, 32) * (1 - (0.5 * overlap) / 0.2);
      expect(overlap, `memory ${memory}`).to.be.above(0.02);
      expect(Math.abs(weighted - theory)).to.be.below(4 * noiseSe);
      expect(steadyDifficulty(plasticity, 32) - weighted).to.be.above(4 * noiseSe);
    }
  });

  it('plain means are within 3 % of it with the settings of the authors, on the average of students', async () => {
    for (const [gammas, known] of [
      [[1, 0.05, 0.05], 0.4695],
      [[0.2, 0.5, 0.1], 0.1852],
    ] as const) {
      const p = { gamma1: gammas[0], gamma2: gammas[1], gamma3: gammas[2], interval: 2 };
      const late = await Promise.all(
        Array.from({ length: 10 }, async (_, seed) => {
          const { student, start } = makeLesson('linear', [10, 5], 1000, rng(seed));
          const course = await learn(student, start, p, RENEWED, 1000, rng(seed).stream('x'), run);
          return steadyState(course, p, 50, 500).plain;
        }),
      );
      expect(steadyDifficulty(p, 50)).to.be.closeTo(known, 5e-5);
      expect(mean(late)).to.be.closeTo(known, 0.03 * known);
      // and above it, as 1/|∇F| fluctuates
      expect(mean(late)).to.be.above(known - 2 * standardError(late));
    }
  });

  it('refuses to leave no cycle', async () => {
    const { student, start } = makeLesson('linear', [3, 2], 10, rng(1));
    const course = await learn(student, start, plasticity, RENEWED, 5, rng(1), run);
    for (const from of [-1, 5, 0.5])
      expect(() => steadyState(course, plasticity, 6, from)).to.throw(ParameterError, 'from must be');
  });
});

describe('figures of the learning rate', function () {
  this.timeout(60_000);
  const column = ({ rows }: Evaluation, name: string): number[] => rows.map((row) => row[name] as number);

  it('expected: the slide is far off, the formula is not', async () => {
    const { rows } = await expected.evaluate({ samples: 5000 });
    const at = (kind: string): number => rows.find((row) => row.kind === kind && row.multiple === 1)!.k as number;
    const simulated = rows.find((row) => row.kind === 'Monte Carlo' && row.multiple === 1)!;
    const off = (kind: string): number => Math.abs(at(kind) - at('Monte Carlo')) / (simulated.se as number);
    expect(off('formula')).to.be.below(4);
    expect(off('slide, one minus')).to.be.above(1000);
    expect(off('slide as printed')).to.be.above(1000);
    expect(at('slide as printed')).to.equal(-at('slide, one minus'));
  });

  it('expected: without task-irrelevant plasticity and noise, multiples change nothing', async () => {
    const evaluation = await expected.evaluate({ gamma2: 0, gamma3: 0, samples: 500 });
    const ks = evaluation.rows.filter(({ kind }) => kind === 'formula').map(({ k }) => k);
    expect(new Set(ks).size).to.equal(1);
  });

  it('prediction: a row has its own γ, and the thinned points are of all cycles', async () => {
    const settings = { network: 'linear', examples: 100 } as const;
    const same = { gamma1: 0.2, gamma2: 0.5, gamma3: 0.1, gamma1High: 1, gamma2High: 0.05, gamma3High: 0.05 };
    const [one, two] = [await prediction.evaluate(settings), await prediction.evaluate({ ...settings, ...same })];
    const panel = ({ rows }: Evaluation, noise: string): number[] =>
      rows.filter((row) => row.noise === noise).map((row) => row.k as number);
    // the first cycle has noise of its own stream for each row, but the same student
    expect(mean(panel(one, 'low').slice(0, 3))).to.be.closeTo(mean(panel(two, 'high').slice(0, 3)), 0.05);
    const long = await prediction.evaluate({ ...settings, cycles: 4000 });
    expect(long.rows.length).to.equal(2 * 1000);
    expect(Math.max(...column(long, 'cycle'))).to.be.above(3990);
    for (const density of column(long, 'density')) expect(density).to.be.within(0, 1);
  });

  it('difficulty: rises from below the predicted level as the error falls', async () => {
    const { rows } = await difficulty.evaluate({ cycles: 300, examples: 200 });
    for (const network of ['linear', 'sigmoid'])
      for (const gamma3 of [0.05, 0.1]) {
        const course = rows.filter((row) => row.network === network && row.gamma3 === gamma3);
        const [first, late] = [course[0], course.slice(50)];
        const name = `${network}, ${gamma3}`;
        expect(first.difficulty as number, name).to.be.below(0.6 * (first.predicted as number));
        expect(mean(late.map(({ error }) => error as number)), name).to.be.below(0.3 * (first.error as number));
        // an expectation from theory, which holds for quadratic errors: 10 % for linear, 25 % for sigmoid students
        const level = mean(late.map((row) => row.difficulty as number)) / (first.predicted as number);
        expect(level, name).to.be.closeTo(1, network === 'linear' ? 0.1 : 0.25);
      }
  });

  it('condition: simulated signs are on their side of the ellipse', async () => {
    for (const [network, left] of [
      ['linear', 1],
      ['linear', 0.2],
      ['sigmoid', 0.3],
    ] as const) {
      const { rows } = await condition.evaluate({ network, left });
      const simulated = rows.filter(({ kind }) => kind === 'simulation');
      const decided = simulated.filter(({ fate }) => fate !== 'undecided');
      expect(decided.length).to.be.above(60);
      const right = decided.filter(({ k, theory }) => Math.sign(k as number) === Math.sign(theory as number));
      // of a hundred points at three standard errors each
      expect(decided.length - right.length).to.be.at.most(1);
    }
  });

  it('condition: half the distance, half the tolerable noise, but for the cost of the gradient step', async () => {
    const { rows } = await condition.evaluate({ samples: 50 });
    const reach = (stage: string): number =>
      Math.max(...rows.filter((row) => row.stage === stage).map(({ gamma2 }) => gamma2 as number));
    const ratio = (reach('a half of it') / reach('as chosen')) ** 2;
    expect(ratio).to.be.within(0.45, 0.5);
  });

  it('long ones report progress and, once they compute, stop within 100 ms', async () => {
    for (const figure of [expected, condition, prediction, difficulty]) {
      const abort = new AbortController();
      let stopped = 0;
      const seen: number[] = [];
      const watched = createRun(abort.signal, (fraction) => {
        seen.push(fraction);
        if (stopped === 0 && fraction > 0.1) {
          stopped = performance.now();
          abort.abort(new Error('enough'));
        }
      });
      const error = await failure(figure.evaluate(undefined, watched));
      expect(error.message, figure.id).to.equal('enough');
      expect(performance.now() - stopped, figure.id).to.be.below(100);
      expect(seen, figure.id).to.deep.equal([...seen].sort((a, b) => a - b));
    }
  });

  it('name the parameter and its range', async () => {
    for (const [figure, settings, message] of [
      [curvature, { interval: 9 }, 'learning-rate/curvature: interval must be between 0.25 and 1.5 (got 9)'],
      [decomposition, { memory: 1 }, 'learning-rate/decomposition: memory must be between 0 and 0.99 (got 1)'],
      [expected, { gamma1: 0 }, 'learning-rate/expected: gamma1 must be between 0.01 and 20 (got 0)'],
      [prediction, { network: 'deep' }, 'network must be one of both, linear, sigmoid'],
      [difficulty, { gamma3: [1] }, 'gamma3 must hold numbers between 0 and 0.3 (got 1)'],
      [condition, { left: 0 }, 'left must be between 0.01 and 1 (got 0)'],
    ] as const) {
      const error = await failure(figure.evaluate(settings as never));
      expect(error).to.be.an.instanceOf(ParameterError);
      expect(error.message).to.contain(message);
    }
  });
});

describe('exercise 2 of the lesson on the learning rate', () => {
  const { solution, mistakes, otherwise } = exercise2.definition;

  it('takes the solution and tells every mistake from the others', () => {
    expect(exercise2(solution).message).to.equal('right');
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(exercise2(() => 1).message).to.equal(otherwise);
    expect(
      exercise2(() => {
        throw new Error('Exercise 2: not implemented');
      }).message,
    ).to.equal('not implemented yet');
  });

  it('has a solution at which the mean learning rate is 0, and the number of its hint', () => {
    const shape = { along: 900, trace: 50_000, synapses: 50 };
    const gradientNorm = solution(plasticity, shape);
    expect(gradientNorm).to.be.closeTo(2680, 1e-9);
    const at = { ...shape, error: 5, gradientNorm, gradientCurvature: 900 };
    expect(expectedRate(plasticity, at)).to.be.closeTo(0, 1e-12);
  });

  it('is where a student ends up', async () => {
    const { student, start } = makeLesson('linear', [8, 4], 400, rng(1));
    const { gradientNorm, weights } = await learn(student, start, plasticity, RENEWED, 6000, rng(2), run);
    // ĝᵀ∇²Fĝ changes little among inputs that are nearly alike in all directions: its mean over late weights
    const { trace, gradientCurvature } = localShape(student, weights);
    const theory = solution(plasticity, { along: gradientCurvature, trace, synapses: 32 });
    const blocks = Array.from({ length: 20 }, (_, b) => mean(gradientNorm.subarray(1000 + 250 * b, 1250 + 250 * b)));
    // what ĝᵀ∇²Fĝ varies by, at most a fifth, counts with its share γ1² of all curvature
    const share = (0.04 * gradientCurvature) / (trace * (0.25 / 32 + 0.005) + 0.04 * gradientCurvature);
    expect(mean(blocks)).to.be.closeTo(theory, 4 * standardError(blocks) + 0.2 * share * theory);
  });
});
