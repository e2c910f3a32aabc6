import { defineFigure } from '../figure/define';
import { integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { levelLine } from '../figure/theme';
import { DivergenceError } from '../math/errors';
import type { Run } from '../math/run';
import { mean, standardDeviation, standardError } from '../math/statistics';
import { type HiddenSynapse, hiddenSynapse, NOISE } from './hidden-rule';

/** Copies that an experiment is made on. */
const COPIES = 5;
/** Repeated measurements of one untouched copy. */
const READINGS = 400;
/** The experiments, in the order of the panels. */
const experiments = ['pairs', 'rates', 'free'] as const;
type Experiment = (typeof experiments)[number];
/** Axes of the panels. A strength beyond its range is drawn at the edge. */
const axes: Readonly<
  Record<Experiment, { title: string; domain: readonly number[]; range: readonly [number, number] }>
> = {
  pairs: { title: 'time of the neuron’s spike after the input’s, Δt (ms)', domain: [-55, 55], range: [0.25, 4] },
  rates: { title: 'rate y at which the neuron is held (Hz)', domain: [-1, 41], range: [0.1, 10] },
  free: { title: 'time with a free neuron (s)', domain: [0, 62], range: [0.1, 10] },
};
const INTERVALS = [-50, -30, -20, -15, -10, -5, 5, 10, 15, 20, 30, 50];
const RATES = [0, 2, 5, 10, 15, 20, 30, 40];
const TIMES = Array.from({ length: 15 }, (_, i) => 4 * (i + 1));

/** Strength of several copies after one experiment. */
interface Measured {
  readonly experiment: Experiment;
  readonly setting: number;
  readonly strengths: readonly number[];
}

/** One copy through time; it ends early where the neuron fires beyond what can be held. */
function course(copy: HiddenSynapse, x: number): number[] {
  const strengths: number[] = [];
  try {
    for (const time of TIMES) strengths.push(copy.drive({ x, y: 'free', duration: time - 4 * strengths.length }));
  } catch (error) {
    if (!(error instanceof DivergenceError)) throw error;
  }
  return strengths;
}

interface Protocols {
  readonly seed: number;
  readonly pairs: number;
  readonly frequency: number;
  readonly x: number;
  readonly duration: number;
  readonly freeX: number;
}

async function measureAll(p: Protocols, run: Run): Promise<{ measured: Measured[]; readings: number[] }> {
  const synapse = hiddenSynapse({ seed: p.seed });
  const readings = Array.from({ length: READINGS }, () => synapse.measure());
  const { pairs, frequency, x, duration } = p;
  const steps = COPIES * (INTERVALS.length + RATES.length + 1);
  let done = 0;
  const onCopies = async <T>(experiment: (copy: HiddenSynapse) => T): Promise<T[]> => {
    const results: T[] = [];
    for (let i = 0; i < COPIES; i++) {
      results.push(experiment(synapse.fresh()));
      await run.progress(++done / steps);
    }
    return results;
  };
  const measured: Measured[] = [];
  for (const dt of INTERVALS) {
    const strengths = await onCopies((copy) => copy.pair({ dt, pairs, frequency }));
    measured.push({ experiment: 'pairs', setting: dt, strengths });
  }
  for (const y of RATES) {
    const strengths = await onCopies((copy) => copy.drive({ x, y, duration }));
    measured.push({ experiment: 'rates', setting: y, strengths });
  }
  const courses = await onCopies((copy) => course(copy, p.freeX));
  const shortest = Math.min(...courses.map(({ length }) => length));
  for (const [i, time] of TIMES.slice(0, shortest).entries())
    measured.push({ experiment: 'free', setting: time, strengths: courses.map((one) => one[i]) });
  return { measured, readings };
}

/** What is drawn of a strength: where it lies, or the edge that it lies beyond. */
function drawn(experiment: Experiment, strength: number, se: number): Row {
  const [least, most] = axes[experiment].range;
  const cut = (value: number): number => Math.min(most, Math.max(least, value));
  const place = strength > most ? 'above' : strength < least ? 'below' : 'inside';
  return { shown: cut(strength), low: cut(strength - 2 * se), high: cut(strength + 2 * se), place };
}

/** One panel: the strength after an experiment over its setting. */
function panel(experiment: Experiment): View {
  const { title, domain, range } = axes[experiment];
  const scale = { type: 'log', domain: range };
  return {
    height: 130,
    transform: [{ filter: `datum.experiment === '${experiment}'` }],
    encoding: {
      x: { field: 'setting', type: 'quantitative', title, scale: { domain, nice: false } },
      y: {
        field: 'shown',
        type: 'quantitative',
        title: 'strength (of start)',
        scale,
        axis: { values: experiment === 'pairs' ? [0.25, 0.5, 1, 2, 4] : [0.1, 0.2, 0.5, 1, 2, 5, 10] },
      },
    },
    layer: [
      levelLine(1, ['setting', 'shown']),
      { mark: 'rule', encoding: { y: { field: 'low', type: 'quantitative', scale }, y2: { field: 'high' } } },
      {
        mark: 'point',
        encoding: {
          shape: {
            condition: [
              { test: "datum.place === 'above'", value: 'triangle-up' },
              { test: "datum.place === 'below'", value: 'triangle-down' },
            ],
            value: 'circle',
          },
          tooltip: [
            { field: 'setting', title },
            { field: 'strength', format: '.3f' },
            { field: 'se', title: 'standard error', format: '.3f' },
          ],
        },
      },
    ],
  };
}

export const hiddenRule = defineFigure({
  id: 'plasticity/hidden-rule',
  title: 'Three experiments on an unknown synapse',
  source: { lecture: 'plasticity-as-optimization', where: 'Rules of plasticity', paper: 'gerstner2014' },
  params: {
    seed: seed(26),
    pairs: integer({ default: 60, min: 10, max: 300, scale: 'log', doc: 'pairs of spikes, upper panel' }),
    frequency: number({ default: 1, min: 0.5, max: 50, scale: 'log', unit: 'Hz', doc: 'pairs a second, upper panel' }),
    x: number({ default: 50, min: 0, max: 100, unit: 'Hz', doc: 'rate of the input, middle panel' }),
    duration: number({ default: 20, min: 5, max: 60, unit: 's', doc: 'time that rates are held, middle panel' }),
    freeX: number({ default: 30, min: 0, max: 50, unit: 'Hz', doc: 'rate of the input, lower panel' }),
  },
  compute: measureAll,
  table: ({ measured }) =>
    measured.map(({ experiment, setting, strengths }): Row => {
      const [strength, se] = [mean(strengths), standardError(strengths)];
      return { experiment, setting, strength, se, ...drawn(experiment, strength, se) };
    }),
  draw: ({ measured }, { pairs, frequency, x, duration, freeX }) => ({
    description: `Strength of a synapse in units of its start, on a logarithmic axis, mean of ${COPIES} copies with two standard errors. Upper panel: after ${pairs} pairs of spikes at ${frequency} Hz, over their interval. Middle: after ${duration} s with an input of ${x} Hz, over the rate of the neuron. Lower: over the time with an input of ${freeX} Hz and a free neuron. ${experiments
      .map((experiment) => {
        const means = measured.filter((one) => one.experiment === experiment).map(({ strengths }) => mean(strengths));
        if (means.length === 0) return `${experiment}: beyond what can be held at once`;
        return `${experiment}: between ${Math.min(...means).toFixed(2)} and ${Math.max(...means).toFixed(2)}`;
      })
      .join('; ')}.`,
    vconcat: experiments.map(panel),
  }),
  landmarks: ({ readings }) => [
    {
      name: 'strength of an untouched copy',
      theory: 1,
      measured: mean(readings),
      tolerance: (4 * NOISE) / Math.sqrt(READINGS),
      source: 'unit of strength',
    },
    {
      name: 'error of one measurement',
      theory: NOISE,
      measured: standardDeviation(readings),
      tolerance: (4 * NOISE) / Math.sqrt(2 * READINGS),
      source: 'definition',
    },
  ],
});
