import { expect } from 'chai';
import {
  descend,
  drawObjective,
  excessAt,
  expectedExcess,
  expectedRisk,
  gradientPath,
  momentMap,
  momentsOf,
  type Objective,
  objectiveAt,
  objectiveOf,
} from 'lecture-lab/inference/descent';
import { gradientDescent } from 'lecture-lab/inference/descent.figures';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { mean, standardError } from 'lecture-lab/math/statistics';
import { golden } from './golden';

const { X, y, penalty, target, enumerated, stationary, noise } = golden.descent;
const three: Objective = objectiveOf(
  { X: Float64Array.from(X), y: Float64Array.from(y) },
  penalty,
  Float64Array.from(target),
);
const drawn = (): Objective => drawObjective({ inputs: 4, noise: 1, length: 1.5 }, 30, 0.1, rng(1));
const start = new Float64Array(4);

describe('descent: the objective', () => {
  it('above its minimum is the quadratic form of its Hessian', () => {
    const objective = drawn();
    const w = Float64Array.of(1, -2, 0.5, 3);
    const above = objectiveAt(objective, w) - objectiveAt(objective, objective.minimum);
    expect(excessAt(objective, w)).to.be.closeTo(above, 1e-12 * above);
    expect(excessAt(objective, objective.minimum)).to.equal(0);
  });

  it('needs a penalty', () => {
    expect(() => drawObjective({ inputs: 2, noise: 1, length: 1 }, 5, 0, rng(1))).to.throw(ParameterError, 'penalty');
  });
});

describe('descent: all examples a step', () => {
  it('goes where the closed form says', () => {
    const objective = drawn();
    const steps = [0, 1, 7, 40];
    const path = gradientPath(objective, start, 0.1);
    const { excess, risk } = descend(objective, 'all', 0.1, { steps, late: 40 }, 1, rng(1));
    const far = (w: Float64Array): number => w.reduce((sum, v, i) => sum + (v - objective.target[i]!) ** 2, 0);
    for (const [k, step] of steps.entries()) {
      const w = path(step);
      expect(excess[k]).to.be.closeTo(excessAt(objective, w), 1e-12);
      expect(risk[k]).to.be.closeTo(0.5 + far(w) / 2, 1e-12);
    }
  });

  it('at η = 1/h ends an eigenvector in one step, and diverges beyond 2/h', () => {
    const one = objectiveOf({ X: Float64Array.of(2, 0), y: Float64Array.of(2, 0) }, 0.5, Float64Array.of(1));
    // h = 4/2 + 0.5
    expect(one.hessian[0]).to.equal(2.5);
    expect(excessAt(one, gradientPath(one, new Float64Array(1), 0.4)(1))).to.be.below(1e-30);
    const run = (rate: number) => descend(one, 'all', rate, { steps: [5000], late: 5000 }, 1, rng(1)).excess[0];
    expect(run(0.79)).to.be.below(1e-12);
    expect(() => run(0.9)).to.throw(DivergenceError, 'learning rate');
  });
});

describe('descent: some examples a step', () => {
  it('on average over every sequence of batches is where numpy finds it', () => {
    for (const [batch, rate, steps, excess, distance] of enumerated) {
      const map = momentMap(three, batch, rate);
      const moments = momentsOf(three, new Float64Array(2));
      for (let step = 0; step < steps; step++) map.advance(moments);
      expect(expectedExcess(three, moments.second)).to.be.closeTo(excess, 1e-12);
      expect(expectedRisk(three, moments, 0)).to.be.closeTo(distance, 1e-12);
    }
  });

  it('in the end is where numpy finds it, and where many steps lead', () => {
    for (const [batch, rate, excess, radius] of stationary) {
      const map = momentMap(three, batch, rate);
      expect(expectedExcess(three, map.stationary())).to.be.closeTo(excess, 1e-12);
      expect(map.radius).to.be.closeTo(radius, 1e-9);
      const moments = momentsOf(three, new Float64Array(2));
      for (let step = 0; step < 5000; step++) map.advance(moments);
      expect(expectedExcess(three, moments.second)).to.be.closeTo(excess, 1e-12);
    }
  });

  it('keeps a floor of η/4b times the scatter of the gradients, for small η', () => {
    const off = (rate: number, batch: number): number =>
      expectedExcess(three, momentMap(three, batch, rate).stationary()) / ((rate * noise) / (4 * batch)) - 1;
    for (const batch of [1, 2]) {
      expect(Math.abs(off(1e-3, batch))).to.be.below(2e-3);
      // the remainder is of first order in η
      expect(off(2e-3, batch) / off(1e-3, batch)).to.be.closeTo(2, 0.01);
    }
  });

  it('with very large batches is the whole gradient', () => {
    const objective = drawn();
    const map = momentMap(objective, 1e9, 0.1);
    const moments = momentsOf(objective, start);
    for (let step = 0; step < 20; step++) map.advance(moments);
    const whole = excessAt(objective, gradientPath(objective, start, 0.1)(20));
    expect(expectedExcess(objective, moments.second)).to.be.closeTo(whole, 1e-7);
  });

  it('without noise to fit has no floor', () => {
    // labels 0: every example agrees on w = 0
    const agreed = objectiveOf({ X: Float64Array.from(X), y: new Float64Array(3) }, penalty, new Float64Array(2));
    expect(expectedExcess(agreed, momentMap(agreed, 1, 0.2).stationary())).to.be.closeTo(0, 1e-18);
  });

  it('by simulation agrees at every look', () => {
    const objective = drawn();
    const steps = [1, 5, 30, 100];
    for (const batch of [1, 4]) {
      const map = momentMap(objective, batch, 0.05);
      const runs = Array.from({ length: 4000 }, (_, i) =>
        descend(objective, batch, 0.05, { steps, late: 90 }, 1, rng(2).stream(`${batch} ${i}`)),
      );
      const moments = momentsOf(objective, start);
      let late = 0;
      for (let step = 0; step <= 100; step++) {
        const k = steps.indexOf(step);
        if (k >= 0) {
          const [excess, risk] = [runs.map((r) => r.excess[k]!), runs.map((r) => r.risk[k]!)];
          expect(mean(excess)).to.be.closeTo(expectedExcess(objective, moments.second), 5 * standardError(excess));
          expect(mean(risk)).to.be.closeTo(expectedRisk(objective, moments, 1), 5 * standardError(risk));
        }
        if (step >= 90) late += expectedExcess(objective, moments.second) / 11;
        map.advance(moments);
      }
      const lates = runs.map((r) => r.lateExcess);
      expect(mean(lates)).to.be.closeTo(late, 5 * standardError(lates));
    }
  });

  it('diverges where the factor a step passes 1', () => {
    const objective = drawn();
    const runs = (rate: number): number =>
      descend(objective, 1, rate, { steps: [3000], late: 3000 }, 1, rng(3)).excess[0]!;
    expect(momentMap(objective, 1, 0.1).radius).to.be.below(1);
    expect(runs(0.1)).to.be.below(10);
    expect(momentMap(objective, 1, 1).radius).to.be.above(1);
    expect(() => runs(1)).to.throw(DivergenceError, 'learning rate');
  });
});

describe('descent: figure', () => {
  it('keeps its landmarks at other settings', async () => {
    for (const settings of [
      { rate: 0.01, penalty: 1, samples: 200 },
      { batch: 2, inputs: 2, noise: 0.1, seed: 9 },
    ]) {
      const { landmarks } = await gradientDescent.evaluate(settings);
      expect(landmarks.length).to.be.at.least(4);
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    }
  });

  it('refuses a rate that diverges, and says by what factor', async () => {
    const error = await gradientDescent
      .evaluate({ rate: 0.2, inputs: 8, samples: 20 })
      .catch((reason: unknown) => reason);
    expect(error)
      .to.be.instanceOf(ParameterError)
      .with.property('message')
      .that.matches(/rate must be lower.*by \d/);
  });

  it('obeys an abort within 100 ms', async () => {
    const abort = new AbortController();
    let aborted = Number.NaN;
    setTimeout(() => {
      aborted = performance.now();
      abort.abort(new Error('enough'));
    }, 60);
    const error = await gradientDescent
      .evaluate({ inputs: 8, rate: 0.01, budget: 40_000, runs: 200 }, createRun(abort.signal))
      .catch((reason: unknown) => reason);
    expect(error).to.have.property('message', 'enough');
    expect(performance.now() - aborted).to.be.below(100);
  });
});
