import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, hoverPoints, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import { backgroundSpread, closedForm, type Events, expectedChange, follow, MARGIN } from './eligibility';
import { changes } from './eligibility.tasks';

const source = { lecture: 'plasticity-as-optimization', where: 'Three-factor rules', paper: 'izhikevich2007' } as const;
const tauE = () => number({ default: 1, min: 0.3, max: 3, scale: 'log', unit: 's', doc: 'eligibility trace lasts τₑ' });
const tauRho = () =>
  number({ default: 0.2, min: 0.05, max: 1, scale: 'log', unit: 's', doc: 'pulse of the neuromodulator lasts τρ' });
const tauX = () =>
  number({
    default: 0.02,
    min: 0.005,
    max: 0.1,
    scale: 'log',
    unit: 's',
    doc: 'presynaptic spike is remembered for τₓ',
  });
const lag = () => number({ default: 0.01, min: 0.001, max: 0.05, unit: 's', doc: 'postsynaptic spike follows after' });
/** Time from one pairing to the next, s. */
const INTERVAL = 0.1;

/** Duration of the traces and time of the first pairing, s; points of a line and of a simulation. */
const [DURATION, FIRST, LINE, POINTS] = [6, 0.5, 240, 24];
const synapses = ['A: pre just before post', 'B: pre too late'] as const;
/** How long after synapse A the presynaptic neuron of B is active, s. */
const LATE = 0.3;
/** What shows a jump upright: a point of the line just before it, s. */
const JUMP = 1e-6;
const neurons = ['pre A', 'pre B', 'post'] as const;

export const eligibility = defineFigure({
  id: 'three-factor/eligibility',
  title: 'A mark at the synapse waits for the neuromodulator',
  source,
  params: {
    delay: number({ default: 1, min: 0, max: 3, unit: 's', doc: 'neuromodulator comes after the last coincidence by' }),
    reward: number({ default: 1, min: -1, max: 1, doc: 'height of its pulse; negative: a dip' }),
    tauE: tauE(),
    tauRho: tauRho(),
    tauX: tauX(),
    lag: lag(),
    pairs: integer({ default: 3, min: 1, max: 8, doc: 'coincidences, one every 0.1 s' }),
    eta: number({ default: 1, min: 0.1, max: 2, scale: 'log', unit: '1/s', doc: 'learning rate η' }),
  },
  compute: ({ delay, lag, pairs, ...synapse }) => {
    const post = Array.from({ length: pairs }, (_, i) => FIRST + i * INTERVAL);
    const pulse = post[pairs - 1] + delay;
    const a: Events = { pre: post.map((t) => t - lag), post, pulses: [pulse] };
    // B fires as often as A, after the last postsynaptic spike
    const b: Events = { ...a, pre: post.map((t) => t - FIRST + post[pairs - 1] + LATE) };
    const jumps = [...post, pulse].flatMap((t) => [t - JUMP, t]);
    const line = Float64Array.from([
      ...jumps,
      ...Array.from({ length: LINE + 1 }, (_, i) => (i * DURATION) / LINE),
    ]).sort();
    const points = Float64Array.from({ length: POINTS }, (_, i) => ((i + 1) * DURATION) / POINTS);
    const end = 1e3;
    return {
      pulse,
      events: { a, b },
      line,
      points,
      runs: [a, b].map((events, i) => ({
        synapse: synapses[i],
        theory: closedForm(synapse, events, line),
        simulated: follow(synapse, events, points),
        last: {
          theory: closedForm(synapse, events, [end]).weight[0],
          simulated: follow(synapse, events, [end]).weight[0],
        },
      })),
    };
  },
  table: ({ events, line, points, runs }) => {
    const rows: Row[] = [];
    for (const [i, times] of [events.a.pre, events.b.pre, events.a.post].entries())
      for (const time of Array.from(times))
        rows.push({ panel: 'spikes', time, value: 1, series: neurons[i], kind: 'event' });
    for (const [i, { synapse, theory, simulated }] of runs.entries())
      for (const panel of ['eligibility', 'modulator', 'weight'] as const) {
        // one neuromodulator for all synapses
        if (panel === 'modulator' && i > 0) continue;
        const series = panel === 'modulator' ? 'ρ' : synapse;
        const put = (times: Float64Array, values: Float64Array, kind: string): void => {
          for (const [k, time] of times.entries()) rows.push({ panel, time, value: values[k], series, kind });
        };
        put(line, theory[panel], 'theory');
        put(points, simulated[panel], 'simulation');
      }
    return rows;
  },
  draw: ({ runs, pulse }, { reward }) => {
    const only = (panel: string, kind?: string) => [
      { filter: { field: 'panel', equal: panel } },
      ...(kind ? [{ filter: { field: 'kind', equal: kind } }] : []),
    ];
    const time = (last: boolean) => ({
      field: 'time',
      type: 'quantitative',
      title: last ? 'time (s)' : null,
      scale: { domain: [0, DURATION], nice: false },
      axis: last ? {} : { labels: false },
    });
    const tooltip = [
      { field: 'series' },
      { field: 'time', title: 'time (s)', format: '.3f' },
      { field: 'value', format: '.3f' },
      { field: 'kind' },
    ];
    const curves = (panel: string, title: string, last = false): View => ({
      height: 90,
      encoding: { x: time(last), y: { field: 'value', type: 'quantitative', title, axis: { tickCount: 3 } } },
      layer: [
        { transform: only(panel, 'theory'), mark: 'line', encoding: linesBy('series', synapses) },
        {
          transform: only(panel, 'simulation'),
          mark: 'point',
          encoding: { ...pointsOver('series', synapses), tooltip },
        },
      ],
    });
    return {
      description: `Four panels over ${DURATION} seconds. Spikes: presynaptic neuron A fires just before the postsynaptic one, presynaptic neuron B too late. Eligibility: each coincidence marks synapse A, and the mark decays; synapse B has none. Neuromodulator: one pulse ${reward < 0 ? 'below' : 'above'} its usual level at ${pulse.toFixed(2)} s reaches both. Weight: A changes by ${runs[0].last.theory.toFixed(3)}, B by ${runs[1].last.theory.toFixed(3)}. Lines are closed form, points the simulation.`,
      resolve: { scale: { color: 'independent', strokeDash: 'independent', shape: 'independent' } },
      spacing: 12,
      vconcat: [
        {
          height: 70,
          transform: only('spikes'),
          mark: { type: 'tick', thickness: 2, height: 14, color: NEUTRAL },
          encoding: {
            x: time(false),
            y: { field: 'series', type: 'nominal', sort: [...neurons], title: 'spikes' },
            tooltip: [{ field: 'series' }, { field: 'time', title: 'time (s)', format: '.3f' }],
          },
        },
        curves('eligibility', 'eligibility e'),
        {
          height: 70,
          encoding: {
            x: time(false),
            y: {
              field: 'value',
              type: 'quantitative',
              title: 'modulator ρ',
              scale: { domain: reward < 0 ? [-1.05, 0] : [0, 1.05], nice: false },
              axis: { tickCount: 3 },
            },
          },
          layer: [
            {
              transform: only('modulator', 'theory'),
              mark: { type: 'line', color: CATEGORIES[2] },
            },
            {
              transform: only('modulator', 'simulation'),
              mark: { type: 'point', color: CATEGORIES[2], shape: 'triangle-up' },
              encoding: { tooltip },
            },
          ],
        },
        curves('weight', 'change of w', true),
      ],
    };
  },
  landmarks: ({ runs, events }, p) => [
    ...runs.map(
      ({ synapse, last }): Landmark => ({
        name: `change in the end, ${synapse}`,
        theory: last.theory,
        measured: last.simulated,
        tolerance: 1e-9,
        source: 'closed form: sum over pairs of a coincidence and a pulse',
      }),
    ),
    // without a pulse there is no change to compare
    ...(p.reward === 0
      ? []
      : [
          {
            name: 'what waiting 1 s longer leaves of it',
            theory: Math.exp(-1 / p.tauE),
            measured: later(p, events.a),
            tolerance: 1e-9,
            source: 'e^(−1 s/τₑ)',
          },
        ]),
  ],
});

/** The simulated change with the pulse a second later, over the change without. */
function later(synapse: Parameters<typeof follow>[0], events: Events): number {
  const change = (pulses: readonly number[]): number => follow(synapse, { ...events, pulses }, [1e3]).weight[0];
  const [pulse] = Array.from(events.pulses);
  return change([pulse + 1]) / change([pulse]);
}

/** Delays at which trials are simulated, s, and the range of the picture. */
const DELAYS = [-1, -0.5, -0.2, -0.1, 0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4];
const kinds = ['paired', 'background alone'] as const;

export const delay = defineFigure({
  id: 'three-factor/delay',
  title: 'The later the neuromodulator, the smaller the change',
  source,
  params: {
    tauE: tauE(),
    tauRho: tauRho(),
    tauX: tauX(),
    lag: lag(),
    pairs: integer({ default: 5, min: 1, max: 20, doc: 'pairings, one every 0.1 s' }),
    background: number({
      default: 3,
      min: 0,
      max: 10,
      unit: 'Hz',
      doc: 'rate at which both neurons fire by themselves',
    }),
    trials: integer({ default: 200, min: 50, max: 1000, scale: 'log', doc: 'trials for each point' }),
    seed: seed(),
  },
  compute: async ({ lag, pairs, background, trials, seed, ...times }, run) => {
    const synapse = { ...times, reward: 1, eta: 1 };
    const protocols = kinds.map((kind) => ({
      kind,
      protocol: { pairs: kind === 'paired' ? pairs : 0, interval: INTERVAL, lag, background },
    }));
    const points = protocols.flatMap(({ protocol }) => DELAYS.map((delay) => ({ protocol, delay })));
    const found = await parallel(points.length, changes, {
      seedStream: rng(seed),
      args: { synapse, points, trials },
      run,
      note: 'pairing',
    });
    const [from, to] = [DELAYS[0], DELAYS.at(-1)!];
    return protocols.map(({ kind, protocol }, i) => ({
      kind,
      points: DELAYS.map((delay, j) => {
        const simulated = found[i * DELAYS.length + j];
        return {
          delay,
          change: mean(simulated),
          se: standardError(simulated),
          theory: expectedChange(synapse, protocol, delay),
        };
      }),
      line: Array.from({ length: 251 }, (_, k) => from + (k * (to - from)) / 250).map((delay) => ({
        delay,
        change: expectedChange(synapse, protocol, delay),
      })),
    }));
  },
  table: (found) =>
    found.flatMap(({ kind, points, line }): Row[] => [
      ...line.map(({ delay, change }) => ({ delay, change, se: 0, synapse: kind, kind: 'theory' })),
      ...points.map(({ delay, change, se }) => ({ delay, change, se, synapse: kind, kind: 'simulation' })),
    ]),
  draw: (found, { tauE, tauRho, trials, background }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    return {
      description: `Mean change of a weight against the delay of a pulse of neuromodulator after the last pairing. It is largest at delay 0, falls to the right as an exponential of ${tauE} s, and to the left, where the pulse comes before the pairing, of ${tauRho} s. A synapse without pairings, at ${background} Hz background, changes by ${found[1].line[0].change.toPrecision(2)} at every delay. Lines are expectations, points means of ${trials} trials with standard errors.`,
      encoding: {
        x: {
          field: 'delay',
          type: 'quantitative',
          title: 'delay of the neuromodulator (s)',
          scale: { domain: [-1.1, 4.1], nice: false },
        },
        y: { field: 'change', type: 'quantitative', title: 'change of the weight Δw / η (s)' },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('synapse', kinds) },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'datum.change - datum.se', as: 'low' },
            { calculate: 'datum.change + datum.se', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: {
            color: { field: 'synapse', type: 'nominal' },
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: {
            ...pointsOver('synapse', kinds),
            tooltip: [
              { field: 'synapse' },
              { field: 'delay', title: 'delay (s)' },
              { field: 'change', format: '.4f' },
              { field: 'se', title: 'standard error', format: '.4f' },
            ],
          },
        },
        {
          transform: only('theory'),
          ...hoverPoints([{ field: 'synapse' }, { field: 'delay', format: '.2f' }, { field: 'change', format: '.4f' }]),
        },
      ],
    };
  },
  landmarks: ([paired, alone], { background, trials, tauX, tauE, tauRho }) => {
    // few trials may hold none of the rare coincidences: then their own spread says too little
    const least = backgroundSpread({ tauX, tauE, tauRho, reward: 1, eta: 1 }, background) / Math.sqrt(trials);
    const tolerance = (theory: number, se: number, points: number): number =>
      4 * Math.max(se, least / Math.sqrt(points)) + theory * Math.exp(-MARGIN);
    const n = alone.points.length;
    const se = Math.sqrt(alone.points.reduce((sum, point) => sum + point.se ** 2, 0)) / n;
    const source = 'mean over random spikes, closed form';
    return [
      ...paired.points
        .filter(({ delay }) => [-0.2, 0, 1, 3].includes(delay))
        .map(
          (point): Landmark => ({
            name: `change at a delay of ${String(point.delay).replace('-', '−')} s`,
            theory: point.theory,
            measured: point.change,
            se: point.se,
            tolerance: tolerance(point.theory, point.se, 1),
            source,
          }),
        ),
      {
        name: 'change by the background alone, all delays',
        theory: alone.points[0].theory,
        measured: mean(alone.points.map(({ change }) => change)),
        se,
        tolerance: tolerance(alone.points[0].theory, se, n),
        source,
      },
    ];
  },
});
