import { expect } from 'chai';
import type { Evaluation } from 'lecture-lab/figure';
import { ParameterError } from 'lecture-lab/math/errors';
import { firingRates, pulses, spike } from 'lecture-lab/neurons/hodgkin-huxley.figures';
import { golden } from './golden';

const passes = (e: Evaluation): void => {
  for (const l of e.landmarks) expect(l.pass, `${l.name}: ${l.theory} and ${l.measured}`).to.equal(true);
};
const measured = (e: Evaluation, name: string): number => {
  const found = e.landmarks.find((l) => l.name === name);
  if (!found) throw new Error(`no landmark ${name}, only ${e.landmarks.map((l) => l.name).join(', ')}`);
  return found.measured;
};
const column = (e: Evaluation, name: string): number[] => e.rows.map((row) => row[name] as number);

describe('hodgkin-huxley/spike', () => {
  it('has the columns of the contract, the step starting at time 0', async () => {
    const e = await spike.evaluate();
    for (const row of e.rows)
      expect(Object.keys(row)).to.include.members(['time', 'voltage', 'm', 'h', 'n', 'current']);
    for (const row of e.rows)
      expect(row['current'] === 10).to.equal((row['time'] as number) > 1e-9 && (row['time'] as number) <= 50 + 1e-9);
    passes(e);
    expect(e.landmarks).to.have.length(6);
  });

  it('keeps the peaks when it thins the samples', async () => {
    const e = await spike.evaluate({ duration: 500 });
    expect(e.rows.length).to.be.below(2500);
    expect(Math.max(...column(e, 'voltage'))).to.be.closeTo(golden.step10.firstPeak, 2e-3);
    const V = column(e, 'voltage');
    expect(V.filter((v, i) => i > 0 && V[i - 1] < 0 && v >= 0)).to.have.length(35);
    passes(e);
  });

  it('shows what the corners of its ranges allow', async () => {
    for (const current of [-15, 200])
      for (const [duration, dt] of [
        [0.1, 0.05],
        [0.1, 0.001],
        [1000, 0.05],
        [60, 0.001],
      ]) {
        const e = await spike.evaluate({ current, duration, dt });
        passes(e);
        expect(e.rows.length).to.be.within(100, 5000);
      }
  });

  it('compares a step without spikes with the equilibrium', async () => {
    const e = await spike.evaluate({ current: -5, duration: 300 });
    expect(measured(e, 'voltage at the end of the step')).to.be.below(-70);
    passes(e);
  });

  it('refuses a current out of range', async () => {
    let caught: unknown;
    try {
      await spike.evaluate({ current: 201 });
    } catch (error) {
      caught = error;
    }
    expect(caught).to.be.instanceOf(ParameterError);
    expect((caught as Error).message).to.equal('hodgkin-huxley/spike: current must be between -15 and 200 (got 201)');
  });
});

describe('hodgkin-huxley/f-i', () => {
  it('gives a rate for each current in the order asked for, stepped on first', async () => {
    const e = await firingRates.evaluate({ currents: [10, 8, 4, 160] });
    expect(column(e, 'current')).to.deep.equal([10, 10, 8, 8, 4, 4, 160, 160]);
    const rates = column(e, 'rate');
    expect(rates[0]).to.be.closeTo(68.3, 0.3);
    expect(rates[1]).to.equal(rates[0]);
    expect(rates[2]).to.be.closeTo(62.5, 0.3);
    expect(rates.slice(3)).to.deep.equal([0, 0, 0, 0, 0]);
    passes(e);
  });

  it('marks both Hopf points and the jump', async () => {
    const e = await firingRates.evaluate();
    passes(e);
    expect(measured(e, 'Hopf point 1')).to.be.closeTo(golden.hopf[0], 0.01);
    expect(measured(e, 'Hopf point 2')).to.be.closeTo(golden.hopf[1], 0.155);
    expect(measured(e, 'firing from rest')).to.be.closeTo(golden.rheobaseRepetitive, 0.005);
    const text = JSON.stringify(e.spec);
    for (const label of ['6.26: fires', '9.78: Hopf', '154.52: Hopf']) expect(text).to.include(label);
    expect(e.landmarks).to.have.length(8);
  });

  it('shows what the corners of its ranges allow', async () => {
    for (const temperature of [0, 20])
      for (const currents of [[0], [200]]) passes(await firingRates.evaluate({ temperature, currents }));
  });
});

describe('hodgkin-huxley/threshold', () => {
  it('shows pulses, thresholds and the release', async () => {
    const e = await pulses.evaluate();
    passes(e);
    expect(measured(e, 'threshold of a 0.5 ms pulse')).to.be.closeTo(golden.pulseThreshold['0.5'], 2e-3);
    expect(measured(e, 'rheobase')).to.be.closeTo(golden.rheobaseSingle, 1e-3);
    expect(new Set(e.rows.map((row) => row['panel']))).to.deep.equal(new Set(['pulse', 'release', 'threshold']));
  });

  it('shows what the corners of its ranges allow', async () => {
    for (const width of [0.05, 20])
      for (const factor of [0, 3])
        for (const [hold, holdDuration] of [
          [-15, 1],
          [-15, 100],
          [0, 100],
        ])
          passes(await pulses.evaluate({ width, factors: [factor], hold, holdDuration }));
  });
});
