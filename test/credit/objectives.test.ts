import { expect } from 'chai';
import {
  drawExamples,
  type Examples,
  type Family,
  families,
  LABELLED,
  optimum,
  REWARDED,
  SIZE,
  shares,
  signalFromRewards,
  train,
  type World,
} from 'lecture-lab/credit/objectives';
import { objectiveFamilies } from 'lecture-lab/credit/objectives.figures';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { inverse, type Matrix, matrix, multiply, symmetricEigenvalues, trace } from 'lecture-lab/math/linear-algebra';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';

const world: World = { variances: [4, 2, 1, 0.5], noise: 0.5, exploration: 0.3, samples: 100 };
const examples = drawExamples(world, rng(1));
const progress = async (): Promise<void> => undefined;

/** Targets of a family, M x 4, as the lecture states them. */
function targets(family: Family, { X, labels }: Examples): Matrix {
  const M = labels.length;
  return matrix(
    M,
    SIZE,
    Float64Array.from({ length: M * SIZE }, (_, p) => {
      const [m, o] = [Math.floor(p / SIZE), p % SIZE];
      if (family === 'autoencoder') return X[p]!;
      if (family === 'supervised') return 0.5 * labels[m]!;
      return (o % 2 === 0 ? 0.5 : -0.5) * X[m * SIZE + REWARDED]!;
    }),
  );
}

/** Baldi and Hornik's minimum for K hidden units: ½ [tr Σyy − Σ of the K largest eigenvalues of Σyx Σxx⁻¹ Σxy]. */
function leastError(family: Family, given: Examples, hidden: number): number {
  const M = given.labels.length;
  const [X, Y] = [matrix(M, SIZE, given.X), targets(family, given)];
  const product = (a: Matrix, b: Matrix): Matrix => multiply(a, b, { transposeA: true, alpha: 1 / M });
  const yx = product(Y, X);
  const explained = multiply(multiply(yx, inverse(product(X, X))), yx, { transposeB: true });
  const largest = symmetricEigenvalues(explained).slice(0, hidden);
  return (trace(product(Y, Y)) - largest.reduce((a, b) => a + b, 0)) / 2;
}

describe('objectives: examples', () => {
  it('have inputs that are uncorrelated and of the variances asked for, exactly', () => {
    const { X } = examples;
    for (let i = 0; i < SIZE; i++)
      for (let j = 0; j < SIZE; j++) {
        let sum = 0;
        for (let m = 0; m < 100; m++) sum += X[m * SIZE + i]! * X[m * SIZE + j]!;
        expect(sum / 100).to.be.closeTo(i === j ? world.variances[i]! : 0, 1e-12);
      }
  });

  it('have labels that are input 3 and noise', () => {
    const quiet = drawExamples({ ...world, noise: 0 }, rng(1));
    for (let m = 0; m < 100; m++) expect(quiet.labels[m]).to.equal(quiet.X[m * SIZE + LABELLED]);
  });

  it('are refused by name', () => {
    expect(() => drawExamples({ ...world, samples: 7 }, rng(1))).to.throw(ParameterError, 'samples');
    expect(() => drawExamples({ ...world, variances: [1, 1, 1] }, rng(1))).to.throw(ParameterError, 'variances');
    expect(() => drawExamples({ ...world, variances: [1, 1, 1, 0] }, rng(1))).to.throw(ParameterError, 'variances');
  });
});

describe('objectives: the best', () => {
  it('is the minimum of Baldi and Hornik, for all families and numbers of hidden units', () => {
    for (const hidden of [1, 2, 3])
      for (const family of families) {
        const least = leastError(family, examples, hidden);
        const { value } = optimum(family, examples, hidden);
        const error = family === 'reward' ? -value - 0.5 * SIZE * 0.3 ** 2 : value;
        expect(error, `${family}, K = ${hidden}`).to.be.closeTo(least, 1e-12);
      }
  });

  it('of an autoencoder loses half the variance it does not keep, whatever the order of the inputs', () => {
    const shuffled = drawExamples({ ...world, variances: [1, 0.5, 4, 2] }, rng(2));
    expect(optimum('autoencoder', shuffled, 1).value).to.equal(1.75);
    expect(optimum('autoencoder', shuffled, 2).value).to.equal(0.75);
    expect(shares(optimum('autoencoder', shuffled, 2).map!, [1, 0.5, 4, 2])).to.deep.equal([0, 0, 4 / 6, 2 / 6]);
  });

  it('of an autoencoder is not one map where variances tie', () => {
    const tied = drawExamples({ ...world, variances: [2, 2, 1, 1] }, rng(2));
    expect(optimum('autoencoder', tied, 1)).to.deep.equal({ value: 2, map: undefined });
    expect(optimum('autoencoder', tied, 2).map).to.not.equal(undefined);
  });
});

describe('objectives: learning', () => {
  const settings = { hidden: 1, rate: 0.1, steps: 800 };
  const learn = (family: Family, seed = 1, more = {}) =>
    train(family, examples, { ...settings, ...more }, rng(seed), { looks: [0, 800], progress });

  it('reaches the best, and the best map, from other starts too', async () => {
    for (const family of families)
      for (const seed of [1, 2]) {
        const { value, map } = await learn(family, seed);
        const best = optimum(family, examples, 1);
        expect(value[1], family).to.be.closeTo(best.value, 1e-9);
        for (const [p, entry] of map.entries()) expect(entry).to.be.closeTo(best.map![p]!, 1e-5);
      }
  });

  it('remembers another input for each objective', async () => {
    const kept = await Promise.all(
      families.map(async (family) => {
        const from = shares((await learn(family)).map, world.variances);
        expect(from.reduce((a, b) => a + b, 0)).to.be.closeTo(1, 1e-12);
        return from.indexOf(Math.max(...from)) + 1;
      }),
    );
    expect(kept).to.deep.equal([3, 1, 4]);
  });

  it('of an autoencoder with two units takes two inputs, in steps', async () => {
    const { value } = await train('autoencoder', examples, { ...settings, hidden: 2 }, rng(1), {
      looks: [0, 800],
      progress,
    });
    expect(value[1]).to.be.closeTo(0.75, 1e-9);
  });

  it('begins with an objective that small weights have', async () => {
    // weights of 0.1: outputs of 0.01, so the start is the silent network's to about one per cent of its square root
    const silent = { supervised: leastError('supervised', examples, 0), autoencoder: 3.75 };
    for (const family of ['supervised', 'autoencoder'] as const)
      expect((await learn(family, 3)).value[0]! / silent[family]).to.be.within(0.8, 1.2);
  });

  it('stops with a word when the rate is too large', async () => {
    const error = await learn('autoencoder', 1, { rate: 2 }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(DivergenceError).with.property('message').that.includes('learning rate');
  });

  it('from rewards estimates the gradient: −(r₊ − r₋) ξ/2τ is δ on average, whatever τ is', () => {
    const error = [0.4, -1.1, 0.2, 0.7];
    const random = rng(5);
    for (const tau of [0.1, 2]) {
      const samples = 40_000;
      const sums = new Float64Array(4);
      const squares = new Float64Array(4);
      for (let s = 0; s < samples; s++) {
        const estimate = Float64Array.from(error);
        signalFromRewards(estimate, random.fillNormal(new Float64Array(4)), tau);
        for (let o = 0; o < 4; o++) {
          sums[o]! += estimate[o]!;
          squares[o]! += estimate[o]! ** 2;
        }
      }
      for (let o = 0; o < 4; o++) {
        const average = sums[o]! / samples;
        const se = Math.sqrt((squares[o]! / samples - average ** 2) / samples);
        expect(average).to.be.closeTo(error[o]!, 5 * se);
      }
    }
  });
});

describe('objectives: figure', () => {
  it('keeps its landmarks at other settings, and shows none it cannot keep', async () => {
    const turned = await objectiveFamilies.evaluate({ variances: [1, 2, 1, 4], hidden: 2 });
    expect(turned.landmarks.map(({ name }) => name)).to.deep.equal(['autoencoder: error after learning']);
    const slow = await objectiveFamilies.evaluate({ steps: 100, rate: 0.02 });
    expect(slow.landmarks).to.deep.equal([]);
    const other = await objectiveFamilies.evaluate({ noise: 2, exploration: 1, seed: 4 });
    expect(other.landmarks.length).to.equal(5);
    for (const { landmarks } of [turned, other]) expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });

  it('obeys an abort within 100 ms, and reports', async () => {
    const abort = new AbortController();
    const fractions: number[] = [];
    let aborted = Number.NaN;
    setTimeout(() => {
      aborted = performance.now();
      abort.abort(new Error('enough'));
    }, 60);
    const run = createRun(abort.signal, (fraction) => fractions.push(fraction));
    const error = await objectiveFamilies
      .evaluate({ samples: 400, steps: 2000 }, run)
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'enough');
    expect(performance.now() - aborted).to.be.below(100);
    expect(fractions).to.not.be.empty;
    for (const fraction of fractions) expect(fraction).to.be.within(0, 1);
  });
});
