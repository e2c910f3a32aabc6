import { ParameterError } from '../math/errors';

/**
 * A pyramidal neuron of two compartments, the smallest that shows a plateau potential. Voltages are in mV above rest, times
 * in ms, conductances in 1/ms (over the capacitance).
 *
 *     soma      dV/dt = −g_L V + g_C (U − V) + I_basal
 *     apical    dU/dt = −g_L U + g_C (V − U) + g_Ca m(U) h (E_Ca − U) + I_apical + I_back
 *     channels  τ_h dh/dt = h∞(U) − h,   m(U) = 1/(1 + exp(−(U − U_½)/k)) at once
 *
 * Where V reaches the threshold the soma spikes: it stands at the height of a spike for its width, then at the reset. A spike
 * travels back into the apical dendrite as a brief current, I_back. All numbers are our choice: each input alone stays
 * below the threshold of the calcium channels, both together pass it (Larkum, Zhu and Sakmann 1999).
 */
export interface Neuron {
  /** g_C, 1/ms, > 0 */
  readonly coupling: number;
  /** g_Ca, 1/ms, ≥ 0 */
  readonly calcium: number;
}

/** g_L, 1/ms. */
export const LEAK = 0.1;
/** E_Ca, mV above rest. */
const CALCIUM_REVERSAL = 185;
/** Half activation U_½ and its width k, mV. */
const [HALF, WIDTH] = [36, 3];
/** Inactivation: half at this voltage with this width, mV; τ_h, ms. */
const [INACTIVE_HALF, INACTIVE_WIDTH, INACTIVE_TAU] = [25, 4, 40];
/** Threshold, height and reset of the somatic spike, mV, and its width, ms. */
const [THRESHOLD, HEIGHT, RESET, SPIKE] = [15, 90, 5, 1];
/** What a spike adds in the apical dendrite, mV/ms, for so long, ms. */
const [BACK, BACK_LASTS] = [9, 2];
/** Rise and decay of synaptic current, ms. */
const [RISE, DECAY] = [2, 10];
/** Current that makes the soma spike at once, mV/ms, and how long it lasts, ms. */
const [PULSE, PULSE_LASTS] = [20, 1];

/** m(U): share of calcium channels that are open, if not inactivated. */
export const activation = (u: number): number => 1 / (1 + Math.exp(-(u - HALF) / WIDTH));
const available = (u: number): number => 1 / (1 + Math.exp((u - INACTIVE_HALF) / INACTIVE_WIDTH));

/** What share of a steady voltage crosses, in closed form: a voltage divider. The same in both directions here. */
export const divider = ({ coupling }: Pick<Neuron, 'coupling'>): number => coupling / (LEAK + coupling);

/**
 * Steady voltages of the passive neuron for a steady apical current, in closed form: two resistors to ground, one between.
 * @param current mV/ms
 */
export function steady({ coupling }: Pick<Neuron, 'coupling'>, current: number): { soma: number; apical: number } {
  const det = LEAK * (LEAK + 2 * coupling);
  return { soma: (coupling * current) / det, apical: ((LEAK + coupling) * current) / det };
}

/** Current into the apical dendrite while the soma is held at rest and nothing inactivates, mV/ms. */
export function apicalBalance({ coupling, calcium }: Neuron, u: number): number {
  return -(LEAK + coupling) * u + calcium * activation(u) * (CALCIUM_REVERSAL - u);
}

/**
 * The voltage from which the dendrite goes on to a plateau by itself, with the soma held at rest: the middle root of the
 * balance of currents, by bisection.
 * @returns undefined where the channels are too few for a plateau
 */
export function plateauThreshold(neuron: Neuron): number | undefined {
  let high = 0;
  for (let u = 0; u <= CALCIUM_REVERSAL && high === 0; u += 0.05) if (apicalBalance(neuron, u) > 0 && u > 5) high = u;
  if (high === 0) return undefined;
  return bisect((u) => apicalBalance(neuron, u) > 0, high - 0.1, high);
}

/** The same from the dynamics: the lowest start that ends above where it began, by bisection over simulated runs. */
export function simulatedThreshold(neuron: Neuron): number | undefined {
  const rises = (start: number): boolean => {
    let u = start;
    for (let i = 0; i < 20_000 && Math.abs(u - start) < 1; i++) u += 0.01 * apicalBalance(neuron, u);
    return u > start;
  };
  const starts = Array.from({ length: 60 }, (_, i) => 6 + i);
  const first = starts.find(rises);
  return first === undefined ? undefined : bisect(rises, first - 1, first);
}

function bisect(above: (u: number) => boolean, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let i = 0; i < 50; i++) {
    const middle = (a + b) / 2;
    if (above(middle)) b = middle;
    else a = middle;
  }
  return (a + b) / 2;
}

/** What reaches the neuron. */
export interface Input {
  /** peak of the synaptic current in the apical dendrite, mV/ms; it starts at `ONSET` */
  readonly apical: number;
  /** when a pulse makes the soma spike, ms; undefined: never */
  readonly pulse?: number;
  /** a steady current in the apical dendrite, mV/ms */
  readonly steadyApical?: number;
}

/** When the apical input starts, ms. */
export const ONSET = 20;

/** A recorded run. */
export interface Recording {
  /** ms, [samples] */
  readonly time: Float64Array;
  /** V, mV above rest */
  readonly soma: Float64Array;
  /** U, mV above rest */
  readonly apical: Float64Array;
  /** when the soma spiked, ms */
  readonly spikes: readonly number[];
  /** how long the apical dendrite was above the half activation of its channels, ms */
  readonly plateau: number;
}

/** Time between samples, ms. */
const SAMPLE = 0.5;

/**
 * Integrates the neuron from rest (Euler).
 * @param duration ms, > 0
 * @param dt ms, 0.001 to 0.1
 */
export function simulateNeuron(neuron: Neuron, input: Input, duration: number, dt: number): Recording {
  if (!(duration > 0)) throw new ParameterError(`duration must be above 0 (got ${duration})`);
  if (!(dt >= 0.001 && dt <= 0.1)) throw new ParameterError(`dt must be between 0.001 and 0.1 (got ${dt})`);
  const { coupling, calcium } = neuron;
  const each = Math.max(1, Math.round(SAMPLE / dt));
  const steps = Math.round(duration / dt);
  const samples = Math.floor(steps / each) + 1;
  const [time, soma, apical] = [new Float64Array(samples), new Float64Array(samples), new Float64Array(samples)];
  const spikes: number[] = [];
  // the largest value of the difference of exponentials
  const top = (Math.log(DECAY / RISE) * DECAY * RISE) / (DECAY - RISE);
  const scale = input.apical / (Math.exp(-top / DECAY) - Math.exp(-top / RISE));
  let [v, u, h, spikeEnds, plateau] = [0, 0, available(0), -Infinity, 0];
  for (let i = 0; i <= steps; i++) {
    const t = i * dt;
    if (i % each === 0) {
      const k = i / each;
      time[k] = t;
      soma[k] = v;
      apical[k] = u;
    }
    const after = t - ONSET;
    const synaptic = after > 0 ? scale * (Math.exp(-after / DECAY) - Math.exp(-after / RISE)) : 0;
    const pulse = input.pulse !== undefined && t >= input.pulse && t < input.pulse + PULSE_LASTS ? PULSE : 0;
    const back = t < spikeEnds - SPIKE + BACK_LASTS ? BACK : 0;
    const channels = calcium * activation(u) * h * (CALCIUM_REVERSAL - u);
    const du = -LEAK * u + coupling * (v - u) + channels + synaptic + (input.steadyApical ?? 0) + back;
    const dv = -LEAK * v + coupling * (u - v) + pulse;
    h += (dt / INACTIVE_TAU) * (available(u) - h);
    if (u > HALF) plateau += dt;
    u += dt * du;
    if (t < spikeEnds - dt / 2) v = HEIGHT;
    else if (v === HEIGHT) v = RESET;
    else v += dt * dv;
    if (v >= THRESHOLD && v !== HEIGHT) {
      v = HEIGHT;
      spikes.push(t + dt);
      spikeEnds = t + dt + SPIKE;
    }
  }
  return { time, soma, apical, spikes, plateau };
}
