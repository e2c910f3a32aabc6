import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ParameterError } from 'lecture-lab/math/errors';
import { rng } from 'lecture-lab/math/rng';
import {
  excitabilityOverlap,
  expectedOverlap,
  linearOverlap,
  type Remodelling,
  simulateExcitability,
  simulateOverlap,
  writers,
} from 'lecture-lab/plasticity/turnover';
import { turnover } from 'lecture-lab/plasticity/turnover.figures';

/** What scipy computed from the same process; intrinsic.py stands beside it. */
const { agreement }: { readonly agreement: readonly (readonly number[])[] } = JSON.parse(
  readFileSync(join(__dirname, '..', 'fixtures', 'plasticity', 'intrinsic.json'), 'utf8'),
);

const model: Remodelling = { turnover: 0.05, fidelity: 0.9, copies: 11, rebuilt: 0.8, event: 30 };

describe('turnover: the theory', () => {
  it('of agreeing synapses gives what scipy integrates', () => {
    for (const [rate, fidelity, copies, day, overlap] of agreement) {
      const course = expectedOverlap({ turnover: rate, fidelity, copies, rebuilt: 0, event: 0 }, 'majority', day);
      expect(course.at(-1)!.overlap).to.be.closeTo(overlap, 1e-8);
    }
  });

  it('without a majority is the closed form, before and after the event', () => {
    for (const writer of ['nobody', 'store'] as const) {
      const course = expectedOverlap(model, writer, 60);
      expect(course.length).to.equal(62);
      for (const day of [0, 7, 30]) expect(course[day].overlap).to.be.closeTo(linearOverlap(model, writer, day), 1e-12);
      const after = 0.2 * linearOverlap(model, writer, 30);
      expect(course[31].overlap).to.be.closeTo(after, 1e-12);
      const kept = Math.exp(-0.05 * 30);
      expect(course[61].overlap).to.be.closeTo(after * kept + (writer === 'store' ? 0.9 * (1 - kept) : 0), 1e-12);
    }
  });

  it('stays as it was without turnover, and is gone after all is rebuilt and nobody knows', () => {
    for (const writer of writers) {
      const still = expectedOverlap({ ...model, turnover: 0, rebuilt: 0 }, writer, 50);
      for (const { overlap } of still) expect(overlap).to.be.closeTo(1, 1e-12);
    }
    for (const writer of ['nobody', 'majority'] as const)
      expect(expectedOverlap({ ...model, rebuilt: 1 }, writer, 90).at(-1)!.overlap).to.be.closeTo(0, 1e-12);
    expect(expectedOverlap({ ...model, rebuilt: 1 }, 'store', 300).at(-1)!.overlap).to.be.closeTo(0.9, 1e-5);
  });

  it('makes memories last longer the more synapses agree; a single one agrees only with itself', () => {
    const at = (copies: number): number =>
      expectedOverlap({ ...model, fidelity: 0.6, copies, rebuilt: 0 }, 'majority', 200).at(-1)!.overlap;
    expect(at(3)).to.be.above(at(1));
    expect(at(11)).to.be.above(at(3));
    // one synapse: written as it was with c, at random otherwise
    expect(at(1)).to.be.closeTo(Math.exp(-0.05 * 0.4 * 200), 1e-12);
  });

  it('refuses an even number of copies', () => {
    expect(() => expectedOverlap({ ...model, copies: 4 }, 'store', 1)).to.throw(ParameterError, 'copies must be odd');
    expect(() => simulateOverlap({ ...model, copies: 0 }, 'store', { days: 1, bits: 1 }, rng(1))).to.throw(
      ParameterError,
    );
  });
});

describe('turnover: the simulation', () => {
  it('of the synapses follows the theory, in mean and in spread', () => {
    const bits = 4000;
    for (const writer of writers) {
      const theory = expectedOverlap(model, writer, 60);
      const simulated = simulateOverlap(model, writer, { days: 60, bits }, rng(2).stream(writer));
      for (const i of [10, 30, 31, 61]) {
        expect(simulated[i].day).to.equal(theory[i].day);
        expect(simulated[i].overlap).to.be.closeTo(theory[i].overlap, (4 * theory[i].sd) / Math.sqrt(bits));
        // overlaps lie within [−1, 1]: the mean of squares is known to 1/√bits
        expect(simulated[i].sd ** 2).to.be.closeTo(theory[i].sd ** 2, 4 / Math.sqrt(bits));
      }
    }
  });

  it('of thresholds decays exponentially and does not see synapses', () => {
    const course = simulateExcitability(80, { days: 100, neurons: 4000 }, rng(3));
    for (const day of [0, 20, 100]) {
      const m = excitabilityOverlap(80, day);
      expect(course[day].overlap).to.be.closeTo(m, 4 * Math.sqrt((1 - m * m) / 4000) + 1e-12);
    }
  });
});

describe('turnover figure', () => {
  it('keeps its landmarks at defaults and elsewhere', async () => {
    for (const evaluation of [
      await turnover.evaluate(),
      await turnover.evaluate({ preset: 'slow turnover', seed: 2 }),
      await turnover.evaluate({ preset: 'metamorphosis' }),
      await turnover.evaluate({ redundancy: 0, turnover: 0.5, fidelity: 0 }),
    ])
      expect(evaluation.landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });
});
