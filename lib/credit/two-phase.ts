import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { logistic } from '../math/special';
import { type Engine, makeEngine } from './two-phase.engine';
import { BASAL, clear, conductances, HIGHEST, KAPPA_SUM, kappa, type Layer, rest } from './two-phase.layer';

/**
 * Learning with apical plateaus (Guerguiev, Lillicrap and Richards 2017). A digit is shown for two phases. In the *forward*
 * phase the network answers; in the *target* phase a teacher drives the output to the right class. The output sends spikes
 * to the apical dendrites of every hidden unit through fixed random weights Y. At the end of each phase a plateau tells the
 * unit its mean apical potential, α = σ(mean V_A). Their difference teaches the basal synapses:
 *
 *     hidden   ΔW = η P_h k_B (α_t − α_f) λ σ′(k_B V_B) PSP
 *     output   ΔW = η P_o k_D (φ_t − φ_f) λ σ′(k_D V_D) PSP
 *
 * with potentials and PSPs averaged over the end of the forward phase, and φ the mean rate of an output unit. Times are ms.
 */
export interface Settings {
  /** units of the hidden layers; none: the inputs go to the output */
  readonly hidden: readonly number[];
  /** length of a phase, and how much of its beginning is left out of the means, ms */
  readonly phase: number;
  readonly settle: number;
  /** learning rates of hidden layers and of the output */
  readonly etaHidden: number;
  readonly etaOutput: number;
  /** g_A, 1/ms: what the soma feels of the apical dendrite; 0 in the paper’s default */
  readonly apical: number;
  /** standard deviation of Y */
  readonly feedback: number;
  /** what hidden units learn from: the difference of plateaus; the same, each time in another order; nothing */
  readonly teacher: Teacher;
}
export type Teacher = 'plateaus' | 'shuffled' | 'none';
export const teachers: readonly Teacher[] = ['plateaus', 'shuffled', 'none'];

export const CLASSES = 10;
/** P_h = 20/λ and P_o = 20/λ². */
export const [SCALE_HIDDEN, SCALE_OUTPUT]: readonly [number, number] = [20 / HIGHEST, 20 / HIGHEST ** 2];
/** Reversal potential of the teacher, and its conductance, 1/ms. */
const [REVERSAL, TEACHER] = [8, 0.6];

export interface Network {
  readonly settings: Settings;
  readonly inputs: number;
  readonly engine: Engine;
  /** hidden layers, then the output */
  readonly layers: readonly Layer[];
  /** what the forward phase left: mean basal potentials of each layer, α_f of the hidden ones, φ_f of the output */
  readonly forward: Means;
  /** what the target phase left */
  readonly target: Means;
}

/** Means over the window of a phase. */
export interface Means {
  readonly basal: readonly Float64Array[];
  readonly soma: readonly Float64Array[];
  /** σ of the mean apical potential, hidden layers only */
  readonly plateau: readonly Float64Array[];
  /** φ, spikes/ms */
  readonly rate: readonly Float64Array[];
}

/** Longest phase, ms. */
export const LONGEST = 1000;

/**
 * A network at the start: zero-mean normal weights that give basal potentials a standard deviation near 1 for inputs of the
 * size of digits; normal Y; no biases yet.
 * @param typical mean square of an input, about 0.1 for digits
 * @throws {ParameterError} for settings out of range
 */
export function makeNetwork(settings: Settings, inputs: number, random: Rng, typical: number = 0.1): Network {
  check(settings);
  const sizes = [inputs, ...settings.hidden, CLASSES];
  const engine = makeEngine(sizes, LONGEST);
  const { layers } = engine;
  for (const [l, layer] of layers.entries()) {
    const square = l === 0 ? HIGHEST ** 2 * typical : (HIGHEST / 2) ** 2;
    const sd = 1 / Math.sqrt(square * layer.inputs);
    fillRows(layer.weights, layer, random.stream(`weights ${l}`), sd);
    fillRows(layer.feedback, layer, random.stream(`feedback ${l}`), settings.feedback);
  }
  const means = (): Means => {
    const each = (): Float64Array[] => layers.map(({ units }) => new Float64Array(units));
    return { basal: each(), soma: each(), plateau: each().slice(0, -1), rate: each() };
  };
  return { settings, inputs, engine, layers, forward: means(), target: means() };
}

/** Normal numbers in the columns that count; the others stay 0. */
function fillRows(rows: Float32Array, { units, stride }: Layer, random: Rng, sd: number): void {
  const numbers = random.fillNormal(new Float32Array((rows.length / stride) * units), 0, sd);
  for (let j = 0; j < rows.length / stride; j++) rows.set(numbers.subarray(j * units, (j + 1) * units), j * stride);
}

/** Puts a picture before the inputs: a pixel spikes with probability λ times its share of 255, each millisecond. */
export function show({ engine: { shown }, inputs }: Network, image: Uint8Array): void {
  let count = 0;
  for (let j = 0; j < inputs; j++)
    if (image[j] > 0) {
      shown.active[count] = j;
      shown.rates[count++] = (HIGHEST * image[j]) / 255;
    }
  shown.rates.fill(0, count, count + 3);
  shown.count = count;
}

/**
 * Runs one phase with what is shown.
 * @param label class that the teacher drives; undefined: the forward phase, which also leaves the inputs’ mean PSPs
 * @param duration ms
 */
export function runPhase(network: Network, label: number | undefined, duration: number, into: Means): void {
  const { settings, engine, layers } = network;
  const output = layers[layers.length - 1];
  const outputG = conductances(0, label === undefined ? 0 : TEACHER);
  for (let i = 0; i < CLASSES; i++) output.teach[i] = label === undefined ? 0 : teaching(i === label);
  for (const layer of layers) {
    clear(layer);
    if (label === undefined) layer.psp.fill(0);
  }
  const g = layers.map((layer) => (layer === output ? outputG : conductances(settings.apical, 0)));
  const { settle } = settings;
  engine.phase(g, duration, settle, label === undefined ? pspShares(settle, duration) : undefined);
  const window = duration - settle;
  for (const [l, layer] of layers.entries())
    for (let i = 0; i < layer.units; i++) {
      into.basal[l][i] = layer.sumBasal[i] / window;
      into.soma[l][i] = layer.sumSoma[i] / window;
      into.rate[l][i] = layer.sumRate[i] / window;
      if (layer !== output) into.plateau[l][i] = logistic(layer.sumApical[i] / window);
    }
}

/** g_T E over the sum of conductances: excited to be active, inhibited to be silent. */
const teaching = (active: boolean): number =>
  (TEACHER * (active ? REVERSAL : -REVERSAL) * conductances(0, TEACHER).basal) / BASAL;

const tables = new Map<string, Float32Array>();

/** For a spike at each millisecond of a phase: its share of the mean PSP over the window, the sum of κ over its length. */
export function pspShares(settle: number, duration: number): Float32Array {
  const key = `${settle} ${duration}`;
  const known = tables.get(key);
  if (known) return known;
  const table = Float32Array.from({ length: duration }, (_, from) => {
    let sum = 0;
    for (let t = Math.max(from, settle); t < duration; t++) sum += kappa(t - from);
    return sum / (duration - settle);
  });
  tables.set(key, table);
  return table;
}

/** Shows a digit for both phases, from rest, and leaves their means in the network. Weights stay. */
export function present(network: Network, image: Uint8Array, label: number): void {
  const { settings, layers, forward, target } = network;
  for (const layer of layers) rest(layer);
  show(network, image);
  runPhase(network, undefined, settings.phase, forward);
  runPhase(network, label, settings.phase, target);
}

/** λ σ′(V) */
export function slope(v: number): number {
  const s = logistic(v);
  return HIGHEST * s * (1 - s);
}

/** After `present`: changes the weights of all layers. @param shuffle draws the orders of a shuffled teacher */
export function learnFrom(network: Network, shuffle: Rng): void {
  const { settings, engine, layers, forward, target } = network;
  const last = layers.length - 1;
  const kB = conductances(settings.apical, 0).basal;
  const kD = conductances(0, 0).basal;
  for (const [l, layer] of layers.entries()) {
    const isOutput = l === last;
    if (!isOutput && settings.teacher === 'none') continue;
    const { change, units, bias } = layer;
    const [before, after] = isOutput ? [forward.rate[l], target.rate[l]] : [forward.plateau[l], target.plateau[l]];
    for (let i = 0; i < units; i++) change[i] = after[i] - before[i];
    if (!isOutput && settings.teacher === 'shuffled') shuffle.shuffle(change.subarray(0, units));
    const k = isOutput ? kD : kB;
    const factor = (isOutput ? settings.etaOutput * SCALE_OUTPUT : settings.etaHidden * SCALE_HIDDEN) * k;
    for (let i = 0; i < units; i++) {
      change[i] *= factor * slope(k * forward.basal[l][i]);
      bias[i] += change[i];
    }
    engine.learn(layer);
  }
}

/** The class whose output fires most in a forward phase of some length, ms. */
export function answer(network: Network, image: Uint8Array, duration: number): number {
  for (const layer of network.layers) rest(layer);
  show(network, image);
  runPhase(network, undefined, duration, network.forward);
  const rates = network.forward.rate[network.layers.length - 1];
  let best = 0;
  for (let i = 1; i < CLASSES; i++) if (rates[i] > rates[best]) best = i;
  return best;
}

/** A network without spikes, at rest: potentials and rates of each layer, plateaus of the hidden ones. */
export interface Steady {
  readonly basal: readonly Float64Array[];
  readonly apical: readonly Float64Array[];
  readonly soma: readonly Float64Array[];
  /** λ σ(V), spikes/ms */
  readonly rate: readonly Float64Array[];
  /** σ(V_A) */
  readonly plateau: readonly Float64Array[];
}

/** Most rounds until the loop through the apical dendrites rests, and how still it has to be; without g_A one is enough. */
const [ROUNDS, STILL] = [200, 1e-13];

/**
 * The rate limit in closed form: every spike train is replaced by its rate, and everything rests. Then V_B = W PSP + b with
 * PSP the rate of the sender times Σκ, and V = k_B V_B + k_A V_A.
 * @param label class that the teacher drives; undefined: forward
 */
export function steadyState({ settings, layers, inputs }: Network, image: Uint8Array, label?: number): Steady {
  const last = layers.length - 1;
  const hiddenG = conductances(settings.apical, 0);
  const outputG = conductances(0, label === undefined ? 0 : TEACHER);
  const all = layers.map(({ units }) => new Float64Array(units));
  const make = (): Float64Array[] => all.map((a) => a.slice());
  const [basal, apical, soma, rate, plateau] = [make(), make(), make(), make(), make()];
  const x = Float64Array.from({ length: inputs }, (_, j) => (HIGHEST * image[j]) / 255);
  let moved = Infinity;
  for (let round = 0; round < (settings.apical > 0 ? ROUNDS : 1) && moved > STILL; round++) {
    moved = 0;
    for (const [l, layer] of layers.entries()) {
      const from = l === 0 ? x : rate[l - 1];
      const isOutput = l === last;
      const g = isOutput ? outputG : hiddenG;
      // the first layer hears the same in every round
      if (l > 0 || round === 0) drive(layer, from, basal[l]);
      for (let i = 0; i < layer.units; i++) {
        const teach = isOutput && label !== undefined ? teaching(i === label) : 0;
        soma[l][i] = g.basal * basal[l][i] + g.apical * apical[l][i] + teach;
        const now = HIGHEST * logistic(soma[l][i]);
        moved = Math.max(moved, Math.abs(now - rate[l][i]));
        rate[l][i] = now;
      }
    }
    for (let l = 0; l < last; l++)
      for (let i = 0; i < layers[l].units; i++) {
        let v = 0;
        for (let c = 0; c < CLASSES; c++) v += layers[l].feedback[c * layers[l].stride + i] * rate[last][c] * KAPPA_SUM;
        apical[l][i] = v;
        plateau[l][i] = logistic(v);
      }
  }
  return { basal, apical, soma, rate, plateau: plateau.slice(0, last) };
}

/** V_B = W PSP + b for steady rates of the senders. */
function drive(layer: Layer, rates: ArrayLike<number>, into: Float64Array): void {
  const { units, stride, inputs, weights, bias } = layer;
  for (let i = 0; i < units; i++) into[i] = bias[i];
  for (let j = 0; j < inputs; j++) {
    const psp = rates[j] * KAPPA_SUM;
    if (psp > 0) for (let i = 0; i < units; i++) into[i] += weights[j * stride + i] * psp;
  }
}

/** Error signals of the hidden layers in the rate limit: of the plateaus, and of backpropagation. [units] each. */
export interface Signals {
  readonly plateaus: readonly Float64Array[];
  readonly backprop: readonly Float64Array[];
}

/**
 * What multiplies the PSPs in the hidden update, beside η P: k_B (α_t − α_f) λ σ′(k_B V_B); and −∂L/∂V_B of
 * L = ½ Σ (φ_t − φ)² by the chain rule, with φ_t given.
 */
export function rateSignals(network: Network, image: Uint8Array, label: number): Signals {
  const { settings, layers } = network;
  const [forward, target] = [steadyState(network, image), steadyState(network, image, label)];
  const last = layers.length - 1;
  const kB = conductances(settings.apical, 0).basal;
  const kD = conductances(0, 0).basal;
  const plateaus = forward.plateau.map((alpha, l) =>
    alpha.map((a, i) => kB * (target.plateau[l][i] - a) * slope(kB * forward.basal[l][i])),
  );
  let above = forward.rate[last].map((r, i) => kD * (target.rate[last][i] - r) * slope(forward.soma[last][i]));
  const backprop: Float64Array[] = [];
  for (let l = last - 1; l >= 0; l--) {
    const next = layers[l + 1];
    above = forward.soma[l].map((v, j) => {
      let sum = 0;
      for (let i = 0; i < next.units; i++) sum += next.weights[j * next.stride + i] * above[i];
      return sum * KAPPA_SUM * kB * slope(v);
    });
    backprop.unshift(above);
  }
  return { plateaus, backprop };
}

function check(s: Settings): void {
  for (const units of s.hidden)
    if (!(Number.isInteger(units) && units >= 1))
      throw new ParameterError(`hidden must hold whole numbers from 1 on (got ${units})`);
  if (
    !(
      Number.isInteger(s.settle) &&
      Number.isInteger(s.phase) &&
      s.settle >= 0 &&
      s.phase > s.settle &&
      s.phase <= LONGEST
    )
  )
    throw new ParameterError(
      `phase must be a whole number above settle and at most ${LONGEST} (got ${s.phase} and ${s.settle})`,
    );
  for (const [name, value] of Object.entries({ etaHidden: s.etaHidden, etaOutput: s.etaOutput, apical: s.apical }))
    if (!(value >= 0 && value < Infinity)) throw new ParameterError(`${name} must be 0 or more (got ${value})`);
}
