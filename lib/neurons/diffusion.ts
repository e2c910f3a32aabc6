import { ParameterError } from '../math/errors';
import { gaussLegendre } from '../math/quadrature';
import { erfc } from '../math/special';
import { checkLeaky, type Leaky, rate as noiselessRate } from './leaky';

/*
 * Leaky integrate-and-fire neurons under noise, as a first passage through the threshold. Nothing here simulates.
 */

/**
 * Firing rate (Hz) of a neuron whose input is white noise, τ dV/dt = rest − V + μ + σ √τ ξ(t) (Siegert, Phys Rev 81:617,
 * 1951; Ricciardi 1977; Brunel 2000, equation 21):
 *
 *     1/ν = refractory + τ √π ∫ e^(u²) (1 + erf u) du     from (reset − rest − μ)/σ to (threshold − rest − μ)/σ
 *
 * Without threshold V would vary with the standard deviation σ/√2.
 * @param mu mean input, mV
 * @param sigma amplitude of the noise, mV, 0 or more
 */
export function siegertRate(neuron: Leaky, mu: number, sigma: number): number {
  checkLeaky(neuron);
  if (!Number.isFinite(mu)) throw new ParameterError(`mu must be a finite number of mV (got ${mu})`);
  if (!(sigma >= 0 && sigma < Infinity)) throw new ParameterError(`sigma must be at least 0 mV (got ${sigma})`);
  if (sigma === 0) return noiselessRate(neuron, mu);
  const { tau, rest, threshold, reset, refractory } = neuron;
  const low = (reset - rest - mu) / sigma;
  const high = (threshold - rest - mu) / sigma;
  // pieces of length 1/2 at most: the integrand changes e-fold over 1/(2u)
  const pieces = Math.min(MOST_PIECES, Math.ceil(2 * (high - low)));
  let integral = 0;
  for (let k = 0; k < pieces; k++) {
    const { nodes, weights } = gaussLegendre(
      NODES,
      low + ((high - low) * k) / pieces,
      low + ((high - low) * (k + 1)) / pieces,
    );
    for (let i = 0; i < NODES; i++) integral += weights[i] * passage(nodes[i]);
  }
  return 1000 / (refractory + tau * Math.sqrt(Math.PI) * integral);
}

const NODES = 32;
const MOST_PIECES = 1000;

/** e^(u²) (1 + erf u), without cancellation for u < 0; infinite from u = 26 on. */
export function passage(u: number): number {
  if (u > -20) return Math.exp(u * u) * erfc(-u);
  // erfc by its asymptotic series; at u = −20 the first term left out is 1e-13 of the sum
  const z = 1 / (2 * u * u);
  return ((1 - z * (1 - 3 * z * (1 - 5 * z * (1 - 7 * z)))) / -u) * (1 / Math.sqrt(Math.PI));
}

/**
 * How much higher the threshold seems when V is looked at only at the ends of time steps: in between it may have been
 * above. For a random walk with Gaussian steps of standard deviation s the barrier moves outwards by −ζ(1/2)/√(2π) s
 * (Chernoff, Ann Math Stat 36:55, 1965; Broadie, Glasserman and Kou, Math Finance 7:325, 1997). A jump over the
 * threshold is its other face.
 * @param sigma amplitude of the noise, mV
 * @param dt time step, ms
 * @param tau membrane time constant, ms
 */
export function thresholdShift(sigma: number, dt: number, tau: number): number {
  return 0.5825971579390107 * sigma * Math.sqrt(dt / tau);
}

/** One kind of input to a neuron: `inputs` synapses, each with `rate` spikes a second that move V by `jump` mV. */
export interface ShotNoise {
  readonly inputs: number;
  /** Hz */
  readonly rate: number;
  /** mV */
  readonly jump: number;
}

/** Mean (mV) and noise amplitude (mV) of independent Poisson inputs: μ = τ Σ C ν J, σ² = τ Σ C ν J². */
export function diffusionInput(
  tau: number,
  inputs: readonly ShotNoise[],
): { readonly mu: number; readonly sigma: number } {
  let mu = 0;
  let variance = 0;
  for (const { inputs: C, rate, jump } of inputs) {
    mu += tau * C * (rate / 1000) * jump;
    variance += tau * C * (rate / 1000) * jump * jump;
  }
  return { mu, sigma: Math.sqrt(variance) };
}

/**
 * The rate (Hz) that a network sustains when all its neurons see the same statistics: ν = Siegert(μ(ν), σ(ν)), the
 * smallest solution (Brunel 2000, section 3). Follows the slow dynamics dν/ds = Siegert − ν from silence.
 * @param input all inputs of a neuron when every neuron in the network fires at `rate` Hz
 */
export function selfConsistentRate(neuron: Leaky, input: (rate: number) => readonly ShotNoise[]): number {
  const excess = (rate: number): number => {
    const { mu, sigma } = diffusionInput(neuron.tau, input(rate));
    return siegertRate(neuron, mu, sigma) - rate;
  };
  // bracket the first sign change on a fine grid up to the highest possible rate, then bisect
  const most = neuron.refractory > 0 ? 1000 / neuron.refractory : 1000;
  let low = 0;
  if (excess(0) <= 0) return 0;
  let high = Number.NaN;
  for (let k = 1; k <= GRID; k++) {
    const rate = most * (k / GRID) ** 2;
    if (excess(rate) <= 0) {
      high = rate;
      break;
    }
    low = rate;
  }
  if (Number.isNaN(high)) throw new ParameterError(`the network has no stationary rate below ${most} Hz`);
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
    if (excess(middle) > 0) low = middle;
    else high = middle;
  return low;
}

const GRID = 400;
