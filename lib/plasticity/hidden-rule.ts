/**
 * A synapse whose rule of plasticity is hidden: experiments are all one can do with it. After the neuron with unknown
 * parameters in the exercises to *Neuronal Dynamics* (gerstner2014).
 */
import { DivergenceError, ParameterError } from '../math/errors';
import { type Rng, rng } from '../math/rng';
import {
  type Constants,
  drawConstants,
  type Model,
  model,
  type Pairs,
  type RuleName,
  ruleNames,
} from './hidden-rule.models';

export { type RuleName, ruleNames } from './hidden-rule.models';

/** Spikes of the input and of the neuron, in pairs at regular intervals. */
export interface PairProtocol {
  /** time of the neuron's spike minus time of the input's, ms, −200 to 200 */
  readonly dt: number;
  /** number of pairs, whole, 1 to 1000 */
  readonly pairs: number;
  /** pairs a second, Hz, 0.1 to 50 */
  readonly frequency: number;
}

/** Rates held for a while; where a rule wants spikes, they are independent Poisson trains. */
export interface DriveProtocol {
  /** rate of the input, Hz, 0 to 100 */
  readonly x: number;
  /** rate at which the neuron is held, Hz, 0 to 100; `free` lets it answer with y = w x, renewed every second */
  readonly y: number | 'free';
  /** s, 1 to 600; whole if the neuron is free */
  readonly duration: number;
}

/** Nothing fires. */
export interface RestProtocol {
  /** s, 1 to 10,000 */
  readonly duration: number;
}

/**
 * What can be done to a synapse. Each experiment goes on from where the last one left the synapse, and returns its measured
 * strength: 1 at the start, with an error of standard deviation `NOISE` that is new each time.
 * Each throws a `ParameterError` for what is out of range and leaves the synapse as it was.
 */
export interface HiddenSynapse {
  readonly pair: (protocol: PairProtocol) => number;
  /** @throws {DivergenceError} if a free neuron passes `FASTEST` */
  readonly drive: (protocol: DriveProtocol) => number;
  readonly rest: (protocol: RestProtocol) => number;
  /** Measures once more; the synapse stays as it is. */
  readonly measure: () => number;
  /** An untouched copy: the same rule and constants, other random numbers. */
  readonly fresh: () => HiddenSynapse;
}

/** Standard deviation of a measured strength. */
export const NOISE = 0.02;
/** No neuron fires faster, Hz. */
export const FASTEST = 500;

/** What is kept from the reader. The copies of a synapse share it. */
interface Secret {
  readonly rule: RuleName;
  readonly constants: Constants;
  readonly random: Rng;
  copies: number;
}
const secrets = new WeakMap<HiddenSynapse, Secret>();

/**
 * A synapse with one of the five rules, its constants drawn at random too.
 * @param options.seed whole number, 0 to 2^53 − 1
 * @throws {ParameterError} for any other seed
 */
export function hiddenSynapse({ seed }: { readonly seed: number }): HiddenSynapse {
  const random = rng(seed).stream('hidden rule');
  const rule = ruleNames[random.integer(0, ruleNames.length - 1)];
  return copy({ rule, constants: drawConstants(random.stream('constants')), random, copies: 0 });
}

function copy(secret: Secret): HiddenSynapse {
  const random = secret.random.stream(`copy ${secret.copies++}`);
  const noise = random.stream('measurements');
  const { start } = secret.constants.rate;
  const hidden: Model = model(secret.rule, secret.constants, random.stream('synapse'));
  const measure = (): number => hidden.strength() + noise.normal(0, NOISE);
  // Everything is read and checked before a rule sees it, so that no error comes from within one.
  const synapse: HiddenSynapse = Object.freeze({
    pair: (protocol: PairProtocol): number => {
      hidden.pair(checkPairs(protocol));
      return measure();
    },
    drive: (protocol: DriveProtocol): number => {
      const { x, y, duration } = checkDrive(protocol);
      if (y !== 'free') hidden.hold(x, y, duration);
      else
        for (let second = 0; second < duration; second++) {
          const response = start * hidden.strength() * x;
          if (response > FASTEST)
            throw new DivergenceError('y', `${second} s`, `above ${FASTEST} Hz nothing can be held; take a fresh copy`);
          hidden.hold(x, response, 1);
        }
      return measure();
    },
    rest: (protocol: RestProtocol): number => {
      hidden.hold(0, 0, within('rest', protocol, 'duration', 1, 10_000));
      return measure();
    },
    measure,
    fresh: () => copy(secret),
  });
  secrets.set(synapse, secret);
  return synapse;
}

/** A parameter of an experiment, if it is a number in its range. */
function within<T extends object>(
  experiment: string,
  given: T,
  name: keyof T & string,
  min: number,
  max: number,
): number {
  if (typeof given !== 'object' || given === null)
    throw new ParameterError(`${experiment}: takes one object with ${name} (got ${String(given)})`);
  const value: unknown = given[name];
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new ParameterError(`${experiment}: ${name} must be between ${min} and ${max} (got ${String(value)})`);
}

function checkPairs(protocol: PairProtocol): Pairs {
  const dt = within('pair', protocol, 'dt', -200, 200);
  const pairs = within('pair', protocol, 'pairs', 1, 1000);
  const frequency = within('pair', protocol, 'frequency', 0.1, 50);
  if (!Number.isInteger(pairs)) throw new ParameterError(`pair: pairs must be a whole number (got ${pairs})`);
  return { dt, pairs, frequency };
}

function checkDrive(protocol: DriveProtocol): DriveProtocol {
  const x = within('drive', protocol, 'x', 0, 100);
  const duration = within('drive', protocol, 'duration', 1, 600);
  const given: unknown = protocol.y;
  if (given === 'free') {
    if (!Number.isInteger(duration))
      throw new ParameterError(`drive: duration must be a whole number if y is free (got ${duration})`);
    return { x, y: given, duration };
  }
  if (typeof given === 'number' && given >= 0 && given <= 100) return { x, y: given, duration };
  throw new ParameterError(`drive: y must be between 0 and 100, or 'free' (got ${String(given)})`);
}

/** A prediction of a rule that a synapse breaks. */
export type Broken = 'nothing breaks' | 'one side alone' | 'no weakening' | 'moving threshold' | 'order of spikes';

/**
 * What speaks against an answer: one prediction of the answered rule that this synapse breaks. At least two rules break the
 * same one, so that it says what to try and not what the synapse is.
 * @throws {ParameterError} for an answer that is no rule, or a synapse that `hiddenSynapse` did not make
 */
export function broken(answer: RuleName, synapse: HiddenSynapse): Broken {
  if (!ruleNames.includes(answer))
    throw new ParameterError(`answer must be one of ${ruleNames.join(', ')} (got ${String(answer)})`);
  const secret = secrets.get(synapse);
  if (!secret) throw new ParameterError('synapse must come from hiddenSynapse');
  const { rule } = secret;
  if (answer === rule) return 'nothing breaks';
  const loud = rule === 'Oja' || rule === 'calcium'; // one side alone changes them
  switch (answer) {
    case 'Hebb':
      return loud ? 'one side alone' : 'no weakening';
    case 'BCM':
      return loud ? 'one side alone' : 'moving threshold';
    case 'STDP':
      return loud ? 'one side alone' : 'order of spikes';
    default:
      return 'one side alone';
  }
}
