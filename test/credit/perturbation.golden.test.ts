import { expect } from 'chai';
import { estimatorVariance, learningCurve, type Rule } from 'lecture-lab/credit/perturbation';
import { golden } from './perturbation.golden';

describe('the theory of perturbation against an independent simulation in numpy', () => {
  for (const { rule, sigma, x, e, mean, se } of golden.variance)
    it(`variance of ${rule}, ${e.length} × ${x.length}, σ = ${sigma}`, () => {
      const theory = estimatorVariance(rule as Rule, { x: Float64Array.from(x), e: Float64Array.from(e) }, sigma);
      expect(Math.abs(mean - theory), `${mean}, theory ${theory}`).to.be.below(5 * se);
    });

  for (const { rule, outputs, inputs, sigma, trials } of golden.learning)
    it(`learning curve of ${rule}, ${outputs} × ${inputs}`, () => {
      const curve = learningCurve(rule as Rule, { outputs, inputs, sigma }, outputs / 2);
      for (const { trial, mean, se } of trials)
        expect(Math.abs(mean - curve.at(trial)), `trial ${trial}: ${mean}, theory ${curve.at(trial)}`).to.be.below(
          5 * se,
        );
    });

  for (const { rule, outputs, inputs, sigma, mean, se } of golden.floor)
    it(`what ${rule} leaves, ${outputs} × ${inputs}`, () => {
      const { floor } = learningCurve(rule as Rule, { outputs, inputs, sigma }, outputs / 2);
      expect(Math.abs(mean - floor), `${mean}, theory ${floor}`).to.be.below(5 * se);
    });
});
