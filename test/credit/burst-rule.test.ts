import { expect } from 'chai';
import {
  averageSpread,
  burstProbability,
  burstSpread,
  expectedChange,
  runningAverage,
  type Synapse,
  simulateTrains,
} from 'lecture-lab/credit/burst-rule';
import { burstRule } from 'lecture-lab/credit/burst-rule.figures';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardDeviation, standardError } from 'lecture-lab/math/statistics';
import { golden, goldenSynapse } from './dendrites.golden';

const synapse = goldenSynapse(0.6);
const runs = (s: Synapse, apical: number, count: number, seed = 1) =>
  Array.from({ length: count }, (_, i) => simulateTrains(s, apical, rng(seed).stream(`run ${i}`)));

describe('burst rule', () => {
  it('bursts more with more apical input, with one half at θ', () => {
    expect(burstProbability(synapse, synapse.middle)).to.equal(0.5);
    for (let a = -3; a < 3; a += 0.5)
      expect(burstProbability(synapse, a + 0.5)).to.be.above(burstProbability(synapse, a));
    // symmetric around θ
    expect(burstProbability(synapse, 1.7) + burstProbability(synapse, 0.3)).to.be.closeTo(1, 1e-12);
  });

  it('changes nothing at the running average, and has the sign of p − P̄ elsewhere', () => {
    for (const usual of [-1, 0.5, 2]) {
      const s = { ...synapse, usual };
      expect(expectedChange(s, usual)).to.equal(0);
      for (const a of [-2, 0, 0.4, 1, 3])
        expect(Math.sign(expectedChange(s, a))).to.equal(
          Math.sign(burstProbability(s, a) - burstProbability(s, usual)),
        );
    }
  });

  it('is proportional to both rates, to η, to the trace, and at first to the time', () => {
    const base = expectedChange(synapse, 2);
    for (const name of ['eta', 'receiver', 'sender', 'tauTrace'] as const)
      expect(expectedChange({ ...synapse, [name]: 3 * synapse[name] }, 2)).to.be.closeTo(3 * base, 1e-12);
    const brief = { ...synapse, duration: 1e-4 };
    expect(expectedChange({ ...brief, duration: 2e-4 }, 2) / expectedChange(brief, 2)).to.be.closeTo(2, 1e-4);
  });

  it('teaches for one time constant: what is unusual becomes usual', () => {
    const forever = expectedChange({ ...synapse, duration: 1000 }, 2);
    const lead = burstProbability(synapse, 2) - burstProbability(synapse, 0.6);
    expect(forever).to.be.closeTo(0.01 * 12 * 8 * 0.1 * lead * 5, 1e-12);
    expect(runningAverage(synapse, 2, 0)).to.be.closeTo(burstProbability(synapse, 0.6), 1e-15);
    expect(runningAverage(synapse, 2, 1000)).to.be.closeTo(burstProbability(synapse, 2), 1e-12);
  });

  it('on spike trains comes out as expected, here and in numpy’s bins of 1 ms', () => {
    for (const [apical, usual, change, se] of golden.bursts) {
      const s = goldenSynapse(usual);
      const changes = runs(s, apical, 3000).map((o) => o.change);
      const theory = expectedChange(s, apical);
      // the mean of a ratio: relative 1/(2 r τ) of how far the average has moved, at most (here 1/120)
      const ratio = Math.abs(theory) * (s.duration / s.tauAverage / (2 * s.receiver * s.tauAverage));
      expect(mean(changes)).to.be.closeTo(theory, 4.5 * standardError(changes) + ratio);
      // bins lose what falls into one of them: events 1 ms late on a trace of 100 ms
      expect(change).to.be.closeTo(theory, 4.5 * se + ratio + Math.abs(theory) * 0.01);
      expect(mean(changes)).to.be.closeTo(
        change,
        4.5 * Math.hypot(se, standardError(changes)) + Math.abs(theory) * 0.01,
      );
    }
  });

  it('draws Poisson events, and a share p of bursts', () => {
    const found = runs(synapse, 1.4, 2000);
    const events = found.map((o) => o.events);
    expect(mean(events)).to.be.closeTo(36, 4.5 * standardError(events));
    expect(standardDeviation(events) / 6).to.be.closeTo(1, 0.08);
    const total = found.reduce((sum, o) => sum + o.events, 0);
    const p = burstProbability(synapse, 1.4);
    expect(found.reduce((sum, o) => sum + o.bursts, 0) / total).to.be.closeTo(
      p,
      4.5 * Math.sqrt((p * (1 - p)) / total),
    );
  });

  it('has an unbiased running average, as wide as it should be', () => {
    const before = runs(synapse, 2, 3000).map((o) => o.averageBefore);
    expect(mean(before)).to.be.closeTo(burstProbability(synapse, 0.6), 4.5 * standardError(before));
    // to leading order in 1/(2 r τ) = 1/120, and a standard deviation from 3000 runs is known to 1.3 %
    expect(standardDeviation(before) / averageSpread(synapse)).to.be.closeTo(1, 0.06);
  });

  it('scatters as its coins do where the average is slow', () => {
    const slow = { ...synapse, tauAverage: 50 };
    const changes = runs(slow, 0.6, 1500).map((o) => o.change);
    // the average adds at most T/(2τ) = 3 % of the variance; a standard deviation from 1500 runs is known to 2 %
    expect(standardDeviation(changes) / burstSpread(slow, 0.6)).to.be.closeTo(1, 0.1);
  });

  it('is the same for the same seed', () => {
    expect(runs(synapse, 1, 3)).to.deep.equal(runs(synapse, 1, 3));
    expect(runs(synapse, 1, 3)).to.not.deep.equal(runs(synapse, 1, 3, 2));
  });

  it('refuses what is not above 0', () => {
    for (const name of ['eta', 'sender', 'receiver', 'tauTrace', 'tauAverage', 'duration'] as const)
      for (const bad of [0, -1, NaN, Infinity])
        expect(() => simulateTrains({ ...synapse, [name]: bad }, 1, rng(1))).to.throw(ParameterError, name);
  });
});

describe('burst rule: figure', () => {
  it('keeps its landmarks', async () => {
    for (const settings of [
      { usual: 2, seed: 5 },
      { duration: 20, trials: 100 },
      { slope: 5, usual: -1, trials: 50 },
    ]) {
      const { landmarks } = await burstRule.evaluate(settings);
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('reports progress and stops when told', async () => {
    const seen: number[] = [];
    await burstRule.evaluate(
      { trials: 2000 },
      createRun(undefined, (fraction) => void seen.push(fraction)),
    );
    expect(seen.length).to.be.above(1);
    expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
    const stop = new AbortController();
    let aborted = 0;
    setTimeout(() => {
      aborted = performance.now();
      stop.abort(new Error('enough'));
    }, 20);
    let message = '';
    await burstRule
      .evaluate({ trials: 2000, duration: 20 }, createRun(stop.signal))
      .catch((error: Error) => void (message = error.message));
    expect(message).to.equal('enough');
    expect(performance.now() - aborted).to.be.below(100);
  });
});
