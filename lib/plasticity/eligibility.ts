import { ParameterError } from '../math/errors';
import type { Rng } from '../math/rng';

/**
 * A synapse with an eligibility trace: a coincidence marks it, a neuromodulator that comes later turns the mark into a
 * change (Izhikevich 2007; Gerstner et al. 2018). Times in seconds.
 *
 * x̄' = −x̄/τ_x, + 1 at each presynaptic spike;  e' = −e/τ_e, + x̄ at each postsynaptic spike;
 * ρ' = −ρ/τ_ρ, + `reward` at each pulse;  w' = η ρ e.
 */
export interface Synapse {
  /** τ_x: how long a presynaptic spike waits for a postsynaptic one, s, > 0 */
  readonly tauX: number;
  /** τ_e: how long a coincidence waits for the neuromodulator, s, > τ_x */
  readonly tauE: number;
  /** τ_ρ: how long a pulse of the neuromodulator lasts, s, > 0 */
  readonly tauRho: number;
  /** height of a pulse, –; negative for a dip below the usual level */
  readonly reward: number;
  /** learning rate η, 1/s */
  readonly eta: number;
}

/** What happens, each list ascending, s. */
export interface Events {
  readonly pre: ArrayLike<number>;
  readonly post: ArrayLike<number>;
  /** pulses of the neuromodulator */
  readonly pulses: ArrayLike<number>;
}

/** Traces at the times asked for, all of the same length. */
export interface Traces {
  /** e */
  readonly eligibility: Float64Array;
  /** ρ */
  readonly modulator: Float64Array;
  /** w less its start */
  readonly weight: Float64Array;
}

/** @throws {ParameterError} for a time constant that is none, or τ_x not below τ_e */
function check({ tauX, tauE, tauRho }: Synapse): void {
  for (const [name, tau] of Object.entries({ tauX, tauE, tauRho }))
    if (!(tau > 0 && tau < Number.POSITIVE_INFINITY)) throw new ParameterError(`${name} must be above 0 (got ${tau})`);
  if (!(tauX < tauE)) throw new ParameterError(`tauX must be below tauE (got ${tauX} and ${tauE})`);
}

/**
 * Simulation: goes from event to event; between two of them all is exponential, and the step is exact.
 * @param at times to record, ascending, s; what happens at that very time is already in
 */
export function follow(synapse: Synapse, { pre, post, pulses }: Events, at: ArrayLike<number>): Traces {
  check(synapse);
  const { tauX, tauE, tauRho, reward, eta } = synapse;
  const both = 1 / tauE + 1 / tauRho;
  const n = at.length;
  const [eligibility, modulator, weight] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  let [i, j, k, m] = [0, 0, 0, 0];
  let [time, trace, e, rho, w] = [0, 0, 0, 0, 0];
  const end = Number.POSITIVE_INFINITY;
  while (m < n) {
    const [a, b, c] = [
      i < pre.length ? pre[i] : end,
      j < post.length ? post[j] : end,
      k < pulses.length ? pulses[k] : end,
    ];
    const next = Math.min(a, b, c, at[m]);
    const dt = next - time;
    w += (eta * e * rho * -Math.expm1(-dt * both)) / both;
    trace *= Math.exp(-dt / tauX);
    e *= Math.exp(-dt / tauE);
    rho *= Math.exp(-dt / tauRho);
    time = next;
    // a presynaptic spike at the very time of a postsynaptic one comes too late for it
    if (b === next) {
      e += trace;
      j++;
    } else if (a === next) {
      trace += 1;
      i++;
    } else if (c === next) {
      rho += reward;
      k++;
    } else {
      eligibility[m] = e;
      modulator[m] = rho;
      weight[m++] = w;
    }
  }
  return { eligibility, modulator, weight };
}

/** What a postsynaptic spike at this time adds to the eligibility, from the presynaptic spikes before it. */
export function coincidence({ tauX }: Synapse, pre: ArrayLike<number>, time: number): number {
  let sum = 0;
  for (let i = 0; i < pre.length; i++) if (pre[i] < time) sum += Math.exp(-(time - pre[i]) / tauX);
  return sum;
}

/**
 * What a coincidence of size 1 and one pulse of height 1 change in the end, for η = 1, s: τ e^(−d/τ_e) for a pulse d after the
 * coincidence, τ e^(−|d|/τ_ρ) for a pulse before it, with 1/τ = 1/τ_e + 1/τ_ρ.
 * @param delay d, s
 */
export function delayWindow({ tauE, tauRho }: Synapse, delay: number): number {
  const tau = 1 / (1 / tauE + 1 / tauRho);
  return tau * Math.exp(delay >= 0 ? -delay / tauE : delay / tauRho);
}

/** Theory: the same traces in closed form, as sums over all pairs of a coincidence and a pulse. */
export function closedForm(synapse: Synapse, { pre, post, pulses }: Events, at: ArrayLike<number>): Traces {
  check(synapse);
  const { tauE, tauRho, reward, eta } = synapse;
  const marks = Array.from(post, (time) => ({ time, size: coincidence(synapse, pre, time) }));
  const times = Float64Array.from(at);
  const tau = 1 / (1 / tauE + 1 / tauRho);
  const eligibility = times.map((t) =>
    marks.reduce((sum, { time, size }) => sum + (time <= t ? size * Math.exp(-(t - time) / tauE) : 0), 0),
  );
  const modulator = times.map((t) =>
    Array.from(pulses).reduce((sum, time) => sum + (time <= t ? reward * Math.exp(-(t - time) / tauRho) : 0), 0),
  );
  const weight = times.map((t) => {
    let sum = 0;
    for (const { time, size } of marks)
      for (let k = 0; k < pulses.length; k++) {
        const since = t - Math.max(time, pulses[k]);
        if (since > 0) sum += size * reward * delayWindow(synapse, pulses[k] - time) * -Math.expm1(-since / tau);
      }
    return eta * sum;
  });
  return { eligibility, modulator, weight };
}

/** Pairings over a background of random spikes. */
export interface Protocol {
  /** number of pairings, ≥ 0 */
  readonly pairs: number;
  /** time from one pairing to the next, s */
  readonly interval: number;
  /** time from the presynaptic to the postsynaptic spike of a pairing, s, > 0 */
  readonly lag: number;
  /** rate at which either neuron fires by itself, Hz, ≥ 0 */
  readonly background: number;
}

/** Spikes of the pairings; the last postsynaptic one is at time 0, from where delays count. */
function pairings({ pairs, interval, lag }: Protocol): { readonly pre: number[]; readonly post: number[] } {
  const post = Array.from({ length: pairs }, (_, i) => (i - pairs + 1) * interval);
  return { pre: post.map((time) => time - lag), post };
}

/**
 * Expected change of the weight by pairings and one pulse. With G the window of delays and r the background rate,
 * Δw/η = Σᵢ (cᵢ + r τ_x) G(d − tᵢ) + r Σ_p ∫ e^(−(t − t_p)/τ_x) G(d − t) dt + r² τ_x τ_e τ_ρ:
 * coincidences of the pairings, of one of their spikes with the background, and of the background with itself.
 * @param delay of the pulse after the last pairing, s
 */
export function expectedChange(synapse: Synapse, protocol: Protocol, delay: number): number {
  check(synapse);
  const { tauX, tauE, tauRho, reward, eta } = synapse;
  const { pre, post } = pairings(protocol);
  const r = protocol.background;
  const tau = 1 / (1 / tauE + 1 / tauRho);
  let sum = r * r * tauX * tauE * tauRho;
  for (const time of post) sum += (coincidence(synapse, pre, time) + r * tauX) * delayWindow(synapse, delay - time);
  for (const time of pre) {
    const d = delay - time;
    const after = tau / (1 / tauX + 1 / tauRho);
    if (d < 0) sum += r * after * Math.exp(d / tauRho);
    else {
      const rate = 1 / tauX - 1 / tauE;
      sum += r * ((tau * Math.exp(-d / tauE) * -Math.expm1(-d * rate)) / rate + after * Math.exp(-d / tauX));
    }
  }
  return eta * reward * sum;
}

/**
 * Standard deviation of the change by the background alone: pairs of a pre- and a postsynaptic spike that are independent, and pairs
 * that share one of them. A mean over few trials needs it, as rare coincidences are missing in most.
 * @param background rate r, Hz
 */
export function backgroundSpread(synapse: Synapse, background: number): number {
  check(synapse);
  const { tauX, tauE, tauRho, reward, eta } = synapse;
  const tau = 1 / (1 / tauE + 1 / tauRho);
  const windowSquared = (tau * tau * (tauE + tauRho)) / 2;
  // what a presynaptic spike u before the pulse is expected to do, over r: α e^(−u/τ_e) + β e^(−u/τ_x); after it, `after` e^(u/τ_ρ)
  const alpha = tau / (1 / tauX - 1 / tauE);
  const after = tau / (1 / tauX + 1 / tauRho);
  const beta = after - alpha;
  const shared =
    (alpha * alpha * tauE + beta * beta * tauX + after * after * tauRho) / 2 +
    (2 * alpha * beta) / (1 / tauE + 1 / tauX);
  const r = background;
  return (
    Math.abs(eta * reward) *
    Math.sqrt(r * r * ((tauX / 2) * windowSquared + r * (tauX * tauX * windowSquared + shared)))
  );
}

/** Time constants before the first event of a trial and after the last: what is left out is below e^−12. */
export const MARGIN = 12;

/**
 * One trial of the protocol with random spikes.
 * @returns the change of the weight
 */
export function simulateTrial(synapse: Synapse, protocol: Protocol, delay: number, random: Rng): number {
  const paired = pairings(protocol);
  const from = Math.min(0, delay, ...paired.pre) - MARGIN * synapse.tauE;
  const to = Math.max(0, delay) + MARGIN * synapse.tauRho;
  const train = (own: readonly number[], noise: Rng): number[] => {
    const times = [...own];
    if (protocol.background > 0)
      for (let t = from; ; ) {
        t += noise.exponential(1 / protocol.background);
        if (t >= to) break;
        times.push(t);
      }
    return times.map((t) => t - from).sort((a, b) => a - b);
  };
  const events = {
    pre: train(paired.pre, random.stream('pre')),
    post: train(paired.post, random.stream('post')),
    pulses: [delay - from],
  };
  return follow(synapse, events, [to - from]).weight[0];
}
