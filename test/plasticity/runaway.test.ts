import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { rng } from 'lecture-lab/math/rng';
import {
  averagedRunaway,
  bcmNorm,
  hebbNorm,
  inputEigenvalues,
  type RunawayRule,
  runawayRules,
  simulateRunaway,
} from 'lecture-lab/plasticity/runaway';
import { runaway } from 'lecture-lab/plasticity/runaway.figures';

const golden: { readonly runaway: readonly [RunawayRule, number][] } = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'bcm.json'), 'utf8'),
);
const p = { eta: 0.02, overlap: 0.2, tauTheta: 20, thetaD: 0.4, thetaP: 0.8 };
const start = (norm: number): [number, number] => [
  norm * Math.cos(Math.PI / 4 - 0.2),
  norm * Math.sin(Math.PI / 4 - 0.2),
];

describe('runaway', () => {
  it('has the lengths that scipy finds after 300 presentations', () => {
    for (const [rule, norm] of golden.runaway)
      expect(averagedRunaway(rule, p, start(1.3), 300, 300)[1] / norm).to.be.closeTo(1, 1e-7);
  });

  it('of plain Hebb is a sum of exponentials, at the eigenvalues of the inputs', () => {
    const norms = averagedRunaway('plain Hebb', p, start(0.7), 400, 100);
    for (const [i, norm] of norms.entries()) expect(norm / hebbNorm(p, start(0.7), 100 * i)).to.be.closeTo(1, 1e-7);
    const [first, second] = inputEigenvalues(0.2);
    expect(first).to.be.closeTo(0.72, 1e-12);
    expect(first + second).to.be.closeTo(1.04, 1e-12); // trace of E[x x′]
    const late = Math.log(hebbNorm(p, start(1), 3001) / hebbNorm(p, start(1), 3000));
    expect(late).to.be.closeTo(p.eta * first, 1e-9);
  });

  it('with fixed thresholds goes one way or the other', () => {
    const end = (norm: number): number => averagedRunaway('fixed thresholds', p, start(norm), 800, 800)[1];
    expect(end(1.3)).to.be.above(10);
    // depression ends when no response is above the lower threshold: |w| (1 + overlap)/√2 is near it or below
    expect(end(0.7)).to.be.within(0.2, 0.4 * Math.SQRT2);
    expect(averagedRunaway('fixed thresholds', p, start(1.3), 1600, 1600)[1]).to.be.above(1.9 * end(1.3));
  });

  it('does not happen to BCM and Oja, from wherever they start', () => {
    for (const norm of [0.3, 1, 3]) {
      expect(averagedRunaway('BCM', p, start(norm), 6000, 6000)[1]).to.be.closeTo(bcmNorm(0.2), 1e-6);
      expect(averagedRunaway('Oja', p, start(norm), 6000, 6000)[1]).to.be.closeTo(1, 1e-9);
    }
  });

  it('happens to BCM, too, if its threshold is too slow', () => {
    const slow = { ...p, eta: 0.03, tauTheta: 400 };
    const norms = simulateRunaway('BCM', slow, start(0.3), 1000, rng(1));
    expect([...norms].some((norm) => !(norm < 1e6))).to.equal(true);
  });

  it('starts at the start and is the same for the same seed', () => {
    for (const rule of runawayRules) {
      const [a, b] = [1, 1].map((seed) => simulateRunaway(rule, p, start(1.3), 50, rng(seed)));
      expect(a).to.deep.equal(b);
      expect(a[0]).to.be.closeTo(1.3, 1e-12);
    }
  });

  it('keeps its landmarks, six seeds', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { landmarks } = await runaway.evaluate({ seed });
      expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
      expect(landmarks).to.have.length(7);
    }
  });
});

describe('runaway: the axis', () => {
  it('reaches below every curve, and above 0.2 only where all of them are', async () => {
    for (const [settings, floor] of [
      [{}, 0.2],
      [{ tauTheta: 100, strong: 2 }, 0.01],
      [{ tauTheta: 100, strong: 3, eta: 0.03 }, 1e-4],
    ] as const) {
      const { spec, rows } = await runaway.evaluate(settings);
      const y = (spec.spec as { encoding: { y: { scale: { domain: number[] } } } }).encoding.y;
      expect(y.scale.domain[0]).to.equal(floor);
      for (const { norm } of rows) expect(norm as number).to.be.above(floor);
    }
  });
});
