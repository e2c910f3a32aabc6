import { ParameterError } from '../math/errors';

/**
 * Plasticity that depends on the timing of single spikes: each pair of a presynaptic and a postsynaptic spike changes the
 * strength by a window of their interval Δt = t(post) − t(pre).
 */
export interface StdpWindow {
  /** change at Δt → 0 from above, as a fraction of the strength, ≥ 0 */
  readonly aPlus: number;
  /** decay of potentiation, ms, > 0 */
  readonly tauPlus: number;
  /** size of the change at Δt → 0 from below, ≥ 0; it is subtracted */
  readonly aMinus: number;
  /** decay of depression, ms, > 0 */
  readonly tauMinus: number;
  /** pairs further apart than this do nothing, ms; Infinity for none */
  readonly cutOff: number;
}

/** Pairings that made the change which the fit describes. */
export const FITTED_PAIRINGS = 60;

/** The fit to cultured hippocampal neurons after 60 pairings at 1 Hz (Bi and Poo 2001), without a cut-off. */
export const biPoo: StdpWindow = { aPlus: 0.777, tauPlus: 16.8, aMinus: 0.273, tauMinus: 33.7, cutOff: Infinity };

/** Spikes closer than this are simultaneous, ms: sums of times are exact to far less. */
const SAME = 1e-6;

/**
 * Change of strength by one pair,
 * Δw = A₊ exp(−Δt/τ₊) for Δt > 0, −A₋ exp(Δt/τ₋) for Δt < 0, and 0 for spikes at the same time (the fit says nothing there).
 * @param dt t(post) − t(pre), ms
 */
export function pairChange({ aPlus, tauPlus, aMinus, tauMinus, cutOff }: StdpWindow, dt: number): number {
  if (Math.abs(dt) < SAME || Math.abs(dt) > cutOff) return 0;
  return dt > 0 ? aPlus * Math.exp(-dt / tauPlus) : -aMinus * Math.exp(dt / tauMinus);
}

/** The window of a single pairing, if all pairings of the fit changed the strength by the same amount (our choice). */
export function onePairing(window: StdpWindow): StdpWindow {
  return { ...window, aPlus: window.aPlus / FITTED_PAIRINGS, aMinus: window.aMinus / FITTED_PAIRINGS };
}

/** Integral of one half of the window from 0 to a time, ms: A τ (1 − exp(−t/τ)). */
const half = (a: number, tau: number, to: number): number => -a * tau * Math.expm1(-to / tau);

/**
 * The area of each half of the window, fraction × ms. Independent Poisson spikes at rates r change the strength by
 * r(pre) r(post) (potentiation − depression) a unit of time on average.
 */
export function areas(window: StdpWindow): { readonly potentiation: number; readonly depression: number } {
  return {
    potentiation: half(window.aPlus, window.tauPlus, window.cutOff),
    depression: half(window.aMinus, window.tauMinus, window.cutOff),
  };
}

/** Which spikes form pairs: all with all, or each spike with the last spike of the other neuron before it. */
export type Pairs = 'all' | 'nearest';

/** Times of spikes, ms, ascending. */
export interface SpikeTrains {
  readonly pre: Float64Array;
  readonly post: Float64Array;
}

/** Σ of `pairChange` over the pairs of two trains, written out: quadratic in the number of spikes. */
export function changeByPairs(window: StdpWindow, { pre, post }: SpikeTrains, pairs: Pairs = 'all'): number {
  let change = 0;
  if (pairs === 'all') {
    for (const tPost of post) for (const tPre of pre) change += pairChange(window, tPost - tPre);
    return change;
  }
  for (const tPost of post) for (const tPre of lastBefore(tPost, pre)) change += pairChange(window, tPost - tPre);
  for (const tPre of pre) for (const tPost of lastBefore(tPre, post)) change += pairChange(window, tPost - tPre);
  return change;
}

/** The last of some spikes before a time: none, one, or several at the same time. */
function lastBefore(time: number, spikes: Float64Array): Float64Array {
  let end = 0;
  while (spikes[end] < time - SAME) end++;
  let start = end;
  while (start > 0 && spikes[start - 1] > spikes[end - 1] - SAME) start--;
  return spikes.subarray(start, end);
}

/**
 * The same change by what a synapse could do: two traces that decay and that each spike of their own neuron feeds, read by
 * the spikes of the other neuron (Morrison, Diesmann and Gerstner 2008). Linear in the number of spikes.
 * @throws {ParameterError} for a window with a cut-off, which no decaying trace can have; for times that don't ascend
 */
export function changeByTraces(window: StdpWindow, { pre, post }: SpikeTrains, pairs: Pairs = 'all'): number {
  const { aPlus, tauPlus, aMinus, tauMinus, cutOff } = window;
  if (cutOff !== Infinity) throw new ParameterError(`cutOff must be Infinity for traces (got ${cutOff})`);
  for (const times of [pre, post])
    if (!times.every((t, k) => t >= (k > 0 ? times[k - 1] : -Infinity)))
      throw new ParameterError('spike times must be numbers in ascending order');
  let [w, x, y] = [0, 0, 0]; // strength gained, presynaptic trace, postsynaptic trace
  let now = -Infinity;
  let [i, j] = [0, 0];
  while (i < pre.length || j < post.length) {
    const next = Math.min(i < pre.length ? pre[i] : Infinity, j < post.length ? post[j] : Infinity);
    const elapsed = next - now;
    x *= Math.exp(-elapsed / tauPlus);
    y *= Math.exp(-elapsed / tauMinus);
    now = next;
    // spikes at the same time are no pair: all of them read before any of them writes
    let [fromPre, fromPost] = [0, 0];
    for (; pre[i] < now + SAME; i++) fromPre++;
    for (; post[j] < now + SAME; j++) fromPost++;
    w += aPlus * x * fromPost - aMinus * y * fromPre;
    if (fromPre > 0) x = pairs === 'all' ? x + fromPre : fromPre;
    if (fromPost > 0) y = pairs === 'all' ? y + fromPost : fromPost;
  }
  return w;
}

/** What is repeated: a pair, or a triplet, whose third spike comes from the neuron that fired first. */
export type Motif = 'pair' | 'pre–post–pre' | 'post–pre–post';
export const motifs: readonly Motif[] = ['pair', 'pre–post–pre', 'post–pre–post'];

export interface Pairing {
  readonly motif: Motif;
  /** t(post) − t(pre) of the first two spikes, ms; in a triplet the sign is given by the motif and only the size counts */
  readonly dt: number;
  /** from the second to the third spike of a triplet, ms, > 0 */
  readonly gap: number;
  /** number of repetitions, whole, ≥ 1 */
  readonly repeats: number;
  /** repetitions a second, Hz, > 0 */
  readonly frequency: number;
}

/** The spikes of one motif, ms, from its presynaptic (pair) or its first spike. */
function motifSpikes({ motif, dt, gap }: Pairing): {
  readonly pre: readonly number[];
  readonly post: readonly number[];
} {
  const first = Math.abs(dt);
  if (motif === 'pair') return { pre: [0], post: [dt] };
  return motif === 'pre–post–pre' ? { pre: [0, first + gap], post: [first] } : { pre: [first], post: [0, first + gap] };
}

/** The spike trains of a protocol. */
export function protocol(pairing: Pairing): SpikeTrains {
  const { pre, post } = motifSpikes(pairing);
  const { repeats, frequency } = pairing;
  const train = (times: readonly number[]): Float64Array =>
    Float64Array.from({ length: repeats * times.length }, (_, i) => {
      const repetition = Math.floor(i / times.length);
      return (1000 * repetition) / frequency + times[i % times.length];
    }).sort(); // a motif may be longer than the period
  return { pre: train(pre), post: train(post) };
}

/**
 * Change after a protocol, all pairs counted, in closed form: a pair of spikes of the motif that are Δ apart meets itself
 * n times, and its copies k periods T later or earlier n − k times, Σₖ (n − k) [W(Δ + kT) + W(Δ − kT)].
 */
export function protocolChange(window: StdpWindow, pairing: Pairing): number {
  const { repeats: n, frequency } = pairing;
  const { pre, post } = motifSpikes(pairing);
  let change = 0;
  for (const tPre of pre)
    for (const tPost of post) {
      const dt = tPost - tPre;
      change += n * pairChange(window, dt);
      for (let k = 1; k < n; k++) {
        const shift = (1000 * k) / frequency;
        change += (n - k) * (pairChange(window, dt + shift) + pairChange(window, dt - shift));
      }
    }
  return change;
}

/**
 * Change of strength a second by independent Poisson spikes, all pairs counted: r(pre) r(post) times the difference of the
 * areas.
 * @param preRate Hz, ≥ 0
 * @param postRate Hz, ≥ 0
 */
export function drift(window: StdpWindow, preRate: number, postRate: number): number {
  const { potentiation, depression } = areas(window);
  return (preRate * postRate * (potentiation - depression)) / 1000; // Hz × Hz × ms
}
