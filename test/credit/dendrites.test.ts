import { expect } from 'chai';
import {
  cableAttenuation,
  ladderAttenuation,
  propagation,
  simulateChain,
  spacing,
} from 'lecture-lab/credit/dendrites.cable';
import {
  apicalBalance,
  divider,
  LEAK,
  plateauThreshold,
  simulatedThreshold,
  simulateNeuron,
  steady,
} from 'lecture-lab/credit/dendrites.compartments';
import { segregation } from 'lecture-lab/credit/dendrites.figures';
import { ParameterError } from 'lecture-lab/math/errors';
import { golden } from './dendrites.golden';

describe('dendrites: passive cable', () => {
  it('is 1 at the soma, 1/cosh L at the tip, and falls on the way', () => {
    for (const length of [0.3, 1, 3]) {
      const cable = { length, tau: 20 };
      expect(cableAttenuation(cable, 0, 50)).to.equal(1);
      expect(cableAttenuation(cable, length, 0)).to.be.closeTo(1 / Math.cosh(length), 1e-15);
      const shares = Array.from({ length: 21 }, (_, i) => cableAttenuation(cable, (i * length) / 20, 0));
      expect(shares).to.deep.equal([...shares].sort((a, b) => b - a));
    }
  });

  it('lets less of a faster signal through, and less through a longer cable', () => {
    const at = (length: number, f: number): number => cableAttenuation({ length, tau: 20 }, length, f);
    for (const [slow, fast] of [
      [0, 10],
      [10, 100],
      [100, 500],
    ])
      expect(at(1, fast)).to.be.below(at(1, slow));
    expect(at(2, 0)).to.be.below(at(1, 0));
  });

  it('solves its own equation: q² = 1 + iωτ', () => {
    for (const f of [0, 20, 300]) {
      const { re, im } = propagation(15, f);
      expect(re * re - im * im).to.be.closeTo(1, 1e-12);
      expect(2 * re * im).to.be.closeTo((2 * Math.PI * f * 15) / 1000, 1e-12);
    }
  });

  it('comes from numpy’s linear equations too: ladder, and chain in time', () => {
    for (const [length, n, tau, frequency, middle, end] of golden.chain) {
      const chain = simulateChain({ length, tau }, n, frequency);
      // a sinusoid’s time steps add (ωdt)²/12 of the frequency, over a distance L|q|
      const { re, im } = propagation(tau, frequency);
      const tolerance = frequency === 0 ? 1e-8 : (length * Math.hypot(re, im) * (2 * Math.PI) ** 2) / (24 * 200 ** 2);
      expect(chain[n / 2] / middle).to.be.closeTo(1, tolerance);
      expect(chain[n] / end).to.be.closeTo(1, tolerance);
      if (frequency > 0) continue;
      expect(ladderAttenuation(length, n, n)).to.be.closeTo(end, 1e-12);
      expect(ladderAttenuation(length, n, n / 2)).to.be.closeTo(middle, 1e-12);
    }
  });

  it('is the limit of many compartments, in second order', () => {
    const error = (n: number): number => {
      const x = n * spacing(1.5, n);
      return Math.abs(ladderAttenuation(1.5, n, n) - cableAttenuation({ length: 1.5, tau: 20 }, x, 0));
    };
    for (const n of [10, 40]) expect(error(n) / error(2 * n)).to.be.within(3.5, 4.6);
    expect(ladderAttenuation(1.5, 10_000, 10_000)).to.be.closeTo(1 / Math.cosh(1.5), 1e-8);
  });

  it('refuses what is no chain', () => {
    expect(() => simulateChain({ length: 1, tau: 20 }, 0, 0)).to.throw(ParameterError, 'compartments');
    expect(() => simulateChain({ length: 0, tau: 20 }, 5, 0)).to.throw(ParameterError, 'length');
    expect(() => simulateChain({ length: 1, tau: 20 }, 5, -1)).to.throw(ParameterError, 'frequency');
  });
});

describe('dendrites: two compartments', () => {
  const neuron = { coupling: 0.05, calcium: 0.08 };
  const none = { apical: 0 };

  it('divide a steady voltage as resistors do, and lose no current', () => {
    for (const coupling of [0.01, 0.05, 0.2]) {
      const { soma, apical } = steady({ coupling }, 0.3);
      expect(soma / apical).to.be.closeTo(divider({ coupling }), 1e-12);
      expect(LEAK * (soma + apical)).to.be.closeTo(0.3, 1e-12);
      const run = simulateNeuron({ coupling, calcium: 0 }, { apical: 0, steadyApical: 0.3 }, 400, 0.02);
      expect(run.apical.at(-1)).to.be.closeTo(apical, 1e-9);
      expect(run.soma.at(-1)).to.be.closeTo(soma, 1e-9);
    }
    expect(divider({ coupling: 1e9 })).to.be.closeTo(1, 1e-9);
    expect(divider({ coupling: 0 })).to.equal(0);
  });

  it('stay at rest without input, whatever the channels', () => {
    const run = simulateNeuron(neuron, none, 200, 0.02);
    expect(run.spikes).to.deep.equal([]);
    expect(Math.max(...run.apical)).to.be.below(0.01);
  });

  it('answer apical input alone as in scipy, better with smaller steps', () => {
    for (const [coupling, calcium, peak, samples] of golden.epsp)
      for (const [t, soma, apical] of samples) {
        const error = (dt: number): number => {
          const run = simulateNeuron({ coupling, calcium }, { apical: peak }, 101, dt);
          const i = Math.round(t / 0.5);
          expect(run.time[i]).to.be.closeTo(t, 1e-9);
          return Math.max(Math.abs(run.apical[i] - apical), Math.abs(run.soma[i] - soma));
        };
        // first order in the step
        expect(error(0.02)).to.be.below(0.06);
        expect(error(0.005)).to.be.below(0.4 * error(0.02) + 1e-6);
      }
  });

  it('start a plateau at the root of the currents, here, in scipy, and in bisected runs', () => {
    for (const [coupling, calcium, at] of golden.threshold) {
      expect(plateauThreshold({ coupling, calcium })).to.be.closeTo(at, 1e-9);
      expect(simulatedThreshold({ coupling, calcium })).to.be.closeTo(at, 1e-6);
      expect(apicalBalance({ coupling, calcium }, at - 0.1)).to.be.below(0);
      expect(apicalBalance({ coupling, calcium }, at + 0.1)).to.be.above(0);
    }
    expect(plateauThreshold({ coupling: 0.05, calcium: 0 })).to.equal(undefined);
    expect(simulatedThreshold({ coupling: 0.05, calcium: 0 })).to.equal(undefined);
  });

  it('burst when both inputs coincide, and only then', () => {
    const spikes = (apical: number, delay?: number, calcium = neuron.calcium): number =>
      simulateNeuron(
        { ...neuron, calcium },
        { apical, ...(delay === undefined ? {} : { pulse: 20 + delay }) },
        200,
        0.02,
      ).spikes.length;
    expect(spikes(3.5)).to.equal(0);
    expect(spikes(0, 5)).to.equal(1);
    for (const delay of [3, 5, 12]) expect(spikes(3.5, delay), `${delay} ms`).to.be.at.least(3);
    for (const delay of [-20, 0, 16, 40]) expect(spikes(3.5, delay), `${delay} ms`).to.equal(1);
    expect(spikes(3.5, 5, 0), 'no channels').to.equal(1);
  });

  it('have a plateau that outlasts spike and input, and ends', () => {
    const { plateau, apical } = simulateNeuron(neuron, { apical: 3.5, pulse: 25 }, 200, 0.02);
    expect(plateau).to.be.within(25, 80);
    expect(apical.at(-1)).to.be.closeTo(0, 0.05);
  });

  it('give the same spikes with smaller steps', () => {
    const at = (dt: number): readonly number[] => simulateNeuron(neuron, { apical: 3.5, pulse: 25 }, 150, dt).spikes;
    const [coarse, fine] = [at(0.02), at(0.005)];
    expect(coarse.length).to.equal(fine.length);
    for (const [i, t] of coarse.entries()) expect(t).to.be.closeTo(fine[i], 0.5);
  });

  it('refuse steps and durations that are none', () => {
    expect(() => simulateNeuron(neuron, none, 0, 0.02)).to.throw(ParameterError, 'duration');
    expect(() => simulateNeuron(neuron, none, 10, 1)).to.throw(ParameterError, 'dt');
  });
});

describe('dendrites: figure', () => {
  it('keeps its landmarks', async () => {
    for (const settings of [{ length: 3, frequency: 20 }, { calcium: 0 }, { delay: -20, coupling: 0.1 }]) {
      const { landmarks } = await segregation.evaluate(settings);
      expect(landmarks.length).to.be.at.least(5);
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });
});
