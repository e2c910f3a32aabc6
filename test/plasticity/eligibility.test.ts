import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardDeviation, standardError } from 'lecture-lab/math/statistics';
import {
  backgroundSpread,
  closedForm,
  coincidence,
  delayWindow,
  expectedChange,
  follow,
  type Protocol,
  type Synapse,
  simulateTrial,
} from 'lecture-lab/plasticity/eligibility';
import { delay, eligibility } from 'lecture-lab/plasticity/eligibility.figures';

type Five = readonly [tauX: number, tauE: number, tauRho: number, reward: number, eta: number];
const golden: {
  readonly traces: readonly [Five, pre: number[], post: number[], pulses: number[], at: number[][]][];
  readonly delays: readonly [
    Five,
    pairs: number,
    interval: number,
    lag: number,
    r: number,
    d: number,
    change: number,
  ][];
  readonly spread: readonly [Five, r: number, spread: number][];
} = JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'three-factor.json'), 'utf8'));
const synapseOf = ([tauX, tauE, tauRho, reward, eta]: Five): Synapse => ({ tauX, tauE, tauRho, reward, eta });

const synapse: Synapse = { tauX: 0.02, tauE: 1, tauRho: 0.2, reward: 1, eta: 0.7 };
const pairing = { pre: [0.99], post: [1] };
const lone: Protocol = { pairs: 1, interval: 0.1, lag: 0.01, background: 0 };

describe('eligibility: traces', () => {
  it('are those of scipy, by events and in closed form', () => {
    for (const [five, pre, post, pulses, rows] of golden.traces) {
      const events = { pre, post, pulses };
      const at = rows.map(([t]) => t!);
      for (const traces of [follow(synapseOf(five), events, at), closedForm(synapseOf(five), events, at)])
        for (const [i, [, e, rho, w]] of rows.entries()) {
          expect(traces.eligibility[i]).to.be.closeTo(e!, 1e-9);
          expect(traces.modulator[i]).to.be.closeTo(rho!, 1e-9);
          expect(traces.weight[i]).to.be.closeTo(w!, 1e-9);
        }
    }
  });

  it('by events and in closed form are the same for random trains, looked at anywhere', () => {
    const random = rng(4);
    const times = (n: number): number[] => Array.from({ length: n }, () => random.uniform(0, 5)).sort((a, b) => a - b);
    for (let run = 0; run < 20; run++) {
      const events = { pre: times(30), post: times(25), pulses: times(4) };
      const at = times(40);
      const [a, b] = [follow(synapse, events, at), closedForm(synapse, events, at)];
      for (let i = 0; i < at.length; i++) {
        expect(a.eligibility[i]).to.be.closeTo(b.eligibility[i]!, 1e-11);
        expect(a.modulator[i]).to.be.closeTo(b.modulator[i]!, 1e-11);
        expect(a.weight[i]).to.be.closeTo(b.weight[i]!, 1e-11);
      }
    }
  });

  it('need all three factors: without spikes of either neuron, or a pulse, nothing changes', () => {
    const at = [20];
    const all = { ...pairing, pulses: [1.5] };
    expect(follow(synapse, all, at).weight[0]).to.be.above(0.01);
    for (const missing of ['pre', 'post', 'pulses'] as const)
      expect(follow(synapse, { ...all, [missing]: [] }, at).weight[0], missing).to.equal(0);
  });

  it('change by c τ e^(−d/τe) η: 10 ms of lag, a second of delay', () => {
    const tau = 1 / (1 / 1 + 1 / 0.2);
    const c = Math.exp(-0.5);
    const w = follow(synapse, { ...pairing, pulses: [2] }, [60]).weight[0];
    expect(w).to.be.closeTo(0.7 * c * tau * Math.exp(-1), 1e-12);
    expect(coincidence(synapse, [0.99], 1)).to.be.closeTo(c, 1e-12);
    // a presynaptic spike at the very time, or after it, is no coincidence
    expect(coincidence(synapse, [1, 1.01], 1)).to.equal(0);
    expect(follow(synapse, { pre: [1, 1.01], post: [1], pulses: [2] }, [60]).weight[0]).to.equal(0);
  });

  it('are linear in the pulse: a dip undoes what a pulse does', () => {
    const events = { ...pairing, pulses: [1.2, 2.5] };
    const up = follow(synapse, events, [3, 30]).weight;
    const down = follow({ ...synapse, reward: -1 }, events, [3, 30]).weight;
    for (const i of [0, 1]) expect(down[i]).to.be.closeTo(-up[i]!, 1e-15);
    const each = [1.2, 2.5].map((t) => follow(synapse, { ...pairing, pulses: [t] }, [30]).weight[0]!);
    expect(up[1]).to.be.closeTo(each[0]! + each[1]!, 1e-12);
  });

  it('wait longer the longer the trace: without decay the delay does not matter', () => {
    const forever = { ...synapse, tauE: 1e9 };
    const change = (d: number): number => follow(forever, { ...pairing, pulses: [1 + d] }, [1e3]).weight[0]!;
    expect(change(5)).to.be.closeTo(change(0), 1e-8);
  });

  it('refuse time constants that are none, by name', () => {
    for (const [name, value] of [
      ['tauX', 0],
      ['tauE', -1],
      ['tauRho', Number.NaN],
      ['tauX', 2],
    ] as const)
      for (const attempt of [follow, closedForm])
        expect(() => attempt({ ...synapse, [name]: value }, { ...pairing, pulses: [] }, [1])).to.throw(
          ParameterError,
          name,
        );
  });
});

describe('eligibility: delays', () => {
  it('change the weight as scipy says, pairings and background and both', () => {
    for (const [five, pairs, interval, lag, background, d, change] of golden.delays)
      expect(expectedChange(synapseOf(five), { pairs, interval, lag, background }, d)).to.be.closeTo(change, 1e-8);
  });

  it('without a background are the closed form of one pairing, on both sides', () => {
    for (const d of [-0.5, -0.1, 0, 0.3, 2]) {
      const exact = follow(synapse, { pre: [5], post: [5.01], pulses: [5.01 + d] }, [60]).weight[0]!;
      expect(expectedChange(synapse, lone, d)).to.be.closeTo(exact, 1e-12);
      expect(simulateTrial(synapse, lone, d, rng(1))).to.be.closeTo(exact, exact * Math.exp(-12) + 1e-12);
      expect(exact).to.be.closeTo(0.7 * Math.exp(-0.5) * delayWindow(synapse, d), 1e-12);
    }
  });

  it('of random spikes are as expected, within their error, in mean and spread', () => {
    const protocol = { pairs: 3, interval: 0.1, lag: 0.01, background: 4 };
    for (const [p, d] of [
      [protocol, 0.5],
      [protocol, -0.1],
      [{ ...protocol, pairs: 0 }, 1],
    ] as const) {
      const changes = Array.from({ length: 2000 }, (_, i) => simulateTrial(synapse, p, d, rng(8).stream(`${i}`)));
      expect(mean(changes)).to.be.closeTo(expectedChange(synapse, p, d), 4 * standardError(changes));
      // skewed by rare coincidences: the error of a standard deviation by resampling halves
      if (p.pairs === 0) {
        const parts = [0, 1, 2, 3, 4, 5, 6, 7].map(
          (k) => standardDeviation(changes.slice(250 * k, 250 * (k + 1))) ** 2,
        );
        expect(mean(parts)).to.be.closeTo(backgroundSpread(synapse, 4) ** 2, 4 * standardError(parts));
      }
    }
  });

  it('spread by the background as numpy says', () => {
    for (const [five, r, spread] of golden.spread)
      expect(backgroundSpread(synapseOf(five), r)).to.be.closeTo(spread, 1e-8);
  });

  it('are seeded', () => {
    const p = { ...lone, background: 5 };
    expect(simulateTrial(synapse, p, 1, rng(1))).to.equal(simulateTrial(synapse, p, 1, rng(1)));
    expect(simulateTrial(synapse, p, 1, rng(1))).to.not.equal(simulateTrial(synapse, p, 1, rng(2)));
  });
});

describe('eligibility: figures', () => {
  it('keep their landmarks', async () => {
    for (const { landmarks } of [
      await eligibility.evaluate({ reward: -0.5, delay: 0.3, pairs: 5 }),
      await delay.evaluate({ background: 6, pairs: 2, trials: 100, seed: 3 }),
    ]) {
      expect(landmarks).to.not.be.empty;
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
    expect((await eligibility.evaluate({ reward: 0 })).landmarks).to.have.length(2);
  });

  it('shows nothing at the synapse whose spikes come too late', async () => {
    const { rows } = await eligibility.evaluate();
    const late = rows.filter(({ series, panel }) => series === 'B: pre too late' && panel !== 'spikes');
    expect(late.length).to.be.above(100);
    for (const { value } of late) expect(value).to.equal(0);
  });

  it('stops when asked', async () => {
    const stop = new AbortController();
    const going = delay.evaluate({ trials: 1000, background: 10 }, createRun(stop.signal));
    setTimeout(() => stop.abort(new Error('enough')), 20);
    const from = performance.now();
    let reason: unknown;
    await going.catch((error: unknown) => {
      reason = error;
    });
    expect(String(reason)).to.include('enough');
    expect(performance.now() - from).to.be.below(1000);
  });
});
