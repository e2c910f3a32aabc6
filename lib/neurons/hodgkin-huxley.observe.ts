import type { Run } from '../math/run';
import { createPatch, finite, type Membrane, type State, stepsIn } from './hodgkin-huxley';
import { createBatch, LANES } from './hodgkin-huxley.batch';

/** One patch under a constant current, and somebody who watches its voltage until he has seen enough. */
export interface Observation<T> {
  readonly from: State;
  /** µA/cm² */
  readonly current: number;
  /**
   * Called after each step.
   * @param k number of the step, 1 for the first
   * @param V mV
   * @returns whether that was enough
   */
  see(k: number, V: number): boolean;
  /** @param state where the patch was when the observation ended */
  result(state: State): T;
}

/** Steps between two looks at a batch: about 0.1 ms of work. */
const BLOCK = 400;

/**
 * Makes observations, four at a time: whenever one ends, the next takes its place.
 * @param dt time step, ms
 * @param longest time after which an observation ends in any case, ms
 * @returns the results in the order of the observations
 * @throws {ParameterError} on a time step or currents that cannot be
 * @throws {DivergenceError} when the step is too long for the fastest gate
 */
export async function observe<T>(
  observations: readonly Observation<T>[],
  { membrane, dt, longest }: { readonly membrane: Membrane; readonly dt: number; readonly longest: number },
  run: Run,
): Promise<T[]> {
  const steps = observations.map(({ current }) => stepsIn({ duration: longest, current }, dt));
  const batch = createBatch(BLOCK, membrane);
  const results = new Array<T>(observations.length);
  const at = new Float64Array(4);
  /** which observation each lane makes; −1 none any more */
  const who = new Int32Array(LANES).fill(-1);
  /** the step that each lane has reached */
  const reached = new Int32Array(LANES);
  let next = 0;
  let ended = 0;
  const seat = (lane: number): void => {
    who[lane] = next < observations.length ? next++ : -1;
    reached[lane] = 0;
    const { from, current } = observations[Math.max(0, who[lane])];
    batch.set(lane, from, current);
  };
  for (let lane = 0; lane < LANES && observations.length > 0; lane++) seat(lane);

  while (ended < observations.length) {
    const before = Array.from({ length: LANES }, (_, lane) => batch.get(lane));
    batch.advance(BLOCK, dt);
    for (let lane = 0; lane < LANES; lane++) {
      if (who[lane] < 0) continue;
      const observation = observations[who[lane]];
      const left = Math.min(BLOCK, steps[who[lane]] - reached[lane]);
      let k = 1;
      while (k < left && !observation.see(reached[lane] + k, batch.voltages[(k - 1) * LANES + lane])) k++;
      const enough = k < left || observation.see(reached[lane] + k, batch.voltages[(k - 1) * LANES + lane]);
      reached[lane] += k;
      const state = k < BLOCK ? again(before[lane], observation.current, membrane, k, dt) : batch.get(lane);
      at.set([state.V, state.m, state.h, state.n]);
      finite(at, reached[lane] * dt, dt);
      if (enough || reached[lane] === steps[who[lane]]) {
        results[who[lane]] = observation.result(state);
        ended++;
        seat(lane);
      }
    }
    await run.progress(ended / observations.length, `${ended} of ${observations.length} currents`);
  }
  return results;
}

/** The state k steps after another: what a batch had in the middle of a block. */
function again(from: State, current: number, membrane: Membrane, k: number, dt: number): State {
  const { y, step } = createPatch(from, membrane);
  for (let i = 0; i < k; i++) step(current, dt);
  const [V, m, h, n] = y;
  return { V, m, h, n };
}
