import { ParameterError } from '../math/errors';
import { checkLeaky, checkPositive, type Leaky } from './leaky';
import { heap, type Room } from './room';

/**
 * Leaky integrate-and-fire neurons that move on together by one time step. A population does not know who drives it: it
 * is given its input and says who spiked. Input arrives at the end of the step, spikes are found there too.
 */
export interface Population {
  /** number of neurons */
  readonly size: number;
  /** how many kinds of synapses it has */
  readonly channels: number;
  /** membrane potentials, mV; may be read and set between steps */
  readonly V: Float64Array;
  /** for each neuron how many more steps it is refractory */
  readonly waiting: Int32Array;
  /**
   * One step.
   * @param input what arrives through each kind of synapse, one number a neuron; read and set to 0
   * @param spikes receives the numbers of the neurons that spike, ascending; room for all
   * @returns how many spiked
   */
  step(input: readonly Float64Array[], spikes: Int32Array): number;
  /** Back to the start: no spikes yet, all synapses closed. */
  restart(): void;
}

/** A population that is yet to be made. */
export interface PopulationModel {
  readonly size: number;
  readonly channels: number;
  /**
   * Neurons at their start.
   * @param dt time step, ms
   * @param room where their arrays go; by default anywhere
   * @throws {ParameterError} for a time step that is not positive or that does not divide the refractory time
   */
  create(dt: number, room?: Room): Population;
}

export interface PopulationOptions {
  readonly size: number;
  readonly neuron: Leaky;
  /** constant input of all neurons or of each one, mV; default 0 */
  readonly current?: number | Float64Array;
  /** V at the start, mV; default rest */
  readonly start?: number | Float64Array;
}

/** What all kinds share: the exact decay of the membrane over a step. */
interface Membranes {
  readonly V: Float64Array;
  readonly waiting: Int32Array;
  /** where V goes under the constant input, mV */
  readonly target: Float64Array;
  /** refractory time in steps */
  readonly pause: number;
  readonly decay: number;
  restart(): void;
}

/** The largest population. */
const LARGEST = 2 ** 24;

/** @throws {ParameterError} for sizes or arrays that don't fit */
function check({ size, neuron, current = 0, start = neuron.rest }: PopulationOptions): void {
  checkLeaky(neuron);
  if (!(Number.isInteger(size) && size >= 1 && size <= LARGEST))
    throw new ParameterError(`size must be a whole number between 1 and ${LARGEST} (got ${size})`);
  for (const [name, value] of [
    ['current', current],
    ['start', start],
  ] as const) {
    const given = typeof value === 'number' ? [value] : value;
    if (typeof value !== 'number' && value.length !== size)
      throw new ParameterError(
        `${name} must be one number or one for each of the ${size} neurons (got ${value.length})`,
      );
    if (!given.every(Number.isFinite)) throw new ParameterError(`${name} must be finite numbers of mV`);
  }
}

function membranes(
  { size, neuron, current = 0, start = neuron.rest }: PopulationOptions,
  dt: number,
  room: Room,
): Membranes {
  checkPositive('dt', dt, 'ms');
  const pause = wholeSteps('refractory', neuron.refractory, dt);
  const V = room.float64(size);
  const waiting = room.int32(size);
  const target = room.float64(size);
  for (let i = 0; i < size; i++) target[i] = neuron.rest + (typeof current === 'number' ? current : current[i]);
  const restart = (): void => {
    waiting.fill(0);
    if (typeof start === 'number') V.fill(start);
    else V.set(start);
  };
  restart();
  return { V, waiting, target, pause, decay: Math.exp(-dt / neuron.tau), restart };
}

/**
 * A time as a number of steps.
 * @throws {ParameterError} unless it is a multiple of dt to 1e-6 of a step: nothing is rounded in silence
 */
export function wholeSteps(name: string, time: number, dt: number): number {
  const steps = Math.round(time / dt);
  if (!(Math.abs(time / dt - steps) < 1e-6 && steps >= 0 && steps < 2 ** 31))
    throw new ParameterError(`${name} must be a multiple of the time step of ${dt} ms (got ${time} ms)`);
  return steps;
}

/**
 * Synapses that move V at once, by the weight in mV (Brunel 2000). Exact at any dt: between inputs V relaxes
 * exponentially. What arrives while a neuron is refractory is lost.
 */
export function jumpPopulation(options: PopulationOptions): PopulationModel {
  check(options);
  const { size, neuron } = options;
  const shape = { size, channels: 1 };
  return {
    ...shape,
    create(dt, room = heap) {
      const { V, waiting, target, pause, decay, restart } = membranes(options, dt, room);
      const { threshold, reset } = neuron;
      const kernel = room.kernel;
      if (kernel)
        return {
          ...shape,
          V,
          waiting,
          restart,
          step: ([{ byteOffset: input }], { byteOffset: spikes }) =>
            kernel.jumpStep(
              V.byteOffset,
              waiting.byteOffset,
              target.byteOffset,
              input,
              spikes,
              size,
              decay,
              threshold,
              reset,
              pause,
            ),
        };
      return {
        ...shape,
        V,
        waiting,
        restart,
        step: ([jump], spikes) => {
          let count = 0;
          for (let i = 0; i < size; i++) {
            const input = jump[i];
            jump[i] = 0;
            if (waiting[i] > 0) waiting[i]--;
            else {
              const v = target[i] + (V[i] - target[i]) * decay + input;
              if (v >= threshold) {
                V[i] = reset;
                waiting[i] = pause;
                spikes[count++] = i;
              } else V[i] = v;
            }
          }
          return count;
        },
      };
    },
  };
}

/**
 * Synapses whose current decays exponentially: a spike of weight w (mV) adds w to the input μ(t), which decays with the
 * channel's time constant. Exact at any dt (Rotter and Diesmann, Biol Cybern 81:381, 1999). The currents flow on while
 * a neuron is refractory.
 * @param taus decay time of each channel, ms
 */
export function currentPopulation(options: PopulationOptions, taus: readonly number[]): PopulationModel {
  check(options);
  for (const tau of taus) checkPositive('the decay time of a synapse', tau, 'ms');
  const { size, neuron } = options;
  const shape = { size, channels: taus.length };
  return {
    ...shape,
    create(dt, room = heap) {
      const { V, waiting, target, pause, decay, restart } = membranes(options, dt, room);
      const keep = taus.map((tau) => Math.exp(-dt / tau));
      const gain = taus.map((tau) => response(neuron.tau, tau, dt));
      const flowing = taus.map(() => new Float64Array(size));
      return {
        ...shape,
        V,
        waiting,
        restart() {
          restart();
          for (const current of flowing) current.fill(0);
        },
        step(input, spikes) {
          let count = 0;
          for (let i = 0; i < size; i++) {
            let v = target[i] + (V[i] - target[i]) * decay;
            for (let c = 0; c < keep.length; c++) {
              const current = flowing[c];
              v += gain[c] * current[i];
              current[i] = keep[c] * current[i] + input[c][i];
              input[c][i] = 0;
            }
            if (waiting[i] > 0) waiting[i]--;
            else if (v >= neuron.threshold) {
              V[i] = neuron.reset;
              waiting[i] = pause;
              spikes[count++] = i;
            } else V[i] = v;
          }
          return count;
        },
      };
    },
  };
}

/** What a synaptic input of 1 mV at the start of a step has added to V at its end. The limit of equal time constants is dt/τ e^(−dt/τ). */
function response(tau: number, tauSynapse: number, dt: number): number {
  const difference = dt * (1 / tau - 1 / tauSynapse);
  const mean = difference === 0 ? 1 : Math.expm1(difference) / difference;
  return (dt / tau) * Math.exp(-dt / tau) * mean;
}

/** A kind of synapse that opens channels. */
export interface Conductance {
  /** decay time, ms */
  readonly tau: number;
  /** reversal potential, mV */
  readonly reversal: number;
}

/**
 * Synapses that open conductances, τ dV/dt = rest − V + μ − Σ g_c(t) (V − E_c), with g in units of the leak; a spike of
 * weight w adds w to g. The conductances decay exactly; V relaxes under their mean over the step, which is exact for
 * constant conductances and of second order in dt otherwise.
 */
export function conductancePopulation(options: PopulationOptions, kinds: readonly Conductance[]): PopulationModel {
  check(options);
  const { size, neuron } = options;
  const shape = { size, channels: kinds.length };
  for (const { tau, reversal } of kinds) {
    checkPositive('the decay time of a synapse', tau, 'ms');
    if (!Number.isFinite(reversal))
      throw new ParameterError(`reversal must be a finite number of mV (got ${reversal})`);
  }
  return {
    ...shape,
    create(dt, room = heap) {
      const { V, waiting, target, pause, restart } = membranes(options, dt, room);
      const keep = kinds.map(({ tau }) => Math.exp(-dt / tau));
      const mean = kinds.map(({ tau }) => (-tau / dt) * Math.expm1(-dt / tau));
      const open = kinds.map(() => new Float64Array(size));
      return {
        ...shape,
        V,
        waiting,
        restart() {
          restart();
          for (const conductance of open) conductance.fill(0);
        },
        step(input, spikes) {
          let count = 0;
          for (let i = 0; i < size; i++) {
            let total = 1;
            let drive = target[i];
            for (let c = 0; c < keep.length; c++) {
              const conductance = open[c];
              const average = mean[c] * conductance[i];
              total += average;
              drive += average * kinds[c].reversal;
              conductance[i] = keep[c] * conductance[i] + input[c][i];
              input[c][i] = 0;
            }
            if (waiting[i] > 0) waiting[i]--;
            else {
              const end = drive / total;
              const v = end + (V[i] - end) * Math.exp((-dt * total) / neuron.tau);
              if (v >= neuron.threshold) {
                V[i] = neuron.reset;
                waiting[i] = pause;
                spikes[count++] = i;
              } else V[i] = v;
            }
          }
          return count;
        },
      };
    },
  };
}
