import type { Run } from '../math/run';
import type { Trajectory } from './hodgkin-huxley';

/* What the figures of the membrane share. */

/** Where numbers come from that another program computed from the same equations; the program stands beside them. */
export const GOLDEN = 'scipy: test/fixtures/neurons/hodgkin-huxley.py';

export const source = {
  lecture: 'learning-in-real-networks',
  where: 'Biophysics: voltage-dependent conductances',
  paper: 'hodgkin1952',
} as const;

/** Each plot has colours, dashes and shapes of its own, and so its legend beside it. */
export const ownLegends = { scale: { color: 'independent', strokeDash: 'independent', shape: 'independent' } };

/** Indices to draw: evenly spaced, about `most`, and every turning point, so that no peak loses its height. */
export function samples({ voltage }: Trajectory, most: number): number[] {
  const stride = Math.ceil(voltage.length / most);
  const out: number[] = [];
  for (let i = 0; i < voltage.length; i++) {
    const turns = i > 0 && (voltage[i] - voltage[i - 1]) * (voltage[i + 1] - voltage[i]) < 0;
    if (turns || i % stride === 0 || i === voltage.length - 1) out.push(i);
  }
  return out;
}

/** A run that reports its progress as a part of another's. */
export function part(run: Run, from: number, to: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress(from + (to - from) * fraction, note) };
}
