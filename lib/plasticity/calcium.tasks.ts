import type { Rng } from '../math/rng';
import { defineTask, type Task } from '../parallel/parallel';
import type { CalciumSynapse, Pairing } from './calcium';
import { type Outcome, simulatePairing } from './calcium.simulation';

/** What all pairings of a curve share. */
export interface Curve {
  readonly synapse: CalciumSynapse;
  readonly pairings: readonly Pairing[];
  /** synapses for each pairing */
  readonly trials: number;
}

/** One point of a curve: its number counts the pairings. */
export const point: Task<Curve, Outcome> = defineTask(
  'plasticity/calcium.tasks',
  'point',
  (i: number, random: Rng, { synapse, pairings, trials }: Curve) =>
    simulatePairing(synapse, pairings[i], trials, random),
);
