import { DivergenceError, ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { createRun, type Run } from '../math/run';
import { addRows, entries, type Pattern, type Sparse } from '../math/sparse';
import { addPoisson, lanes, poissonTable } from './poisson-drive';
import { type Population, wholeSteps } from './populations';

/*
 * A network of spiking populations in fixed time steps. Spikes travel for a whole number of steps: each population has a
 * ring of input arrays, one for each step to come, into which its projections write ahead. A step allocates nothing.
 */

/** Synapses from one population to another, all with the same delay. */
export interface Projection {
  /** number of the sending population, and of the receiving one */
  readonly from: number;
  readonly to: number;
  /** which kind of synapse of the receiving population; default 0 */
  readonly channel?: number;
  /** the targets of each neuron: senders × receivers, the transpose of the weights W (post × pre) */
  readonly targets: Pattern | Sparse;
  /** multiplies the values of `targets`; alone, the weight of all its synapses. Unit of the channel */
  readonly weight: number;
  /** ms, at least one time step */
  readonly delay: number;
}

/** Independent Poisson spikes from outside, for every neuron of a population. */
export interface Drive {
  /** number of the population */
  readonly to: number;
  /** kind of synapse; default 0 */
  readonly channel?: number;
  /** of all inputs of one neuron together, Hz */
  readonly rate: number;
  /** unit of the channel */
  readonly weight: number;
  readonly random: Rng;
}

/** Sees the spikes of each step. */
export interface Recorder {
  /**
   * @param step number of the step, 1 for the first: the spikes happen at step × dt
   * @param population number of the population
   * @param spikes the first `count` are the neurons that spiked, ascending; valid during the call only
   */
  record(step: number, population: number, spikes: Int32Array, count: number): void;
}

export interface Network {
  /** ms */
  readonly dt: number;
  readonly populations: readonly Population[];
  /** steps done so far */
  readonly steps: number;
  /** spikes of each population so far */
  readonly spikes: readonly number[];
  /** One step of all populations. */
  step(recorder?: Recorder): void;
  /**
   * Many steps, with progress.
   * @param duration ms, a multiple of dt
   * @throws {DivergenceError} if a potential has left the finite numbers
   */
  run(duration: number, recorder?: Recorder, run?: Run): Promise<void>;
}

export interface NetworkParts {
  readonly populations: readonly Population[];
  readonly projections?: readonly Projection[];
  readonly drives?: readonly Drive[];
}

/** Steps between two looks at the clock. */
const CHUNK = 50;

/**
 * Connects populations.
 * @throws {ParameterError} where a projection does not fit its populations, time steps differ, or a delay is no whole number of steps
 */
export function createNetwork({ populations, projections = [], drives = [] }: NetworkParts): Network {
  const { dt } = populations[0] ?? { dt: Number.NaN };
  for (const { dt: other } of populations)
    if (other !== dt) throw new ParameterError(`dt must be the same for all populations (got ${dt} and ${other} ms)`);
  if (populations.length === 0) throw new ParameterError('populations must not be empty');
  const ways = projections.map((p) => checkProjection(p, populations, dt));
  const sources = drives.map((d) => {
    const channel = checkChannel(populations, d.to, d.channel);
    if (!(d.rate >= 0 && d.rate < Infinity)) throw new ParameterError(`rate must be at least 0 Hz (got ${d.rate})`);
    if (!Number.isFinite(d.weight)) throw new ParameterError(`weight must be finite (got ${d.weight})`);
    return { ...d, channel, table: poissonTable((d.rate * dt) / 1000), state: lanes(d.random) };
  });
  const slots = 1 + ways.reduce((most, { delaySteps }) => Math.max(most, delaySteps), 0);
  // ring[slot][population][channel]: the input of one step
  const ring = Array.from({ length: slots }, () =>
    populations.map(({ size, channels }) => Array.from({ length: channels }, () => new Float64Array(size))),
  );
  const lists = populations.map(({ size }) => new Int32Array(size));
  const counts = populations.map(() => 0);
  let done = 0;

  const step = (recorder?: Recorder): void => {
    const now = ring[done % slots];
    for (const { to, channel, weight, table, state } of sources) addPoisson(table, state, weight, now[to][channel]);
    for (let p = 0; p < populations.length; p++) counts[p] = populations[p].step(now[p], lists[p]);
    for (const { from, to, channel, targets, weight, delaySteps } of ways)
      addRows(targets, lists[from], counts[from], weight, ring[(done + delaySteps) % slots][to][channel]);
    done++;
    for (let p = 0; p < populations.length; p++) {
      total[p] += counts[p];
      recorder?.record(done, p, lists[p], counts[p]);
    }
  };
  const total = populations.map(() => 0);

  return {
    dt,
    populations,
    get steps() {
      return done;
    },
    spikes: total,
    step,
    async run(duration, recorder, run = createRun()) {
      const steps = wholeSteps('duration', duration, dt);
      for (let s = 1; s <= steps; s++) {
        step(recorder);
        if (s % CHUNK === 0 || s === steps) {
          checkFinite(populations, done * dt);
          await run.progress(s / steps, 'simulating');
        }
      }
    },
  };
}

function checkProjection(
  p: Projection,
  populations: readonly Population[],
  dt: number,
): Projection & { readonly channel: number; readonly delaySteps: number } {
  const channel = checkChannel(populations, p.to, p.channel);
  checkPopulation('from', p.from, populations);
  const [from, to] = [populations[p.from].size, populations[p.to].size];
  if (p.targets.rows !== from || p.targets.cols !== to)
    throw new ParameterError(
      `targets must be ${from} senders x ${to} receivers (got ${p.targets.rows} x ${p.targets.cols})`,
    );
  if (p.targets.index.length < entries(p.targets)) throw new ParameterError('targets are incomplete');
  if (!Number.isFinite(p.weight)) throw new ParameterError(`weight must be finite (got ${p.weight})`);
  const delaySteps = wholeSteps('delay', p.delay, dt);
  if (delaySteps < 1) throw new ParameterError(`delay must be at least one time step of ${dt} ms (got ${p.delay} ms)`);
  return { ...p, channel, delaySteps };
}

function checkChannel(populations: readonly Population[], to: number, channel: number = 0): number {
  checkPopulation('to', to, populations);
  const { channels } = populations[to];
  if (!(Number.isInteger(channel) && channel >= 0 && channel < channels))
    throw new ParameterError(`channel must be a whole number between 0 and ${channels - 1} (got ${channel})`);
  return channel;
}

function checkPopulation(name: string, number: number, { length }: readonly Population[]): void {
  if (!(Number.isInteger(number) && number >= 0 && number < length))
    throw new ParameterError(`${name} must be a whole number between 0 and ${length - 1} (got ${number})`);
}

function checkFinite(populations: readonly Population[], time: number): void {
  populations.forEach(({ V }, p) => {
    if (!V.every(Number.isFinite))
      throw new DivergenceError(
        `V of population ${p}`,
        `${Number(time.toPrecision(6))} ms`,
        'the weights are too large, or an input was not a number',
      );
  });
}

/** All spikes in the order of time, as two lists of the same length. */
export interface Raster {
  /** step at which each spike happened, 1 for the first step */
  readonly step: Int32Array;
  readonly neuron: Int32Array;
}

/**
 * Keeps the spikes of one population.
 * @param population its number
 * @param first keep neurons 0 to first − 1 only; default all
 */
export function spikeRecorder(population: number = 0, first: number = Infinity): Recorder & { raster(): Raster } {
  let step = new Int32Array(1024);
  let neuron = new Int32Array(1024);
  let kept = 0;
  const grown = (a: Int32Array): Int32Array => {
    const out = new Int32Array(2 * a.length);
    out.set(a);
    return out;
  };
  return {
    record(at, from, spikes, count) {
      if (from !== population) return;
      for (let s = 0; s < count && spikes[s] < first; s++) {
        if (kept === step.length) {
          step = grown(step);
          neuron = grown(neuron);
        }
        step[kept] = at;
        neuron[kept++] = spikes[s];
      }
    },
    raster: () => ({ step: step.slice(0, kept), neuron: neuron.slice(0, kept) }),
  };
}

/**
 * Counts the spikes of one population in bins of time.
 * @param width of a bin, in steps
 * @param bins how many; later spikes are not counted
 */
export function countRecorder(
  width: number,
  bins: number,
  population: number = 0,
): Recorder & { readonly counts: Int32Array } {
  if (!(Number.isInteger(width) && width >= 1))
    throw new ParameterError(`width must be at least 1 step (got ${width})`);
  const counts = new Int32Array(bins);
  return {
    counts,
    record(step, from, _spikes, count) {
      const bin = Math.floor((step - 1) / width);
      if (from === population && bin < bins) counts[bin] += count;
    },
  };
}

/** Hands the spikes to several recorders. */
export function recorders(...all: readonly Recorder[]): Recorder {
  return {
    record(step, population, spikes, count) {
      for (const one of all) one.record(step, population, spikes, count);
    },
  };
}
