import type { Run } from '../math/run';

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

/** A run that reports its progress as a part of another's. */
export function part(run: Run, from: number, to: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress(from + (to - from) * fraction, note) };
}
