import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { createPatch, type Membrane, type State, squid } from 'lecture-lab/neurons/hodgkin-huxley';
import { createBatch, LANES } from 'lecture-lab/neurons/hodgkin-huxley.batch';
import {
  firing,
  firingOnset,
  firings,
  push,
  pushes,
  spikeCounts,
  stabilityLimit,
  stabilityLimits,
  threshold,
} from 'lecture-lab/neurons/hodgkin-huxley.experiments';
import { equilibrium } from 'lecture-lab/neurons/hodgkin-huxley.stability';
import { countSweep } from 'lecture-lab/neurons/hodgkin-huxley.sweep';
import { withoutWasm } from 'lecture-lab/wasm/instantiate';

const variables = ['V', 'm', 'h', 'n'] as const;

/** The largest difference between the state of a compiled batch and of single patches after steps from these states. */
function difference(
  states: readonly State[],
  currents: readonly number[],
  steps: number,
  dt: number,
  m: Membrane,
): number {
  const batch = createBatch(steps, m);
  states.forEach((state, lane) => {
    batch.set(lane, state, currents[lane]);
  });
  batch.advance(steps, dt);
  let most = 0;
  states.forEach((state, lane) => {
    const { y, step } = createPatch(state, m);
    for (let k = 0; k < steps; k++) {
      step(currents[lane], dt);
      // voltages in units of 100 mV, like the gates of order 1
      most = Math.max(most, Math.abs(batch.voltages[k * LANES + lane] - y[0]) / 100);
    }
    const reached = batch.get(lane);
    variables.forEach((name, i) => {
      most = Math.max(most, Math.abs(reached[name] - y[i]) / (i === 0 ? 100 : 1));
    });
  });
  return most;
}

describe('Hodgkin–Huxley: four at a time', () => {
  it('one step is that of a single patch to 1e-13, at every voltage and where the rates are 0/0', () => {
    const voltages = [-120, -77, -65, -55, -54.9999, -55 + 1e-9, -54, -56.0001, -40, -40 + 1e-12, -39, -41, -39.9];
    for (let V = -120; V <= 120; V += 1.37) voltages.push(V);
    for (const membrane of [squid, { ...squid, temperature: 18.5, C: 0.9, gNa: 100, EL: -50 }])
      for (let i = 0; i + LANES <= voltages.length; i += LANES) {
        const states = voltages.slice(i, i + LANES).map((V) => ({ V, m: 0.3, h: 0.45, n: 0.6 }));
        expect(difference(states, [0, 10, -20, 150], 1, 0.01, membrane), `${voltages[i]}`).to.be.below(1e-13);
      }
  });

  it('stays with them over spikes: 50 ms', () => {
    // differences grow by the steepest slope of a spike, about 1e3 in a cycle, and are washed out between spikes
    const rest = equilibrium(0);
    expect(difference([rest, rest, rest, rest], [0, 7, 20, 120], 5000, 0.01, squid)).to.be.below(1e-9);
  });

  it('the lanes do not know each other', () => {
    const rest = equilibrium(0);
    const alone = createBatch(200);
    for (let lane = 0; lane < LANES; lane++) alone.set(lane, rest, 12);
    alone.advance(200, 0.02);
    const among = createBatch(200);
    [3, 12, 40, Number.NaN].forEach((current, lane) => {
      among.set(lane, rest, current);
    });
    among.advance(200, 0.02);
    expect(among.get(1)).to.deep.equal(alone.get(0));
    expect(among.get(3).V).to.be.NaN;
  });

  it('one long run is many short ones', () => {
    const make = () => {
      const batch = createBatch(1000);
      for (let lane = 0; lane < LANES; lane++) batch.set(lane, equilibrium(0), 5 * lane);
      return batch;
    };
    const [long, short] = [make(), make()];
    long.advance(1000, 0.01);
    for (const steps of [1, 99, 400, 500]) short.advance(steps, 0.01);
    for (let lane = 0; lane < LANES; lane++) expect(short.get(lane)).to.deep.equal(long.get(lane));
  });
});

describe('Hodgkin–Huxley: experiments under many currents', () => {
  const currents = [0, 6.2, 6.5, 9, 10, 30, 100, 150, 160, 12.5];

  it('are the same as one by one, whoever shares a batch', async () => {
    const [many, growth] = [await firings(currents), await pushes(currents)];
    for (const [i, current] of currents.entries()) {
      expect(many[i], `${current}`).to.deep.equal(await firing(current));
      expect(growth[i]).to.deep.equal(await push(current));
    }
    expect(await firings([])).to.deep.equal([]);
  });

  it('compiled and not agree', async () => {
    const plain = await Promise.all([withoutWasm(() => firings(currents)), withoutWasm(() => pushes(currents))]);
    const compiled = [await firings(currents), await pushes(currents)] as const;
    for (const i of currents.keys()) {
      const [a, b] = [compiled[0][i], plain[0][i]];
      expect(a.rate).to.be.closeTo(b.rate, 1e-7 * b.rate);
      expect(a.low).to.be.closeTo(b.low, 1e-6);
      expect(a.high).to.be.closeTo(b.high, 1e-6);
      // V is rounded to 1e-14 of 100 mV; a push that fades so fast is soon as small, here after 150 ms
      const [fast, slow] = [compiled[1][i].rate, plain[1][i].rate];
      const left = 1e-3 * Math.exp(Math.min(0, slow) * 150);
      expect(fast).to.be.closeTo(slow, 1e-7 + 1e-11 / left / 50);
      expect(compiled[1][i].stable).to.equal(plain[1][i].stable);
    }
  });

  it('the final state is that of the moment when the observation ended', async () => {
    // a rise through the equilibrium's voltage: V is just above it
    const { state } = await firing(10);
    const rest = equilibrium(10).V;
    expect(state.V).to.be.within(rest, rest + 1);
    const { y, step } = createPatch(state);
    for (let k = 0; k < 2; k++) step(10, -0.025);
    expect(y[0]).to.be.below(rest);
  });

  it('the onset of firing is the one that bisection finds', async () => {
    const bisected = await threshold(async (current) => (await firing(current)).rate > 0, 5, 8, 1e-4);
    expect(await firingOnset(5, 8, 1e-4)).to.be.closeTo(bisected, 1e-4 * bisected);
    for (const [low, high, message] of [
      [10, 20, 'the onset lies below 10'],
      [0, 5, 'the onset lies above 5'],
    ] as const) {
      let caught: unknown;
      try {
        await firingOnset(low, high, 1e-3);
      } catch (error) {
        caught = error;
      }
      expect(caught).to.be.instanceOf(ParameterError);
      expect((caught as Error).message).to.equal(message);
    }
  });

  it('both limits of stability at once', async () => {
    const [first, second] = await stabilityLimits([9.8, 154.5]);
    expect(first).to.equal(await stabilityLimit(9.8));
    expect(second).to.equal(await stabilityLimit(154.5));
  });

  it('count spikes: on workers or not, as many as the rate says', async () => {
    const some = [0, 5, 8, 10, 15, 30];
    const counts = await countSweep(some, 1000, { dt: 0.02 });
    expect(counts).to.deep.equal(await spikeCounts(some, 1000, { dt: 0.02 }));
    const rates = await firings(some);
    some.forEach((_, i) => {
      // the first interval is not like the others, and one spike may fall on either side of the end
      expect(counts[i]).to.be.closeTo(rates[i].rate, 2);
    });
  });

  it('a step that is too long is an error and not an answer, and so are currents that are none', async () => {
    for (const [task, kind] of [
      [() => firings([10, -60], { dt: 0.2 }), DivergenceError],
      [() => spikeCounts([10], 1000, { dt: 0.5 }), DivergenceError],
      [() => firings([10, Number.NaN]), ParameterError],
      [() => spikeCounts([10], -1), ParameterError],
      [() => countSweep([], 100), ParameterError],
    ] as const) {
      let caught: unknown;
      try {
        await task();
      } catch (error) {
        caught = error;
      }
      expect(caught).to.be.instanceOf(kind);
    }
  });
});
