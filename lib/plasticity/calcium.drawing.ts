import type { Landmark } from '../figure/landmark';
import { choice } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, hoverPoints } from '../figure/theme';
import { type Pairing, type SynapseName, synapses } from './calcium';
import type { Outcome } from './calcium.simulation';

/* What the figures of the calcium model share. */

export const source = {
  lecture: 'plasticity-as-optimization',
  where: 'The Graupner–Brunel model',
  paper: 'graupner2012',
} as const;

/** The parameter that picks a synapse. */
export const setParameter = (start: SynapseName) =>
  choice({ default: start, values: Object.keys(synapses) as SynapseName[], doc: 'parameter set' });

/** `Δt = −20 ms`, with a minus sign. */
export const timing = (dt: number): string => `Δt = ${String(dt).replace('-', '−')} ms`;

/** What the full model gives, from its backward equation. */
interface Known {
  readonly set: SynapseName;
  readonly pairing: Pairing;
  readonly change: number;
}
const known = (set: SynapseName, dt: number, pairs: number, frequency: number, change: number): Known => ({
  set,
  pairing: { dt, pairs, frequency },
  change,
});
/** Solved by another program: test/fixtures/plasticity/calcium.py. */
const SOLVED: readonly Known[] = [
  known('DP', -20, 60, 1, 0.7541),
  known('DP', 10, 60, 1, 1.21535),
  known('DP', 25, 60, 1, 1.14137),
  known('DPD', -10, 60, 1, 0.87257),
  known('DPD', 5, 60, 1, 1.18333),
  known('DPD', 20, 60, 1, 0.88157),
  known("DPD'", -10, 60, 1, 0.77768),
  known("DPD'", 5, 60, 1, 1.13308),
  known("DPD'", 20, 60, 1, 0.90621),
  known('P', -10, 60, 1, 1.22636),
  known('P', 5, 60, 1, 1.25223),
  known('P', 20, 60, 1, 1.09495),
  known('D', 5, 60, 1, 0.99541),
  known('D', 20, 60, 1, 1),
  known("D'", -10, 60, 1, 0.72614),
  known("D'", 5, 60, 1, 0.8183),
  known("D'", 20, 60, 1, 0.87537),
  known('hippocampal', -10, 60, 1, 0.97874),
  known('hippocampal', 5, 60, 1, 0.95581),
  known('hippocampal', 20, 60, 1, 0.93635),
  known('cortical', -10, 60, 1, 0.86692),
  known('cortical', 5, 60, 1, 1.12373),
  known('cortical', 20, 60, 1, 0.96492),
  known('cortical', 10, 75, 40, 1.54668),
  known('cortical', -10, 75, 0.1, 0.79262),
];

/** Fewest synapses whose shares are near enough to normal for a tolerance in standard errors. */
const ENOUGH = 50;

/** A landmark for each simulated pairing whose result another program has. */
export function solvedLandmarks(
  set: SynapseName,
  trials: number,
  points: readonly { readonly pairing: Pairing; readonly outcome: Outcome }[],
): Landmark[] {
  return SOLVED.filter((one) => one.set === set && trials >= ENOUGH).flatMap(
    ({ pairing: { dt, pairs, frequency }, change }) =>
      points
        .filter(({ pairing: p }) => p.dt === dt && p.pairs === pairs && p.frequency === frequency)
        .map(
          ({ outcome }): Landmark => ({
            name: `change at ${timing(dt)}, ${frequency} Hz`,
            theory: change,
            called: 'scipy, without trials',
            measured: outcome.change,
            se: outcome.se,
            tolerance: 4 * outcome.se,
            source: 'backward Kolmogorov equation: test/fixtures/plasticity/calcium.py',
          }),
        ),
  );
}

/** Layers of a plot of strength changes: theory as lines, simulation as points with their standard errors. */
export function theoryAndTrials(
  x: { readonly field: string; readonly title: string },
  lines: View['encoding'],
  points: View['encoding'],
): View[] {
  const tooltip = [
    { field: 'kind' },
    { field: x.field, title: x.title, format: '.3~g' },
    { field: 'change', title: 'strength after / before', format: '.3f' },
    { field: 'se', title: 'standard error', format: '.3f' },
  ];
  const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
  const hover = hoverPoints(tooltip, 2);
  return [
    { transform: only('theory'), mark: { type: 'line' }, encoding: lines },
    { ...hover, transform: [...only('theory'), ...((hover['transform'] as object[] | undefined) ?? [])] },
    {
      transform: [
        ...only('simulation'),
        { calculate: 'datum.change - datum.se', as: 'low' },
        { calculate: 'datum.change + datum.se', as: 'high' },
      ],
      mark: { type: 'rule', strokeWidth: 1.5 },
      encoding: { color: points?.['color'], y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
    },
    { transform: only('simulation'), mark: { type: 'point' }, encoding: { ...points, tooltip } },
  ];
}

/** The part of an axis that is always shown, made longer in steps of 0.2 where points need it. */
export function domain(
  [low, high]: readonly [number, number],
  theory: readonly number[],
  points: readonly { readonly outcome: Outcome }[],
): [number, number] {
  const bottom = Math.min(...theory, ...points.map(({ outcome: { change, se } }) => change - se));
  const top = Math.max(...theory, ...points.map(({ outcome: { change, se } }) => change + se));
  return [Math.min(low, Math.floor(5 * bottom) / 5), Math.max(high, Math.ceil(5 * top) / 5)];
}

/** Channels of the only line (0) or the only points (1) of a plot, with a legend that says what they are. */
export const kindOf = (name: string, i: 0 | 1): View['encoding'] => ({
  color: { value: CATEGORIES[i] },
  [i === 0 ? 'strokeDash' : 'shape']: {
    field: 'kind',
    type: 'nominal',
    scale: { domain: [['theory', 'simulation'][i]], range: [i === 0 ? [1, 0] : 'circle'] },
    legend: {
      title: null,
      labelExpr: JSON.stringify(name),
      ...(i === 0
        ? { symbolType: 'stroke', symbolSize: 500, symbolStrokeColor: CATEGORIES[0] }
        : { symbolFillColor: CATEGORIES[1], symbolStrokeColor: CATEGORIES[1] }),
    },
  },
});

/** One row of a curve. Theory has no error: its column is 0. */
export const row = (kind: 'theory' | 'simulation', pairing: Pairing, change: number, se: number = 0): Row => ({
  dt: pairing.dt,
  frequency: pairing.frequency,
  change,
  kind,
  se,
});
