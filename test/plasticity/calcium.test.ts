import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { component, integrateAdaptive } from 'lecture-lab/math/ode';
import {
  averagedChange,
  checkSynapse,
  drift,
  type SynapseName,
  strengthChange,
  synapses,
  timeAbove,
  transitions,
} from 'lecture-lab/plasticity/calcium';
import { calciumAt, pairInflux } from 'lecture-lab/plasticity/calcium.trace';
import { golden } from './golden';

const names = Object.keys(synapses) as SynapseName[];
const minute = (dt: number) => ({ dt, pairs: 60, frequency: 1 });
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => from + i * step);

describe('calcium: time above the thresholds', () => {
  it('is, after one jump alone, τCa ln(C/θ)', () => {
    const alone = { ...synapses.P, cPost: 0 };
    const { alphaD, alphaP } = timeAbove(alone, { dt: 7, frequency: 1 });
    expect(1000 * alphaD).to.be.closeTo(20 * Math.log(2), 1e-9);
    expect(1000 * alphaP).to.be.closeTo(20 * Math.log(2 / 1.3), 1e-9);
    const weak = timeAbove({ ...synapses.D, cPost: 0 }, { dt: 7, frequency: 1 });
    expect(weak).to.deep.equal({ alphaD: 0, alphaP: 0 });
  });

  it('is that of two jumps alone when they are far apart', () => {
    // what is left of a jump prolongs the next by τCa e^{−Δt/τCa}
    for (const dt of [-300, 400]) {
      const { alphaP } = timeAbove(synapses.P, { dt, frequency: 1 });
      expect(1000 * alphaP).to.be.closeTo(40 * Math.log(2 / 1.3), 20 * Math.exp(-Math.abs(dt) / 20) + 1e-9);
    }
  });

  it('does not know which period a spike belongs to', () => {
    for (const name of names) {
      const near = timeAbove(synapses[name], { dt: 10, frequency: 20 });
      for (const dt of [-40, 60, 110]) {
        const far = timeAbove(synapses[name], { dt, frequency: 20 });
        expect(far.alphaD).to.be.closeTo(near.alphaD, 1e-12);
        expect(far.alphaP).to.be.closeTo(near.alphaP, 1e-12);
      }
    }
  });

  it('is all the time when pairs come fast enough, and never where calcium stays low', () => {
    for (const name of names)
      expect(timeAbove(synapses[name], { dt: 5, frequency: 500 })).to.deep.equal({ alphaD: 1, alphaP: 1 });
    expect(timeAbove(synapses.D, { dt: 30, frequency: 1 })).to.deep.equal({ alphaD: 0, alphaP: 0 });
  });

  it('agrees with counting samples of the calcium itself', () => {
    const h = 0.01;
    for (const name of names)
      for (const [dt, frequency] of [
        [-20, 1],
        [10, 1],
        [-7, 13],
        [12, 40],
      ] as const) {
        const synapse = synapses[name];
        const period = 1000 / frequency;
        const pairs = Math.ceil((30 * synapse.tauCa) / period) + 2;
        const steps = Math.round(period / h);
        const times = range(0, steps - 1, 1).map((i) => (pairs - 1) * period - 25 + (i * period) / steps);
        const calcium = calciumAt(synapse, pairInflux(synapse, { dt, pairs: pairs + 1, frequency }), times);
        const share = (theta: number) => calcium.filter((c) => c > theta).length / steps;
        const { alphaD, alphaP } = timeAbove(synapse, { dt, frequency });
        // calcium passes a threshold four times a period at most; each moment is off by a sample at most
        expect(share(synapse.thetaD), `${name} ${dt} ${frequency}`).to.be.closeTo(alphaD, (4 * h) / period);
        expect(share(synapse.thetaP), `${name} ${dt} ${frequency}`).to.be.closeTo(alphaP, (4 * h) / period);
      }
  });
});

describe('calcium: where ρ goes', () => {
  const above = { alphaD: 0.02, alphaP: 0.01 };

  it('is the solution of the equations for mean and variance', () => {
    const { gammaD, gammaP, sigma, tau } = synapses.DP;
    const [G, D] = [gammaP * above.alphaP, gammaD * above.alphaD];
    const flow = (_t: number, y: Float64Array, dydt: Float64Array): void => {
      dydt[0] = (G - (G + D) * y[0]) / tau;
      dydt[1] = (sigma ** 2 * (above.alphaD + above.alphaP) - 2 * (G + D) * y[1]) / tau;
    };
    const end = integrateAdaptive(flow, [0, 0], { to: 30_000, relative: 1e-11, absolute: 1e-13, maxStep: 500 });
    const { rhoBar, variance, tauEff } = drift(synapses.DP, above);
    expect(component(end, 0).at(-1)).to.be.closeTo(rhoBar * (1 - Math.exp(-30_000 / tauEff)), 1e-9);
    expect(component(end, 1).at(-1)).to.be.closeTo(variance * (1 - Math.exp(-60_000 / tauEff)), 1e-9);
  });

  it('changes nothing without time, and nothing without calcium', () => {
    expect(transitions(synapses.DP, above, 0)).to.deep.equal({ up: 0, down: 0 });
    expect(transitions(synapses.DP, { alphaD: 0, alphaP: 0 }, 1e9)).to.deep.equal({ up: 0, down: 0 });
  });

  it('forgets the start in the end', () => {
    const { up, down } = transitions(synapses.DP, above, 1e9);
    expect(up + down).to.be.closeTo(1, 1e-12);
  });

  it('is certain without noise', () => {
    const quiet = { ...synapses.DP, sigma: 0 };
    expect(transitions(quiet, { alphaD: 0.02, alphaP: 0.02 }, 1e9)).to.deep.equal({ up: 1, down: 0 });
    expect(transitions(quiet, { alphaD: 0.02, alphaP: 0.001 }, 1e9)).to.deep.equal({ up: 0, down: 1 });
  });
});

describe('calcium: strength', () => {
  it('stays when nothing moves, and when equal shares move', () => {
    for (const name of names) expect(strengthChange(synapses[name], { up: 0, down: 0 })).to.equal(1);
    expect(strengthChange(synapses.DP, { up: 0.3, down: 0.3 })).to.be.closeTo(1, 1e-15);
  });

  it('has its limits where all synapses end weak or strong', () => {
    for (const name of names) {
      const { beta, b } = synapses[name];
      const before = beta + (1 - beta) * b;
      expect(strengthChange(synapses[name], { up: 1, down: 0 })).to.be.closeTo(b / before, 1e-14);
      expect(strengthChange(synapses[name], { up: 0, down: 1 })).to.be.closeTo(1 / before, 1e-14);
    }
  });
});

describe('calcium: the averaged STDP curve', () => {
  it('agrees with scipy', () => {
    for (const [name, dt, pairs, frequency, alphaD, alphaP, up, down, change] of golden.theory) {
      const what = `${name} ${dt} ms ${frequency} Hz`;
      const above = timeAbove(synapses[name], { dt, frequency });
      expect(above.alphaD, what).to.be.closeTo(alphaD, 1e-9);
      expect(above.alphaP, what).to.be.closeTo(alphaP, 1e-9);
      const moved = transitions(synapses[name], above, (1000 * pairs) / frequency);
      expect(moved.up, what).to.be.closeTo(up, 1e-8);
      expect(moved.down, what).to.be.closeTo(down, 1e-8);
      expect(averagedChange(synapses[name], { dt, pairs, frequency }), what).to.be.closeTo(change, 1e-8);
    }
  });

  it('has the shape that its name says', () => {
    const curve = (name: SynapseName) => range(-100, 100, 0.5).map((dt) => averagedChange(synapses[name], minute(dt)));
    const at = (name: SynapseName, dt: number) => averagedChange(synapses[name], minute(dt));
    expect(Math.min(...curve('P'))).to.be.above(1);
    expect(Math.max(...curve("D'"))).to.be.below(1);
    expect(Math.max(...curve('D'))).to.equal(1);
    expect(at('D', 0)).to.be.closeTo(0.6371, 5e-5);
    for (const dt of [-10, 10]) expect(at('D', dt)).to.equal(1);
    expect(at('DP', -20)).to.be.below(1);
    expect(at('DP', 10)).to.be.above(1);
    for (const name of ['DPD', "DPD'"] as const) {
      expect(at(name, -10)).to.be.below(1);
      expect(at(name, 5)).to.be.above(1);
      expect(at(name, 20)).to.be.below(1);
    }
  });

  it('has its extremes where the paper draws them', () => {
    const extreme = (name: SynapseName, of: (...x: number[]) => number) => {
      const times = range(-60, 60, 0.5);
      const curve = times.map((dt) => averagedChange(synapses[name], minute(dt)));
      return [times[curve.indexOf(of(...curve))], of(...curve)];
    };
    const cases = [
      ['DP', Math.min, -24, 0.7239],
      ['DP', Math.max, 5.5, 1.2422],
      ['DPD', Math.min, -6.5, 0.8394],
      ['DPD', Math.max, 4.5, 1.2059],
    ] as const;
    for (const [name, of, where, value] of cases) {
      const [dt, change] = extreme(name, of);
      expect(dt).to.equal(where);
      expect(change).to.be.closeTo(value, 5e-5);
    }
  });
});

describe('calcium: what is refused', () => {
  it('impossible constants, by name', () => {
    const wrong = { tauCa: 0, cPost: -1, sigma: Number.NaN, thetaP: 0.5, beta: 1.5, delay: Infinity, b: 0 };
    for (const [name, value] of Object.entries(wrong))
      expect(() => checkSynapse({ ...synapses.DP, [name]: value }), name).to.throw(ParameterError, name);
    for (const name of names) expect(checkSynapse(synapses[name])).to.equal(synapses[name]);
  });

  it('impossible protocols', () => {
    for (const frequency of [0, -1, Number.NaN, Infinity])
      expect(() => timeAbove(synapses.DP, { dt: 1, frequency })).to.throw(ParameterError, 'frequency');
    expect(() => timeAbove(synapses.DP, { dt: Number.NaN, frequency: 1 })).to.throw(ParameterError, 'dt');
  });
});
