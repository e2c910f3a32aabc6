/**
 * A layer of spiking neurons with basal, apical and somatic compartments (Guerguiev, Lillicrap and Richards 2017), one
 * millisecond at a time. The unit of voltage is that in which the firing rate is λ σ(V). Numbers are in single precision.
 */

/** Time constants of a postsynaptic potential κ(t) = (e^(−t/τ_L) − e^(−t/τ_s))/(τ_L − τ_s), ms. */
export const [TAU_SHORT, TAU_LONG]: readonly [number, number] = [3, 10];
/** Leak and basal conductances, 1/ms; the dendrite of an output unit conducts like a basal one. */
export const [LEAK, BASAL]: readonly [number, number] = [1 / TAU_LONG, 0.6];
/** λ, spikes/ms: the highest rate, of neurons and of inputs. */
export const HIGHEST = 0.2;

/** What potentials keep in 1 ms of their long and short part, and the factor of κ. */
export const [LONG_LEFT, SHORT_LEFT]: readonly [number, number] = [Math.exp(-1 / TAU_LONG), Math.exp(-1 / TAU_SHORT)];
export const SCALE: number = 1 / (TAU_LONG - TAU_SHORT);

/** κ at whole milliseconds after a spike, from 0. */
export const kappa = (t: number): number => SCALE * (Math.exp(-t / TAU_LONG) - Math.exp(-t / TAU_SHORT));
/** Sum of κ over all whole milliseconds: what a rate of 1 spike/ms makes of a steady potential. */
export const KAPPA_SUM: number = SCALE * (1 / (1 - LONG_LEFT) - 1 / (1 - SHORT_LEFT));

/** One layer and its state. Arrays are [stride], of which the first `units` count, unless noted. */
export interface Layer {
  readonly units: number;
  /** the next multiple of 16 */
  readonly stride: number;
  readonly inputs: number;
  /** W, [inputs, stride]: what one sender gives to all stands together */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  /** Y, [classes, stride], from the output; empty without */
  readonly feedback: Float32Array;
  /** decaying sums of basal and of apical spikes: the potentials are their differences */
  readonly basalLong: Float32Array;
  readonly basalShort: Float32Array;
  readonly apicalLong: Float32Array;
  readonly apicalShort: Float32Array;
  /** V of the soma */
  readonly soma: Float32Array;
  /** what a teacher drives into the soma, over the sum of conductances */
  readonly teach: Float32Array;
  /** sums over the window: basal, apical and somatic potential, firing rate (spikes/ms) */
  readonly sumBasal: Float32Array;
  readonly sumApical: Float32Array;
  readonly sumSoma: Float32Array;
  readonly sumRate: Float32Array;
  /** who spiked, first `count[0]` of them */
  readonly spikes: Int32Array;
  readonly count: Int32Array;
  /** mean PSP of each input over the window, [inputs] */
  readonly psp: Float32Array;
  /** what learning adds to the bias, and times the PSP to the weights */
  readonly change: Float32Array;
}

/** Where arrays come from: ordinary memory, or a kernel’s. */
export interface Room {
  float32(n: number): Float32Array;
  int32(n: number): Int32Array;
}
export const plainRoom: Room = { float32: (n) => new Float32Array(n), int32: (n) => new Int32Array(n) };

export const strideOf = (units: number): number => 16 * Math.ceil(units / 16);

/** @param classes units of the output that sends feedback; 0 without */
export function makeLayer(room: Room, inputs: number, units: number, classes: number): Layer {
  const stride = strideOf(units);
  const each = (): Float32Array => room.float32(stride);
  return {
    units,
    stride,
    inputs,
    weights: room.float32(inputs * stride),
    bias: each(),
    feedback: room.float32(classes * stride),
    basalLong: each(),
    basalShort: each(),
    apicalLong: each(),
    apicalShort: each(),
    soma: each(),
    teach: each(),
    sumBasal: each(),
    sumApical: each(),
    sumSoma: each(),
    sumRate: each(),
    spikes: room.int32(stride),
    count: room.int32(1),
    psp: room.float32(inputs),
    change: each(),
  };
}

/** Sizes in bytes of the arrays of a layer, in any order. */
export function layerSizes(inputs: number, units: number, classes: number): number[] {
  const row = 4 * strideOf(units);
  return [inputs * row, classes * row, 4 * inputs, 4, ...Array.from({ length: 13 }, () => row)];
}

/** What is the same for all units of a layer in a phase. */
export interface Conductances {
  /** share of the basal and of the apical potential in the soma’s resting point: g_B/Σg, g_A/Σg */
  readonly basal: number;
  readonly apical: number;
  /** share of its distance to there that the soma keeps in 1 ms: e^(−Σg) */
  readonly kept: number;
}

/** @param apical and `teacher`: conductances beside leak and basal, 1/ms */
export function conductances(apical: number, teacher: number): Conductances {
  const all = LEAK + BASAL + apical + teacher;
  return { basal: BASAL / all, apical: apical / all, kept: Math.exp(-all) };
}

/** Four random numbers in turn, in [0, 1), of 24 bits. */
export interface Dice {
  next(): number;
}

/** Who spiked: the first `count` of `who`. */
export interface Spikes {
  readonly who: Int32Array;
  readonly count: number;
}

/**
 * One millisecond: potentials decay and take the spikes, the soma relaxes, units spike with probability λ σ(V).
 * @param above the output’s spikes of a millisecond ago
 * @param recording whether this millisecond belongs to the window
 */
export function stepLayer(
  layer: Layer,
  g: Conductances,
  senders: Spikes,
  above: Spikes,
  dice: Dice,
  recording: boolean,
): void {
  const { units, stride, bias, feedback, basalLong, basalShort, apicalLong, apicalShort, soma, teach } = layer;
  decay(basalLong, basalShort);
  take(layer.weights, stride, senders, basalLong, basalShort);
  if (feedback.length > 0) {
    decay(apicalLong, apicalShort);
    take(feedback, stride, above, apicalLong, apicalShort);
  }
  let count = 0;
  for (let i = 0; i < stride; i++) {
    const basal = SCALE * (basalLong[i] - basalShort[i]) + bias[i];
    const apical = SCALE * (apicalLong[i] - apicalShort[i]);
    const rest = g.basal * basal + g.apical * apical + teach[i];
    const v = rest + g.kept * (soma[i] - rest);
    soma[i] = v;
    const rate = HIGHEST / (1 + Math.exp(-v));
    if (dice.next() < rate && i < units) layer.spikes[count++] = i;
    if (!recording) continue;
    layer.sumBasal[i] += basal;
    layer.sumApical[i] += apical;
    layer.sumSoma[i] += v;
    layer.sumRate[i] += rate;
  }
  layer.count[0] = count;
}

/** Adds the rows of those who spiked to both sums. */
function take(
  rows: Float32Array,
  stride: number,
  { who, count }: Spikes,
  long: Float32Array,
  short: Float32Array,
): void {
  for (let s = 0; s < count; s++) {
    const at = who[s] * stride;
    for (let i = 0; i < stride; i++) {
      long[i] += rows[at + i];
      short[i] += rows[at + i];
    }
  }
}

function decay(long: Float32Array, short: Float32Array): void {
  for (let i = 0; i < long.length; i++) {
    long[i] *= LONG_LEFT;
    short[i] *= SHORT_LEFT;
  }
}

/** Forgets all that happened: potentials and spikes. */
export function rest({ basalLong, basalShort, apicalLong, apicalShort, soma, count }: Layer): void {
  for (const a of [basalLong, basalShort, apicalLong, apicalShort, soma]) a.fill(0);
  count[0] = 0;
}

/** Forgets the sums of the window. */
export function clear({ sumBasal, sumApical, sumSoma, sumRate }: Layer): void {
  for (const a of [sumBasal, sumApical, sumSoma, sumRate]) a.fill(0);
}

/** W ← W + change PSPᵀ for inputs that were active. */
export function changeWeights({ weights, psp, stride, inputs, change }: Layer): void {
  for (let j = 0; j < inputs; j++)
    if (psp[j] !== 0) for (let i = 0; i < stride; i++) weights[j * stride + i] += psp[j] * change[i];
}
