import { rng } from '../math/rng';
import type { Run } from '../math/run';
import { parallel } from '../parallel/parallel';
import type { CalciumSynapse, Pairing } from './calcium';
import type { Outcome } from './calcium.simulation';
import { point } from './calcium.tasks';

/** Kicks (pairs times synapses) from which on workers are worth waking: about a tenth of a second of work. */
const WORTHWHILE = 4e6;

/**
 * Many pairings, each on as many synapses with random numbers of its own; over the workers where it is much.
 * @param trials synapses for each pairing, half of them weak at first, >= 2
 * @param seed of all random numbers; the result depends on it and not on the number of workers
 * @throws {ParameterError} on impossible pairs or trials
 */
export function simulatePairings(
  synapse: CalciumSynapse,
  pairings: readonly Pairing[],
  trials: number,
  seed: number,
  run: Run,
): Promise<Outcome[]> {
  const work = trials * pairings.reduce((sum, { pairs }) => sum + pairs, 0);
  return parallel(pairings.length, point, {
    seedStream: rng(seed).stream('pairings'),
    args: { synapse, pairings, trials },
    run,
    note: `${trials} synapses a point`,
    ...(work < WORTHWHILE ? { workers: 1 } : {}),
  });
}
