import { expect } from 'chai';
import { type MirrorLayer, mirrorSimulation, mirrorSpread, mirrorTheory } from 'lecture-lab/credit/mirror';
import { createRun } from 'lecture-lab/math/run';

const layer: MirrorLayer = { inputs: 48, outputs: 24, noise: 0.7, gain: 0.1, decay: 0.05, batch: 64 };

describe('weight mirror on a linear layer', () => {
  it('theory: starts at right angles and at the size of the weights', () => {
    const { degrees, ratio } = mirrorTheory(layer, [0]);
    expect(degrees[0]).to.equal(90);
    expect(ratio[0]).to.equal(1);
  });

  it('theory: in the end the size is η s²/ε and the angle arctan √v, whatever the start', () => {
    const v = ((48 + 1) * 0.05) / (64 * 1.95);
    const { degrees, ratio } = mirrorTheory(layer, [10_000]);
    expect(degrees[0]).to.be.closeTo((Math.atan(Math.sqrt(v)) * 180) / Math.PI, 1e-9);
    expect(ratio[0]).to.be.closeTo(((0.1 * 0.49) / 0.05) * Math.sqrt(1 + v), 1e-9);
  });

  it('theory: the angle depends on gain and noise only through the start', () => {
    const far = mirrorTheory(layer, [10_000]).degrees[0];
    expect(mirrorTheory({ ...layer, gain: 3, noise: 0.01 }, [10_000]).degrees[0]).to.be.closeTo(far, 1e-9);
  });

  it('simulation: the fixed point is (η s²/ε) Wᵀ', async () => {
    // slow forgetting: the noise in A is small, v = 49 · 0.002/(64 · 1.998)
    const slow = { ...layer, decay: 0.004, gain: 0.02 };
    const { degrees, ratio } = await mirrorSimulation(slow, [2500], 3, createRun());
    const scale = (0.02 * 0.49) / 0.004;
    expect(Math.cos((degrees[0] * Math.PI) / 180)).to.be.above(0.998);
    expect(ratio[0] / scale).to.be.closeTo(1, 0.01);
  }).timeout(60_000);

  it('simulation agrees with theory at all times, within its spread over seeds', async () => {
    const times = [0, 5, 20, 60, 150];
    const theory = mirrorTheory(layer, times);
    const runs = await Promise.all(
      Array.from({ length: 8 }, (_, seed) => mirrorSimulation(layer, times, seed, createRun())),
    );
    times.forEach((t, i) => {
      const mean = runs.reduce((s, r) => s + r.degrees[i], 0) / runs.length;
      const se = mirrorSpread(layer, t) / Math.sqrt(runs.length);
      expect(mean, `after ${t} steps`).to.be.closeTo(theory.degrees[i], 4 * se);
    });
  }).timeout(60_000);

  it('the same seed gives the same curve', async () => {
    const curve = await mirrorSimulation(layer, [0, 3], 7, createRun());
    expect(await mirrorSimulation(layer, [0, 3], 7, createRun())).to.deep.equal(curve);
    expect(await mirrorSimulation(layer, [0, 3], 8, createRun())).to.not.deep.equal(curve);
  });
});
