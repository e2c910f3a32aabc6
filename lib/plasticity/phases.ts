import { expm, fromRows, type Matrix, matvec, scale } from '../math/linear-algebra';
import { type Derivative, rk4, workspace } from '../math/ode';

/**
 * The two phases of potentiation as a chain of three linear stages: phosphorylated receptors a, new proteins p, and receptors
 * ℓ that these bring to the membrane. The strength is 1 + a + ℓ. Stages and constants are our choice; they put the phases
 * where experiments have them, at hours and at days.
 */
export interface Cascade {
  /** strength gained by the train at once, ≥ 0 */
  readonly induced: number;
  /** decay of phosphorylation, h, > 0 */
  readonly tauE: number;
  /** life of the proteins, h, > 0 */
  readonly tauP: number;
  /** decay of the late phase, h, > 0 */
  readonly tauL: number;
  /** synthesis a unit of phosphorylation, 1/h, ≥ 0 */
  readonly synthesis: number;
  /** receptors brought to the membrane a unit of protein, 1/h, ≥ 0 */
  readonly delivery: number;
}

export const typicalCascade: Cascade = {
  induced: 0.6,
  tauE: 1.5,
  tauP: 2,
  tauL: 72,
  synthesis: 0.4,
  delivery: 0.5,
};

/** When synthesis is blocked, h after the train; `from` ≥ `to` for never. */
export interface Block {
  readonly from: number;
  readonly to: number;
}
export const never: Block = { from: 0, to: 0 };

/** The parts of the strength at one time. */
export interface Phases {
  readonly early: number;
  readonly proteins: number;
  readonly late: number;
}

function generator({ tauE, tauP, tauL, synthesis, delivery }: Cascade, blocked: boolean): Matrix {
  return fromRows([
    [-1 / tauE, 0, 0],
    [blocked ? 0 : synthesis, -1 / tauP, 0],
    [0, delivery, -1 / tauL],
  ]);
}

/**
 * The stages at a time, by matrix exponentials: one for the time before the block, one during, one after.
 * @param t h after the train, ≥ 0
 */
export function phasesAt(cascade: Cascade, block: Block, t: number): Phases {
  const from = Math.min(t, block.from);
  const to = Math.max(from, Math.min(t, block.to));
  let state: Float64Array = Float64Array.of(cascade.induced, 0, 0);
  for (const [span, blocked] of [
    [from, false],
    [to - from, true],
    [t - to, false],
  ] as const) {
    const chain = generator(cascade, blocked);
    if (span > 0) state = matvec(expm(scale(chain, span)), state);
  }
  return { early: state[0], proteins: state[1], late: state[2] };
}

/** Step of the simulation, h. */
const STEP = 0.02;

/**
 * The stages by stepping the three equations through time, with the switch of synthesis thrown between steps.
 * @param times h, ascending, ≥ 0
 */
export function simulatePhases(cascade: Cascade, block: Block, times: ArrayLike<number>): Phases[] {
  const { induced, tauE, tauP, tauL, synthesis, delivery } = cascade;
  let made = synthesis;
  const slope: Derivative = (_t, [a, p, l], d) => {
    d[0] = -a / tauE;
    d[1] = made * a - p / tauP;
    d[2] = delivery * p - l / tauL;
  };
  const state = Float64Array.of(induced, 0, 0);
  const work = workspace(3);
  let now = 0;
  return Array.from(times, (time) => {
    const stops = [block.from, block.to].filter((stop) => stop > now && stop < time);
    for (const stop of [...stops, time]) {
      made = now >= block.from && now < block.to ? 0 : synthesis;
      const steps = Math.ceil((stop - now) / STEP);
      const dt = (stop - now) / steps;
      for (let i = 0; i < steps; i++) rk4(slope, state, now, dt, work);
      now = stop;
    }
    return { early: state[0], proteins: state[1], late: state[2] };
  });
}

/** The strength that phases make, in units of the one at baseline. */
export const strengthOf = ({ early, late }: Phases): number => 1 + early + late;
