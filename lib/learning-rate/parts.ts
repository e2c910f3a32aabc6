import type { Rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { type Drift, unitVector, wanderer } from './learning';
import type { Sampled } from './sampling';
import { needLength, type Student } from './student';
import { needPlasticity, type Plasticity } from './theory';

/** One step in its three parts, each of length N, and where it began. */
export interface Parts {
  readonly from: Float64Array;
  /** −γ1 T ĝ */
  readonly relevant: Float64Array;
  /** γ2 T n̂2 */
  readonly irrelevant: Float64Array;
  /** γ3 √(NT) n̂3 */
  readonly noise: Float64Array;
}

/** The steps of `learn`, with the same streams of `random`, taken apart: for a picture. */
export function stepParts(
  student: Student,
  start: Float64Array,
  plasticity: Plasticity,
  drift: Drift,
  cycles: number,
  random: Rng,
): Parts[] {
  needPlasticity(plasticity);
  needLength('start', start, student.synapses);
  const { gamma1, gamma2, gamma3, interval: T } = plasticity;
  const N = student.synapses;
  const noise = random.stream('noise');
  const [g, n2, n3] = Array.from({ length: 3 }, () => new Float64Array(N));
  const wander = wanderer(drift, random.stream('task-irrelevant'), n2);
  let from = start.slice();
  return Array.from({ length: cycles }, () => {
    student.gradient(from, g);
    const size = Math.hypot(...g);
    wander();
    unitVector(noise, n3);
    const parts = {
      from,
      relevant: g.map((slope) => (size > 0 ? (-gamma1 * T * slope) / size : 0)),
      irrelevant: n2.map((x) => gamma2 * T * x),
      noise: n3.map((x) => gamma3 * Math.sqrt(N * T) * x),
    };
    from = from.map((w, i) => w + parts.relevant[i] + parts.irrelevant[i] + parts.noise[i]);
    return parts;
  });
}

/**
 * How n̂2 of one cycle correlates with itself some cycles later: (memory / √(memory² + fresh²))^lag, for many synapses; with
 * N of them normalising changes it by about 1/N.
 */
export function driftCorrelation({ fresh, memory }: Drift, lag: number): number {
  return (memory / Math.hypot(memory, fresh)) ** lag;
}

/** Cycles in a block of a measured correlation: blocks count as independent. */
const BLOCK = 100;

/**
 * The same, measured.
 * @param blocks of 100 cycles each, 2 or more
 * @returns for lags 0 to `most`, the mean of n̂2(t)·n̂2(t + lag), with a standard error over the blocks
 */
export function measuredCorrelation(drift: Drift, synapses: number, most: number, blocks: number, rng: Rng): Sampled[] {
  const n2 = new Float64Array(synapses);
  const wander = wanderer(drift, rng, n2);
  const path = Array.from({ length: blocks * BLOCK + most }, () => {
    wander();
    return n2.slice();
  });
  return Array.from({ length: most + 1 }, (_, lag) => {
    const means = Array.from({ length: blocks }, (_, b) =>
      mean(Array.from({ length: BLOCK }, (_, i) => inner(path[b * BLOCK + i], path[b * BLOCK + i + lag]))),
    );
    return { mean: mean(means), se: standardError(means) };
  });
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
