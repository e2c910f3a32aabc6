import { expect } from 'chai';
import { gradientCheck } from 'lecture-lab/credit/backprop.figures';
import { constraints } from 'lecture-lab/credit/constraints';
import { fourProblems } from 'lecture-lab/credit/constraints.figures';
import { magnitude } from 'lecture-lab/credit/magnitude.figures';
import { ParameterError } from 'lecture-lab/math/errors';
import { createRun } from 'lecture-lab/math/run';

describe('figures of backpropagation', function () {
  this.timeout(300_000);

  it('gradient check: four series at every step; the V has its bottom where the lines cross', async () => {
    const { rows, landmarks } = await gradientCheck.evaluate();
    expect(rows).to.have.length(4 * 37);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(3);
    const of = (series: string) => rows.filter((r) => r['series'] === series).map((r) => r['error'] as number);
    const [found, truncation, rounding] = ['finite differences', 'theory: truncation', 'theory: rounding of E'].map(of);
    const bottom = found.indexOf(Math.min(...found));
    const crossing = truncation.findIndex((t, k) => t > rounding[k]);
    expect(Math.abs(bottom - crossing)).to.be.at.most(2);
    // every product and sum on the way rounds too, not only E: more than one rounding, less than the hundred or so there are
    const ratios = found.slice(0, 12).map((e, k) => e / rounding[k]);
    for (const ratio of ratios) expect(ratio).to.be.within(1, 10);
  });

  it('magnitude: one row a layer, series and kind', async () => {
    const { rows, landmarks } = await magnitude.evaluate({ depth: 8, width: 40, networks: 10, gains: [0.5, 0.5, 2] });
    expect(rows).to.have.length(3 * 8 * 2);
    expect(Object.keys(rows[0])).to.deep.equal(['below', 'size', 'se', 'series', 'kind']);
    expect(landmarks).to.have.length(3);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
  });

  it('four problems at its defaults: every landmark holds, and the order of what they cost', async () => {
    const { rows, landmarks } = await fourProblems.evaluate();
    expect(rows).to.have.length(8 * 4);
    expect(landmarks.filter((l) => !l.pass)).to.deep.equal([]);
    expect(landmarks).to.have.length(9);
    const of = Object.fromEntries(
      rows.filter((r) => r['kind'] === 'mean').map((r) => [r['constraint'], r['accuracy'] as number]),
    );
    expect(Object.keys(of)).to.deep.equal([...constraints]);
    expect(of['delayed']).to.be.below(of['none']);
    expect(of['frozen hidden']).to.be.below(of['delayed']);
    expect(of['unsigned errors']).to.be.below(of['frozen hidden']);
    expect(of['delayed, no memory']).to.be.below(of['unsigned errors']);
  });

  it('four problems elsewhere: landmarks of the reference are left out; a single worker gives the same', async () => {
    const settings = { epochs: 1, batch: 512, seeds: 2 };
    const one = await fourProblems.evaluate(settings);
    expect(one.landmarks).to.have.length(1);
    const before = process.env['LECTURE_LAB_WORKERS'];
    process.env['LECTURE_LAB_WORKERS'] = '1';
    try {
      expect((await fourProblems.evaluate(settings)).rows).to.deep.equal(one.rows);
    } finally {
      if (before === undefined) delete process.env['LECTURE_LAB_WORKERS'];
      else process.env['LECTURE_LAB_WORKERS'] = before;
    }
  });

  it('refuse what is out of range, by name', () => {
    expect(() => gradientCheck.values({ hidden: 0 })).to.throw(ParameterError, 'backprop/gradient-check: hidden must');
    expect(() => magnitude.values({ gains: [4] })).to.throw(ParameterError, 'backprop/magnitude: gains must');
    expect(() => fourProblems.values({ delay: 21 })).to.throw(ParameterError, 'backprop/four-problems: delay must');
    expect(() => fourProblems.values({ small: 'loud' })).to.throw(
      ParameterError,
      'small must be one of silent, raised',
    );
  });

  for (const [figure, settings] of [
    [magnitude, { depth: 50, width: 300, networks: 200 }],
    [fourProblems, { epochs: 10, seeds: 10 }],
  ] as const)
    it(`${figure.id} reports progress and stops soon when told`, async () => {
      const control = new AbortController();
      const reason = new Error('interrupted');
      let told = 0;
      let stopped = 0;
      const run = createRun(control.signal, (fraction) => {
        expect(fraction).to.be.within(0, 1);
        if (++told === 3) {
          stopped = performance.now();
          control.abort(reason);
        }
      });
      const failure = await figure.evaluate(settings as never, run).catch((e) => e);
      const late = performance.now() - stopped;
      expect(failure).to.equal(reason);
      expect(told).to.equal(3);
      // 100 ms on a machine that is not busy with other things
      expect(late).to.be.below(1000);
    });
});
