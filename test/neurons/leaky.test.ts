import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { standardError } from 'lecture-lab/math/statistics';
import {
  diffusionInput,
  passage,
  selfConsistentRate,
  siegertRate,
  thresholdShift,
} from 'lecture-lab/neurons/diffusion';
import { brunelNeuron, checkLeaky, interval, type Leaky, rate, relaxation } from 'lecture-lab/neurons/leaky';
import { jumpPopulation } from 'lecture-lab/neurons/populations';
import { createNetwork } from 'lecture-lab/neurons/spiking';

/** What scipy computed from the same integral; leaky.py stands beside it. */
const golden: {
  readonly rates: readonly {
    readonly neuron: Leaky;
    readonly mu: number;
    readonly sigma: number;
    readonly rate: number;
  }[];
  readonly networks: readonly { readonly g: number; readonly external: number; readonly rate: number }[];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'neurons', 'leaky.json'), 'utf8'));

const cortical: Leaky = { tau: 15, rest: -70, threshold: -50, reset: -60, refractory: 3 };

describe('leaky integrate-and-fire: closed forms', () => {
  it('V relaxes: τ dV/dt = rest + μ − V, from V0 to rest + μ', () => {
    const V = (t: number): number => relaxation(cortical, -64, 12, t);
    expect(V(0)).to.equal(-64);
    expect(V(1e4)).to.be.closeTo(-58, 1e-12);
    for (const t of [0.5, 5, 40]) {
      const h = 1e-4;
      const slope = (V(t + h) - V(t - h)) / (2 * h);
      // central difference: error h² V‴/6 and rounding 1e-14 V/h
      expect(cortical.tau * slope).to.be.closeTo(-58 - V(t), 1e-8);
    }
  });

  it('the interval is the refractory time and the way from reset to threshold', () => {
    const T = interval(cortical, 25);
    expect(relaxation(cortical, cortical.reset, 25, T - cortical.refractory)).to.be.closeTo(cortical.threshold, 1e-12);
    expect(rate(cortical, 25)).to.be.closeTo(1000 / T, 1e-12);
  });

  it('silent up to the threshold, 1/refractory for strong inputs', () => {
    for (const mu of [0, 10, 20]) expect(rate(cortical, mu)).to.equal(0);
    expect(rate(cortical, 20.001)).to.be.above(0);
    expect(rate(cortical, 1e9)).to.be.closeTo(1000 / 3, 1e-4);
  });

  it('refuses neurons that cannot be', () => {
    for (const [change, message] of [
      [{ tau: 0 }, /tau must be a positive number of ms/],
      [{ reset: -50 }, /reset must lie below the threshold of -50 mV/],
      [{ refractory: -1 }, /refractory must be a number of ms, at least 0/],
      [{ rest: Number.NaN }, /rest must be a finite number of mV/],
      [{ threshold: Infinity }, /threshold must be a finite number/],
    ] as const)
      expect(() => checkLeaky({ ...cortical, ...change })).to.throw(ParameterError, message);
  });
});

describe('leaky integrate-and-fire: diffusion theory', () => {
  it('without noise is the closed form, and nears it as the noise goes', () => {
    expect(siegertRate(cortical, 25, 0)).to.equal(rate(cortical, 25));
    // the first correction is of order σ²
    const off = (sigma: number): number => Math.abs(siegertRate(cortical, 25, sigma) - rate(cortical, 25));
    expect(off(0.1) / off(0.05)).to.be.closeTo(4, 0.1);
    expect(siegertRate(cortical, 19, 0.05)).to.be.below(1e-100);
    expect(siegertRate(cortical, 5, 0.05)).to.equal(0);
  });

  it('is that of scipy, for single neurons and for Brunel’s network', () => {
    // an absolute part for rates of 1e-100 Hz, of which the exponent is right
    for (const { neuron, mu, sigma, rate: expected } of golden.rates)
      expect(siegertRate(neuron, mu, sigma), `${mu}, ${sigma}`).to.be.closeTo(expected, 1e-9 * expected + 1e-30);
    for (const { g, external, rate: expected } of golden.networks) {
      const sustained = selfConsistentRate(brunelNeuron, (hz) => [
        { inputs: 800, rate: hz, jump: 0.1 },
        { inputs: 200, rate: hz, jump: -0.1 * g },
        { inputs: 800, rate: external, jump: 0.1 },
      ]);
      expect(sustained, `${g}, ${external}`).to.be.closeTo(expected, 1e-9 * expected);
    }
  });

  it('the integrand is smooth where its form changes, and e^(u²)(1 + erf u) has its known values', () => {
    expect(passage(0)).to.equal(1);
    expect(passage(1)).to.be.closeTo(Math.E * (1 + 0.842700792949715), 1e-12);
    expect(passage(-20 - 1e-12) / passage(-20 + 1e-12)).to.be.closeTo(1, 1e-11);
    expect(passage(-1e6)).to.be.closeTo(1 / (1e6 * Math.sqrt(Math.PI)), 1e-18);
    // it solves f′ = 2 u f + 2/√π
    for (const u of [-25, -3, 0.5, 3]) {
      const h = 1e-5;
      const slope = (passage(u + h) - passage(u - h)) / (2 * h);
      expect(slope).to.be.closeTo(2 * u * passage(u) + 2 / Math.sqrt(Math.PI), 1e-7 * Math.max(1, passage(u)));
    }
  });

  it('rises with the mean and depends on voltages as differences only', () => {
    let last = 0;
    for (const mu of [5, 10, 15, 20, 25, 40]) {
      const now = siegertRate(cortical, mu, 4);
      expect(now).to.be.above(last);
      last = now;
    }
    const shifted = { ...cortical, rest: 0, threshold: 20, reset: 10 };
    expect(siegertRate(shifted, 17, 4)).to.be.closeTo(siegertRate(cortical, 17, 4), 1e-9);
  });

  it('the rate of neurons under noise is that of the simulation', async () => {
    // jumps up and down alike, small against the noise: what is left of them is the third cumulant, which is 0
    const size = 2000;
    const dt = 0.1;
    for (const [mu, sigma] of [
      [15, 5],
      [22, 3],
    ]) {
      const weight = 0.02;
      const hz = ((sigma / weight) ** 2 / 2 / brunelNeuron.tau) * 1000;
      const random = rng(11).stream(`${mu}`);
      const net = createNetwork({
        dt,
        populations: [jumpPopulation({ size, neuron: brunelNeuron, current: mu, start: 12 })],
        drives: [1, -1].map((sign) => ({ to: 0, rate: hz, weight: sign * weight, random: random.stream(`${sign}`) })),
      });
      await net.run(200);
      const counts = new Float64Array(size);
      await net.run(1500, {
        record(_step, _population, spikes, count) {
          for (let s = 0; s < count; s++) counts[spikes[s]]++;
        },
      });
      const measured = counts.reduce((a, b) => a + b, 0) / size / 1.5;
      const threshold = brunelNeuron.threshold + thresholdShift(sigma, dt, brunelNeuron.tau);
      const theory = siegertRate({ ...brunelNeuron, threshold }, mu, sigma);
      // a spike is late by half a step, up to one
      const late = theory * theory * (dt / 1000);
      expect(measured, `${mu}, ${sigma}`).to.be.closeTo(theory, late + 3 * (standardError(counts) / 1.5));
      // and without the shift of the threshold it is not
      expect(Math.abs(measured - siegertRate(brunelNeuron, mu, sigma))).to.be.above(late + 3 * standardError(counts));
    }
  }).timeout(20_000);

  it('means and variances of Poisson inputs add', () => {
    const { mu, sigma } = diffusionInput(20, [
      { inputs: 100, rate: 10, jump: 0.3 },
      { inputs: 50, rate: 20, jump: -0.1 },
    ]);
    expect(mu).to.be.closeTo(20 * (0.3 - 0.1), 1e-12);
    expect(sigma ** 2).to.be.closeTo(20 * (0.09 + 0.01), 1e-12);
    expect(diffusionInput(20, [])).to.deep.equal({ mu: 0, sigma: 0 });
  });

  it('a network without connections sustains the rate of its neurons; one without input none', () => {
    const outside = { inputs: 1000, rate: 12, jump: 0.1 };
    const { mu, sigma } = diffusionInput(brunelNeuron.tau, [outside]);
    const alone = selfConsistentRate(brunelNeuron, () => [outside]);
    expect(alone).to.be.closeTo(siegertRate(brunelNeuron, mu, sigma), 1e-9);
    expect(selfConsistentRate(brunelNeuron, () => [])).to.equal(0);
    // inhibition in proportion to the rate brings it down
    const inhibited = selfConsistentRate(brunelNeuron, (hz) => [outside, { inputs: 200, rate: hz, jump: -0.5 }]);
    expect(inhibited).to.be.within(1, alone / 2);
  });
});
