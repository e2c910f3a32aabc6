import { expect } from 'chai';
import {
  bestRate,
  type Example,
  estimates,
  estimatorVariance,
  type Learning,
  learn,
  learnAll,
  learningCurve,
  learnTwin,
  type Network,
  type Rule,
  rules,
  stepFactor,
} from 'lecture-lab/credit/perturbation';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { wasmRuns } from 'lecture-lab/wasm/instantiate';

const perturbing = ['node perturbation', 'weight perturbation'] as const;

/** Within 5 standard errors: chance alone fails such a test once in two million. */
function expectNear(values: ArrayLike<number>, theory: number, words: string): void {
  expect(Math.abs(mean(values) - theory), `${words}: ${mean(values)}, theory ${theory}`).to.be.below(
    5 * standardError(values),
  );
}

function example({ inputs, outputs }: Network): Example {
  const random = rng(11);
  return {
    x: random.stream('x').fillNormal(new Float64Array(inputs)),
    e: random.stream('e').fillNormal(new Float64Array(outputs)),
  };
}

describe('estimates of the gradient by perturbation', function () {
  this.timeout(60_000);

  it('have the variances MN + 1 and M + 1 for small perturbations', () => {
    for (const network of [
      { inputs: 5, outputs: 2 },
      { inputs: 20, outputs: 5 },
    ]) {
      const { inputs: N, outputs: M } = network;
      expect(estimatorVariance('weight perturbation', example(network), 1e-9)).to.be.closeTo(M * N + 1, 1e-12);
      expect(estimatorVariance('node perturbation', example(network), 1e-9)).to.be.closeTo(M + 1, 1e-12);
      expect(estimatorVariance('gradient', example(network), 1)).to.equal(0);
    }
  });

  for (const rule of perturbing)
    for (const sigma of [1e-4, 0.5, 2])
      it(`scatter as the theory says: ${rule}, σ = ${sigma}`, () => {
        for (const network of [
          { inputs: 5, outputs: 2 },
          { inputs: 1, outputs: 1 },
          { inputs: 3, outputs: 6 },
        ]) {
          const one = example(network);
          const count = 40_000;
          const { distances, mean: average } = estimates(rule, one, sigma, count, rng(5));
          const variance = estimatorVariance(rule, one, sigma);
          expectNear(distances, variance, `${network.inputs} inputs`);
          // without bias, at any σ: the squared distance of the average has the mean V/count and, however the directions
          // are correlated, a standard deviation of at most √2 times that
          let [off, length] = [0, 0];
          for (let i = 0; i < network.outputs; i++)
            for (let j = 0; j < network.inputs; j++) {
              const g = one.e[i]! * one.x[j]!;
              off += (average[i * network.inputs + j]! - g) ** 2;
              length += g * g;
            }
          expect(off / length).to.be.below((variance / count) * (1 + 5 * Math.SQRT2));
        }
      });

  it('are refused for no perturbation', () => {
    for (const sigma of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => estimates('node perturbation', example({ inputs: 2, outputs: 2 }), sigma, 1, rng(1))).to.throw(
        ParameterError,
        'sigma must be above 0',
      );
  });
});

describe('learning by perturbation, in theory', () => {
  it('takes the factors of Werfel, Xie & Seung at the best rates', () => {
    const network = { inputs: 10, outputs: 5, sigma: 0.01 };
    const factors = rules.map((rule) => learningCurve(rule, network, 1).factor);
    for (const [i, K] of [12, 7 * 12, 52 * 12].entries()) {
      expect(stepFactor(rules[i]!, network)).to.equal(K);
      expect(factors[i]).to.be.closeTo(1 - 1 / K, 1e-15);
    }
  });

  it('is best at the best rate, and has no floor at twice that', () => {
    for (const rule of rules) {
      const network = { inputs: 3, outputs: 2, sigma: 0.1 };
      const eta = bestRate(rule, network);
      const at = (rate: number): number => learningCurve(rule, { ...network, eta: rate }, 1).factor;
      expect(at(eta)).to.be.below(Math.min(at(0.99 * eta), at(1.01 * eta)));
      expect(at(2 * eta)).to.be.closeTo(1, 1e-12);
      expect(learningCurve(rule, { ...network, eta: 2.1 * eta }, 1).floor).to.equal(Number.POSITIVE_INFINITY);
    }
  });

  it('follows its recursion, below, at and above the largest rate', () => {
    for (const rule of rules)
      for (const times of [1, 2, 2.5]) {
        const network = { inputs: 4, outputs: 3, sigma: 0.3 };
        const eta = times * bestRate(rule, network);
        const { at, factor } = learningCurve(rule, { ...network, eta }, 2);
        expect(at(0)).to.equal(2);
        const added = at(1) - factor * 2;
        for (const t of [1, 7, 30]) expect(at(t + 1)).to.be.closeTo(factor * at(t) + added, 1e-12 * at(t + 1));
      }
  });

  it('leaves the floors of the closed forms at the best rate', () => {
    const [N, M, sigma] = [6, 4, 0.1];
    const floor = (rule: Rule): number => learningCurve(rule, { inputs: N, outputs: M, sigma }, 1).floor;
    expect(floor('gradient')).to.equal(0);
    expect(floor('node perturbation')).to.be.closeTo((sigma ** 2 * N * M * (M + 4)) / (8 * (N + 2)), 1e-15);
    expect(floor('weight perturbation')).to.be.closeTo(
      (sigma ** 2 * N * M * (M + 2) * (M * N + 4)) / (8 * (M * N + 2)),
      1e-15,
    );
    expect(floor('node perturbation')).to.be.closeTo(0.03, 1e-12);
    expect(floor('weight perturbation')).to.be.closeTo(0.1938, 5e-5);
  });
});

describe('learning by perturbation, simulated', function () {
  this.timeout(120_000);
  const curves = async (rule: Rule, settings: Learning, seeds: number): Promise<Float64Array[]> =>
    (await learnAll([rule], settings, { seeds, seedStream: rng(17).stream(rule) }))[0]!;

  for (const rule of rules)
    it(`follows the theory trial by trial: ${rule}`, async () => {
      for (const [sigma, times] of [
        [0.001, 1],
        [0.6, 0.3],
      ] as const) {
        const network = { inputs: 3, outputs: 2, sigma };
        const settings = { ...network, eta: times * bestRate(rule, network), trials: 41 };
        const all = await curves(rule, settings, 4000);
        const theory = learningCurve(rule, settings, settings.outputs / 2);
        for (const t of [0, 1, 5, 15, 40])
          expectNear(
            all.map((errors) => errors[t]!),
            theory.at(t),
            `σ ${sigma}, trial ${t}`,
          );
      }
    });

  for (const rule of perturbing)
    it(`ends at the floor: ${rule}`, async () => {
      const settings = { inputs: 6, outputs: 4, sigma: 0.1, trials: 24_000 };
      const ends = (await curves(rule, settings, 20)).map((errors) => mean(errors.subarray(errors.length / 2)));
      expectNear(ends, learningCurve(rule, settings, 2).floor, 'floor');
    });

  it('computes in WebAssembly what the readable form computes', function () {
    if (!wasmRuns()) this.skip(); // switched off: there is one form only
    for (const rule of rules)
      for (const [inputs, outputs, trials] of [
        [1, 1, 10],
        [1, 7, 3000],
        [10, 5, 3000],
        [7, 3, 1001],
        [64, 40, 30],
      ] as const)
        for (const sigma of [1e-3, 3]) {
          const settings = { inputs, outputs, sigma, trials };
          const [fast, plain] = [learn(rule, settings, rng(2)), learnTwin(rule, settings, rng(2))];
          for (let t = 0; t < trials; t++) {
            // sums in another order: rounding, which the difference E' − E over σ magnifies by up to E/σ² of the floor
            const tolerance = 1e-10 * (1 + 1 / sigma) * plain[t]! + 1e-16;
            expect(Math.abs(fast[t]! - plain[t]!), `${rule} ${inputs} × ${outputs}, trial ${t}`).to.be.below(tolerance);
          }
        }
  });

  it('gives each rule and seed its own curve, whoever computes it', async () => {
    const settings = { inputs: 4, outputs: 3, sigma: 0.1, trials: 50 };
    const seedStream = rng(4);
    const all = await learnAll(['node perturbation', 'gradient'], settings, { seeds: 3, seedStream });
    expect(all.map((of) => of.length)).to.deep.equal([3, 3]);
    expect(all[0]![2]).to.deep.equal(learn('node perturbation', settings, seedStream.stream('trial 2')));
    expect(all[1]![1]).to.deep.equal(learn('gradient', settings, seedStream.stream('trial 4')));
  });

  it('says when the rate is too large', () => {
    for (const rule of rules) {
      const settings = { inputs: 5, outputs: 3, sigma: 0.1, eta: 10, trials: 5000 };
      expect(() => learn(rule, settings, rng(1))).to.throw(
        DivergenceError,
        /^the error is no longer finite at trial \d+/,
      );
    }
  });

  it('refuses what makes no sense', () => {
    const settings = { inputs: 5, outputs: 3, sigma: 0.1, trials: 5 };
    for (const [wrong, words] of [
      [{ inputs: 0 }, 'inputs must be a whole number from 1 on (got 0)'],
      [{ outputs: 1.5 }, 'outputs must be a whole number from 1 on (got 1.5)'],
      [{ trials: 0 }, 'trials must be a whole number from 1 on (got 0)'],
      [{ sigma: 0 }, 'sigma must be above 0 (got 0)'],
      [{ eta: 0 }, 'eta must be above 0 (got 0)'],
      [{ eta: Number.NaN }, 'eta must be above 0 (got NaN)'],
    ] as const)
      expect(() => learn('gradient', { ...settings, ...wrong }, rng(1))).to.throw(ParameterError, words);
  });
});
