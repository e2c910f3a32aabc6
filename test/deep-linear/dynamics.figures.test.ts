import { expect } from 'chai';
import { modeStrength } from 'lecture-lab/deep-linear/dynamics';
import { modes, plateaus, saddle } from 'lecture-lab/deep-linear/dynamics.figures';
import type { Evaluation } from 'lecture-lab/figure';
import { ParameterError } from 'lecture-lab/math/errors';

/** Every landmark passes; and none is allowed to be off by more than it could ever be. */
function holds({ id, landmarks }: Evaluation): void {
  expect(landmarks, id).to.not.be.empty;
  for (const l of landmarks) expect(l.pass, `${id}: ${l.name}: ${l.theory}, here ${l.measured}`).to.equal(true);
}

const column = (rows: Evaluation['rows'], name: string): unknown[] => [...new Set(rows.map((row) => row[name]))];

describe('deep linear figures', () => {
  it('modes: parameters, columns, kinds', async () => {
    expect(modes.params).to.include.all.keys('singularValues', 'a0', 'tau');
    const figure = await modes.evaluate({ singularValues: [3, 1] });
    holds(figure);
    for (const row of figure.rows) expect(row).to.include.all.keys('time', 'mode', 'strength', 'kind');
    expect(column(figure.rows, 'mode')).to.deep.equal([1, 2]);
    expect(column(figure.rows, 'kind')).to.deep.equal(['theory', 'simulation', 'tanh network']);
    for (const { time, strength, mode, kind } of figure.rows)
      if (kind === 'theory')
        expect(strength).to.equal(modeStrength({ s: mode === 1 ? 3 : 1, a0: 0.01, tau: 1 }, time as number));
  });

  it('modes: landmarks at other settings, more than four modes, and only where they hold', async () => {
    holds(await modes.evaluate({ singularValues: [8, 5, 3, 2, 1], a0: 1e-5, tau: 20, rate: 0.002 }));
    holds(await modes.evaluate({ singularValues: [0.5], a0: 0.1, seed: 5 }));
    for (const broken of [{ start: 'random' }, { correlation: 0.5 }] as const) {
      const figure = await modes.evaluate(broken);
      holds(figure);
      expect(figure.landmarks.map((l) => l.name).join()).to.not.include('half-time');
    }
  });

  it('modes: a half-time scales with τ and with 1/s', async () => {
    const half = async (settings: object): Promise<number> =>
      (await modes.evaluate(settings)).landmarks.find((l) => l.name === 'half-time of mode 1')!.measured;
    const one = await half({ singularValues: [2], a0: 0.02 });
    expect(await half({ singularValues: [2], a0: 0.02, tau: 10 })).to.be.closeTo(10 * one, 1e-9);
    // the same share to learn, twice the singular value; what differs is the lag of the steps
    expect(await half({ singularValues: [4], a0: 0.04, rate: 5e-4 })).to.be.closeTo(one / 2, 1e-9);
  });

  it('plateaus: the deep network waits, the others do not', async () => {
    const figure = await plateaus.evaluate({});
    holds(figure);
    expect(column(figure.rows, 'network')).to.deep.equal(['deep', 'shallow', 'pretrained']);
    const halved = (network: string): number =>
      figure.landmarks.find((l) => l.name === `time in which the error halves, ${network}`)!.measured;
    expect(halved('pretrained hidden layer')).to.be.below(halved('no hidden layer'));
    expect(halved('no hidden layer')).to.be.below(halved('one hidden layer') / 4);
    expect(halved('no hidden layer')).to.be.closeTo(Math.LN2 / 2, 0.001);
    holds(await plateaus.evaluate({ singularValues: [6, 2, 0.5], a0: 0.05, tau: 0.3, start: 'random' }));
  });

  it('saddle: paths end on the hyperbola, which the closed form knows', async () => {
    for (const settings of [{}, { s: 8, distance: 0.2, tau: 5 }]) {
      const figure = await saddle.evaluate(settings);
      holds(figure);
      expect(column(figure.rows, 'kind')).to.deep.equal(['flow', 'solutions', 'conserved', 'simulation', 'saddle']);
      const s = figure.params.s as number;
      for (const row of figure.rows.filter((row) => row.kind === 'solutions')) {
        expect((row.w21 as number) * (row.w32 as number)).to.be.closeTo(s, 1e-12 * s);
        expect(Math.hypot(row.dw21 as number, row.dw32 as number)).to.be.below(1e-12 * s);
      }
      for (const name of ['A', 'B', 'C', 'D']) {
        const path = figure.rows.filter((row) => row.kind === 'simulation' && row.series === name);
        const end = path[path.length - 1];
        expect((end.w21 as number) * (end.w32 as number)).to.be.closeTo(s, 0.01 * s);
      }
    }
  });

  it('refuse what is out of range', () => {
    expect(() => modes.values({ a0: 0.5 })).to.throw(
      ParameterError,
      'deep-linear/modes: a0 must be between 0.000001 and 0.1 (got 0.5)',
    );
    expect(() => modes.values({ singularValues: [1, 2, 3, 4, 5, 6, 7] })).to.throw(
      ParameterError,
      'singularValues must hold 1 to 6',
    );
    expect(() => plateaus.values({ start: 'cold' })).to.throw(ParameterError, 'start must be one of aligned, random');
    expect(() => saddle.values({ s: 0 })).to.throw(ParameterError, 'deep-linear/saddle: s must be between');
  });
});
