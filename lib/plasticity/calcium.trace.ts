/*
 * Calcium in a spine for any spikes, event by event: its course, and when it is above the thresholds.
 */
import { ParameterError } from '../math/errors';
import { type CalciumSynapse, checkSynapse, type Pairing } from './calcium';

/** Calcium that comes in: n jumps in the order of their times. */
export interface Influx {
  /** n times, ms, ascending */
  readonly times: Float64Array;
  /** n sizes, >= 0, in units of calcium */
  readonly sizes: Float64Array;
}

/** Stretches of time between which calcium passes a threshold, from the first jump on. */
export interface Stretches {
  /** n durations, ms */
  readonly durations: Float64Array;
  /** n numbers: how many thresholds calcium is above: 0, 1 (that of depression) or 2 (that of potentiation, too) */
  readonly levels: Uint8Array;
}

/**
 * The calcium of presynaptic and postsynaptic spikes at any times, ms.
 * @throws {ParameterError} if a time is not finite
 */
export function influx(synapse: CalciumSynapse, pre: ArrayLike<number>, post: ArrayLike<number>): Influx {
  const jumps = [
    ...Array.from(pre, (t) => ({ t: t + synapse.delay, size: synapse.cPre })),
    ...Array.from(post, (t) => ({ t, size: synapse.cPost })),
  ];
  const wrong = jumps.find(({ t }) => !Number.isFinite(t));
  if (wrong) throw new ParameterError(`influx: spike times must be finite (got ${wrong.t})`);
  jumps.sort((x, y) => x.t - y.t);
  return { times: Float64Array.from(jumps, ({ t }) => t), sizes: Float64Array.from(jumps, ({ size }) => size) };
}

/**
 * The calcium of pairs of spikes; the first presynaptic spike is at time 0.
 * @throws {ParameterError} if `pairs` is no whole number from 1 on, or the frequency not positive
 */
export function pairInflux(synapse: CalciumSynapse, { dt, pairs, frequency }: Pairing): Influx {
  if (!Number.isInteger(pairs) || pairs < 1)
    throw new ParameterError(`pairInflux: pairs must be a whole number from 1 on (got ${pairs})`);
  if (!(frequency > 0) || frequency === Infinity)
    throw new ParameterError(`pairInflux: frequency must be positive (got ${frequency})`);
  const pre = Float64Array.from({ length: pairs }, (_, k) => (1000 * k) / frequency);
  return influx(
    synapse,
    pre,
    pre.map((t) => t + dt),
  );
}

/**
 * Calcium at given times: the decaying remains of all jumps so far, those at that very moment included.
 * @param at m times, ms, ascending
 * @returns m values
 */
export function calciumAt({ tauCa }: CalciumSynapse, { times, sizes }: Influx, at: ArrayLike<number>): Float64Array {
  const out = new Float64Array(at.length);
  let c = 0;
  let now = -Infinity;
  for (let i = 0, j = 0; i < at.length; i++) {
    for (; j < times.length && times[j] <= at[i]; j++) {
      c = c * Math.exp((now - times[j]) / tauCa) + sizes[j];
      now = times[j];
    }
    out[i] = c * Math.exp((now - at[i]) / tauCa);
  }
  return out;
}

/**
 * When calcium is above no, one or both thresholds: the moments of passing are exact, from c = A e^{−t/τCa} after each
 * jump. Starts with the first jump and ends when calcium has sunk below both thresholds for good.
 * @throws {ParameterError} on impossible constants
 */
export function stretches(synapse: CalciumSynapse, { times, sizes }: Influx): Stretches {
  const { tauCa, thetaD, thetaP } = checkSynapse(synapse);
  const durations: number[] = [];
  const levels: number[] = [];
  const push = (duration: number, level: number): void => {
    if (duration <= 0) return;
    if (levels.at(-1) === level) durations[durations.length - 1] += duration;
    else {
      durations.push(duration);
      levels.push(level);
    }
  };
  let c = 0;
  for (let j = 0; j < times.length; j++) {
    c += sizes[j];
    const last = j === times.length - 1;
    const free = last ? Infinity : times[j + 1] - times[j];
    const aboveP = Math.min(free, Math.max(0, tauCa * Math.log(c / thetaP)));
    const aboveD = Math.min(free, Math.max(0, tauCa * Math.log(c / thetaD)));
    push(aboveP, 2);
    push(aboveD - aboveP, 1);
    if (!last) push(free - aboveD, 0);
    c *= Math.exp(-free / tauCa);
  }
  return { durations: Float64Array.from(durations), levels: Uint8Array.from(levels) };
}
