import { DivergenceError, ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';
import { createRun, type Run } from '../math/run';
import { checkPattern, type Pattern, type Sparse } from '../math/sparse';
import { checkPositive } from './leaky';
import { lanes, type PoissonTable, poissonTable } from './poisson-drive';
import { type Population, type PopulationModel, wholeSteps } from './populations';
import { deliveryIn, drivingIn, patternBytes, roomFor } from './room';

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
  /** Back to the start, with no spike on its way. The drives go on: another trial with new noise. */
  restart(): void;
}

export interface NetworkParts {
  /** time step, ms */
  readonly dt: number;
  readonly populations: readonly PopulationModel[];
  readonly projections?: readonly Projection[];
  readonly drives?: readonly Drive[];
}

/** Steps between two looks at the clock. */
const CHUNK = 50;

/**
 * Connects populations.
 * @throws {ParameterError} where a projection does not fit its populations or a time is no whole number of steps
 */
export function createNetwork({ dt, populations: models, projections = [], drives = [] }: NetworkParts): Network {
  checkPositive('dt', dt, 'ms');
  if (models.length === 0) throw new ParameterError('populations must not be empty');
  const delays = projections.map((p) => checkProjection(p, models, dt));
  const tables = drives.map((d) => checkDrive(d, models, dt));
  const slots = 1 + delays.reduce((most, steps) => Math.max(most, steps), 0);

  const room = roomFor([
    ...models.flatMap(({ size, channels }) => [
      8 * size,
      8 * size,
      4 * size,
      4 * size,
      ...repeat(slots * channels, 8 * size),
    ]),
    ...projections.flatMap(({ targets }) => patternBytes(targets)),
    ...tables.flatMap(({ cells }) => [cells.byteLength, STATE_BYTES]),
  ]);
  const populations = models.map((model) => model.create(dt, room));
  // ring[slot][population][channel]: the input of one step
  const ring = repeat(slots, 0).map(() =>
    models.map(({ size, channels }) => repeat(channels, 0).map(() => room.float64(size))),
  );
  const lists = models.map(({ size }) => room.int32(size));
  const deliver = projections.map(({ targets }) => deliveryIn(room, targets));
  const drive = drives.map(({ random }, k) => drivingIn(room, tables[k], lanes(random)));
  const counts = models.map(() => 0);
  const total = models.map(() => 0);
  let done = 0;

  const step = (recorder?: Recorder): void => {
    const now = ring[done % slots];
    for (let k = 0; k < drives.length; k++) {
      const { to, channel = 0, weight } = drives[k];
      drive[k](weight, now[to][channel]);
    }
    for (let p = 0; p < populations.length; p++) counts[p] = populations[p].step(now[p], lists[p]);
    for (let k = 0; k < projections.length; k++) {
      const { from, to, channel = 0, weight } = projections[k];
      deliver[k](lists[from], counts[from], weight, ring[(done + delays[k]) % slots][to][channel]);
    }
    done++;
    for (let p = 0; p < populations.length; p++) {
      total[p] += counts[p];
      recorder?.record(done, p, lists[p], counts[p]);
    }
  };

  return {
    dt,
    populations,
    get steps() {
      return done;
    },
    spikes: total,
    step,
    restart() {
      for (const population of populations) population.restart();
      for (const input of ring.flat(2)) input.fill(0);
      total.fill(0);
      done = 0;
    },
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

const STATE_BYTES = 64;

const repeat = (n: number, value: number): number[] => new Array<number>(n).fill(value);

function checkDrive(
  { to, channel, rate, weight }: Drive,
  models: readonly PopulationModel[],
  dt: number,
): PoissonTable {
  checkChannel(models, to, channel);
  if (!(rate >= 0 && rate < Infinity)) throw new ParameterError(`rate must be at least 0 Hz (got ${rate})`);
  if (!Number.isFinite(weight)) throw new ParameterError(`weight must be finite (got ${weight})`);
  return poissonTable((rate * dt) / 1000);
}

/** @returns the delay in steps */
function checkProjection(p: Projection, populations: readonly PopulationModel[], dt: number): number {
  checkChannel(populations, p.to, p.channel);
  checkPopulation('from', p.from, populations);
  const [from, to] = [populations[p.from].size, populations[p.to].size];
  if (p.targets.rows !== from || p.targets.cols !== to)
    throw new ParameterError(
      `targets must be ${from} senders x ${to} receivers (got ${p.targets.rows} x ${p.targets.cols})`,
    );
  checkPattern('targets', p.targets);
  if (!Number.isFinite(p.weight)) throw new ParameterError(`weight must be finite (got ${p.weight})`);
  const delaySteps = wholeSteps('delay', p.delay, dt);
  if (delaySteps < 1) throw new ParameterError(`delay must be at least one time step of ${dt} ms (got ${p.delay} ms)`);
  return delaySteps;
}

function checkChannel(populations: readonly PopulationModel[], to: number, channel: number = 0): void {
  checkPopulation('to', to, populations);
  const { channels } = populations[to];
  if (!(Number.isInteger(channel) && channel >= 0 && channel < channels))
    throw new ParameterError(`channel must be a whole number between 0 and ${channels - 1} (got ${channel})`);
}

function checkPopulation(name: string, number: number, { length }: readonly PopulationModel[]): void {
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
  let step: Int32Array = new Int32Array(1024);
  let neuron: Int32Array = new Int32Array(1024);
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
