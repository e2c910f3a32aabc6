import { ParameterError } from '../math/errors';
import { gaussHermite } from '../math/quadrature';
import type { Rng } from '../math/rng';
import { logit, normalPdf } from '../math/special';

/**
 * Plasticity of excitability: a neuron turns its input x into a rate y = 1/(1 + exp(−(ax + b))) and changes its gain a and
 * bias b, not its synapses, until its rates are distributed as nearly exponentially as a sigmoid allows (Triesch 2005).
 */
export interface Excitability {
  /** slope, per unit of the input, > 0 */
  readonly gain: number;
  /** bias of the sigmoid; the lower it is, the less excitable the neuron */
  readonly bias: number;
}

/** Where simulations start: a plain logistic function (our choice). */
export const naive: Excitability = { gain: 1, bias: 0 };

/** Rate of a neuron, a share of its largest one, between 0 and 1. */
export function respond({ gain, bias }: Excitability, x: number): number {
  return 1 / (1 + Math.exp(-(gain * x + bias)));
}

/**
 * The rule of one input, without its factor η: Δb = 1 − (2 + 1/μ) y + y²/μ, Δa = 1/a + x Δb (Triesch 2005). It descends
 * the Kullback–Leibler divergence of the rates from the exponential distribution with mean μ.
 * @param mu mean of that exponential distribution, between 0 and 1
 */
export function excitabilityStep(neuron: Excitability, mu: number, x: number): Excitability {
  const y = respond(neuron, x);
  const bias = 1 - (2 + 1 / mu) * y + (y * y) / mu;
  return { gain: 1 / neuron.gain + x * bias, bias };
}

/** Nodes of the quadrature over the input: at 128 the fixed points below are exact to 1e-9 or better. */
const inputs = gaussHermite(128);

/** Average of a function of a standard normal input. */
function average(f: (x: number) => number): number {
  let sum = 0;
  for (let i = 0; i < inputs.nodes.length; i++) sum += inputs.weights[i] * f(inputs.nodes[i]);
  return sum;
}

/** The rule averaged over inputs from the normal distribution with mean 0 and the given standard deviation. */
export function averageStep(neuron: Excitability, mu: number, spread: number = 1): Excitability {
  const part = (of: keyof Excitability): number => average((x) => excitabilityStep(neuron, mu, spread * x)[of]);
  return { gain: part('gain'), bias: part('bias') };
}

/** Derivatives of the averaged rule for standard normal inputs, [∂a/∂a, ∂a/∂b, ∂b/∂a, ∂b/∂b]. */
function jacobian(neuron: Excitability, mu: number): readonly [number, number, number, number] {
  // ∂Δb/∂(ax + b)
  const slope = (x: number): number => {
    const y = respond(neuron, x);
    return ((2 * y) / mu - 2 - 1 / mu) * y * (1 - y);
  };
  const cross = average((x) => x * slope(x));
  return [-1 / neuron.gain ** 2 + average((x) => x * x * slope(x)), cross, cross, average(slope)];
}

/** Allowed targets: below them the rates are all but silent, above them no sigmoid comes near an exponential. */
export const TARGETS = { min: 0.02, max: 0.4 } as const;

/**
 * Where the averaged rule rests, by Newton's method on it. Inputs are normal with mean 0; their standard deviation only
 * sets the unit of the gain.
 * @param mu mean of the exponential distribution, within TARGETS
 * @param spread standard deviation of the input, > 0
 * @throws {ParameterError} for a target out of range, or a spread that is not positive
 */
export function restingExcitability(mu: number, spread: number = 1): Excitability {
  if (!(mu >= TARGETS.min && mu <= TARGETS.max))
    throw new ParameterError(`mu must be within [${TARGETS.min}, ${TARGETS.max}] (got ${mu})`);
  if (!(spread > 0 && spread < Infinity)) throw new ParameterError(`spread must be positive (got ${spread})`);
  let neuron: Excitability = { gain: 1, bias: logit(mu) };
  for (let i = 0; i < 50; i++) {
    const { gain, bias } = averageStep(neuron, mu);
    const [aa, ab, ba, bb] = jacobian(neuron, mu);
    const scale = 1 / (aa * bb - ab * ba);
    const [da, db] = [scale * (bb * gain - ab * bias), scale * (aa * bias - ba * gain)];
    // a full step may leave the gains that make sense
    const step = Math.min(1, (0.5 * neuron.gain) / Math.abs(da));
    neuron = { gain: neuron.gain - step * da, bias: neuron.bias - step * db };
    if (Math.abs(da) + Math.abs(db) < 1e-13) break;
  }
  return { gain: neuron.gain / spread, bias: neuron.bias };
}

/** Moments of the rates, for inputs as in `averageStep`. */
export function moments(neuron: Excitability, spread: number = 1): { readonly mean: number; readonly sd: number } {
  const mean = average((x) => respond(neuron, spread * x));
  return { mean, sd: Math.sqrt(average((x) => (respond(neuron, spread * x) - mean) ** 2)) };
}

/** Density of the rates, for inputs as in `averageStep`, at a rate strictly between 0 and 1. */
export function density({ gain, bias }: Excitability, rate: number, spread: number = 1): number {
  return normalPdf(logit(rate), bias, gain * spread) / (rate * (1 - rate));
}

/**
 * Kullback–Leibler divergence of the rates from the exponential distribution with mean μ, nats: −entropy + ⟨y⟩/μ + ln μ.
 * The entropy is that of the input plus ⟨ln dy/dx⟩.
 */
export function divergence(neuron: Excitability, mu: number, spread: number = 1): number {
  const { gain, bias } = neuron;
  const entropy =
    0.5 * Math.log(2 * Math.PI * Math.E) +
    Math.log(gain * spread) +
    // ln y(1 − y) of u = ax + b is −|u| − 2 ln(1 + exp(−|u|))
    average((x) => {
      const u = Math.abs(gain * spread * x + bias);
      return -u - 2 * Math.log1p(Math.exp(-u));
    });
  return -entropy + moments(neuron, spread).mean / mu + Math.log(mu);
}

/** Deviations of averages over many steps: of the parameters, and of the mean rate through them. */
export interface Deviation extends Excitability {
  readonly mean: number;
}

/**
 * What one step too many does to long averages, η taken out: −J⁻¹ times the step for gain and bias, where J are the
 * derivatives of the averaged rule. An average over n steps deviates by the mean of this over the steps' noise, less this
 * of (end − start)/(ηn).
 * @param neuron at rest for standard normal inputs
 */
export function influence(neuron: Excitability, mu: number): (step: Excitability) => Deviation {
  const [aa, ab, ba, bb] = jacobian(neuron, mu);
  const scale = -1 / (aa * bb - ab * ba);
  const steep = (x: number): number => respond(neuron, x) * (1 - respond(neuron, x));
  const [byGain, byBias] = [average((x) => x * steep(x)), average(steep)];
  return (step) => {
    const gain = scale * (bb * step.gain - ab * step.bias);
    const bias = scale * (aa * step.bias - ba * step.gain);
    return { gain, bias, mean: byGain * gain + byBias * bias };
  };
}

/**
 * How far averages over many steps stray from the theory by chance, whatever a small η: standard deviations of √steps ×
 * error, of the gain, the bias and the mean rate, which strays by itself, too.
 * @param neuron at rest for standard normal inputs
 */
export function wander(neuron: Excitability, mu: number): Deviation {
  const of = influence(neuron, mu);
  const { mean } = moments(neuron);
  const rms = (f: (x: number) => number): number => Math.sqrt(average((x) => f(x) ** 2));
  const at = (x: number): Deviation => of(excitabilityStep(neuron, mu, x));
  return {
    gain: rms((x) => at(x).gain),
    bias: rms((x) => at(x).bias),
    mean: rms((x) => respond(neuron, x) - mean + at(x).mean),
  };
}

/** Rates, a step and unit of η, at which the averaged rule returns to rest for standard inputs: the slower, the faster. */
export function returnRates(neuron: Excitability, mu: number): readonly [slow: number, fast: number] {
  const [aa, ab, , bb] = jacobian(neuron, mu); // symmetric: minus the second derivatives of the divergence
  const [middle, half] = [-(aa + bb) / 2, Math.hypot((aa - bb) / 2, ab)];
  return [middle - half, middle + half];
}

/** What a simulation of the rule keeps. */
export interface Adaptation {
  /** at the first step of the second half */
  readonly middle: Excitability;
  /** averages over the second half of the steps */
  readonly average: Excitability;
  /** after the last step */
  readonly last: Excitability;
  /** rates of the second half, in order: length steps − ⌊steps/2⌋ */
  readonly rates: Float64Array;
  /** gain and bias at the start and after every `every` steps */
  readonly path: readonly (Excitability & { readonly step: number })[];
}

/** How a simulation is run. */
export interface AdaptationSettings {
  /** mean of the exponential distribution that is aimed at, within (0, 1) */
  readonly mu: number;
  /** step size η, > 0 */
  readonly eta: number;
  /** inputs, one a step; whole, ≥ 2 */
  readonly steps: number;
  /** standard deviation of the inputs, > 0 */
  readonly spread: number;
  /** where it starts */
  readonly from?: Excitability;
}

/**
 * Runs the rule, input by input.
 * @throws {ParameterError} if a step is so large that the gain is no longer positive
 */
export function adapt({ mu, eta, steps, spread, from = naive }: AdaptationSettings, noise: Rng): Adaptation {
  const x = new Float64Array(steps);
  noise.fillNormal(x, 0, spread);
  const half = Math.floor(steps / 2);
  const every = Math.max(1, Math.floor(steps / 200));
  const rates = new Float64Array(steps - half);
  const path = [{ ...from, step: 0 }];
  let { gain: a, bias: b } = from;
  let middle = from;
  let [sumA, sumB] = [0, 0];
  for (let i = 0; i < steps; i++) {
    const y = 1 / (1 + Math.exp(-(a * x[i] + b)));
    if (i === half) middle = { gain: a, bias: b };
    if (i >= half) {
      rates[i - half] = y;
      sumA += a;
      sumB += b;
    }
    const db = eta * (1 - (2 + 1 / mu) * y + (y * y) / mu);
    a += eta / a + x[i] * db;
    b += db;
    if (!(a > 0)) throw new ParameterError(`eta must be smaller: at ${eta} the gain is ${a} after ${i + 1} steps`);
    if ((i + 1) % every === 0) path.push({ gain: a, bias: b, step: i + 1 });
  }
  const n = steps - half;
  return { middle, average: { gain: sumA / n, bias: sumB / n }, last: { gain: a, bias: b }, rates, path };
}
