import { ParameterError } from '../math/errors';
import { createRun, type Run } from '../math/run';
import { CHUNK, createPatch, finite, type Membrane, type Segment, type State, squid, stepsIn } from './hodgkin-huxley';
import { LANES } from './hodgkin-huxley.batch';
import { type Observation, observe } from './hodgkin-huxley.observe';
import { equilibrium } from './hodgkin-huxley.stability';

/*
 * Experiments on the simulated membrane: does it fire, how fast, from which stimulus on. Nothing here uses the linear
 * theory of hodgkin-huxley.stability, only the place of the equilibrium.
 */

export interface Conditions {
  readonly membrane?: Membrane;
  /** time step, ms */
  readonly dt?: number;
  /** the state before the stimulus; the rest without current unless given */
  readonly from?: State;
}

/** What a membrane ends up doing under a constant current. */
export interface Firing {
  /** oscillations per second; 0 if it comes to rest */
  readonly rate: number;
  /** lowest and highest voltage of the final cycle, mV; both the equilibrium if it comes to rest */
  readonly low: number;
  readonly high: number;
  /** where it was when the measurement ended */
  readonly state: State;
}

interface Cycle {
  /** ms */
  readonly period: number;
  /** mV */
  readonly low: number;
  readonly high: number;
}

/** A swing below this many mV is no oscillation any more, */
const SMALLEST = 1;
/** … and no oscillation for this many ms is rest. */
const SILENCE = 200;
/** The cycle counts as final when it is like the one this many cycles earlier, */
const BACK = 10;
/** … its extremes within this many mV, */
const SAME_VOLTAGE = 0.01;
/** … and its period within this fraction. */
const SAME_PERIOD = 1e-4;

/**
 * Steps a constant current (µA/cm²) on and follows the membrane until its cycle repeats itself or it has come to rest.
 * A cycle runs from one rise through the equilibrium's voltage to the next, so the small oscillations at high currents,
 * whose peaks stay below 0 mV, count as well. Within about 0.05 µA/cm² of a Hopf point neither happens within `longest`
 * ms; then the last cycles are returned as they are.
 */
export async function firing(
  current: number,
  conditions: Conditions = {},
  run: Run = createRun(),
  longest: number = 5000,
): Promise<Firing> {
  return (await firings([current], conditions, run, longest))[0];
}

/** `firing` of many currents (µA/cm²), several times faster than one after the other. */
export function firings(
  currents: readonly number[],
  { membrane = squid, dt = 0.025, from = equilibrium(0, membrane) }: Conditions = {},
  run: Run = createRun(),
  longest: number = 5000,
): Promise<Firing[]> {
  return observe(
    currents.map((current) => watchFiring(current, membrane, dt, from)),
    { membrane, dt, longest },
    run,
  );
}

function watchFiring(current: number, membrane: Membrane, dt: number, from: State): Observation<Firing> {
  const rest = equilibrium(current, membrane).V;
  const cycles: Cycle[] = [];
  let resting = false;
  let start: number | undefined;
  let low = Infinity;
  let high = -Infinity;
  let older = from.V;
  let old = from.V;
  return {
    from,
    current,
    see(k, V) {
      if ((V - old) * (old - older) < 0) {
        // a turning point: the vertex of the parabola through the last three samples
        const turn = old - (V - older) ** 2 / (8 * (V - 2 * old + older));
        if (turn < low) low = turn;
        if (turn > high) high = turn;
      }
      if (old < rest && V >= rest) {
        const time = dt * (k - (V - rest) / (V - old));
        if (high > low) {
          resting = high - low < SMALLEST;
          if (start !== undefined) cycles.push({ period: time - start, low, high });
          if (repeats(cycles)) return true;
        }
        start = time;
        low = Infinity;
        high = -Infinity;
      }
      older = old;
      old = V;
      return resting || (resting = k * dt - (start ?? 0) > SILENCE);
    },
    result(state) {
      if (resting || cycles.length === 0) return { rate: 0, low: rest, high: rest, state };
      const final = cycles.slice(-BACK);
      return {
        rate: (1000 * final.length) / final.reduce((sum, c) => sum + c.period, 0),
        low: final[final.length - 1].low,
        high: final[final.length - 1].high,
        state,
      };
    },
  };
}

function repeats(cycles: readonly Cycle[]): boolean {
  const a = cycles[cycles.length - 1 - BACK];
  const b = cycles[cycles.length - 1];
  return (
    a !== undefined &&
    Math.abs(a.low - b.low) < SAME_VOLTAGE &&
    Math.abs(a.high - b.high) < SAME_VOLTAGE &&
    Math.abs(a.period - b.period) < SAME_PERIOD * b.period
  );
}

/** How a small push away from the equilibrium develops. */
export interface Growth {
  /** of the envelope, 1/ms; negative if the push fades */
  readonly rate: number;
  readonly stable: boolean;
}

/** The push, mV: small enough that the equations are linear on its scale. */
const PUSH = 1e-3;
/** A swing of this many mV has left the equilibrium. */
const LEFT = 5;
/** Length of the windows whose largest deviations are compared, ms: several cycles of any oscillation near rest. */
const WINDOW = 50;

/**
 * Puts the membrane on its equilibrium under a constant current (µA/cm²), pushes it by 0.001 mV, and watches the
 * largest deviation in successive windows until it has changed threefold. This is the stability that a current raised
 * infinitely slowly would meet. The first window is left out: there the fast directions fade.
 */
export async function push(
  current: number,
  conditions: Omit<Conditions, 'from'> = {},
  run: Run = createRun(),
  longest: number = 5000,
): Promise<Growth> {
  return (await pushes([current], conditions, run, longest))[0];
}

/** `push` for many currents (µA/cm²), several times faster than one after the other. */
export function pushes(
  currents: readonly number[],
  { membrane = squid, dt = 0.025 }: Omit<Conditions, 'from'> = {},
  run: Run = createRun(),
  longest: number = 5000,
): Promise<Growth[]> {
  return observe(
    currents.map((current) => watchGrowth(current, membrane, dt)),
    { membrane, dt, longest },
    run,
  );
}

function watchGrowth(current: number, membrane: Membrane, dt: number): Observation<Growth> {
  const rest = equilibrium(current, membrane);
  const steps = stepsIn({ duration: WINDOW, current }, dt);
  let largest = 0;
  let first = Number.NaN;
  let rate = 0;
  return {
    from: { ...rest, V: rest.V + PUSH },
    current,
    see(k, V) {
      const deviation = Math.abs(V - rest.V);
      if (deviation > largest) largest = deviation;
      if (k % steps !== 0) return false;
      const windows = k / steps;
      if (largest > LEFT) {
        rate = Math.log(largest / PUSH) / (windows * WINDOW);
        return true;
      }
      if (windows === 2) first = largest;
      else if (windows > 2) {
        rate = Math.log(largest / first) / ((windows - 2) * WINDOW);
        if (!(largest < 3 * first && largest > first / 3)) return true;
      }
      largest = 0;
      return false;
    },
    result: () => ({ rate, stable: rate < 0 }),
  };
}

/**
 * The current (µA/cm²) at which a push neither grows nor fades, by pushing 1 % below and above the place to look at. The
 * growth rate is taken as linear between the two, good to a few parts in 10⁵ at the Hopf points of the squid's membrane.
 */
export async function stabilityLimit(
  near: number,
  conditions: Omit<Conditions, 'from'> = {},
  run: Run = createRun(),
): Promise<number> {
  return (await stabilityLimits([near], conditions, run))[0];
}

/** `stabilityLimit` near many places. */
export async function stabilityLimits(
  places: readonly number[],
  conditions: Omit<Conditions, 'from'> = {},
  run: Run = createRun(),
): Promise<number[]> {
  const ends = places.flatMap((near) => [0.99 * near, 1.01 * near]);
  const growth = await pushes(ends, conditions, run);
  return places.map((_, i) => {
    const [below, above] = [ends[2 * i], ends[2 * i + 1]];
    const [a, b] = [growth[2 * i].rate, growth[2 * i + 1].rate];
    return below + ((above - below) * a) / (a - b);
  });
}

/**
 * The smallest current (µA/cm²) that makes the membrane fire for ever, when there is one onset between `low`, which does
 * not, and `high`, which does. Each round tries as many currents as a batch holds.
 * @param precision width of the last bracket, relative to the onset
 * @throws {ParameterError} if the ends don't answer so
 */
export async function firingOnset(
  low: number,
  high: number,
  precision: number,
  conditions: Conditions = {},
  run: Run = createRun(),
): Promise<number> {
  const answers = async (currents: readonly number[]): Promise<boolean[]> =>
    (await firings(currents, conditions, run)).map(({ rate }) => rate > 0);
  const [early, late] = await answers([low, high]);
  if (early) throw new ParameterError(`the onset lies below ${low}`);
  if (!late) throw new ParameterError(`the onset lies above ${high}`);
  let [no, yes] = [low, high];
  while (yes - no > precision * Math.abs(yes)) {
    const between = Array.from({ length: LANES }, (_, i) => no + ((yes - no) * (i + 1)) / (LANES + 1));
    const fire = await answers(between);
    const first = fire.indexOf(true);
    [no, yes] = [first === 0 ? no : between.at(first === -1 ? -1 : first - 1)!, first === -1 ? yes : between[first]];
  }
  return (no + yes) / 2;
}

/**
 * Spikes in a time, rises through 0 mV, for many currents (µA/cm²).
 * @param duration ms
 */
export function spikeCounts(
  currents: readonly number[],
  duration: number,
  { membrane = squid, dt = 0.01, from = equilibrium(0, membrane) }: Conditions = {},
  run: Run = createRun(),
): Promise<number[]> {
  const watch = (current: number): Observation<number> => {
    let spikes = 0;
    let old = from.V;
    return {
      from,
      current,
      see(_, V) {
        if (old < 0 && V >= 0) spikes++;
        old = V;
        return false;
      },
      result: () => spikes,
    };
  };
  return observe(currents.map(watch), { membrane, dt, longest: duration }, run);
}

/** A rise with a gate outside of 0 to 1 is no spike but the start of a divergence, which `finite` reports. */
const gatesInRange = (y: Float64Array): boolean =>
  y[1] >= 0 && y[1] <= 1 && y[2] >= 0 && y[2] <= 1 && y[3] >= 0 && y[3] <= 1;

/** Whether the voltage rises through 0 mV under a stimulus. */
export async function fires(
  stimulus: readonly Segment[],
  { membrane = squid, dt = 0.02, from = equilibrium(0, membrane) }: Conditions = {},
  run: Run = createRun(),
): Promise<boolean> {
  const { y, step } = createPatch(from, membrane);
  let time = 0;
  let old = y[0];
  for (const segment of stimulus) {
    const steps = stepsIn(segment, dt);
    const h = segment.duration / steps;
    for (let k = 1; k <= steps; k++) {
      step(segment.current, h);
      if (old < 0 && y[0] >= 0 && gatesInRange(y)) return true;
      old = y[0];
      if (k % CHUNK === 0) await run.progress(0);
    }
    time += segment.duration;
    finite(y, time, h);
  }
  return false;
}

/**
 * The smallest amplitude (in whatever `attempt` takes) that answers yes, by bisection.
 * @param low an amplitude that answers no
 * @param high an amplitude that answers yes
 * @param precision the width of the last bracket, relative to the threshold
 * @throws {ParameterError} if they don't
 */
export async function threshold(
  attempt: (amplitude: number) => Promise<boolean>,
  low: number,
  high: number,
  precision: number = 1e-6,
): Promise<number> {
  if (await attempt(low)) throw new ParameterError(`the threshold lies below ${low}`);
  if (!(await attempt(high))) throw new ParameterError(`the threshold lies above ${high}`);
  let [no, yes] = [low, high];
  while (Math.abs(yes - no) > precision * Math.abs(yes)) {
    const middle = (no + yes) / 2;
    if (await attempt(middle)) yes = middle;
    else no = middle;
  }
  return (no + yes) / 2;
}

/** Time that a spike is given to rise after a pulse, ms. Close to the threshold it hesitates for several ms. */
const PATIENCE = 25;

/** Smallest current (µA/cm²) of a pulse of `duration` ms that makes the resting membrane fire. */
export function pulseThreshold(duration: number, conditions: Conditions = {}, run: Run = createRun()): Promise<number> {
  const attempt = (current: number): Promise<boolean> =>
    fires(
      [
        { duration, current },
        { duration: PATIENCE, current: 0 },
      ],
      conditions,
      run,
    );
  return threshold(attempt, 0, 20 + 40 / duration);
}

/** Smallest sudden displacement of the resting voltage (mV) that makes the membrane fire: the limit of short pulses. */
export function displacementThreshold(conditions: Conditions = {}, run: Run = createRun()): Promise<number> {
  const rest = equilibrium(0, conditions.membrane);
  const attempt = (by: number): Promise<boolean> =>
    fires([{ duration: PATIENCE, current: 0 }], { ...conditions, from: { ...rest, V: rest.V + by } }, run);
  return threshold(attempt, 0, 50);
}
