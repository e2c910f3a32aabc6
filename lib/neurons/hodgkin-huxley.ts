import { DivergenceError, ParameterError } from '../math/errors';
import { type Derivative, rk4, workspace } from '../math/ode';
import { createRun, type Run } from '../math/run';

/**
 * The squid giant axon of Hodgkin & Huxley (J Physiol 117:500, 1952), one patch of membrane:
 *
 *     C dV/dt = I − gNa m³h (V − ENa) − gK n⁴ (V − EK) − gL (V − EL)
 *     dx/dt   = φ [αx(V) (1 − x) − βx(V) x]     for x = m, h, n
 *
 * V is the absolute potential, inside minus outside, as one writes it today. (The paper counts from the resting
 * potential and with the opposite sign.) Units: mV, ms, µA/cm², mS/cm², µF/cm².
 */
export interface Membrane {
  /** capacitance, µF/cm² */
  readonly C: number;
  /** largest sodium conductance, mS/cm² */
  readonly gNa: number;
  /** largest potassium conductance, mS/cm² */
  readonly gK: number;
  /** leak conductance, mS/cm² */
  readonly gL: number;
  /** reversal potentials, mV */
  readonly ENa: number;
  readonly EK: number;
  readonly EL: number;
  /** °C; the rates speed up threefold every 10 °C: φ = 3^((temperature − 6.3)/10) */
  readonly temperature: number;
}

/** The values of the paper. EL is where the paper puts it: where the three currents cancel at −65 mV, nearly. */
export const squid: Membrane = {
  C: 1,
  gNa: 120,
  gK: 36,
  gL: 0.3,
  ENa: 50,
  EK: -77,
  EL: -54.387,
  temperature: 6.3,
};

/** Opening (alpha) and closing (beta) rates of the gates at one voltage and 6.3 °C, 1/ms. */
export interface Rates {
  readonly alphaM: number;
  readonly betaM: number;
  readonly alphaH: number;
  readonly betaH: number;
  readonly alphaN: number;
  readonly betaN: number;
}

/**
 * u / (1 − e⁻ᵘ), smooth through u = 0 where the quotient is 0/0. The first term that the series leaves out is u⁴/720.
 */
export function linoid(u: number): number {
  return Math.abs(u) < 1e-4 ? 1 + u / 2 + (u * u) / 12 : -u / Math.expm1(-u);
}

const alphaM = (V: number): number => linoid((V + 40) / 10);
const betaM = (V: number): number => 4 * Math.exp(-(V + 65) / 18);
const alphaH = (V: number): number => 0.07 * Math.exp(-(V + 65) / 20);
const betaH = (V: number): number => 1 / (1 + Math.exp(-(V + 35) / 10));
const alphaN = (V: number): number => 0.1 * linoid((V + 55) / 10);
const betaN = (V: number): number => 0.125 * Math.exp(-(V + 65) / 80);

/** The six rates at V (mV); equations 12, 13, 20, 21, 23, 24 of the paper with its V replaced by −(V + 65). */
export function rates(V: number): Rates {
  return {
    alphaM: alphaM(V),
    betaM: betaM(V),
    alphaH: alphaH(V),
    betaH: betaH(V),
    alphaN: alphaN(V),
    betaN: betaN(V),
  };
}

/** Voltage (mV) and gates (0 to 1) at one moment. */
export interface State {
  readonly V: number;
  readonly m: number;
  readonly h: number;
  readonly n: number;
}

/** The three currents through the membrane, outward positive, µA/cm². */
export function currents(
  { V, m, h, n }: State,
  membrane: Membrane = squid,
): { readonly sodium: number; readonly potassium: number; readonly leak: number } {
  return {
    sodium: membrane.gNa * m ** 3 * h * (V - membrane.ENa),
    potassium: membrane.gK * n ** 4 * (V - membrane.EK),
    leak: membrane.gL * (V - membrane.EL),
  };
}

/** How much faster the gates are than at 6.3 °C. */
export function speedUp(temperature: number): number {
  return 3 ** ((temperature - 6.3) / 10);
}

/**
 * The right-hand side.
 * @param y V, m, h, n
 * @param current injected current, µA/cm²
 * @param phi `speedUp(membrane.temperature)`
 * @param dy receives dV/dt (mV/ms), dm/dt, dh/dt, dn/dt (1/ms); may not be `y`
 */
export function derivatives(y: Float64Array, current: number, membrane: Membrane, phi: number, dy: Float64Array): void {
  const V = y[0];
  const m = y[1];
  const h = y[2];
  const n = y[3];
  const n2 = n * n;
  const ionic =
    membrane.gNa * m * m * m * h * (V - membrane.ENa) +
    membrane.gK * n2 * n2 * (V - membrane.EK) +
    membrane.gL * (V - membrane.EL);
  dy[0] = (current - ionic) / membrane.C;
  dy[1] = phi * (alphaM(V) * (1 - m) - betaM(V) * m);
  dy[2] = phi * (alphaH(V) * (1 - h) - betaH(V) * h);
  dy[3] = phi * (alphaN(V) * (1 - n) - betaN(V) * n);
}

/** A stretch of time (ms) with a constant injected current (µA/cm²). A stimulus is a list of them. */
export interface Segment {
  readonly duration: number;
  readonly current: number;
}

/** A patch of membrane that keeps its state and is moved on in time. */
export interface Patch {
  /** V, m, h, n; may be read and set between calls */
  readonly y: Float64Array;
  /**
   * One classical Runge–Kutta step. The stimulus is constant in it: a step never reaches over an edge of the stimulus,
   * which would cost the method its fourth order.
   * @param h length, ms
   */
  step(current: number, h: number): void;
}

/** A patch in a given state. */
export function createPatch(state: State, membrane: Membrane = squid): Patch {
  const y = Float64Array.of(state.V, state.m, state.h, state.n);
  const phi = speedUp(membrane.temperature);
  const work = workspace(4);
  let injected = 0;
  const f: Derivative = (_time, at, slope) => derivatives(at, injected, membrane, phi, slope);
  return {
    y,
    step(current, h) {
      injected = current;
      rk4(f, y, 0, h, work);
    },
  };
}

/** The course of a simulation; all arrays have the same length, one entry a time step and one for the start. */
export interface Trajectory {
  /** ms */
  readonly time: Float64Array;
  /** mV */
  readonly voltage: Float64Array;
  readonly m: Float64Array;
  readonly h: Float64Array;
  readonly n: Float64Array;
  /** injected current in the step that ends at this time, µA/cm² */
  readonly current: Float64Array;
}

export interface Options {
  readonly membrane?: Membrane;
  /** time step, ms; shortened a little where a segment is not a whole number of steps long */
  readonly dt?: number;
  /** time of the first sample, ms */
  readonly start?: number;
}

/**
 * Simulates a patch of membrane under a stimulus, from a given state.
 * @throws {ParameterError} on a time step or a duration that is not positive
 * @throws {DivergenceError} when the step is too long for the fastest gate
 */
export async function simulate(
  from: State,
  stimulus: readonly Segment[],
  { membrane = squid, dt = 0.01, start = 0 }: Options = {},
  run: Run = createRun(),
): Promise<Trajectory> {
  const steps = stimulus.map((segment) => stepsIn(segment, dt));
  const total = steps.reduce((sum, n) => sum + n, 0);
  const out: Trajectory = {
    time: new Float64Array(total + 1),
    voltage: new Float64Array(total + 1),
    m: new Float64Array(total + 1),
    h: new Float64Array(total + 1),
    n: new Float64Array(total + 1),
    current: new Float64Array(total + 1),
  };
  const { y, step } = createPatch(from, membrane);
  let i = 0;
  let began = start;
  const record = (time: number, current: number): void => {
    out.time[i] = time;
    out.voltage[i] = y[0];
    out.m[i] = y[1];
    out.h[i] = y[2];
    out.n[i] = y[3];
    out.current[i] = current;
    i++;
  };
  record(began, 0);
  for (const [s, { duration, current }] of stimulus.entries()) {
    const h = duration / steps[s];
    for (let k = 1; k <= steps[s]; k++) {
      step(current, h);
      record(began + k * h, current);
      if (k % CHUNK === 0) {
        finite(y, began + k * h, h);
        await run.progress(i / total, 'simulating');
      }
    }
    began += duration;
    finite(y, began, h);
  }
  return out;
}

/** Steps between two looks at the clock and at the state: about a millisecond of work. */
export const CHUNK = 1000;

/**
 * How many equal steps, none longer than dt, make up a segment.
 * @throws {ParameterError} on a time step or a duration that is not positive and finite
 */
export function stepsIn({ duration, current }: Segment, dt: number): number {
  if (!(dt > 0 && dt < Infinity)) throw new ParameterError(`dt must be a positive number of ms (got ${dt})`);
  if (!(duration > 0 && duration < Infinity))
    throw new ParameterError(`duration must be a positive number of ms (got ${duration})`);
  if (!Number.isFinite(current)) throw new ParameterError(`current must be a finite number of µA/cm² (got ${current})`);
  return Math.max(1, Math.ceil(duration / dt - 1e-9));
}

/** @throws {DivergenceError} if the state has left the finite numbers */
export function finite(y: Float64Array, time: number, dt: number): void {
  for (let i = 0; i < 4; i++)
    if (!Number.isFinite(y[i]))
      throw new DivergenceError(
        ['V', 'm', 'h', 'n'][i],
        `${Number(time.toPrecision(4))} ms`,
        `the time step of ${Number(dt.toPrecision(3))} ms is too long for the fastest gate; shorten it`,
      );
}

/**
 * Times (ms) at which the voltage rises through `level` (mV), interpolated linearly between the samples.
 */
export function spikeTimes({ time, voltage }: Trajectory, level: number = 0): number[] {
  const out: number[] = [];
  for (let i = 1; i < time.length; i++)
    if (voltage[i - 1] < level && voltage[i] >= level)
      out.push(time[i - 1] + ((time[i] - time[i - 1]) * (level - voltage[i - 1])) / (voltage[i] - voltage[i - 1]));
  return out;
}

/** A turning point of the voltage. */
export interface Extremum {
  /** ms */
  readonly time: number;
  /** mV */
  readonly voltage: number;
  readonly kind: 'peak' | 'trough';
}

/**
 * The turning points of the voltage, by the parabola through three samples: the highest sample alone would miss the
 * peak by up to |V″| dt²/8, 0.1 mV at dt = 0.05 ms.
 */
export function turningPoints({ time, voltage }: Trajectory): Extremum[] {
  const out: Extremum[] = [];
  for (let i = 1; i < time.length - 1; i++) {
    const before = voltage[i] - voltage[i - 1];
    const after = voltage[i + 1] - voltage[i];
    if (!(before * after < 0)) continue;
    const h = (time[i + 1] - time[i - 1]) / 2;
    const slope = (voltage[i + 1] - voltage[i - 1]) / 2;
    const bend = after - before;
    out.push({
      time: time[i] - (h * slope) / bend,
      voltage: voltage[i] - slope ** 2 / (2 * bend),
      kind: bend < 0 ? 'peak' : 'trough',
    });
  }
  return out;
}
