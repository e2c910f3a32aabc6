import { expect } from 'chai';
import { expectedChanges, releaseTrials, releaseVariance } from 'lecture-lab/credit/release';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { golden } from './perturbation.golden';

const of = (...values: number[]): Float64Array => Float64Array.from(values);

describe('stochastic release as a perturbation', () => {
  it('changes synapses as the sum over all outcomes says', () => {
    for (const { p, quantum, target, change } of golden.release)
      for (const [i, each] of expectedChanges({ p: of(...p), quantum: of(...quantum), target }).entries())
        expect(each).to.be.closeTo(change[i]!, 1e-12);
  });

  it('is the gradient times the variance at p = ½, whatever the quantum', () => {
    const neuron = { p: of(0.5, 0.5, 0.5), quantum: of(1, 2, 5), target: 7 };
    for (const [i, change] of expectedChanges(neuron).entries())
      expect(change).to.be.closeTo(releaseVariance(0.5, neuron.quantum[i]!) * (7 - 4), 1e-12);
  });

  it('leaves synapses alone that never or always release', () => {
    const neuron = { p: of(0, 1, 0.5), quantum: of(1, 1, 1), target: 3 };
    const { mean } = releaseTrials(neuron, 100, rng(2));
    const changes = expectedChanges(neuron);
    for (const i of [0, 1]) {
      expect(Math.abs(changes[i]!)).to.equal(0);
      expect(Math.abs(mean[i]!)).to.equal(0);
    }
  });

  it('is largest at p = ½ for one quantum, and falls as (1 − p)/p at one mean strength', () => {
    for (const p of [0.1, 0.4, 0.6, 0.9]) {
      expect(releaseVariance(p, 1)).to.be.below(releaseVariance(0.5, 1));
      expect(releaseVariance(p, 0.5 / p)).to.be.closeTo((0.25 * (1 - p)) / p, 1e-15);
    }
  });

  it('simulated: within five standard errors', () => {
    const neuron = { p: of(0.1, 0.3, 0.5, 0.9), quantum: of(4, 1, 1, 0.5), target: 3 };
    const { mean, se } = releaseTrials(neuron, 100_000, rng(5));
    for (const [i, theory] of expectedChanges(neuron).entries())
      expect(Math.abs(mean[i]! - theory), `synapse ${i}: ${mean[i]}, theory ${theory}`).to.be.below(5 * se[i]!);
  });

  it('refuses what is no probability', () => {
    expect(() => expectedChanges({ p: of(1.1), quantum: of(1), target: 0 })).to.throw(
      ParameterError,
      'p must be within 0 and 1 (got 1.1)',
    );
    expect(() => releaseTrials({ p: of(0.5), quantum: of(1, 2), target: 0 }, 10, rng(1))).to.throw(
      ParameterError,
      'quantum must have a value for each p (got 2 and 1)',
    );
  });
});
