import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { createRun } from 'lecture-lab/math/run';
import {
  createPatch,
  currents,
  derivatives,
  linoid,
  rates,
  type Segment,
  type State,
  simulate,
  speedUp,
  spikeTimes,
  squid,
  type Trajectory,
  turningPoints,
} from 'lecture-lab/neurons/hodgkin-huxley';
import { equilibrium, steadyState } from 'lecture-lab/neurons/hodgkin-huxley.stability';
import { golden } from './golden';

const rest = equilibrium(0);
const step = (current: number, duration: number): Segment[] => [{ current, duration }];
const end = ({ voltage, m, h, n }: Trajectory): State => {
  const last = voltage.length - 1;
  return { V: voltage[last], m: m[last], h: h[last], n: n[last] };
};

describe('Hodgkin–Huxley: the rates', () => {
  it('agree with numpy to rounding, singular points included', () => {
    for (const [V, expected] of Object.entries(golden.rates)) {
      const r = rates(Number(V));
      const ours = [r.alphaM, r.betaM, r.alphaH, r.betaH, r.alphaN, r.betaN];
      for (const [i, rate] of ours.entries()) expect(rate / expected[i], `${i} at ${V}`).to.be.closeTo(1, 1e-12);
    }
  });

  it('are 1 and 0.1 per ms where the formulas say 0/0', () => {
    expect(rates(-40).alphaM).to.equal(1);
    expect(rates(-55).alphaN).to.equal(0.1);
  });

  it('pass from the series to the quotient without a jump', () => {
    // just inside and just outside of the range of the series; the slope there is 1/2
    for (const u of [1e-4, -1e-4]) {
      const [inside, outside] = [linoid(u * (1 - 1e-9)), linoid(u * (1 + 1e-9))];
      expect(Math.abs(outside - inside)).to.be.below(1e-12);
    }
  });

  it('obey linoid(u) − linoid(−u) = u', () => {
    for (const u of [1e-7, 1e-3, 0.5, 3, 40]) expect(linoid(u) - linoid(-u)).to.be.closeTo(u, 1e-14 * (1 + u));
  });
});

describe('Hodgkin–Huxley: the right-hand side', () => {
  it('is zero at rest: the three currents cancel', () => {
    const { sodium, potassium, leak } = currents(rest);
    expect(sodium + potassium + leak).to.be.closeTo(0, 1e-12);
    expect(Math.abs(potassium)).to.be.above(1);
  });

  it('charges the capacitor with what is injected beyond the three currents', () => {
    const state = { V: -30, m: 0.4, h: 0.3, n: 0.6 };
    const dy = new Float64Array(4);
    const membrane = { ...squid, C: 2 };
    derivatives(Float64Array.of(state.V, state.m, state.h, state.n), 7, membrane, 1, dy);
    const { sodium, potassium, leak } = currents(state, membrane);
    expect(dy[0]).to.be.closeTo((7 - sodium - potassium - leak) / 2, 1e-12);
  });

  it('moves every gate inwards at 0 and at 1', () => {
    const dy = new Float64Array(4);
    for (const V of [-120, -65, -20, 60]) {
      derivatives(Float64Array.of(V, 0, 0, 0), 0, squid, 1, dy);
      for (const i of [1, 2, 3]) expect(dy[i]).to.be.above(0);
      derivatives(Float64Array.of(V, 1, 1, 1), 0, squid, 1, dy);
      for (const i of [1, 2, 3]) expect(dy[i]).to.be.below(0);
    }
  });

  it('has no voltage but the differences V − E: with the gates still, shifting all potentials shifts nothing', () => {
    const shifted = { ...squid, ENa: squid.ENa + 20, EK: squid.EK + 20, EL: squid.EL + 20 };
    const [a, b] = [new Float64Array(4), new Float64Array(4)];
    derivatives(Float64Array.of(-50, 0.2, 0.5, 0.4), 3, squid, 1, a);
    derivatives(Float64Array.of(-30, 0.2, 0.5, 0.4), 3, shifted, 1, b);
    expect(b[0]).to.be.closeTo(a[0], 1e-12);
  });
});

describe('Hodgkin–Huxley: the simulation', () => {
  it('stays at rest for ever', async () => {
    const d = await simulate(rest, step(0, 200));
    for (const V of d.voltage) expect(V).to.be.closeTo(rest.V, 1e-9);
  });

  it('follows scipy through the first spikes', async () => {
    const d = await simulate(rest, step(10, 40), { dt: 0.005 });
    for (const [k, time] of golden.step10.times.entries()) {
      const i = Math.round(time / 0.005);
      const ours = [d.voltage[i], d.m[i], d.h[i], d.n[i]];
      // the step is fourth order: what 0.01 ms misses by a few µV in the spike, 0.005 ms misses by a sixteenth
      for (const [j, x] of ours.entries())
        expect(x, `${j} at ${time} ms`).to.be.closeTo(golden.step10.states[k][j], j === 0 ? 2e-3 : 2e-5);
    }
  });

  it('converges with the fourth power of the step', async () => {
    const at = async (dt: number): Promise<number> => end(await simulate(rest, step(10, 8), { dt })).V;
    const exact = await at(0.00125);
    const errors = [];
    for (const dt of [0.02, 0.01, 0.005]) errors.push(Math.abs((await at(dt)) - exact));
    for (const i of [0, 1]) expect(Math.log2(errors[i] / errors[i + 1])).to.be.within(3.7, 4.3);
  });

  it('shows the known landmarks at 10 µA/cm²', async () => {
    const d = await simulate(rest, step(10, 500));
    const times = spikeTimes(d);
    const turns = turningPoints(d);
    const peaks = turns.filter((e) => e.kind === 'peak');
    const troughs = turns.filter((e) => e.kind === 'trough');
    expect(times).to.have.length(35);
    expect(times[0]).to.be.closeTo(golden.step10.firstCrossing, 1e-3);
    expect(peaks[0].voltage).to.be.closeTo(40.26, 0.1);
    expect(peaks[0].voltage).to.be.closeTo(golden.step10.firstPeak, 1e-3);
    expect(peaks[peaks.length - 1].voltage).to.be.closeTo(30.43, 0.1);
    expect(troughs[troughs.length - 1].voltage).to.be.closeTo(-74.9, 0.1);
    expect(1000 / (times[34] - times[33])).to.be.closeTo(68.32, 0.02);
  });

  it('keeps the gates between 0 and 1', async () => {
    for (const current of [-15, 10, 200])
      for (const gate of Object.values(await simulate(rest, step(current, 100), { dt: 0.05 })).slice(2, 5))
        for (const x of gate) expect(x).to.be.within(0, 1);
  });

  it('forgets when it started: one long run equals two short ones', async () => {
    const whole = await simulate(rest, step(10, 20));
    const half = await simulate(rest, step(10, 10));
    const rest2 = await simulate(end(half), step(10, 10), { start: 10 });
    expect(end(rest2)).to.deep.equal(end(whole));
    expect(rest2.time[rest2.time.length - 1]).to.be.closeTo(20, 1e-9);
  });

  it('only runs faster when rates and charging are sped up together', async () => {
    const phi = speedUp(16.3);
    expect(phi).to.be.closeTo(3, 1e-12);
    const slow = await simulate(rest, step(10, 30), { dt: 0.03 });
    const fast = await simulate(rest, step(10, 10), {
      dt: 0.01,
      membrane: { ...squid, C: squid.C / 3, temperature: 16.3 },
    });
    for (let i = 0; i < slow.voltage.length; i++) expect(fast.voltage[i]).to.be.closeTo(slow.voltage[i], 1e-7);
  });

  it('is the charging of a capacitor when only the leak is left', async () => {
    const leaky = { ...squid, gNa: 0, gK: 0 };
    const d = await simulate({ ...rest, V: leaky.EL }, step(3, 10), { membrane: leaky });
    const tau = leaky.C / leaky.gL;
    for (const [i, t] of d.time.entries())
      expect(d.voltage[i]).to.be.closeTo(leaky.EL + (3 / leaky.gL) * (1 - Math.exp(-t / tau)), 1e-9);
  });

  it('opens a gate exponentially when the voltage is held', async () => {
    // a capacitor too large to be charged holds the voltage
    const V = -20;
    const d = await simulate({ ...rest, V }, step(0, 5), { membrane: { ...squid, C: 1e12 } });
    const { alphaN, betaN } = rates(V);
    const final = alphaN / (alphaN + betaN);
    for (const [i, t] of d.time.entries())
      expect(d.n[i]).to.be.closeTo(final + (rest.n - final) * Math.exp(-t * (alphaN + betaN)), 1e-9);
  });

  it('does not step over the edges of the stimulus', async () => {
    const d = await simulate(rest, [...step(0, 1), ...step(5, 0.333), ...step(0, 1)], { dt: 0.1, start: -1 });
    expect(d.time[10]).to.be.closeTo(0, 1e-12);
    expect(d.time[14]).to.be.closeTo(0.333, 1e-12);
    expect([...d.current]).to.deep.equal([...Array(11).fill(0), ...Array(4).fill(5), ...Array(10).fill(0)]);
  });

  it('refuses steps, durations and currents that make no sense', async () => {
    for (const [stimulus, dt, message] of [
      [step(1, 1), 0, 'dt must be a positive number of ms (got 0)'],
      [step(1, 1), Number.NaN, 'dt must be a positive number of ms (got NaN)'],
      [step(1, -1), 0.01, 'duration must be a positive number of ms (got -1)'],
      [step(Infinity, 1), 0.01, 'current must be a finite number of µA/cm² (got Infinity)'],
    ] as const) {
      const error = await failure(simulate(rest, stimulus, { dt }));
      expect(error).to.be.instanceOf(ParameterError);
      expect(error.message).to.equal(message);
    }
  });

  it('says when the step is too long, instead of giving nonsense', async () => {
    const error = await failure(simulate(rest, step(-60, 50), { dt: 0.05 }));
    expect(error).to.be.instanceOf(DivergenceError);
    expect(error.message).to.match(/ms: the time step of 0\.05 ms is too long for the fastest gate; shorten it$/);
  });

  it('stops when told to', async () => {
    const controller = new AbortController();
    const running = failure(simulate(rest, step(10, 20_000), {}, createRun(controller.signal)));
    controller.abort(new Error('enough'));
    expect((await running).message).to.equal('enough');
  });
});

describe('Hodgkin–Huxley: reading a trajectory', () => {
  const made = (f: (t: number) => number): Trajectory => {
    const time = Float64Array.from({ length: 101 }, (_, i) => i / 10);
    const zero = new Float64Array(101);
    return { time, voltage: time.map(f), m: zero, h: zero, n: zero, current: zero };
  };

  it('finds the rises through a level between samples, and no falls', () => {
    const times = spikeTimes(made((t) => Math.sin(t)));
    expect(times).to.have.length(1);
    expect(times[0]).to.be.closeTo(2 * Math.PI, 1e-3);
    expect(spikeTimes(made((t) => t - 4.05))[0]).to.be.closeTo(4.05, 1e-12);
  });

  it('finds the vertex of a parabola between samples exactly', () => {
    const [turn, ...others] = turningPoints(made((t) => 7 - (t - 5.03) ** 2));
    expect(others).to.deep.equal([]);
    expect(turn.kind).to.equal('peak');
    expect(turn.time).to.be.closeTo(5.03, 1e-12);
    expect(turn.voltage).to.be.closeTo(7, 1e-12);
  });
});

describe('Hodgkin–Huxley: a patch', () => {
  it('moves its own state on and can be set', () => {
    const patch = createPatch(steadyState(-40));
    patch.step(0, 0.01);
    expect(patch.y[0]).to.not.equal(-40);
    patch.y.set([rest.V, rest.m, rest.h, rest.n]);
    patch.step(0, 0.01);
    expect(patch.y[0]).to.be.closeTo(rest.V, 1e-12);
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('was not refused');
}
