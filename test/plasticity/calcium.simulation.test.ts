import { expect } from 'chai';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { component, integrateAdaptive } from 'lecture-lab/math/ode';
import { rng } from 'lecture-lab/math/rng';
import { createRun } from 'lecture-lab/math/run';
import { parallel } from 'lecture-lab/parallel/parallel';
import { type CalciumSynapse, strengthChange, synapses, timeAbove } from 'lecture-lab/plasticity/calcium';
import { simulatePairings } from 'lecture-lab/plasticity/calcium.curve';
import { follow } from 'lecture-lab/plasticity/calcium.reference';
import { kick, kicks, outcome, simulatePairing } from 'lecture-lab/plasticity/calcium.simulation';
import { point } from 'lecture-lab/plasticity/calcium.tasks';
import { calciumAt, influx, pairInflux, type Stretches, stretches } from 'lecture-lab/plasticity/calcium.trace';
import { withoutWasm } from 'lecture-lab/wasm/instantiate';
import { golden } from './golden';

const sum = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0);
/** Standard error of a share p among half of the trials; where p is all but 0 or 1, that of one trial. */
const shareError = (p: number, trials: number): number => Math.sqrt(Math.max(p * (1 - p), 1 / trials) / (trials / 2));
/** Standard error of a change, from those of the shares that went up and down. */
const changeError = ({ beta, b }: CalciumSynapse, up: number, down: number): number =>
  ((b - 1) / (beta + (1 - beta) * b)) * Math.hypot(beta * up, (1 - beta) * down);

describe('calcium: event by event', () => {
  it('decays between jumps and adds them up', () => {
    const c = calciumAt(synapses.DP, influx(synapses.DP, [0, 10], [-5]), [-6, -5, 13.7, 20, 23.7]);
    const e = (t: number) => Math.exp(-t / 20);
    expect(c[0]).to.equal(0);
    expect(c[1]).to.equal(2);
    expect(c[2]).to.be.closeTo(2 * e(18.7) + 1, 1e-14);
    expect(c[3]).to.be.closeTo(2 * e(25) + e(6.3), 1e-14);
    expect(c[4]).to.be.closeTo(2 * e(28.7) + e(10) + 1, 1e-14);
    // nor does it matter where time 0 is
    for (const shift of [-1e5, 1e5]) {
      const jumps = influx(synapses.DP, [shift, shift + 10], [shift - 5]);
      const later = calciumAt(
        synapses.DP,
        jumps,
        [-6, -5, 13.7, 20, 23.7].map((t) => t + shift + 1e-9),
      );
      for (const [i, value] of later.entries()) expect(value).to.be.closeTo(c[i], 1e-9);
    }
  });

  it('is above the thresholds as long as the periodic theory says', () => {
    for (const synapse of Object.values(synapses))
      for (const dt of [-30, -3, 0, 4, 21]) {
        const { durations, levels } = stretches(synapse, pairInflux(synapse, { dt, pairs: 7, frequency: 0.5 }));
        const { alphaD, alphaP } = timeAbove(synapse, { dt, frequency: 0.5 });
        expect(sum(durations.filter((_, i) => levels[i] > 0))).to.be.closeTo(7 * 2000 * alphaD, 1e-9);
        expect(sum(durations.filter((_, i) => levels[i] > 1))).to.be.closeTo(7 * 2000 * alphaP, 1e-9);
      }
  });

  it('has the level that calcium has, at any moment of any spike train', () => {
    const random = rng(4);
    const spikes = () => random.fillUniform(new Float64Array(40), 0, 1500);
    for (const synapse of [synapses.DP, synapses["DPD'"], synapses.cortical]) {
      const jumps = influx(synapse, spikes(), spikes());
      const { durations, levels } = stretches(synapse, jumps);
      let end = jumps.times[0];
      for (const [i, duration] of durations.entries()) {
        const middle = end + duration / 2;
        const c = calciumAt(synapse, jumps, [middle])[0];
        expect((c > synapse.thetaD ? 1 : 0) + (c > synapse.thetaP ? 1 : 0), `at ${middle}`).to.equal(levels[i]);
        if (i > 0) expect(levels[i]).to.not.equal(levels[i - 1]);
        end += duration;
      }
      expect(calciumAt(synapse, jumps, [end])[0]).to.be.closeTo(synapse.thetaD, 1e-9);
    }
  });

  it('refuses impossible trains', () => {
    expect(() => influx(synapses.DP, [Number.NaN], [])).to.throw(ParameterError, 'finite');
    for (const pairs of [0, 1.5, -2])
      expect(() => pairInflux(synapses.DP, { dt: 0, pairs, frequency: 1 })).to.throw(ParameterError, 'pairs');
    expect(() => pairInflux(synapses.DP, { dt: 0, pairs: 2, frequency: 0 })).to.throw(ParameterError, 'frequency');
  });

  it('no spikes, no stretches, no kicks', () => {
    const none = stretches(synapses.DP, influx(synapses.DP, [], []));
    expect(none.durations.length).to.equal(0);
    const rho = Float64Array.of(0.3, 1.2);
    kick(kicks(synapses.DP, none), rho, rng(1));
    expect(rho[0]).to.be.closeTo(0.3, 1e-15);
    expect(rho[1]).to.be.closeTo(1.2, 1e-15);
  });
});

/** ρ by an adaptive method through stretches, without noise. */
function adaptive(synapse: CalciumSynapse, { durations, levels }: Stretches, start: number): number {
  const { tau, gammaD, gammaP } = synapse;
  let y = start;
  for (const [i, duration] of durations.entries()) {
    const flow = (_t: number, r: Float64Array, dydt: Float64Array): void => {
      const pull = (levels[i] > 1 ? gammaP * (1 - r[0]) : 0) - (levels[i] > 0 ? gammaD * r[0] : 0);
      dydt[0] = (-r[0] * (1 - r[0]) * (0.5 - r[0]) + pull) / tau;
    };
    y = component(integrateAdaptive(flow, [y], { to: duration, relative: 1e-12, absolute: 1e-14 }), 0).at(-1)!;
  }
  return y;
}

describe('calcium: the kicks', () => {
  const starts = [-0.4, 0, 0.2, 0.5, 0.77, 1, 1.3];

  it('are exact in the wells, for short and long stays', () => {
    for (const duration of [1, 1e3, 1e5, 1e6]) {
      const silence = { durations: Float64Array.of(duration), levels: Uint8Array.of(0) };
      const rho = Float64Array.from(starts);
      kick(kicks(synapses.DP, silence), rho, rng(1));
      for (const [i, start] of starts.entries())
        expect(rho[i], `${start} after ${duration} ms`).to.be.closeTo(adaptive(synapses.DP, silence, start), 1e-10);
    }
  });

  it('follow the full equation without noise, with an error that falls as the square of the slice', () => {
    // what the wells do to the starts farthest out, in units of 1/τ
    const wells = Math.max(...starts.map((r) => Math.abs(r * (1 - r) * (0.5 - r))));
    const compare = (synapse: CalciumSynapse, frequency: number, slice: number) => {
      const protocol = stretches(synapse, pairInflux(synapse, { dt: 10, pairs: 30, frequency }));
      const rho = Float64Array.from(starts);
      kick(kicks(synapse, protocol, slice), rho, rng(1));
      const error = Math.max(...starts.map((start, i) => Math.abs(rho[i] - adaptive(synapse, protocol, start))));
      return { error, above: sum(protocol.durations.filter((_, i) => protocol.levels[i] > 0)) };
    };
    for (const name of ['DP', 'D', "DPD'", 'hippocampal'] as const)
      for (const frequency of [1, 40]) {
        const synapse = { ...synapses[name], sigma: 0 };
        const { error, above } = compare(synapse, frequency, 0.1);
        expect(error, `${name} at ${frequency} Hz`).to.be.below(0.1 ** 2 * (above / synapse.tau) * wells + 1e-10);
      }
    // where calcium never falls below a threshold, the slices are all there is
    const quiet = { ...synapses.DP, sigma: 0 };
    const [coarse, fine] = [0.4, 0.1].map((slice) => compare(quiet, 60, slice).error);
    expect(coarse / fine).to.be.within(12, 20);
  });

  it('have the mean and the variance of the linear equation where the wells are negligible', () => {
    // the same pull and noise on a clock a million times slower leaves the wells a millionth of their say
    const k = 1e6;
    const { tau, gammaD, gammaP, sigma } = synapses.DP;
    const slow = { ...synapses.DP, tau: k * tau, gammaD: k * gammaD, gammaP: k * gammaP, sigma: Math.sqrt(k) * sigma };
    const { durations, levels } = stretches(slow, pairInflux(slow, { dt: 10, pairs: 20, frequency: 10 }));
    let [mean, variance] = [0.2, 0];
    // Euler's method on dm/dt and dv/dt: as plain as can be
    const h = 0.001;
    for (const [i, duration] of durations.entries())
      for (let n = Math.round(duration / h), step = 0; step < n; step++) {
        const [p, d] = [levels[i] > 1 ? gammaP : 0, levels[i] > 0 ? gammaD : 0];
        mean += (duration / n / tau) * (p - (p + d) * mean);
        variance += (duration / n / tau) * (sigma ** 2 * levels[i] - 2 * (p + d) * variance);
      }
    const n = 40_000;
    const rho = new Float64Array(n).fill(0.2);
    kick(kicks(slow, { durations, levels }), rho, rng(3));
    const measured = sum(rho) / n;
    expect(measured).to.be.closeTo(mean, 4 * Math.sqrt(variance / n));
    expect(sum(rho.map((r) => (r - measured) ** 2)) / n).to.be.closeTo(variance, 4 * variance * Math.sqrt(2 / n));
  });

  it('are the same, bit for bit, in the compiled loop and in the plain one', () => {
    const protocol = kicks(
      synapses.DP,
      stretches(synapses.DP, pairInflux(synapses.DP, { dt: 10, pairs: 60, frequency: 30 })),
    );
    const longer = kicks(
      synapses.P,
      stretches(synapses.P, pairInflux(synapses.P, { dt: 3, pairs: 1100, frequency: 1 })),
    );
    for (const [way, n] of [
      [protocol, 2],
      [protocol, 401],
      [protocol, 3000],
      [longer, 17],
    ] as const) {
      const starts = rng(n).fillUniform(new Float64Array(n), -3, 4);
      starts[0] = 0;
      starts[1] = 0.5;
      const run = () => {
        const rho = starts.slice();
        const random = rng(9);
        kick(way, rho, random);
        return { rho, next: random.normal() };
      };
      expect(run()).to.deep.equal(withoutWasm(run));
    }
  });

  it('refuse to go on with what is no number', () => {
    const map = { wells: Float64Array.of(1, 1), gain: Float64Array.of(1), shift: Float64Array.of(0) };
    const broken = { ...map, noise: Float64Array.of(Number.NaN) };
    expect(() => kick(broken, new Float64Array(2), rng(1))).to.throw(DivergenceError, 'ρ');
  });
});

describe('calcium: trials', () => {
  it('end where the backward equation of the full model says', () => {
    const trials = 20_000;
    for (const [name, dt, pairs, frequency, up, down, change] of golden.full) {
      const synapse = synapses[name];
      const random = rng(11).stream(`${name} ${dt} ${frequency}`);
      const got = simulatePairing(synapse, { dt, pairs, frequency }, trials, random);
      const what = `${name} ${dt} ms ${frequency} Hz`;
      const [upError, downError] = [shareError(up, trials), shareError(down, trials)];
      expect(got.up, what).to.be.closeTo(up, 4 * upError);
      expect(got.down, what).to.be.closeTo(down, 4 * downError);
      expect(got.change, what).to.be.closeTo(change, 4 * changeError(synapse, upError, downError));
    }
  }).timeout(60_000);

  it('end as trials in small steps do, for pairs and for irregular spikes', () => {
    const random = rng(5);
    const irregular = (rate: number) => Float64Array.from({ length: 2 * rate }, () => random.uniform(0, 2000)).sort();
    const trials = 600;
    const cases = [
      [synapses.DP, pairInflux(synapses.DP, { dt: 10, pairs: 20, frequency: 10 })],
      [synapses.P, pairInflux(synapses.P, { dt: -15, pairs: 20, frequency: 10 })],
      [synapses.cortical, influx(synapses.cortical, irregular(30), irregular(30))],
    ] as const;
    for (const [i, [synapse, jumps]] of cases.entries()) {
      const plain = new Float64Array(trials);
      for (let t = 0; t < trials; t++) {
        const noise = random.stream(`case ${i}, trial ${t}`);
        const course = follow(synapse, jumps, { duration: 2300, h: 0.2, rho: t < trials / 2 ? 0 : 1, random: noise });
        plain[t] = course.rho.at(-1)!;
      }
      const many = 20_000;
      const exact = new Float64Array(many).fill(1, many / 2);
      kick(kicks(synapse, stretches(synapse, jumps)), exact, random.stream(`case ${i}`));
      const [slow, fast] = [outcome(synapse, plain, trials / 2), outcome(synapse, exact, many / 2)];
      const moments = (x: Float64Array) => {
        const m = sum(x) / x.length;
        return { m, v: sum(x.map((r) => (r - m) ** 2)) / x.length };
      };
      for (const half of [0, 1]) {
        const a = moments(plain.subarray((half * trials) / 2, ((half + 1) * trials) / 2));
        const b = moments(exact.subarray((half * many) / 2, ((half + 1) * many) / 2));
        expect(a.m, `mean of case ${i} from ${half}`).to.be.closeTo(b.m, 4 * Math.sqrt(b.v / (trials / 2)));
        expect(a.v, `variance of case ${i} from ${half}`).to.be.closeTo(b.v, 4 * b.v * Math.sqrt(4 / trials));
      }
      const error = changeError(synapse, shareError(fast.up, trials), shareError(fast.down, trials));
      expect(slow.change, `change of case ${i}`).to.be.closeTo(fast.change, 4 * error);
    }
  }).timeout(60_000);

  it('give the landmarks of the full simulation', () => {
    for (const [dt, change] of [
      [-20, 0.75],
      [10, 1.235],
      [25, 1.145],
    ] as const) {
      const got = simulatePairing(synapses.DP, { dt, pairs: 60, frequency: 1 }, 20_000, rng(2));
      expect(got.change).to.be.closeTo(change, 0.03);
    }
  });

  it('come with an error that is their spread over seeds', () => {
    const results = Array.from({ length: 200 }, (_, seed) =>
      simulatePairing(synapses.DP, { dt: 10, pairs: 60, frequency: 1 }, 400, rng(seed)),
    );
    const mean = sum(results.map(({ change }) => change)) / 200;
    const sd = Math.sqrt(sum(results.map(({ change }) => (change - mean) ** 2)) / 199);
    // the standard deviation of 200 numbers is known to 5 %
    expect(sum(results.map(({ se }) => se)) / 200).to.be.closeTo(sd, 4 * 0.05 * sd);
    expect(simulatePairing(synapses.D, { dt: 30, pairs: 60, frequency: 1 }, 400, rng(1)).se).to.be.above(0);
  });

  it('are the same for the same seed, on one worker or on many', async () => {
    const pairings = [-20, 10, 25].map((dt) => ({ dt, pairs: 60, frequency: 1 }));
    const all = await simulatePairings(synapses.DP, pairings, 100, 3, createRun());
    expect(await simulatePairings(synapses.DP, pairings, 100, 3, createRun())).to.deep.equal(all);
    expect(await simulatePairings(synapses.DP, pairings, 100, 4, createRun())).to.not.deep.equal(all);
    const options = { seedStream: rng(3).stream('pairings'), args: { synapse: synapses.DP, pairings, trials: 100 } };
    expect(await parallel(3, point, { ...options, workers: 2 })).to.deep.equal(all);
  });

  it('can be stopped', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const pairings = [{ dt: 0, pairs: 60, frequency: 1 }];
    const stopped = simulatePairings(synapses.DP, pairings, 10, 1, createRun(stop.signal));
    expect(await stopped.catch((error: Error) => error.message)).to.equal('enough');
  });

  it('need to be two', () => {
    for (const trials of [0, 1, 2.5, Number.NaN])
      expect(() => simulatePairing(synapses.DP, { dt: 0, pairs: 1, frequency: 1 }, trials, rng(1))).to.throw(
        ParameterError,
        'trials',
      );
    const { up, down, change } = simulatePairing(synapses.DP, { dt: 0, pairs: 1, frequency: 1 }, 2, rng(1));
    expect(change).to.equal(strengthChange(synapses.DP, { up, down }));
  });
});

describe('calcium: small steps', () => {
  it('come to the exact course as they shrink', () => {
    const synapse = { ...synapses.DP, sigma: 0 };
    const jumps = pairInflux(synapse, { dt: 10, pairs: 10, frequency: 10 });
    const exact = adaptive(synapse, stretches(synapse, jumps), 0.1);
    const error = (h: number) => Math.abs(follow(synapse, jumps, { duration: 1200, h, rho: 0.1 }).rho.at(-1)! - exact);
    expect(error(0.1)).to.be.below(0.003);
    expect(error(0.01)).to.be.below(0.0003);
  });

  it('refuse a step that makes calcium swing', () => {
    const jumps = influx(synapses.DP, [0], []);
    for (const h of [0, -1, 20, Number.NaN])
      expect(() => follow(synapses.DP, jumps, { duration: 10, h, rho: 0 })).to.throw(ParameterError, 'h must');
  });
});
