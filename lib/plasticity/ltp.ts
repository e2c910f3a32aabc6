import { ParameterError } from '../math/errors';
import { rk4, workspace } from '../math/ode';
import { gaussLegendre } from '../math/quadrature';

/**
 * Long-term potentiation in the smallest model that has it: a leaky membrane, a synapse whose conductance follows an alpha
 * function after each pulse, and a strength that grows while the synapse is active and the membrane is depolarised beyond a
 * threshold (after Artola, Bröcher and Singer 1990). All constants are our choice.
 */
export interface Synapse {
  /** time constant of the membrane, ms, > 0 */
  readonly tauM: number;
  /** time from the pulse to the peak of the conductance, ms, > 0 */
  readonly tauS: number;
  /** reversal potential of the synapse above rest, mV, > 0 */
  readonly drive: number;
  /** peak conductance at strength 1 over the capacitance of the membrane, 1/ms, ≥ 0 */
  readonly peak: number;
  /** depolarisation beyond which strength grows, mV */
  readonly threshold: number;
  /** rate of growth, 1/(mV ms), ≥ 0 */
  readonly rate: number;
  /** the largest strength, in units of the one at baseline */
  readonly ceiling: number;
}

/** A bundle of axons that together depolarise by 5 mV. Our choice. */
export const schaffer: Synapse = {
  tauM: 20,
  tauS: 2,
  drive: 70,
  peak: 0.0175,
  threshold: 10,
  rate: 0.0004,
  ceiling: 2,
};

/** Resting potential, mV. */
export const REST = -70;
/** After this many time constants an alpha function is below 1e-15: the synapse is silent. */
const SILENT = 40;
/** Step of the simulation, as a fraction of the synaptic time constant. */
const STEP = 1 / 20;

/** Pulses to the presynaptic axons, the first at time 0. */
export interface Train {
  /** whole, ≥ 0 */
  readonly pulses: number;
  /** Hz, > 0 */
  readonly frequency: number;
  /** depolarisation at which a voltage clamp holds the membrane, mV; without it the membrane is free */
  readonly held?: number;
}

/**
 * Strength of the synapse after a train, simulated: τ_m u̇ = −u + τ_m w g s (E − u), with s the conductance relative to its
 * peak, and ẇ = η (w_max − w) s [u − θ]₊.
 * @param w0 strength before
 * @throws {ParameterError} for a number of pulses that is not whole, or a frequency that is not positive
 */
export function strengthAfter(synapse: Synapse, { pulses, frequency, held }: Train, w0: number = 1): number {
  if (!Number.isInteger(pulses) || pulses < 0) throw new ParameterError(`pulses must be whole, ≥ 0 (got ${pulses})`);
  if (!(frequency > 0)) throw new ParameterError(`frequency must be positive (got ${frequency} Hz)`);
  const { tauM, tauS, drive, peak, threshold, rate, ceiling } = synapse;
  const state = Float64Array.of(held ?? 0, 0, 0, w0); // u, the stage that feeds s, s, w
  const slope = (_t: number, [u, r, s, w]: Float64Array, d: Float64Array): void => {
    d[0] = held === undefined ? -u / tauM + w * peak * s * (drive - u) : 0;
    d[1] = -r / tauS;
    d[2] = (Math.E * r - s) / tauS;
    d[3] = rate * (ceiling - w) * s * Math.max(0, u - threshold);
  };
  const work = workspace(4);
  const period = 1000 / frequency;
  const active = Math.min(period, SILENT * tauS);
  const steps = Math.ceil(active / (STEP * tauS));
  for (let n = 0; n < pulses; n++) {
    state[1] += 1;
    // the last pulse is followed to its end, however fast the train was
    const span = n === pulses - 1 ? SILENT * tauS : active;
    const count = n === pulses - 1 ? Math.ceil(SILENT / STEP) : steps;
    for (let i = 0; i < count; i++) rk4(slope, state, (i * span) / count, span / count, work);
    if (span < period && held === undefined) state[0] *= Math.exp(-(period - span) / tauM);
  }
  return state[3];
}

/**
 * The response to one test pulse, simulated: depolarisation in mV after 0, dt, 2 dt, …; strength stands still.
 * @param dt ms
 * @returns n values
 */
export function simulateEpsp({ tauM, tauS, drive, peak }: Synapse, w: number, dt: number, n: number): Float64Array {
  const state = Float64Array.of(0, 1, 0);
  const work = workspace(3);
  const slope = (_t: number, [u, r, s]: Float64Array, d: Float64Array): void => {
    d[0] = -u / tauM + w * peak * s * (drive - u);
    d[1] = -r / tauS;
    d[2] = (Math.E * r - s) / tauS;
  };
  const inner = Math.max(1, Math.ceil(dt / (STEP * Math.min(tauS, tauM))));
  return Float64Array.from({ length: n }, (_, i) => {
    if (i > 0) for (let k = 0; k < inner; k++) rk4(slope, state, 0, dt / inner, work);
    return state[0];
  });
}

const nodesOnce = gaussLegendre(48);

/**
 * The same response by variation of constants: with a(t) = w g (t/τ_s) exp(1 − t/τ_s) and A(t) its integral,
 * u(t) = E ∫₀ᵗ a(s) exp(−(t − s)/τ_m − A(t) + A(s)) ds, integrated by Gauss and Legendre.
 * @param t ms after the pulse, ≥ 0
 * @returns depolarisation, mV
 */
export function epsp({ tauM, tauS, drive, peak }: Synapse, w: number, t: number): number {
  const gain = w * peak * Math.E;
  const opened = (s: number): number => gain * (tauS - (s + tauS) * Math.exp(-s / tauS));
  // two pieces: while the conductance is high, and its tail
  const cut = Math.min(t, 6 * tauS);
  let integral = 0;
  for (const [from, to] of [
    [0, cut],
    [cut, Math.min(t, SILENT * tauS)],
  ]) {
    const half = (to - from) / 2;
    for (let i = 0; half > 0 && i < nodesOnce.nodes.length; i++) {
      const s = from + half * (1 + nodesOnce.nodes[i]);
      const a = (gain * s * Math.exp(-s / tauS)) / tauS;
      integral += half * nodesOnce.weights[i] * a * Math.exp(-(t - s) / tauM - opened(t) + opened(s));
    }
  }
  return drive * integral;
}

/**
 * The limit of a weak synapse, whose current is as if the membrane stayed at rest, in closed form: with k = 1/τ_s − 1/τ_m,
 * u(t) = E w g e [exp(−t/τ_m) − (1 + k t) exp(−t/τ_s)] / (τ_s k²).
 */
export function weakEpsp({ tauM, tauS, drive, peak }: Synapse, w: number, t: number): number {
  const k = 1 / tauS - 1 / tauM;
  const scale = (drive * w * peak * Math.E) / tauS;
  // near k = 0 the bracket is a difference of nearly equal numbers: its series
  if (Math.abs(k * t) < 1e-3) return scale * t * t * Math.exp(-t / tauM) * (1 / 2 - (k * t) / 3 + (k * t) ** 2 / 8);
  return (scale * (Math.exp(-t / tauM) - (1 + k * t) * Math.exp(-t / tauS))) / (k * k);
}

/** The highest point of a response, mV, by golden section on `epsp`: it rises once and falls once. */
export function peakEpsp(synapse: Synapse, w: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, 5 * (synapse.tauM + synapse.tauS)];
  while (high - low > 1e-5) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (epsp(synapse, w, left) < epsp(synapse, w, right)) low = left;
    else high = right;
  }
  return epsp(synapse, w, (low + high) / 2);
}

/**
 * Strength after pulses to a membrane that is held at a depolarisation, in closed form: a pulse opens the synapse for e τ_s,
 * so w = w_max − (w_max − w₀) exp(−η n e τ_s [u − θ]₊).
 * @param u depolarisation, mV
 */
export function strengthHeld(synapse: Synapse, pulses: number, u: number, w0: number = 1): number {
  const { tauS, threshold, rate, ceiling } = synapse;
  return ceiling - (ceiling - w0) * Math.exp(-rate * pulses * Math.E * tauS * Math.max(0, u - threshold));
}

/** The rule of the slide, ẇ ∝ s u: no threshold and no ceiling that matters. For comparison. */
export function coactivation(synapse: Synapse, rate: number): Synapse {
  // growth by η (w_max − w) s u with a ceiling far away is growth by a constant times s u
  const far = 1e9;
  return { ...synapse, threshold: 0, rate: rate / far, ceiling: far };
}
