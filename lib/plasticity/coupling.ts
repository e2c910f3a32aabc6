import { gaussLegendre } from '../math/quadrature';
import type { Rng } from '../math/rng';

/**
 * From a synaptic potential to a spike. The neuron fires with a rate that grows exponentially with its distance from the
 * threshold, ρ(t) = ρ₀ exp((E ε(t) − θ)/Δ) (escape noise; Gerstner and Kistler 2002, section 5.3). The synapse sets E; the
 * cell sets θ. The numbers are our choice: they make 6 mV a weak and 10 mV a strong synaptic potential.
 */
export interface Cell {
  /** threshold θ, mV above rest: there the neuron fires ρ₀ times a millisecond */
  readonly threshold: number;
  /** softness Δ of the threshold, mV, > 0 */
  readonly softness: number;
}

/** A cell before any plasticity. */
export const naiveCell: Cell = { threshold: 10, softness: 1 };

/** ρ₀, spikes a millisecond at threshold. */
const RATE = 1;
/** Rise and decay of the synaptic potential, ms. */
const [RISE, DECAY] = [1, 10];
/** Spikes are counted this long after the onset of the potential, ms. */
export const WINDOW = 40;
/** When the potential peaks, ms. */
export const PEAK_TIME = (RISE * DECAY * Math.log(DECAY / RISE)) / (DECAY - RISE);

const difference = (t: number): number => Math.exp(-t / DECAY) - Math.exp(-t / RISE);

/** Course of the synaptic potential, 1 at its peak. @param t ms from its onset, ≥ 0 */
export function shape(t: number): number {
  return difference(t) / difference(PEAK_TIME);
}

/** ρ(t), spikes a millisecond. @param amplitude E, peak of the synaptic potential, mV */
export function escapeRate({ threshold, softness }: Cell, amplitude: number, t: number): number {
  return RATE * Math.exp((amplitude * shape(t) - threshold) / softness);
}

/** Two pieces, joined at the peak: the rate is smooth on each. */
const pieces = [gaussLegendre(60, 0, PEAK_TIME), gaussLegendre(60, PEAK_TIME, WINDOW)];

/** ∫ρ dt over the window: the spikes that a neuron without refractoriness would fire. */
export function expectedSpikes(cell: Cell, amplitude: number): number {
  let sum = 0;
  for (const { nodes, weights } of pieces)
    for (let i = 0; i < nodes.length; i++) sum += weights[i] * escapeRate(cell, amplitude, nodes[i]);
  return sum;
}

/** Probability of at least one spike, 1 − exp(−∫ρ dt). */
export function spikeProbability(cell: Cell, amplitude: number): number {
  return -Math.expm1(-expectedSpikes(cell, amplitude));
}

/** Lowers the threshold by a shift, mV: plasticity of the cell, which no synaptic potential shows. */
export function excite(cell: Cell, shift: number): Cell {
  return { ...cell, threshold: cell.threshold - shift };
}

/**
 * Spike probability after a shift δ of the threshold, from the probability before: every rate is exp(δ/Δ) times as high, so
 * the probability of silence is raised to that power, whatever the size and the course of the synaptic potential.
 * @param before probability of a spike, 0 to 1
 */
export function probabilityAfterShift(before: number, shift: number, softness: number): number {
  return 1 - (1 - before) ** Math.exp(shift / softness);
}

/** Steps of the simulation: 0.05 ms, a twentieth of the rise. */
const STEPS = 800;

/** Presents a synaptic potential many times, in steps, and counts the trials with a spike. */
export function countSpikes(cell: Cell, amplitude: number, trials: number, noise: Rng): number {
  const dt = WINDOW / STEPS;
  const chance = Float64Array.from(
    { length: STEPS },
    (_, i) => -Math.expm1(-dt * escapeRate(cell, amplitude, (i + 0.5) * dt)),
  );
  const draws = new Float64Array(STEPS);
  let spikes = 0;
  for (let trial = 0; trial < trials; trial++) {
    noise.fillUniform(draws);
    for (let i = 0; i < STEPS; i++)
      if (draws[i] < chance[i]) {
        spikes++;
        break;
      }
  }
  return spikes;
}
