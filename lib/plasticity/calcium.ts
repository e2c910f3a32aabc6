/**
 * Plasticity that follows the calcium in the spine: the theory.
 *
 * Graupner & Brunel 2012 (graupner2012). Each presynaptic spike raises the calcium c by cPre, `delay` later, each
 * postsynaptic spike by cPost; between spikes c decays with tauCa. The strength has one hidden variable ρ with two wells,
 * 0 (weak) and 1 (strong), and a ridge between them at ½:
 *
 *     τ dρ/dt = −ρ(1 − ρ)(½ − ρ) + γp (1 − ρ) Θ[c − θp] − γd ρ Θ[c − θd] + σ√τ √(Θ[c − θp] + Θ[c − θd]) η(t).
 *
 * Here, as in the paper: the shares α of the time that c spends above the thresholds replace Θ, and the wells are left out
 * while spikes come. Then ρ is Gaussian at all times. Nothing here knows of single trials: those are in
 * `calcium.simulation.ts`, which starts again from the equations above.
 *
 * Times are in ms, frequencies in Hz; calcium is in units of θd.
 */
import { ParameterError } from '../math/errors';
import { erfc } from '../math/special';

/** One synapse: constants of the equations above. */
export interface CalciumSynapse {
  /** time constant of the calcium, ms */
  readonly tauCa: number;
  /** calcium that a presynaptic spike lets in, and a postsynaptic spike; >= 0 */
  readonly cPre: number;
  readonly cPost: number;
  /** thresholds of depression and of potentiation; > 0 */
  readonly thetaD: number;
  readonly thetaP: number;
  /** rates of depression and of potentiation above their thresholds, in 1/τ */
  readonly gammaD: number;
  readonly gammaP: number;
  /** amplitude of the noise above a threshold */
  readonly sigma: number;
  /** time constant of ρ, ms */
  readonly tau: number;
  /** D: from a presynaptic spike to its calcium, ms */
  readonly delay: number;
  /** share β of synapses that are weak before */
  readonly beta: number;
  /** strength of a strong synapse, with a weak one as unit */
  readonly b: number;
}

const made = (
  jumps: readonly [cPre: number, cPost: number, delay: number],
  thetaP: number,
  rates: readonly [gammaD: number, gammaP: number],
  sigma: number = 2.8284,
): CalciumSynapse => ({
  tauCa: 20,
  cPre: jumps[0],
  cPost: jumps[1],
  thetaD: 1,
  thetaP,
  gammaD: rates[0],
  gammaP: rates[1],
  sigma,
  tau: 150_000,
  delay: jumps[2],
  beta: 0.5,
  b: 5,
});

/**
 * The parameter sets of the paper, as the authors' programs have them. The six first are named after what the STDP curve
 * does as Δt grows from negative to positive (D depression, P potentiation); the two last were fitted to experiments: to
 * hippocampal slices (wittenberg2006), and to cortical slices at many frequencies (sjostrom2001).
 */
export const synapses = {
  DP: made([1, 2, 13.7], 1.3, [200, 321.808]),
  DPD: made([0.9, 0.9, 4.6], 1.3, [250, 550]),
  "DPD'": made([1, 2, 2.2], 2.5, [50, 600]),
  P: made([2, 2, 0], 1.3, [160, 257.447]),
  D: made([0.6, 0.6, 0], 1.3, [500, 550], 5.6568),
  "D'": made([1, 2, 0], 3.5, [60, 600]),
  hippocampal: {
    tauCa: 48.8373,
    cPre: 1,
    cPost: 0.275865,
    thetaD: 1,
    thetaP: 1.3,
    gammaD: 313.0965,
    gammaP: 1645.59,
    sigma: 9.1844,
    tau: 688_355,
    delay: 18.8008,
    beta: 0.7,
    b: 5.28145,
  },
  cortical: {
    tauCa: 22.6936,
    cPre: 0.5617539,
    cPost: 1.23964,
    thetaD: 1,
    thetaP: 1.3,
    gammaD: 331.909,
    gammaP: 725.085,
    sigma: 3.3501,
    tau: 346_361.5,
    delay: 4.6098,
    beta: 0.5,
    b: 5.40988,
  },
} satisfies Readonly<Record<string, CalciumSynapse>>;

/** Name of a parameter set. */
export type SynapseName = keyof typeof synapses;

/** Pairs of spikes, one presynaptic and one postsynaptic, at regular intervals. */
export interface Pairing {
  /** Δt: time of the postsynaptic spike minus time of the presynaptic one, ms */
  readonly dt: number;
  /** number of pairs, >= 1 */
  readonly pairs: number;
  /** pairs per second, > 0 */
  readonly frequency: number;
}

/** Shares of time, 0 to 1, that calcium is above the thresholds. */
export interface TimeAbove {
  readonly alphaD: number;
  readonly alphaP: number;
}

/** Probabilities to change sides. */
export interface Transitions {
  /** from ρ = 0 to above ½ */
  readonly up: number;
  /** from ρ = 1 to below ½ */
  readonly down: number;
}

/**
 * Returns the synapse if its constants make sense.
 * @throws {ParameterError} naming the constant and what is allowed
 */
export function checkSynapse(synapse: CalciumSynapse): CalciumSynapse {
  const positive = ['tauCa', 'thetaD', 'thetaP', 'gammaD', 'gammaP', 'tau', 'b'] as const;
  for (const name of positive)
    if (!(synapse[name] > 0 && synapse[name] < Infinity))
      throw new ParameterError(`${name} must be positive (got ${synapse[name]})`);
  for (const name of ['cPre', 'cPost', 'sigma'] as const)
    if (!(synapse[name] >= 0 && synapse[name] < Infinity))
      throw new ParameterError(`${name} must be 0 or more (got ${synapse[name]})`);
  const { thetaD, thetaP, beta, delay } = synapse;
  if (thetaP < thetaD) throw new ParameterError(`thetaP must be at least thetaD = ${thetaD} (got ${thetaP})`);
  if (!(beta >= 0 && beta <= 1)) throw new ParameterError(`beta must be between 0 and 1 (got ${beta})`);
  if (!Number.isFinite(delay)) throw new ParameterError(`delay must be finite (got ${delay})`);
  return synapse;
}

/**
 * Shares of time above the thresholds once the pairs go on and on: in one period there are two jumps, after each the sum of
 * two geometric series decays, and c = A e^{−t/τCa} is above θ for τCa ln(A/θ), unless the next jump comes first.
 * @throws {ParameterError} on impossible constants, if the frequency is not positive, or Δt not finite
 */
export function timeAbove(synapse: CalciumSynapse, { dt, frequency }: Omit<Pairing, 'pairs'>): TimeAbove {
  if (!(frequency > 0) || frequency === Infinity)
    throw new ParameterError(`timeAbove: frequency must be positive (got ${frequency})`);
  if (!Number.isFinite(dt)) throw new ParameterError(`timeAbove: dt must be finite (got ${dt})`);
  const { tauCa, cPre, cPost, thetaD, thetaP, delay } = checkSynapse(synapse);
  const period = 1000 / frequency;
  // from the calcium of a presynaptic spike to that of the next postsynaptic one
  const gap = (((dt - delay) % period) + period) % period;
  const all = -Math.expm1(-period / tauCa);
  const afterPre = (cPre + cPost * Math.exp((gap - period) / tauCa)) / all;
  const afterPost = (cPost + cPre * Math.exp(-gap / tauCa)) / all;
  const above = (amplitude: number, theta: number, length: number): number =>
    Math.min(length, Math.max(0, tauCa * Math.log(amplitude / theta)));
  const share = (theta: number): number =>
    (above(afterPre, theta, gap) + above(afterPost, theta, period - gap)) / period;
  return { alphaD: share(thetaD), alphaP: share(thetaP) };
}

/** Where ρ goes while pairs go on: its mean tends to rhoBar with time constant tauEff, its variance to `variance`. */
export interface Drift {
  /** ρ̄ = Γp/(Γp + Γd), with Γ = γα */
  readonly rhoBar: number;
  /** σ²(αp + αd)/(2(Γp + Γd)): half of the paper's σρ² */
  readonly variance: number;
  /** τ/(Γp + Γd), ms; Infinity if calcium never passes a threshold */
  readonly tauEff: number;
}

/** Where ρ goes, without the wells. Where calcium stays below, nothing moves: then rhoBar and variance say nothing and are 0. */
export function drift({ gammaD, gammaP, sigma, tau }: CalciumSynapse, { alphaD, alphaP }: TimeAbove): Drift {
  const rate = gammaP * alphaP + gammaD * alphaD;
  if (rate === 0) return { rhoBar: 0, variance: 0, tauEff: Infinity };
  return {
    rhoBar: (gammaP * alphaP) / rate,
    variance: (sigma ** 2 * (alphaP + alphaD)) / (2 * rate),
    tauEff: tau / rate,
  };
}

/**
 * Probabilities to be on the other side of the ridge after a protocol, from the Gaussian that ρ is without the wells
 * (without noise, its mean).
 * @param duration of the protocol, ms
 */
export function transitions(synapse: CalciumSynapse, above: TimeAbove, duration: number): Transitions {
  const { rhoBar, variance, tauEff } = drift(synapse, above);
  const grown = -Math.expm1((-2 * duration) / tauEff);
  const decayed = Math.exp(-duration / tauEff);
  const below = (start: number): number => {
    const mean = rhoBar + (start - rhoBar) * decayed;
    return 0.5 * erfc((mean - RIDGE) / Math.sqrt(2 * variance * grown));
  };
  return { up: 1 - below(0), down: below(1) };
}

/** Where the two wells meet: ρ* of the paper. */
export const RIDGE = 0.5;

/**
 * Mean strength after a protocol over mean strength before, of many synapses of which a share β was weak:
 * [β(1 − U) + (1 − β)D + b(βU + (1 − β)(1 − D))] / [β + (1 − β)b].
 */
export function strengthChange({ beta, b }: CalciumSynapse, { up, down }: Transitions): number {
  const weak = beta * (1 - up) + (1 - beta) * down;
  return (weak + b * (1 - weak)) / (beta + (1 - beta) * b);
}

/** Strength after pairing over strength before, without the wells and averaged over a period: the curve of the paper. */
export function averagedChange(synapse: CalciumSynapse, pairing: Pairing): number {
  const duration = (1000 * pairing.pairs) / pairing.frequency;
  return strengthChange(synapse, transitions(synapse, timeAbove(synapse, pairing), duration));
}
