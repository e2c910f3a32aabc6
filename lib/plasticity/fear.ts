import type { Rng } from '../math/rng';
import { logChoose, logistic } from '../math/special';

/**
 * Fear conditioning with synapses that can be made weak and strong again (after Nabavi et al. 2014). An animal has binary
 * synapses from the conditioned stimulus to the amygdala; the share of them that is strong, q, drives the response
 * σ(k (q − q₀)). The model is ours; the sequence of treatments is the experiment's.
 */
export interface Animal {
  /** number of synapses, whole, ≥ 1 */
  readonly synapses: number;
  /** probability that a synapse is strong before anything is learned, 0 .. 1 */
  readonly innate: number;
  /** probability that a weak synapse becomes strong by one pairing, 0 .. 1 */
  readonly learning: number;
  /** probability that a strong synapse becomes weak by one bout of depression, 0 .. 1 */
  readonly depression: number;
  /** probability that a synapse which can become strong does so by one bout of potentiation, 0 .. 1 */
  readonly potentiation: number;
  /** slope of the response, k */
  readonly slope: number;
  /** share at which the response is one half, q₀ */
  readonly midpoint: number;
  /** why potentiation alone makes no memory */
  readonly reason: Reason;
}

/**
 * `restored`: potentiation by light only makes strong again what was strong before. `second site`: it makes every synapse
 * strong, but the response is σ(k (q v − q₀)) with a second strength v, which only pairing raises.
 */
export type Reason = 'restored' | 'second site';
export const reasons: readonly Reason[] = ['restored', 'second site'];

export const rat: Animal = {
  synapses: 100,
  innate: 0.1,
  learning: 0.3,
  depression: 0.35,
  potentiation: 0.3,
  slope: 12,
  midpoint: 0.4,
  reason: 'restored',
};

/** Strength of the second site before pairing. */
const SECOND_NAIVE = 0.2;

/** What is done to an animal between two tests, each as often as `bouts` says. */
export type Treatment = 'nothing' | 'paired' | 'unpaired' | 'LTD' | 'LTP';

/** The response to be expected before the first treatment and after each. */
export interface Expected {
  /** probability that a synapse is strong */
  readonly strong: number;
  /** mean over animals, 0 .. 1 */
  readonly response: number;
  /** standard deviation over animals */
  readonly spread: number;
}

/** The strength of the second site after some pairings. */
const second = ({ reason, learning }: Animal, pairings: number): number =>
  reason === 'restored' ? 1 : 1 - (1 - SECOND_NAIVE) * (1 - learning) ** pairings;

/**
 * Expected responses in closed form: synapses are independent and alike, so their number is binomial at every test.
 * A synapse is one of three: never strong, strong, or strong once and weak now.
 * @param bouts repetitions of each treatment, whole, ≥ 0
 * @returns one more than there are treatments
 */
export function expectedResponses(animal: Animal, treatments: readonly Treatment[], bouts: number): Expected[] {
  const { synapses, innate, learning, depression, potentiation, slope, midpoint, reason } = animal;
  let strong = innate;
  let lapsed = 0;
  let pairings = 0;
  const test = (): Expected => {
    const v = second(animal, pairings);
    const each = Array.from({ length: synapses + 1 }, (_, n) => ({
      p: binomial(synapses, n, strong),
      r: logistic(slope * ((n / synapses) * v - midpoint)),
    }));
    const response = each.reduce((sum, { p, r }) => sum + p * r, 0);
    const spread = Math.sqrt(each.reduce((sum, { p, r }) => sum + p * (r - response) ** 2, 0));
    return { strong, response, spread };
  };
  const apply: Record<Treatment, () => void> = {
    nothing: () => undefined,
    unpaired: () => undefined,
    paired: () => {
      const kept = (1 - learning) ** bouts;
      [strong, lapsed] = [1 - (1 - strong) * kept, lapsed * kept];
      pairings += bouts;
    },
    LTD: () => {
      const kept = (1 - depression) ** bouts;
      [strong, lapsed] = [strong * kept, lapsed + strong * (1 - kept)];
    },
    LTP: () => {
      const kept = (1 - potentiation) ** bouts;
      [strong, lapsed] =
        reason === 'restored'
          ? [strong + lapsed * (1 - kept), lapsed * kept]
          : [1 - (1 - strong) * kept, lapsed * kept];
    },
  };
  return [
    test(),
    ...treatments.map((treatment) => {
      apply[treatment]();
      return test();
    }),
  ];
}

function binomial(n: number, k: number, p: number): number {
  if (p === 0 || p === 1) return k === n * p ? 1 : 0;
  return Math.exp(logChoose(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
}

/**
 * The responses of one simulated animal: every synapse of it in every bout. Presynaptic and postsynaptic activity meet
 * only when tone and shock are paired; apart they change nothing.
 */
export function simulateAnimal(
  animal: Animal,
  treatments: readonly Treatment[],
  bouts: number,
  noise: Rng,
): Float64Array {
  const { synapses, innate, learning, depression, potentiation, slope, midpoint, reason } = animal;
  const strong = Array.from({ length: synapses }, () => noise.bernoulli(innate));
  const wasStrong = [...strong];
  let v = reason === 'restored' ? 1 : SECOND_NAIVE;
  const test = (): number => logistic(slope * ((strong.filter(Boolean).length / synapses) * v - midpoint));
  const responses = [test()];
  for (const treatment of treatments) {
    for (let bout = 0; bout < bouts; bout++) {
      if (treatment === 'paired' && reason === 'second site') v += learning * (1 - v);
      for (let i = 0; i < synapses; i++) {
        if (treatment === 'paired' && !strong[i] && noise.bernoulli(learning)) strong[i] = wasStrong[i] = true;
        else if (treatment === 'LTD' && strong[i] && noise.bernoulli(depression)) strong[i] = false;
        else if (treatment === 'LTP' && !strong[i] && (wasStrong[i] || reason === 'second site'))
          strong[i] = noise.bernoulli(potentiation);
      }
    }
    responses.push(test());
  }
  return Float64Array.from(responses);
}

/** The groups of the experiment: what each is given between the tests. */
export const groups = {
  paired: ['paired', 'LTD', 'LTP'],
  unpaired: ['unpaired', 'LTD', 'LTP'],
  'LTP alone': ['nothing', 'nothing', 'LTP'],
} as const satisfies Readonly<Record<string, readonly Treatment[]>>;
export type Group = keyof typeof groups;

/** The tests, in their order. */
export const stages = ['naive', 'conditioned', 'after LTD', 'after LTP'] as const;
