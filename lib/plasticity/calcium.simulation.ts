/**
 * The calcium-based synapse in single trials: all of it, wells and noise (graupner2012, equations 1 and 2).
 *
 * Noise acts only while calcium is above a threshold, and both parts of the dynamics have exact solutions, each alone:
 * - wells: v = ρ − ½ obeys τ dv/dt = v(¼ − v²), so v(t) = v/√(4v² + (1 − 4v²) e^{−t/2τ});
 * - the pull of potentiation and depression with its noise is linear in ρ, so it takes ρ to aρ + c plus a Gaussian number,
 *   however long it lasts and however often its rates change meanwhile.
 * Silent stretches are therefore exact. Above a threshold the two are put together in Strang's order, half of the wells,
 * the pull, the other half, in slices of `SLICE`. One slice misses by about SLICE² times what the wells do in it, and they
 * do little: they need τ, 150 s, and a slice lasts some 20 ms. A minute of pairing takes 60 random numbers.
 */
import { DivergenceError, ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import kernel, { type Exports } from '../wasm/calcium.wasm';
import { arrayBytes, instantiate, wasmRuns } from '../wasm/instantiate';
import { type CalciumSynapse, type Pairing, RIDGE, strengthChange, type Transitions } from './calcium';
import { pairInflux, type Stretches, stretches } from './calcium.trace';

/** Longest slice: ρ loses at most this share of its distance to where it is pulled. */
const SLICE = 0.1;

/** What to do to v = ρ − ½, one kick after the other: first a stay in the wells, then v becomes gain v + shift + noise z. */
export interface Kicks {
  /** n + 1 factors e^{−t/2τ}: of the stay before each kick, and of the one after the last */
  readonly wells: Float64Array;
  /** n of each */
  readonly gain: Float64Array;
  readonly shift: Float64Array;
  readonly noise: Float64Array;
}

/**
 * A protocol as kicks.
 * @param slice longest slice above threshold, as a share of the time constant of the pull
 */
export function kicks(synapse: CalciumSynapse, { durations, levels }: Stretches, slice: number = SLICE): Kicks {
  const { tau, gammaD, gammaP, sigma } = synapse;
  const [wells, gain, shift, noise]: number[][] = [[], [], [], []];
  let waiting = 0;
  // the slice that grows: its duration, how far it pulls, and its map
  let slow = { duration: 0, pull: 0, a: 1, c: 0, variance: 0 };
  const flush = (): void => {
    if (slow.duration === 0) return;
    wells.push(Math.exp(-(waiting + slow.duration / 2) / (2 * tau)));
    gain.push(slow.a);
    shift.push(slow.c - RIDGE * (1 - slow.a));
    noise.push(Math.sqrt(slow.variance));
    waiting = slow.duration / 2;
    slow = { duration: 0, pull: 0, a: 1, c: 0, variance: 0 };
  };
  for (let i = 0; i < durations.length; i++) {
    if (levels[i] === 0) {
      flush();
      waiting += durations[i];
      continue;
    }
    const potentiation = levels[i] === 2 ? gammaP : 0;
    const rate = gammaD + potentiation;
    const parts = Math.ceil((rate * durations[i]) / (tau * slice));
    const duration = durations[i] / parts;
    const pull = (rate * duration) / tau;
    const a = Math.exp(-pull);
    for (let part = 0; part < parts; part++) {
      if (slow.pull + pull > slice) flush();
      slow = {
        duration: slow.duration + duration,
        pull: slow.pull + pull,
        a: a * slow.a,
        c: a * slow.c + (potentiation / rate) * (1 - a),
        variance: a * a * slow.variance + (sigma ** 2 * levels[i] * (1 - a * a)) / (2 * rate),
      };
    }
  }
  flush();
  wells.push(Math.exp(-waiting / (2 * tau)));
  return {
    wells: Float64Array.from(wells),
    gain: Float64Array.from(gain),
    shift: Float64Array.from(shift),
    noise: Float64Array.from(noise),
  };
}

/**
 * Sends synapses through a protocol, in place.
 * @param rho n values of ρ
 * @param random its normal numbers are used kick by kick, n at a time
 * @throws {DivergenceError} if a value of ρ is not finite in the end
 */
export function kick(protocol: Kicks, rho: Float64Array, random: Rng): void {
  for (let i = 0; i < rho.length; i++) rho[i] -= RIDGE;
  (wasmRuns() ? kickCompiled : kickPlainly)(protocol, rho, random);
  const stay = protocol.wells[protocol.gain.length];
  for (let i = 0; i < rho.length; i++) {
    const q = 4 * rho[i] * rho[i];
    rho[i] = RIDGE + rho[i] / Math.sqrt(q + (1 - q) * stay);
    if (!Number.isFinite(rho[i])) throw new DivergenceError('ρ', 'the end', 'a constant of the synapse is not finite');
  }
}

/** The loop as it is meant. @param v distances from the ridge */
function kickPlainly({ wells, gain, shift, noise }: Kicks, v: Float64Array, random: Rng): void {
  const z = new Float64Array(v.length);
  for (let k = 0; k < gain.length; k++) {
    random.fillNormal(z);
    const [w, a, c, s] = [wells[k], gain[k], shift[k], noise[k]];
    for (let i = 0; i < v.length; i++) {
      const q = 4 * v[i] * v[i];
      v[i] = (a * v[i]) / Math.sqrt(q + (1 - q) * w) + c + s * z[i];
    }
  }
}

/** The arrays of the compiled loop. */
interface Room {
  readonly call: Exports;
  readonly state: Int32Array;
  readonly v: Float64Array;
  readonly z: Float64Array;
  readonly wells: Float64Array;
  readonly gain: Float64Array;
  readonly shift: Float64Array;
  readonly noise: Float64Array;
}
let made: Room | undefined;

/** One room for a thread, made anew when more synapses or kicks come: between calls it holds nothing that counts. */
function room(synapses: number, kicks: number): Room {
  if (made && made.v.length >= synapses && made.wells.length >= kicks) return made;
  const n = Math.max(1024, made?.v.length ?? 0, synapses + (synapses % 2));
  const m = Math.max(1024, made?.wells.length ?? 0, kicks);
  const k = instantiate(kernel, { bytes: arrayBytes(16, 8 * n, 8 * n, 8 * m, 8 * m, 8 * m, 8 * m) });
  made = {
    call: k.call,
    state: k.int32(4),
    v: k.float64(n),
    z: k.float64(n),
    wells: k.float64(m),
    gain: k.float64(m),
    shift: k.float64(m),
    noise: k.float64(m),
  };
  return made;
}

/** The same loop, compiled. */
function kickCompiled(protocol: Kicks, v: Float64Array, random: Rng): void {
  const kicks = protocol.gain.length;
  const r = room(v.length, kicks);
  r.state.set(random.state());
  r.v.set(v);
  // the odd one out has a neighbour, which is to stay finite
  r.v[v.length] = 0;
  r.z[v.length] = 0;
  r.wells.set(protocol.wells.subarray(0, kicks));
  r.gain.set(protocol.gain);
  r.shift.set(protocol.shift);
  r.noise.set(protocol.noise);
  const [wells, gain, shift, noise] = [r.wells, r.gain, r.shift, r.noise].map((array) => array.byteOffset);
  r.call.kick(r.state.byteOffset, r.v.byteOffset, r.z.byteOffset, v.length, wells, gain, shift, noise, kicks);
  v.set(r.v.subarray(0, v.length));
  random.resume(r.state);
}

/** What many trials gave. */
export interface Outcome extends Transitions {
  /** mean strength after over mean strength before */
  readonly change: number;
  /** standard error of `change` */
  readonly se: number;
}

/**
 * Pairs of spikes on many synapses. Half of them start weak, half strong: the shares that change sides are what counts,
 * and `strengthChange` weighs them.
 * @param trials number of synapses, >= 2
 * @throws {ParameterError} on impossible pairs or trials
 */
export function simulatePairing(synapse: CalciumSynapse, pairing: Pairing, trials: number, random: Rng): Outcome {
  if (!Number.isInteger(trials) || trials < 2)
    throw new ParameterError(`simulatePairing: trials must be a whole number from 2 on (got ${trials})`);
  const weak = Math.ceil(trials / 2);
  const rho = new Float64Array(trials).fill(1, weak);
  kick(kicks(synapse, stretches(synapse, pairInflux(synapse, pairing))), rho, random);
  return outcome(synapse, rho, weak);
}

/** Counts who changed sides. @param weak how many of the first values of ρ started at 0; the others started at 1 */
export function outcome(synapse: CalciumSynapse, rho: Float64Array, weak: number): Outcome {
  const strong = rho.length - weak;
  let [ups, downs] = [0, 0];
  for (let i = 0; i < rho.length; i++)
    if (i < weak && rho[i] > RIDGE) ups++;
    else if (i >= weak && rho[i] < RIDGE) downs++;
  const measured = { up: ups / weak, down: downs / strong };
  return { ...measured, change: strengthChange(synapse, measured), se: changeError(synapse, ups, weak, downs, strong) };
}

/**
 * Standard error of a change from counts. A share k/n has the error that Laplace's estimate (k + 1)/(n + 2) gives it, so
 * that shares of 0 and 1 keep one.
 */
function changeError({ beta, b }: CalciumSynapse, ups: number, weak: number, downs: number, strong: number): number {
  const variance = (k: number, n: number): number => ((k + 1) * (n - k + 1)) / ((n + 2) ** 2 * (n + 3));
  const step = (b - 1) / (beta + (1 - beta) * b);
  return (
    Math.abs(step) * Math.hypot(beta * Math.sqrt(variance(ups, weak)), (1 - beta) * Math.sqrt(variance(downs, strong)))
  );
}
