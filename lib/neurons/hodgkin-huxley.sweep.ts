import { ParameterError } from '../math/errors';
import type { Run } from '../math/run';
import { parallel } from '../parallel/parallel';
import { LANES } from './hodgkin-huxley.batch';
import type { Conditions } from './hodgkin-huxley.experiments';
import { countBatch } from './hodgkin-huxley.tasks';

/**
 * Spikes in `duration` ms (`spikeCounts`) under each of many currents (µA/cm²), on all cores: for seconds of simulated
 * time. The other experiments take less time than workers take to start.
 * @throws {ParameterError} without currents, or for a time step or a duration that cannot be
 */
export async function countSweep(
  currents: readonly number[],
  duration: number,
  conditions: Conditions = {},
  run?: Run,
): Promise<number[]> {
  if (currents.length === 0) throw new ParameterError('currents must not be empty');
  const args = { currents, duration, conditions };
  const batches = await parallel(Math.ceil(currents.length / LANES), countBatch, { args, run, note: 'currents' });
  return batches.flat();
}
