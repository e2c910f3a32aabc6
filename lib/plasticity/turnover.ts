import { ParameterError } from '../math/errors';
import { expm, type Matrix, matrix, matvec } from '../math/linear-algebra';
import type { Rng } from '../math/rng';
import { logChoose } from '../math/special';

/**
 * What survives when synapses are rebuilt. A memory is a list of bits, each written as +1 or −1 into several synapses that
 * agree. Every synapse is replaced at a rate k; who writes the new one decides how long the memory lasts. All of this is a
 * cartoon of ours, made to be measured.
 */
export interface Remodelling {
  /** k, replacements of a synapse a day, ≥ 0 */
  readonly turnover: number;
  /** c, probability that a new synapse is written by the writer; otherwise it is random; 0 to 1 */
  readonly fidelity: number;
  /** R, synapses a bit; odd, so that their majority is never a tie */
  readonly copies: number;
  /** φ, share of all synapses that one great event replaces at once, all at random; 0 to 1 */
  readonly rebuilt: number;
  /** day of that event */
  readonly event: number;
}

/** Who writes new synapses: nobody, the majority of the bit's own synapses, or a store outside the synapses. */
export type Writer = 'nobody' | 'majority' | 'store';
export const writers: readonly Writer[] = ['nobody', 'majority', 'store'];

function checked(model: Remodelling): void {
  const { copies } = model;
  if (!(Number.isInteger(copies) && copies >= 1 && copies % 2 === 1))
    throw new ParameterError(`copies must be odd and at least 1 (got ${copies})`);
}

/** Probability that a new synapse is right, when `right` of the bit's synapses are. */
function chance({ fidelity, copies }: Remodelling, writer: Writer, right: number): number {
  const good = writer === 'store' ? 1 : writer === 'majority' ? Math.sign(2 * right - copies) : 0;
  return (1 + fidelity * good) / 2;
}

/** Change a day of the probabilities that n = 0 … R of a bit's synapses are right: a birth–death process. */
function generator(model: Remodelling, writer: Writer): Matrix {
  const { turnover, copies } = model;
  const size = copies + 1;
  const g = matrix(size, size);
  for (let n = 0; n <= copies; n++) {
    // the replaced synapse counts in the majority: it is read before it goes
    const q = chance(model, writer, n);
    const up = turnover * (copies - n) * q;
    const down = turnover * n * (1 - q);
    if (n < copies) g.data[(n + 1) * size + n] = up;
    if (n > 0) g.data[(n - 1) * size + n] = down;
    g.data[n * size + n] = -up - down;
  }
  return g;
}

const binomial = (n: number, k: number, p: number): number =>
  p === 0 || p === 1 ? Number(k === n * p) : Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));

/** The great event: each right synapse stays right with 1 − φ/2, each wrong one becomes right with φ/2. */
function rebuild({ copies, rebuilt }: Remodelling, p: Float64Array): Float64Array {
  const after = new Float64Array(copies + 1);
  for (let n = 0; n <= copies; n++)
    for (let kept = 0; kept <= n; kept++)
      for (let gained = 0; gained <= copies - n; gained++)
        after[kept + gained] += p[n] * binomial(n, kept, 1 - rebuilt / 2) * binomial(copies - n, gained, rebuilt / 2);
  return after;
}

/** Memory on one day. */
export interface Remembered {
  /** day; at the event, the first of two rows with this day is before it */
  readonly day: number;
  /** overlap of the synapses with what was learned: 1 intact, 0 gone */
  readonly overlap: number;
  /** standard deviation of the overlap of one bit */
  readonly sd: number;
}

/**
 * Overlap day by day, from the probabilities of the birth–death process.
 * @param days the last day, whole
 * @throws {ParameterError} for an even number of copies
 */
export function expectedOverlap(model: Remodelling, writer: Writer, days: number): Remembered[] {
  checked(model);
  const { copies, event } = model;
  const oneDay = expm(generator(model, writer));
  let p: Float64Array = new Float64Array(copies + 1);
  p[copies] = 1;
  const course: Remembered[] = [];
  const note = (day: number): void => {
    let [mean, square] = [0, 0];
    for (let n = 0; n <= copies; n++) {
      const overlap = (2 * n) / copies - 1;
      mean += p[n] * overlap;
      square += p[n] * overlap * overlap;
    }
    course.push({ day, overlap: mean, sd: Math.sqrt(Math.max(0, square - mean * mean)) });
  };
  for (let day = 0; day <= days; day++) {
    if (day > 0) p = matvec(oneDay, p);
    note(day);
    if (day !== event) continue;
    p = rebuild(model, p);
    note(day);
  }
  return course;
}

/** Overlap in closed form where bits don't matter: without a writer e^(−kt), with a store c + (1 − c) e^(−kt). */
export function linearOverlap({ turnover, fidelity }: Remodelling, writer: 'nobody' | 'store', day: number): number {
  const kept = Math.exp(-turnover * day);
  return writer === 'store' ? fidelity + (1 - fidelity) * kept : kept;
}

/** Overlap of what thresholds hold: synapses come and go beneath it, and it fades by itself. @param retention days */
export function excitabilityOverlap(retention: number, day: number): number {
  return Math.exp(-day / retention);
}

/** Simulates the synapses themselves, replacement by replacement. @returns overlap at the days of `expectedOverlap` */
export function simulateOverlap(
  model: Remodelling,
  writer: Writer,
  { days, bits }: { readonly days: number; readonly bits: number },
  noise: Rng,
): Remembered[] {
  checked(model);
  const { turnover, fidelity, copies, rebuilt, event } = model;
  // synapse by synapse, +1 where it is still as it was written: the bits themselves don't matter then
  const synapses = new Int8Array(bits * copies).fill(1);
  const right = new Float64Array(bits).fill(copies);
  const replace = (i: number, value: number): void => {
    right[Math.floor(i / copies)] += (value - synapses[i]) / 2;
    synapses[i] = value;
  };
  const random = (): number => (noise.bernoulli(0.5) ? 1 : -1);
  const course: Remembered[] = [];
  const note = (day: number): void => {
    let [sum, square] = [0, 0];
    for (const n of right) {
      const overlap = (2 * n) / copies - 1;
      sum += overlap;
      square += overlap * overlap;
    }
    const mean = sum / bits;
    course.push({ day, overlap: mean, sd: Math.sqrt(Math.max(0, square / bits - mean * mean)) });
  };
  for (let day = 0; day <= days; day++) {
    // the number of replacements of a day is Poisson, and each hits any synapse
    const replacements = day === 0 ? 0 : noise.poisson(turnover * synapses.length);
    for (let r = 0; r < replacements; r++) {
      const i = noise.integer(0, synapses.length - 1);
      const written = writer !== 'nobody' && noise.bernoulli(fidelity);
      const majority = 2 * right[Math.floor(i / copies)] > copies ? 1 : -1;
      replace(i, !written ? random() : writer === 'store' ? 1 : majority);
    }
    note(day);
    if (day !== event) continue;
    for (let i = 0; i < synapses.length; i++) if (noise.bernoulli(rebuilt)) replace(i, random());
    note(day);
  }
  return course;
}

/** Simulates thresholds that each forget at a random moment, day by day. @returns overlap at the days 0 … days */
export function simulateExcitability(
  retention: number,
  { days, neurons }: { readonly days: number; readonly neurons: number },
  noise: Rng,
): Remembered[] {
  const thresholds = new Int8Array(neurons).fill(1);
  const forgets = -Math.expm1(-1 / retention);
  return Array.from({ length: days + 1 }, (_, day) => {
    if (day > 0)
      for (let i = 0; i < neurons; i++) if (noise.bernoulli(forgets)) thresholds[i] = noise.bernoulli(0.5) ? 1 : -1;
    const overlap = thresholds.reduce((sum, t) => sum + t, 0) / neurons;
    return { day, overlap, sd: Math.sqrt(1 - overlap * overlap) };
  });
}
