import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardError } from 'lecture-lab/math/statistics';
import {
  addLearner,
  crossing,
  expectedError,
  learn,
  noCurves,
  stepFactor,
  trialsTo,
} from 'lecture-lab/plasticity/modulators';
import { vector } from 'lecture-lab/plasticity/modulators.figures';
import {
  averaged,
  type Expectation,
  expectations,
  expectedChange,
  expectedReward,
  expectedRewards,
  fourStimuli,
  performance,
  type Rule,
  rarestRecovery,
  rightAnswers,
  rules,
  simulate,
  stepNoise,
} from 'lecture-lab/plasticity/three-factor';
import { exercise2 } from 'lecture-lab/plasticity/three-factor.check';
import { rewardLearning } from 'lecture-lab/plasticity/three-factor.figures';

const golden: {
  readonly gradient: readonly [w: number[][], gradient: number[][]];
  readonly paths: readonly [
    rule: Rule,
    expectation: Expectation,
    outputs: number,
    overlap: number,
    pay: number,
    eta: number,
    tau: number,
    at: number[],
    performance: number[],
  ][];
  readonly noise: readonly [group: number, p: number, noise: number][];
  readonly factors: readonly [group: number, inputs: number, factor: number][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'three-factor.json'), 'utf8'));

const task = fourStimuli({ outputs: 2, overlap: 0.2, pay: 0.3 });
const weights = (seed: number, size = 8): Float64Array => rng(seed).fillNormal(new Float64Array(size));
const change = (rule: Rule, w: Float64Array, expected: Float64Array): Float64Array => {
  const out = new Float64Array(w.length);
  expectedChange(rule, task, w, expected, out);
  return out;
};
const overall = (w: Float64Array): Float64Array => new Float64Array(4).fill(expectedReward(task, w));

describe('three factors: the mean step', () => {
  it('of x (y − p) ρ is the gradient of the mean reward that numpy finds, whatever the reward is compared with', () => {
    const w = Float64Array.from(golden.gradient[0].flat());
    for (const expected of [expectedRewards(task, w), overall(w), new Float64Array(4), Float64Array.of(3, -1, 0.2, 7)])
      for (const [i, slope] of golden.gradient[1].flat().entries())
        expect(change('fluctuation', w, expected)[i]).to.be.closeTo(slope, 1e-14);
  });

  it('of x y ρ is that plus Hebb’s rule for each stimulus times the mean of its ρ: cov + ⟨ρ⟩⟨xy⟩', () => {
    for (const seed of [1, 2, 3]) {
      const w = weights(seed);
      const rewards = expectedRewards(task, w);
      for (const expected of [overall(w), new Float64Array(4)]) {
        const [slide, gradient] = [change('slide', w, expected), change('fluctuation', w, expected)];
        const bias = new Float64Array(8);
        for (let k = 0; k < 4; k++)
          for (let i = 0; i < 2; i++) {
            const right = rightAnswers(task, w)[k * 2 + i]!;
            const p = task.answers[k * 2 + i] ? right : 1 - right;
            for (let j = 0; j < 4; j++) bias[i * 4 + j]! += ((rewards[k]! - expected[k]!) * p * task.x[k * 4 + j]!) / 4;
          }
        for (let i = 0; i < 8; i++) expect(slide[i]).to.be.closeTo(gradient[i]! + bias[i]!, 1e-15);
      }
      // with the reward expected for each stimulus the bias is gone
      const [slide, gradient] = [change('slide', w, rewards), change('fluctuation', w, rewards)];
      for (let i = 0; i < 8; i++) expect(slide[i]).to.be.closeTo(gradient[i]!, 1e-15);
    }
  });

  it('without a third factor is Hebb’s rule and ignores the rewards; with that of another trial it is nothing', () => {
    const w = weights(4);
    expect(change('Hebb', w, overall(w))).to.deep.equal(change('Hebb', w, new Float64Array(4)));
    expect(Math.min(...change('Hebb', w, overall(w)))).to.be.above(0);
    expect(change('shuffled', w, overall(w)).every((d) => d === 0)).to.equal(true);
  });

  it('is the mean of simulated first steps, within their error', () => {
    // the performance after one trial, linear in a small step: its mean rises by the mean step times the slope
    const eta = 1e-3;
    for (const rule of rules) {
      const slope = (i: number): number => {
        const w = new Float64Array(8);
        w[i] = 1e-5;
        return (performance(task, w) - 0.5) / 1e-5;
      };
      const step = change(rule, new Float64Array(8), overall(new Float64Array(8)));
      const theory = eta * step.reduce((sum, d, i) => sum + d * slope(i), 0);
      const gains = Array.from(
        { length: 4000 },
        (_, s) => simulate(rule, task, { eta, expectation: 'overall', tau: 20 }, [1], rng(s))[0]! - 0.5,
      );
      expect(mean(gains), rule).to.be.closeTo(theory, 4 * standardError(gains) + 1e-9);
      if (rule === 'fluctuation' || rule === 'slide') expect(theory).to.be.above(10 * standardError(gains));
    }
  });
});

describe('three factors: learning', () => {
  it('follows the averaged equation that scipy solves', () => {
    for (const [rule, expectation, outputs, overlap, pay, eta, tau, at, wanted] of golden.paths) {
      const path = averaged(rule, fourStimuli({ outputs, overlap, pay }), { eta, expectation, tau }, at);
      // fourth order with a quarter of the shortest time constant a step
      for (const [i, right] of path.entries()) expect(mean(right), `${rule}`).to.be.closeTo(wanted[i]!, 2e-6);
    }
  });

  it('is nearer to it the slower it is', () => {
    const learning = { eta: 0.8, expectation: 'overall', tau: 5 } as const;
    const distance = (slower: number): { readonly mean: number; readonly se: number } => {
      const slow = { ...learning, eta: learning.eta / slower, tau: learning.tau * slower };
      const at = [200 * slower];
      const theory = mean(averaged('fluctuation', task, slow, at)[0]!);
      const ends = Array.from(
        { length: 300 },
        (_, s) => simulate('fluctuation', task, slow, at, rng(s).stream('slow'))[0]! - theory,
      );
      return { mean: mean(ends), se: standardError(ends) };
    };
    const [fast, slow] = [distance(1), distance(8)];
    expect(Math.abs(fast.mean)).to.be.above(4 * fast.se);
    expect(Math.abs(slow.mean)).to.be.below(Math.abs(fast.mean) / 4 + 4 * slow.se);
  });

  it('reaches nothing without reward in the third factor', () => {
    for (const rule of ['Hebb', 'shuffled'] as const) {
      const ends = Array.from(
        { length: 60 },
        (_, s) => simulate(rule, task, { eta: 0.1, expectation: 'overall', tau: 20 }, [3000], rng(s))[0]!,
      );
      expect(mean(ends), rule).to.be.closeTo(0.5, 4 * standardError(ends) + 1e-9);
    }
  });

  it('by the slide’s rule stops at two thirds if rewards differ, and not if they are compared stimulus by stimulus', () => {
    const end = (expectation: Expectation, pay: number): number =>
      mean(
        averaged(
          'slide',
          fourStimuli({ outputs: 2, overlap: 0.2, pay }),
          { eta: 0.1, expectation, tau: 20 },
          [8000],
        )[0]!,
      );
    expect(end('overall', 0.3)).to.be.closeTo(0.667, 5e-4);
    expect(end('per stimulus', 0.3)).to.be.above(0.95);
    expect(end('overall', 1)).to.be.above(0.95);
    expect(end('none', 0.3)).to.be.closeTo(0.5, 1e-3);
  });

  it('by the slide’s rule teaches a superstition: a wrong answer that pays more than the average', () => {
    const [right] = averaged('slide', task, { eta: 0.1, expectation: 'overall', tau: 20 }, [8000]);
    // output 2 must not fire for stimulus 1, and does: half a reward of 1 is more than the mean of all
    expect(right![1]).to.be.below(0.01);
    const p = [0, 1, 2, 3].map((k) => ((right![2 * k]! + right![2 * k + 1]!) / 2) * task.pays[k]!);
    expect(mean(p)).to.be.closeTo(0.463, 2e-3);
    expect(mean(p)).to.be.below(0.5);
  });

  it('looks where it is asked to, and is the same for the same seed', () => {
    const learning = { eta: 0.1, expectation: 'per stimulus', tau: 20 } as const;
    const at = [0, 0, 10, 100];
    for (const rule of rules) {
      const found = simulate(rule, task, learning, at, rng(3));
      expect(found[0]).to.equal(0.5);
      expect(found[1]).to.equal(0.5);
      expect(found).to.deep.equal(simulate(rule, task, learning, at, rng(3)));
      expect(simulate(rule, task, learning, [100], rng(3))[0]).to.equal(found[3]);
    }
  });

  it('knows when an answer became so rare that single networks do not find it again', () => {
    const learning = { eta: 0.3, expectation: 'per stimulus', tau: 100 } as const;
    const at = Array.from({ length: 101 }, (_, i) => 200 * i);
    const hard = fourStimuli({ outputs: 5, overlap: 0.6, pay: 1 });
    expect(rarestRecovery(averaged('slide', hard, learning, at), hard, 20_000)).to.be.below(100);
    expect(rarestRecovery(averaged('fluctuation', hard, learning, at), hard, 20_000)).to.equal(
      Number.POSITIVE_INFINITY,
    );
    expect(
      rarestRecovery(
        [Float64Array.of(0.5, 0.1), Float64Array.of(0.02, 0.1), Float64Array.of(0.9, 0.1)],
        { ...task, stimuli: 2 },
        1000,
      ),
    ).to.be.closeTo(10, 1e-9);
  });

  it('is set up so that chance is one half and every output has two of four', () => {
    for (let outputs = 1; outputs <= 8; outputs++) {
      const t = fourStimuli({ outputs, overlap: 0, pay: 0.5 });
      expect(performance(t, new Float64Array(4 * outputs))).to.equal(0.5);
      for (let i = 0; i < outputs; i++)
        expect([0, 1, 2, 3].reduce((sum, k) => sum + t.answers[k * outputs + i]!, 0)).to.equal(2);
      expect(Array.from(expectedRewards(t, new Float64Array(4 * outputs)))).to.deep.equal([0.5, 0.25, 0.5, 0.25]);
    }
  });

  it('refuses what it cannot do, by name', () => {
    for (const [name, settings] of [
      ['outputs', { outputs: 9, overlap: 0, pay: 1 }],
      ['overlap', { outputs: 1, overlap: 1, pay: 1 }],
      ['pay', { outputs: 1, overlap: 0, pay: 0 }],
    ] as const)
      expect(() => fourStimuli(settings)).to.throw(ParameterError, name);
    for (const [name, bad] of [
      ['eta', { eta: 0, tau: 20 }],
      ['tau', { eta: 0.1, tau: 0.5 }],
    ] as const) {
      const learning = { ...bad, expectation: expectations[1]! };
      expect(() => simulate('slide', task, learning, [1], rng(1))).to.throw(ParameterError, name);
      expect(() => averaged('slide', task, learning, [1])).to.throw(ParameterError, name);
    }
  });
});

describe('three factors: one for all, or one for each', () => {
  it('a step is as noisy as numpy counts', () => {
    for (const [group, p, noise] of golden.noise) expect(stepNoise(group, p)).to.be.closeTo(noise, 1e-12 * (1 + noise));
  });

  it('a step is as long as numpy integrates', () => {
    for (const [group, inputs, factor] of golden.factors) {
      expect(stepFactor({ kind: 'reward', group }, { inputs })).to.be.closeTo(factor, 1e-10 * factor);
    }
    expect(stepFactor({ kind: 'error' }, { inputs: 4 })).to.equal(6);
  });

  it('an error falls as expected, within its error, in groups and by itself', () => {
    const network = { inputs: 3, outputs: 6, sigma: 0.05 };
    for (const channels of [
      { kind: 'reward', group: 6 },
      { kind: 'reward', group: 2 },
      { kind: 'reward', group: 1 },
      { kind: 'error' },
    ] as const) {
      const looks = [0, 5, 20, 60];
      const ends = Array.from({ length: 600 }, (_, s) => {
        const out = new Float64Array(61);
        learn(channels, network, 60, rng(s).stream('group'), out);
        return looks.map((t) => out[t]! / 9);
      });
      for (const [i, t] of looks.entries()) {
        const values = ends.map((end) => end[i]!);
        expect(mean(values), `${JSON.stringify(channels)} ${t}`).to.be.closeTo(
          expectedError(channels, network, t),
          4 * standardError(values),
        );
      }
    }
  });

  it('takes (m + 2)/3 times as long with one for m outputs, when that is many, and no longer with one for each', () => {
    const time = (group: number, inputs: number): number => trialsTo(0.1, { kind: 'reward', group }, { inputs });
    expect(time(64, 50) / time(1, 50)).to.be.closeTo(66 / 3, 0.1);
    expect(time(1, 50) / trialsTo(0.1, { kind: 'error' }, { inputs: 50 })).to.be.closeTo(3, 0.02);
    expect(expectedError({ kind: 'error' }, { inputs: 4, outputs: 1, sigma: 0.01 }, time(1, 4))).to.be.below(0.1);
    const exact = trialsTo(0.2, { kind: 'error' }, { inputs: 4 });
    expect(expectedError({ kind: 'error' }, { inputs: 4, outputs: 8, sigma: 0.01 }, exact)).to.be.closeTo(0.2, 1e-9);
  });

  it('finds where a mean crosses, and how well it knows', () => {
    // exponentials with different starts: the mean is their mean start times e^(−t/10)
    const starts = [0.8, 1, 1.2, 1];
    const curve = (a: number) => Float64Array.from({ length: 60 }, (_, t) => a * Math.exp(-t / 10));
    const parts = starts.map((a) => ({ sum: curve(a), squares: curve(a).map((v) => v * v), learners: 1 }));
    const found = crossing(parts, Math.exp(-3.05))!;
    expect(found.trials).to.be.closeTo(30.5, 1e-9);
    expect(found.se).to.be.closeTo(10 * standardError(starts), 1e-9);
    expect(crossing(parts, 1e-6)).to.equal(undefined);
  });

  it('is the same for the same seed, adds up over learners, and refuses sizes that do not fit', () => {
    const network = { inputs: 2, outputs: 4, sigma: 0.1 };
    const some = (seeds: readonly number[]) => {
      const curves = noCurves(10);
      for (const seed of seeds) addLearner(curves, { kind: 'reward', group: 2 }, network, rng(seed));
      return curves;
    };
    expect(some([5])).to.deep.equal(some([5]));
    const [both, one, other] = [some([5, 6]), some([5]), some([6])];
    expect(both.learners).to.equal(2);
    for (let t = 0; t <= 10; t++) {
      expect(both.sum[t]).to.be.closeTo(one.sum[t]! + other.sum[t]!, 1e-12);
      expect(both.squares[t]).to.be.closeTo(one.sum[t]! ** 2 + other.sum[t]! ** 2, 1e-12);
    }
    const out = new Float64Array(11);
    for (const [name, channels, changed] of [
      ['group', { kind: 'reward', group: 3 }, network],
      ['group', { kind: 'reward', group: 0 }, network],
      ['inputs', { kind: 'error' }, { ...network, inputs: 0 }],
      ['outputs', { kind: 'error' }, { ...network, outputs: 1.5 }],
      ['sigma', { kind: 'error' }, { ...network, sigma: 0 }],
    ] as const)
      expect(() => learn(channels, changed, 10, rng(1), out), name).to.throw(ParameterError, name);
  });
});

describe('three factors: figures and self-check', () => {
  it('keep their landmarks', async () => {
    for (const { landmarks } of [
      await rewardLearning.evaluate({ expectation: 'per stimulus', tau: 40, trials: 3000 }),
      await rewardLearning.evaluate({ pay: 1, outputs: 3, trials: 3000, seed: 9 }),
      await vector.evaluate({ outputs: [2, 6], group: 3, inputs: 3, fraction: 0.3, learners: 100, seed: 2 }),
    ]) {
      expect(landmarks).to.have.length.above(3);
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('show points within their error of the theory, all of them', async () => {
    const { rows } = await vector.evaluate({ seed: 5 });
    const of = (kind: string) => rows.filter((row) => row['kind'] === kind);
    expect(of('simulation')).to.have.length(18);
    for (const { outputs, factor, trials, se } of of('simulation')) {
      const theory = of('theory').find((row) => row['outputs'] === outputs && row['factor'] === factor)!;
      expect(trials, `${factor} ${outputs}`).to.be.closeTo(Number(theory['trials']), 4 * Number(se));
    }
  });

  it('report progress and stop when asked', async () => {
    for (const evaluate of [
      (run: ReturnType<typeof createRun>) => rewardLearning.evaluate({ trials: 16_000, learners: 100 }, run),
      (run: ReturnType<typeof createRun>) => vector.evaluate({ outputs: [32], learners: 1000 }, run),
    ]) {
      const stop = new AbortController();
      const reports: number[] = [];
      const going = evaluate(
        createRun(stop.signal, (fraction) => {
          reports.push(fraction);
          setTimeout(() => stop.abort(new Error('enough')));
        }),
      );
      let reason: unknown;
      await going.catch((error: unknown) => {
        reason = error;
      });
      expect(String(reason)).to.include('enough');
      expect(reports).to.not.be.empty;
      expect(Math.max(...reports)).to.be.below(1);
    }
  });

  it('tell each mistake from the others, and know the answer by counting', () => {
    const { mistakes, otherwise } = exercise2.definition;
    for (const { attempt, hint } of mistakes) expect(exercise2(attempt)).to.include({ right: false, message: hint });
    expect(exercise2(counted).right).to.equal(true);
    expect(exercise2(() => 1).message).to.equal(otherwise);
  });
});

/** The noise of a step by sums over the moments of one output: independent of the closed form. */
function counted(outputs: number, p: number): number {
  const centred = [1 - p, -p];
  const chance = [p, 1 - p];
  const moment = (n: number): number => chance.reduce((sum, c, i) => sum + c * centred[i]! ** n, 0);
  const square = moment(4) + (outputs - 1) * moment(2) * moment(2);
  return square / moment(2) ** 2 - 1;
}
