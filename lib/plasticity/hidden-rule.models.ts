import type { Rng } from '../math/rng';
import { phi } from './bcm';
import { type CalciumSynapse, RIDGE, synapses } from './calcium';
import { kick, kicks } from './calcium.simulation';
import { influx, pairInflux, stretches } from './calcium.trace';
import { changeByTraces, FITTED_PAIRINGS, protocolChange, type StdpWindow } from './stdp';

/*
 * Five synapses that answer the same experiments, each by its own rule of plasticity. The rules are those of the
 * neighbouring files; here is only what makes them comparable, and all of that is our choice:
 * - Strength is counted in units of its start, where it is 1. It can't fall below 0.
 * - Rules of rates take a rate in units of 10 Hz, and see pairs of spikes as two rates.
 * - Rules of spikes see rates as independent Poisson trains.
 */

/** The names of the rules. */
export type RuleName = 'Hebb' | 'Oja' | 'STDP' | 'BCM' | 'calcium';
export const ruleNames: readonly RuleName[] = ['Hebb', 'Oja', 'STDP', 'BCM', 'calcium'];

/** Pairs of spikes, one of the input and one of the neuron. */
export interface Pairs {
  /** t(post) − t(pre), ms */
  readonly dt: number;
  /** their number, whole, ≥ 1 */
  readonly pairs: number;
  /** pairs a second, Hz, > 0 */
  readonly frequency: number;
}

/** What every rule can do. A model changes: it remembers what was done to it. */
export interface Model {
  /** strength over strength at the start, ≥ 0 */
  readonly strength: () => number;
  readonly pair: (pairs: Pairs) => void;
  /** both rates held for a time. @param x rate of the input, Hz. @param y rate of the neuron, Hz. @param duration s */
  readonly hold: (x: number, y: number, duration: number) => void;
}

/** One number of a rate rule, Hz. */
const RATE_UNIT = 10;

/** The constants of the rules of rates. */
export interface RateRule {
  /** learning rate η, a second, > 0 */
  readonly eta: number;
  /** strength at the start, in the units in which y = w x, > 0 */
  readonly start: number;
  /** time constant of BCM's threshold, s, > 0 */
  readonly tauTheta: number;
}

/**
 * Hebb's rule, Oja's or BCM. While both rates are held, Δw = η (c x − d w) a second with constant c and d, except that
 * BCM's c moves with its threshold, in proportion: there its mean counts. So every experiment has an exact solution.
 */
export function rateModel(rule: 'Hebb' | 'Oja' | 'BCM', { eta, start, tauTheta }: RateRule): Model {
  let w = start;
  let theta = 1;
  /** For a time in which c does not change its sign: so w meets 0 at the end or not at all. */
  const go = (x: number, y: number, duration: number): void => {
    // θ goes to y² exponentially; this is its mean on the way
    const way = -Math.expm1(-duration / tauTheta);
    const mean = y * y + ((theta - y * y) * tauTheta * way) / duration;
    theta += (y * y - theta) * way;
    const c = rule === 'BCM' ? phi('BCM', y, mean) : y;
    const d = rule === 'Oja' ? y * y : 0;
    const rest = d > 0 ? (c * x) / d : 0;
    w = d > 0 ? rest + (w - rest) * Math.exp(-eta * d * duration) : Math.max(0, w + eta * c * x * duration);
  };
  const hold = (xHz: number, yHz: number, duration: number): void => {
    const [x, y] = [xHz / RATE_UNIT, yHz / RATE_UNIT];
    const turn = tauTheta * Math.log((theta - y * y) / (y - y * y)); // when θ passes y, if ever
    if (turn > 0 && turn < duration) {
      go(x, y, turn);
      go(x, y, duration - turn);
    } else go(x, y, duration);
  };
  return {
    strength: () => w / start,
    pair: ({ pairs, frequency }) => hold(frequency, frequency, pairs / frequency),
    hold,
  };
}

/** Times of a Poisson train, ms. @param rate Hz @param duration s */
function poissonTrain(rate: number, duration: number, random: Rng): Float64Array {
  const times: number[] = [];
  if (rate > 0)
    for (let t = random.exponential(1000 / rate); t < 1000 * duration; t += random.exponential(1000 / rate))
      times.push(t);
  return Float64Array.from(times);
}

/** Pairs of spikes, all counted. @param window change by one pair, in units of the strength at the start */
export function spikeModel(window: StdpWindow, random: Rng): Model {
  let strength = 1;
  const change = (by: number): void => {
    strength = Math.max(0, strength + by);
  };
  return {
    strength: () => strength,
    pair: ({ pairs, ...rest }) => change(protocolChange(window, { motif: 'pair', gap: 1, repeats: pairs, ...rest })),
    hold: (x, y, duration) =>
      change(
        changeByTraces(window, { pre: poissonTrain(x, duration, random), post: poissonTrain(y, duration, random) }),
      ),
  };
}

/** Synapses in the bundle that a calcium rule moves: each is strong or weak, and has noise of its own. */
export const BUNDLE = 1000;

/** A bundle of two-state synapses that get the same spikes. Their mean strength is measured. */
export function calciumModel(synapse: CalciumSynapse, random: Rng): Model {
  const { beta, b } = synapse;
  const weak = Math.round(beta * BUNDLE);
  const rho = new Float64Array(BUNDLE).fill(1, weak);
  const mean = (strong: number): number => 1 + ((b - 1) * strong) / BUNDLE;
  const send = (jumps: ReturnType<typeof influx>): void => kick(kicks(synapse, stretches(synapse, jumps)), rho, random);
  return {
    strength: () => mean(rho.reduce((n, value) => n + (value > RIDGE ? 1 : 0), 0)) / mean(BUNDLE - weak),
    pair: (pairs) => send(pairInflux(synapse, pairs)),
    hold: (x, y, duration) =>
      x + y > 0
        ? send(influx(synapse, poissonTrain(x, duration, random), poissonTrain(y, duration, random)))
        : // no calcium, only the wells: nobody changes sides, but who stands between them decides
          kick(kicks(synapse, { durations: Float64Array.of(1000 * duration), levels: Uint8Array.of(0) }), rho, random),
  };
}

/** Ranges of the constants, drawn evenly (η evenly on a logarithmic axis): all our choice, around what the papers report. */
export const ranges = {
  /** η, a second */
  eta: [0.004, 0.012],
  /** strength at the start, where y = w x */
  start: [0.3, 0.6],
  /** τθ, s */
  tauTheta: [60, 200],
  /** A₊ τ₊ A₋ τ₋ of 60 pairings, around the fit of Bi and Poo (2001) */
  aPlus: [0.5, 1],
  tauPlus: [12, 24],
  aMinus: [0.2, 0.5],
  tauMinus: [20, 40],
  /** factors on the calcium of a spike and on both rates of Graupner and Brunel's sets */
  calcium: [0.95, 1.05],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** The constants of one synapse; its rule uses what belongs to it. */
export interface Constants {
  readonly rate: RateRule;
  readonly window: StdpWindow;
  readonly calcium: CalciumSynapse;
}

/** Draws constants of all rules, so that the numbers drawn don't depend on the rule. */
export function drawConstants(random: Rng): Constants {
  const draw = (name: keyof typeof ranges): number => random.uniform(...ranges[name]);
  const [low, high] = ranges.eta;
  const rate = {
    eta: low * (high / low) ** random.uniform(),
    start: draw('start'),
    tauTheta: draw('tauTheta'),
  };
  const window = {
    aPlus: draw('aPlus') / FITTED_PAIRINGS,
    tauPlus: draw('tauPlus'),
    aMinus: draw('aMinus') / FITTED_PAIRINGS,
    tauMinus: draw('tauMinus'),
    cutOff: Infinity,
  };
  const sets = Object.values(synapses);
  const set: CalciumSynapse = sets[random.integer(0, sets.length - 1)];
  const calcium = {
    ...set,
    cPre: set.cPre * draw('calcium'),
    cPost: set.cPost * draw('calcium'),
    gammaD: set.gammaD * draw('calcium'),
    gammaP: set.gammaP * draw('calcium'),
  };
  return { rate, window, calcium };
}

/** An untouched synapse. @param random of its spikes and of its own noise */
export function model(rule: RuleName, { rate, window, calcium }: Constants, random: Rng): Model {
  switch (rule) {
    case 'STDP':
      return spikeModel(window, random);
    case 'calcium':
      return calciumModel(calcium, random);
    default:
      return rateModel(rule, rate);
  }
}
