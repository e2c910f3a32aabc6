import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { createRun } from 'lecture-lab/math/run';
import { type State, simulate, spikeTimes, squid } from 'lecture-lab/neurons/hodgkin-huxley';
import {
  displacementThreshold,
  fires,
  firing,
  pulseThreshold,
  push,
  stabilityLimit,
  threshold,
} from 'lecture-lab/neurons/hodgkin-huxley.experiments';
import { eigenvalues, equilibrium, hopfPoints } from 'lecture-lab/neurons/hodgkin-huxley.stability';
import { golden } from './golden';

describe('Hodgkin–Huxley: firing rates', () => {
  it('are those of scipy', async () => {
    for (const [current, rate] of Object.entries(golden.rates_hz))
      expect((await firing(Number(current))).rate, current).to.be.closeTo(rate, 1e-4 * rate);
  });

  it('are the known ones', async () => {
    for (const [current, rate] of [
      [6.5, 55.1],
      [8, 62.5],
      [10, 68.3],
      [15, 78.6],
      [30, 98.7],
    ])
      expect((await firing(current)).rate).to.be.closeTo(rate, 0.005 * rate);
  });

  it('count the cycles whose peaks stay below 0 mV, and measure their extremes', async () => {
    for (const [current, expected] of Object.entries(golden.oscillations)) {
      const ours = await firing(Number(current));
      expect(ours.rate, current).to.be.closeTo(expected.rate, 1e-4 * expected.rate);
      // the cycle counts as final when its extremes move less than 0.01 mV
      expect(ours.low).to.be.closeTo(expected.low, 0.02);
      expect(ours.high).to.be.closeTo(expected.high, 0.02);
    }
  });

  it('follow the temperature', async () => {
    const membrane = { ...squid, temperature: 18.5 };
    const warm = await firing(50, { membrane, dt: 0.01 });
    expect(warm.rate).to.be.closeTo(golden['at18.5'].rate, 1e-3 * golden['at18.5'].rate);
    expect(warm.high).to.be.closeTo(golden['at18.5'].high, 0.05);
  });

  it('jump from nothing to more than 50 Hz at 6.26 µA/cm²', async () => {
    const onset = await threshold(async (current) => (await firing(current)).rate > 0, 5, 8, 1e-4);
    expect(onset).to.be.closeTo(6.26, 0.03);
    expect(onset).to.be.closeTo(golden.rheobaseRepetitive, 0.005);
    expect((await firing(onset - 0.01)).rate).to.equal(0);
    expect((await firing(onset + 0.01)).rate).to.be.within(50, 54);
  });

  it('between onset and the first Hopf point the start decides: rest stays at rest, firing goes on', async () => {
    // lowered in steps, each in the middle of a cycle: taken in the wrong moment, even a small step down can put the
    // membrane where rest attracts it
    const half = async (current: number, from: State): Promise<State> => {
      const { rate, state } = await firing(current, { from });
      expect(rate, `${current}`).to.be.closeTo((await firing(current)).rate, 0.05);
      const d = await simulate(state, [{ current, duration: 500 / rate }]);
      const last = d.time.length - 1;
      return { V: d.voltage[last], m: d.m[last], h: d.h[last], n: d.n[last] };
    };
    let state = equilibrium(0);
    for (const current of [12, 10, 9.5, 9, 8, 7, 6.5, 6.3]) {
      state = await half(current, state);
      if (current < 9.7) expect((await firing(current, { from: equilibrium(current) })).rate).to.equal(0);
    }
    expect((await firing(6.2, { from: state })).rate).to.equal(0);
  });

  it('fade with the swing at the second Hopf point, where the rate is that of the linear theory', async () => {
    const { current, frequency } = hopfPoints()[1];
    const swing = async (below: number): Promise<number> => {
      const { low, high } = await firing(current - below);
      return high - low;
    };
    // the swing goes as the square root of the distance
    expect((await swing(2)) / (await swing(0.5))).to.be.closeTo(2, 0.05);
    expect((await firing(current - 0.5)).rate).to.be.closeTo(frequency, 0.005 * frequency);
    expect((await firing(current + 1)).rate).to.equal(0);
  });

  it('report where the membrane came to rest', async () => {
    const { rate, low, high, state } = await firing(4);
    expect(rate).to.equal(0);
    expect([low, high]).to.deep.equal([equilibrium(4).V, equilibrium(4).V]);
    expect(state.V).to.be.closeTo(equilibrium(4).V, 0.1);
  });

  it('stop when told to', async () => {
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    let message = '';
    try {
      await firing(10, {}, createRun(controller.signal));
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.equal('enough');
  });
});

describe('Hodgkin–Huxley: pushes from the equilibrium', () => {
  it('fade or grow as the eigenvalues say', async () => {
    for (const current of [0, 3, 6, 9, 9.7, 9.9, 10.5, 20, 80, 150, 154, 155, 165])
      expect((await push(current)).stable, `${current}`).to.equal(eigenvalues(equilibrium(current))[0].re < 0);
  });

  it('near the Hopf points with the rate of the largest real part', async () => {
    for (const current of [9.6, 10, 153, 156]) {
      const { re } = eigenvalues(equilibrium(current))[0];
      // the envelope is read off the highest sample of each window, one cycle at most away from its end
      expect((await push(current)).rate).to.be.closeTo(re, 0.1 * Math.abs(re));
    }
  });

  it('change sign at the Hopf points', async () => {
    for (const { current } of hopfPoints())
      expect(await stabilityLimit(current)).to.be.closeTo(current, 1e-3 * current);
  });
});

describe('Hodgkin–Huxley: thresholds', () => {
  it('of pulses are those of scipy', async () => {
    for (const [duration, current] of Object.entries(golden.pulseThreshold))
      expect(await pulseThreshold(Number(duration)), duration).to.be.closeTo(current, 1e-4 * current);
  });

  it('are 13.28 for half a millisecond and 2.24 for a long step', async () => {
    expect(await pulseThreshold(0.5)).to.be.closeTo(13.28, 0.005 * 13.28);
    expect(await pulseThreshold(60)).to.be.closeTo(2.24, 0.005 * 2.24);
  });

  it('of short pulses are a charge: that of a sudden displacement', async () => {
    const charge = squid.C * (await displacementThreshold());
    expect(charge).to.be.closeTo(golden.displacementThreshold, 1e-4);
    let last = Infinity;
    for (const duration of [0.2, 0.1, 0.05, 0.025]) {
      const excess = Math.abs(duration * (await pulseThreshold(duration)) - charge);
      expect(excess).to.be.below(last);
      last = excess;
    }
    expect(last).to.be.below(1e-3 * charge);
  });

  it('fall with the duration of the pulse', async () => {
    let last = Infinity;
    for (const duration of [0.1, 0.5, 1, 3, 8]) {
      const now = await pulseThreshold(duration);
      expect(now).to.be.below(last);
      last = now;
    }
  });

  it('separate silence from a spike that does not depend on them', async () => {
    const current = await pulseThreshold(0.5);
    const highest = async (factor: number): Promise<number> => {
      const pulse = [
        { duration: 0.5, current: factor * current },
        { duration: 20, current: 0 },
      ];
      return Math.max(...(await simulate(equilibrium(0), pulse)).voltage);
    };
    expect(await highest(0.99)).to.be.below(-50);
    expect(await highest(1.01)).to.be.above(30);
    expect(Math.abs((await highest(1.4)) - (await highest(1.2)))).to.be.below(3);
  });

  it('fires() looks for a rise through 0 mV, in any segment', async () => {
    expect(await fires([{ duration: 30, current: 2 }])).to.equal(false);
    expect(await fires([{ duration: 30, current: 2.5 }])).to.equal(true);
  });

  it('a release from hyperpolarisation is enough: one spike, when scipy has it', async () => {
    const anode = [
      { duration: 20, current: -10 },
      { duration: 30, current: 0 },
    ];
    const times = spikeTimes(await simulate(equilibrium(0), anode));
    expect(times).to.have.length(1);
    expect(times[0]).to.be.closeTo(golden.anodeBreak[0], 1e-3);
    expect(await fires(anode)).to.equal(true);
  });

  it('bisection finds a known threshold and refuses brackets without one', async () => {
    const above = async (x: number): Promise<boolean> => x > Math.E;
    expect(await threshold(above, 0, 10)).to.be.closeTo(Math.E, 1e-5);
    for (const [low, high, message] of [
      [3, 10, 'the threshold lies below 3'],
      [0, 2, 'the threshold lies above 2'],
    ] as const) {
      let caught: unknown;
      try {
        await threshold(above, low, high);
      } catch (error) {
        caught = error;
      }
      expect(caught).to.be.instanceOf(ParameterError);
      expect((caught as Error).message).to.equal(message);
    }
  });

  it('a step that is too long is an error and not an answer', async () => {
    let caught: unknown;
    try {
      await fires([{ duration: 50, current: -60 }], { dt: 0.05 });
    } catch (error) {
      caught = error;
    }
    expect(caught).to.be.instanceOf(DivergenceError);
  });
});
