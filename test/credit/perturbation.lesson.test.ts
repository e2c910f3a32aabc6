import { expect } from 'chai';
import { manyWeights, nudge } from 'lecture-lab/credit/accept-reject';
import { type Example, estimatorVariance, learningCurve, stepFactor } from 'lecture-lab/credit/perturbation';
import { expectedChanges } from 'lecture-lab/credit/release';
import { losses, smoothedGradient } from 'lecture-lab/credit/smoothing';

/* Numbers in the words of the lesson on perturbation. */
describe('what the lesson on perturbation says', () => {
  const network = { inputs: 10, outputs: 5 };
  const large = { inputs: 1000, outputs: 1000 };

  it('of nudges', () => {
    expect(nudge(100, 0.012).progress * 100).to.be.closeTo(0.4, 0.01);
    expect(nudge(100, 0.012).fraction).to.be.within(0.25, 0.28);
    expect(manyWeights(3).fraction).to.be.closeTo(1 / 15, 0.001);
    expect(Math.log10(nudge(200, 0.1).fraction)).to.be.within(-22, -21);
    // a nudge as small as you like helps half of the time, one of a tenth at a hundred weights never
    expect(nudge(200, 0.01 / 200).fraction).to.be.closeTo(0.498, 5e-4);
    expect(nudge(100, 0.1).fraction).to.be.below(1e-6);
  });

  it('of five examples a step: more than four single steps, less than five', () => {
    const factor = (b: number): number => 1 - 1 / (1 + 11 / b);
    expect(factor(5)).to.be.within(factor(1) ** 5, factor(1) ** 4);
  });

  it('of variances, factors and floors', () => {
    const example: Example = { x: new Float64Array(20).fill(1), e: new Float64Array(5).fill(1) };
    expect(estimatorVariance('weight perturbation', example, 1e-9)).to.be.closeTo(101, 1e-9);
    expect(estimatorVariance('node perturbation', example, 1e-9)).to.be.closeTo(6, 1e-9);
    const slower = (rule: 'node perturbation' | 'weight perturbation', of: typeof network): number =>
      stepFactor(rule, of) / stepFactor('gradient', of);
    expect([slower('node perturbation', network), slower('weight perturbation', network)]).to.deep.equal([7, 52]);
    expect(slower('weight perturbation', large) / 1e6).to.be.closeTo(1, 0.01);
    expect(slower('node perturbation', large) / 1e3).to.be.closeTo(1, 0.01);
    const floor = (sigma: number): number => learningCurve('weight perturbation', { ...network, sigma }, 2.5).floor;
    expect(floor(0.01)).to.be.closeTo(0.00454, 5e-6);
    expect(floor(0.23)).to.be.below(2.5);
    expect(floor(0.24)).to.be.above(2.5);
  });

  it('of larger nudges', () => {
    const example: Example = { x: new Float64Array(20).fill(1), e: new Float64Array(5).fill(1) };
    expect(estimatorVariance('weight perturbation', example, 0.1)).to.be.closeTo(137, 0.5);
    expect(estimatorVariance('node perturbation', example, 0.1)).to.be.closeTo(6.16, 0.005);
  });

  it('of a rare, big release', () => {
    const change = (shortfall: number): number =>
      expectedChanges({ p: Float64Array.of(0.1), quantum: Float64Array.of(5), target: 0.5 + shortfall })[0]! /
      shortfall;
    expect(change(10)).to.be.closeTo(1.8, 1e-12);
    expect(change(3)).to.be.closeTo(0.75, 1e-12);
    expect(change(2.01)).to.be.above(0);
    expect(change(1.99)).to.be.below(0);
  });

  it('of the bias', () => {
    const E = losses['saturating neuron'];
    expect(E.slope(1.5, 0.2)).to.be.closeTo(0.1274, 5e-5);
    expect(smoothedGradient(E, 1.5, 0.2, 0.1)).to.be.closeTo(0.1284, 5e-5);
    expect(smoothedGradient(E, 1.5, 0.2, 1)).to.be.closeTo(0.0735, 5e-5);
  });
});
