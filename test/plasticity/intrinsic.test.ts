import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { gaussLegendre } from 'lecture-lab/math/quadrature';
import { rng } from 'lecture-lab/math/rng';
import { mean, standardDeviation } from 'lecture-lab/math/statistics';
import {
  countSpikes,
  excite,
  expectedSpikes,
  naiveCell,
  PEAK_TIME,
  probabilityAfterShift,
  shape,
  spikeProbability,
} from 'lecture-lab/plasticity/coupling';
import {
  adapt,
  averageStep,
  density,
  divergence,
  excitabilityStep,
  influence,
  moments,
  naive,
  respond,
  restingExcitability,
  returnRates,
  wander,
} from 'lecture-lab/plasticity/intrinsic';
import { epspSpike, excitability } from 'lecture-lab/plasticity/intrinsic.figures';

/** What numpy and scipy computed from the same equations; intrinsic.py stands beside it. */
const golden: {
  readonly fixedPoints: readonly (readonly [mu: number, a: number, b: number, mean: number, sd: number, kl: number])[];
  readonly spikes: readonly (readonly [threshold: number, softness: number, amplitude: number, probability: number])[];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'intrinsic.json'), 'utf8'));

describe('intrinsic: where the rule rests', () => {
  it('is where scipy finds it, with its moments and its divergence', () => {
    for (const [mu, a, b, average, sd, kl] of golden.fixedPoints) {
      const rest = restingExcitability(mu);
      expect(rest.gain, `a at ${mu}`).to.be.closeTo(a, 1e-9);
      expect(rest.bias, `b at ${mu}`).to.be.closeTo(b, 1e-9);
      expect(moments(rest).mean).to.be.closeTo(average, 1e-9);
      expect(moments(rest).sd).to.be.closeTo(sd, 1e-9);
      expect(divergence(rest, mu)).to.be.closeTo(kl, 1e-8);
    }
  });

  it('has a mean a little above the target of 0.1, and a spread above that of the exponential', () => {
    const { mean, sd } = moments(restingExcitability(0.1));
    expect(mean).to.be.closeTo(0.1027, 1e-4);
    expect(sd).to.be.closeTo(0.113, 1e-4);
  });

  it('is the minimum of the divergence, whose slope is minus the averaged rule everywhere', () => {
    const h = 1e-5;
    for (const neuron of [naive, restingExcitability(0.1), { gain: 2, bias: -1 }]) {
      const at = (da: number, db: number): number =>
        divergence({ gain: neuron.gain + da, bias: neuron.bias + db }, 0.1);
      const rule = averageStep(neuron, 0.1);
      expect(rule.gain).to.be.closeTo((at(-h, 0) - at(h, 0)) / (2 * h), 1e-7);
      expect(rule.bias).to.be.closeTo((at(0, -h) - at(0, h)) / (2 * h), 1e-7);
    }
  });

  it('ties ⟨y²⟩ to ⟨y⟩', () => {
    for (const mu of [0.05, 0.1, 0.3]) {
      const { mean, sd } = moments(restingExcitability(mu));
      expect(sd ** 2 + mean ** 2).to.be.closeTo((2 * mu + 1) * mean - mu, 1e-12);
    }
  });

  it('measures the gain in the unit of the input', () => {
    const [one, three] = [restingExcitability(0.1), restingExcitability(0.1, 3)];
    expect(three.gain).to.be.closeTo(one.gain / 3, 1e-14);
    expect(three.bias).to.equal(one.bias);
    const rule = averageStep(three, 0.1, 3);
    expect(Math.abs(rule.gain) + Math.abs(rule.bias)).to.be.below(1e-12);
  });

  it('refuses targets that no sigmoid reaches', () => {
    expect(() => restingExcitability(0.6)).to.throw(ParameterError, 'mu must be within');
    expect(() => restingExcitability(0.1, 0)).to.throw(ParameterError, 'spread');
  });
});

describe('intrinsic: the density of rates', () => {
  const rest = restingExcitability(0.1, 1.7);
  const integral = (f: (y: number) => number): number => {
    const { nodes, weights } = gaussLegendre(200, -16, 12);
    // over the logit of the rate
    return nodes.reduce((sum, u, i) => {
      const y = respond({ gain: 1, bias: 0 }, u);
      return sum + weights[i] * f(y) * density(rest, y, 1.7) * y * (1 - y);
    }, 0);
  };

  it('is one in all and has the moments of the averages over the input', () => {
    expect(integral(() => 1)).to.be.closeTo(1, 1e-9);
    expect(integral((y) => y)).to.be.closeTo(moments(rest, 1.7).mean, 1e-9);
    expect(integral((y) => Math.log((density(rest, y, 1.7) * 0.1) / Math.exp(-y / 0.1)))).to.be.closeTo(
      divergence(rest, 0.1, 1.7),
      1e-8,
    );
  });

  it('vanishes at both ends, where the exponential does not', () => {
    expect(density(rest, 1e-4, 1.7)).to.be.below(0.1 * Math.exp(-1e-3) * 10);
    expect(density(rest, 1 - 1e-4, 1.7)).to.be.below(1e-4 * Math.exp(-10) * 10);
  });
});

describe('intrinsic: the simulation', () => {
  it('takes the steps of the rule', () => {
    const noise = rng(3).stream('x');
    const x = new Float64Array(7);
    noise.fillNormal(x, 0, 2);
    let neuron = naive;
    for (const input of x) {
      const step = excitabilityStep(neuron, 0.2, input);
      neuron = { gain: neuron.gain + 0.01 * step.gain, bias: neuron.bias + 0.01 * step.bias };
    }
    const { last } = adapt({ mu: 0.2, eta: 0.01, steps: 7, spread: 2 }, rng(3).stream('x'));
    expect(last.gain).to.be.closeTo(neuron.gain, 1e-14);
    expect(last.bias).to.be.closeTo(neuron.bias, 1e-14);
  });

  it('rests where the theory says, whichever way it comes, and strays as predicted', () => {
    const rest = restingExcitability(0.1);
    const { gain, bias, mean: ofMean } = wander(rest, 0.1);
    const [eta, steps] = [5e-4, 80_000];
    const runs = Array.from({ length: 24 }, (_, i) => {
      const from = i % 2 ? naive : { gain: 2, bias: -4 };
      const run = adapt({ mu: 0.1, eta, steps, spread: 1, from }, rng(i).stream('x'));
      const drift = 2 / (eta * steps);
      const ends = influence(
        rest,
        0.1,
      )({ gain: drift * (run.last.gain - run.middle.gain), bias: drift * (run.last.bias - run.middle.bias) });
      // without what their ends leave
      return {
        gain: run.average.gain + ends.gain,
        bias: run.average.bias + ends.bias,
        mean: mean(run.rates) + ends.mean,
      };
    });
    const root = Math.sqrt(steps / 2);
    const all = Math.sqrt(runs.length) * root;
    const gains = runs.map((r) => r.gain);
    const biases = runs.map((r) => r.bias);
    const means = runs.map((r) => r.mean);
    // of the order of η by the size of the step
    expect(mean(gains)).to.be.closeTo(rest.gain, (4 * gain) / all + 1e-3);
    expect(mean(biases)).to.be.closeTo(rest.bias, (4 * bias) / all + 1e-3);
    expect(mean(means)).to.be.closeTo(moments(rest).mean, (4 * ofMean) / all + 1e-4);
    // a standard deviation from 24 numbers is known to 1/√46
    for (const [values, predicted] of [
      [gains, gain],
      [biases, bias],
      [means, ofMean],
    ] as const)
      expect((standardDeviation(values) * root) / predicted).to.be.closeTo(1, 4 / Math.sqrt(46));
  });

  it('returns to rest at the predicted rate', () => {
    const rest = restingExcitability(0.1);
    let neuron = { gain: rest.gain + 0.01, bias: rest.bias };
    const away = (): number => Math.hypot(neuron.gain - rest.gain, neuron.bias - rest.bias);
    const eta = 0.001;
    const forward = (steps: number): void => {
      for (let i = 0; i < steps; i++) {
        const step = averageStep(neuron, 0.1);
        neuron = { gain: neuron.gain + eta * step.gain, bias: neuron.bias + eta * step.bias };
      }
    };
    forward(6000);
    const before = away();
    forward(1000);
    expect(-Math.log(away() / before)).to.be.closeTo(returnRates(rest, 0.1)[0], 0.002);
  });

  it('refuses a step that throws the gain below 0', () => {
    expect(() => adapt({ mu: 0.02, eta: 0.1, steps: 2000, spread: 3 }, rng(1))).to.throw(ParameterError, 'eta');
  });
});

describe('epsp-spike coupling', () => {
  it('has the probabilities that scipy finds', () => {
    for (const [threshold, softness, amplitude, probability] of golden.spikes)
      expect(spikeProbability({ threshold, softness }, amplitude)).to.be.closeTo(probability, 1e-8);
  });

  it('counts spikes as often as it should', () => {
    for (const amplitude of [5, 8, 9]) {
      const p = spikeProbability(naiveCell, amplitude);
      const share = countSpikes(naiveCell, amplitude, 4000, rng(5).stream(String(amplitude))) / 4000;
      expect(share).to.be.closeTo(p, 4 * Math.sqrt((p * (1 - p)) / 4000));
    }
  });

  it('raises silence to a power that no synaptic potential changes', () => {
    for (const amplitude of [0, 4, 8])
      expect(probabilityAfterShift(spikeProbability(naiveCell, amplitude), 1.5, 1)).to.be.closeTo(
        spikeProbability(excite(naiveCell, 1.5), amplitude),
        1e-12,
      );
    // a larger synaptic potential does no such thing
    const ratio = (amplitude: number): number =>
      expectedSpikes(naiveCell, 1.2 * amplitude) / expectedSpikes(naiveCell, amplitude);
    expect(ratio(8)).to.be.above(2 * ratio(4));
  });

  it('peaks at one, once', () => {
    expect(shape(PEAK_TIME)).to.equal(1);
    expect(shape(PEAK_TIME - 0.1)).to.be.below(1);
    expect(shape(PEAK_TIME + 0.1)).to.be.below(1);
    expect(shape(0)).to.equal(0);
  });
});

describe('intrinsic figures', () => {
  it('keep their landmarks at defaults and elsewhere', async () => {
    for (const evaluation of [
      await excitability.evaluate(),
      await excitability.evaluate({ mu: 0.4, eta: 0.002, spread: 2 }),
      await excitability.evaluate({ mu: 0.05, spread: 0.5, steps: 500_000 }),
      await epspSpike.evaluate(),
      await epspSpike.evaluate({ softness: 0.3, amplitude: 9.5, seed: 4 }),
      await epspSpike.evaluate({ softness: 2, shift: 0, trials: 100 }),
    ])
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });

  it('say nothing of averages while the start is not forgotten', async () => {
    const { landmarks } = await excitability.evaluate({ steps: 2000 });
    expect(landmarks.map(({ name }) => name)).to.deep.equal(['⟨y²⟩ from ⟨y⟩']);
  });

  it('allow no step that throws the gain below 0', async () => {
    for (let seed = 0; seed < 20; seed++)
      await excitability.evaluate({ mu: 0.05, eta: 0.002, spread: 2, steps: 100_000, seed });
  });
});
