import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, levelLine, linesBy, pointsOver } from '../figure/theme';
import { averagedChange, synapses, timeAbove } from './calcium';
import { simulatePairings } from './calcium.curve';
import { domain, kindOf, row, setParameter, solvedLandmarks, source, theoryAndTrials, timing } from './calcium.drawing';
import { calciumAt, influx } from './calcium.trace';

/** Colours of depression and potentiation: the turquoise and the orange of the slide. */
const [TURQUOISE, ORANGE] = [CATEGORIES[2], CATEGORIES[4]];
/** Stretch of time that the traces show, ms from the presynaptic spike. */
const [START, END] = [-40, 100];
/** Largest |Δt| of a trace, ms. */
const FARTHEST = 100;
/** Samples that the traces show, a ms; and those that are counted for a landmark. */
const [SHOWN, COUNTED] = [2, 200];

export const traces = defineFigure({
  id: 'calcium/traces',
  title: 'Calcium above two thresholds',
  source,
  params: {
    set: setParameter('DP'),
    dts: numbers({
      default: [-20, 10],
      min: -FARTHEST,
      max: FARTHEST,
      maxLength: 4,
      unit: 'ms',
      doc: 'Δt, one panel each',
    }),
    frequency: number({ default: 1, min: 0.1, max: 100, scale: 'log', unit: 'Hz', doc: 'pairs a second' }),
  },
  compute: ({ set, dts, frequency }) => {
    const synapse = synapses[set];
    const period = 1000 / frequency;
    // long enough before and after that the pair in the picture is one of an endless train
    const before = Math.ceil((40 * synapse.tauCa) / period) + 1;
    const after = Math.ceil((END + 100) / period) + 1;
    return dts.map((dt) => {
      const pre = Float64Array.from({ length: before + after + 1 }, (_, k) => (k - before) * period);
      const post = pre.map((t) => t + dt);
      const train = influx(synapse, pre, post);
      const sample = (perMs: number, from: number, to: number) => {
        const times = Float64Array.from({ length: Math.round((to - from) * perMs) }, (_, i) => from + i / perMs);
        return { times, calcium: calciumAt(synapse, train, times) };
      };
      // one period, or as much of it as calcium takes to fade
      const from = -FARTHEST;
      const counted = sample(COUNTED, from, from + Math.min(period, 3 * FARTHEST + 20 * synapse.tauCa)).calcium;
      const time = (theta: number): number => counted.reduce((sum, c) => sum + (c > theta ? 1 : 0), 0) / COUNTED;
      const shown = (t: number): boolean => t >= START && t <= END;
      return {
        dt,
        pre: pre.filter(shown),
        post: post.filter(shown),
        ...sample(SHOWN, START, END + 0.5 / SHOWN),
        above: timeAbove(synapse, { dt, frequency }),
        counted: { d: time(synapse.thetaD), p: time(synapse.thetaP) },
      };
    });
  },
  table: (panels) =>
    panels.flatMap(({ dt, pre, post, times, calcium }): Row[] => [
      ...Array.from(times, (time, i): Row => ({ series: 'calcium', time, calcium: calcium[i], dt })),
      ...Array.from(pre, (time): Row => ({ series: 'pre', time, calcium: 0, dt })),
      ...Array.from(post, (time): Row => ({ series: 'post', time, calcium: 0, dt })),
    ]),
  draw: (panels, { set, frequency }) => {
    const { thetaD, thetaP } = synapses[set];
    const highest = Math.max(3.5, ...panels.map(({ calcium }) => Math.ceil(2 * Math.max(...calcium) + 1) / 2));
    const ms = (share: number): string => ((1000 * share) / frequency).toFixed(1);
    const only = (series: string) => ({ filter: { field: 'series', equal: series } });
    const shade = (theta: number, color: string, limit: number): View => ({
      transform: [only('calcium'), { calculate: `clamp(datum.calcium, ${theta}, ${limit})`, as: 'top' }],
      mark: { type: 'area', color, opacity: 0.45 },
      encoding: { y: { field: 'top', type: 'quantitative' }, y2: { datum: theta } },
    });
    const threshold = (theta: number, color: string, text: string, strokeDash: number[]): View[] => [
      {
        transform: [
          { aggregate: ['time', 'calcium'].map((field) => ({ op: 'min', field, as: field })), groupby: ['dt'] },
        ],
        mark: { type: 'rule', color, strokeWidth: 1.5, strokeDash },
        encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { datum: theta } },
      },
      {
        transform: [
          { aggregate: ['time', 'calcium'].map((field) => ({ op: 'min', field, as: field })), groupby: ['dt'] },
        ],
        mark: { type: 'text', align: 'left', dx: 4, text, baseline: theta === thetaP ? 'bottom' : 'top' },
        encoding: { x: { value: 'width' }, y: { datum: theta } },
      },
    ];
    /** Lines at the spikes; those of the pair at time 0 have their names, away from each other. */
    const spikes = (series: string, toTheRight: string): View[] => [
      {
        transform: [only(series)],
        mark: { type: 'rule', strokeWidth: 1.5, strokeDash: series === 'pre' ? [1, 0] : [3, 2], opacity: 0.6 },
        encoding: { y: { value: 'height' }, y2: { value: 0 } },
      },
      ...[toTheRight, `!(${toTheRight})`].map(
        (side, i): View => ({
          transform: [only(series), { filter: `datum.time === ${series === 'pre' ? 0 : 'datum.dt'} && ${side}` }],
          mark: {
            type: 'text',
            text: series,
            align: i === 0 ? 'left' : 'right',
            baseline: 'top',
            dx: i === 0 ? 4 : -4,
          },
          encoding: { y: { value: 0 } },
        }),
      ),
    ];
    return {
      description: `Calcium against time from a presynaptic spike, parameter set ${set}, pairs at ${frequency} Hz, one panel for each Δt. A lower dashed line marks the threshold of depression, an upper dotted one that of potentiation; what is above is shaded. ${panels.map(({ dt, above }) => `${timing(dt)}: ${ms(above.alphaD)} ms above the threshold of depression, ${ms(above.alphaP)} ms above that of potentiation`).join('; ')}.`,
      facet: {
        row: {
          field: 'dt',
          type: 'ordinal',
          title: null,
          sort: panels.map(({ dt }) => dt),
          header: {
            labelExpr: "'Δt = ' + replace(datum.value, '-', '−') + ' ms'",
            labelOrient: 'top',
            labelAnchor: 'start',
          },
        },
      },
      spec: {
        height: 130,
        encoding: {
          x: {
            field: 'time',
            type: 'quantitative',
            title: 'time from the presynaptic spike (ms)',
            scale: { domain: [START, END], nice: false },
          },
          y: {
            field: 'calcium',
            type: 'quantitative',
            title: 'calcium (θd = 1)',
            scale: { domain: [0, highest] },
          },
        },
        layer: [
          shade(thetaD, TURQUOISE, thetaP),
          shade(thetaP, ORANGE, highest),
          ...spikes('pre', 'datum.dt < 0'),
          ...spikes('post', 'datum.dt >= 0'),
          ...threshold(thetaD, TURQUOISE, 'θd', [7, 3]),
          ...threshold(thetaP, ORANGE, 'θp', [2, 2]),
          {
            transform: [only('calcium')],
            mark: { type: 'line', color: CATEGORIES[0] },
          },
          {
            transform: [only('calcium')],
            mark: { type: 'point', size: 60, opacity: 0 },
            encoding: {
              tooltip: [
                { field: 'time', title: 'time (ms)' },
                { field: 'calcium', format: '.3f' },
              ],
            },
          },
        ],
      },
    };
  },
  landmarks: (panels, { set, frequency }) => {
    // calcium passes a threshold four times a period at most; each moment is off by a sample at most
    const tolerance = 4 / COUNTED;
    return panels.flatMap(({ dt, above, counted }): Landmark[] => {
      const both = [
        ['θd', above.alphaD, counted.d],
        ['θp', above.alphaP, counted.p],
      ] as const;
      return both.map(([name, alpha, measured]) => ({
        name: `time above ${name} in a period, ${set}, ${timing(dt)}`,
        theory: (1000 * alpha) / frequency,
        measured,
        tolerance,
        unit: 'ms',
        source: 'closed form against counted samples',
      }));
    });
  },
});

/** Points of a curve of trials, and of a line of theory. */
const [TRIED, DRAWN] = [41, 241];
const spread = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

export const stdpCurve = defineFigure({
  id: 'calcium/stdp-curve',
  title: 'One rule, many STDP curves',
  source,
  params: {
    set: setParameter('DP'),
    pairs: integer({ default: 60, min: 1, max: 1000, scale: 'log', doc: 'pairs of spikes' }),
    frequency: number({ default: 1, min: 0.1, max: 50, scale: 'log', unit: 'Hz', doc: 'pairs a second' }),
    trials: integer({
      default: 400,
      min: 2,
      max: 10_000,
      scale: 'log',
      doc: 'synapses for each Δt, half of them weak',
    }),
    range: number({ default: 50, min: 5, max: 200, unit: 'ms', doc: 'largest |Δt|' }),
    seed: seed(),
  },
  presets: { precise: { trials: 10_000 } },
  quick: { trials: 100 },
  compute: async ({ set, pairs, frequency, trials, range, seed }, run) => {
    const synapse = synapses[set];
    const pairing = (dt: number) => ({ dt, pairs, frequency });
    const theory = spread(-range, range, DRAWN).map((dt) => {
      return { pairing: pairing(dt), change: averagedChange(synapse, pairing(dt)) };
    });
    const tried = spread(-range, range, TRIED).map(pairing);
    const outcomes = await simulatePairings(synapse, tried, trials, seed, run);
    return { theory, points: tried.map((p, i) => ({ pairing: p, outcome: outcomes[i] })) };
  },
  table: ({ theory, points }) => [
    ...theory.map(({ pairing, change }) => row('theory', pairing, change)),
    ...points.map(({ pairing, outcome }) => row('simulation', pairing, outcome.change, outcome.se)),
  ],
  draw: ({ theory, points }, { set, pairs, frequency, trials }) => {
    const changes = theory.map(({ change }) => change);
    const x = { field: 'dt', title: 'Δt = t(post) − t(pre) (ms)' };
    return {
      description: `Synaptic strength after ${pairs} pairs at ${frequency} Hz over strength before, against Δt, parameter set ${set}: averaged theory as a line, simulation of ${trials} synapses for each point with standard errors. The line runs between ${Math.min(...changes).toFixed(2)} and ${Math.max(...changes).toFixed(2)}; 1 means no change.`,
      encoding: {
        x: { ...x, type: 'quantitative', scale: { nice: false } },
        y: {
          field: 'change',
          type: 'quantitative',
          title: 'strength after / strength before',
          scale: { domain: domain([0.6, 1.4], changes, points) },
        },
      },
      layer: [
        levelLine(1, ['dt', 'change']),
        ...theoryAndTrials(x, kindOf('averaged theory', 0), kindOf('simulation', 1)),
      ],
    };
  },
  landmarks: ({ points }, { set, trials }) => solvedLandmarks(set, trials, points),
});

/** Pairs a second that are simulated. */
const FREQUENCIES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 50, 60, 80, 100];

export const frequency = defineFigure({
  id: 'calcium/frequency',
  title: 'Slow pairing depresses, fast pairing potentiates',
  source,
  params: {
    set: setParameter('cortical'),
    dts: numbers({ default: [-10, 10], min: -100, max: 100, maxLength: 4, unit: 'ms', doc: 'Δt, one curve each' }),
    pairs: integer({ default: 75, min: 1, max: 500, scale: 'log', doc: 'pairs of spikes' }),
    trials: integer({
      default: 400,
      min: 2,
      max: 10_000,
      scale: 'log',
      doc: 'synapses for each point, half of them weak',
    }),
    seed: seed(),
  },
  presets: { precise: { trials: 10_000 } },
  quick: { trials: 100 },
  compute: async ({ set, dts, pairs, trials, seed }, run) => {
    const synapse = synapses[set];
    const theory = dts.flatMap((dt) =>
      spread(-1, 2, 91).map((exponent) => {
        const pairing = { dt, pairs, frequency: 10 ** exponent };
        return { pairing, change: averagedChange(synapse, pairing) };
      }),
    );
    const tried = dts.flatMap((dt) => FREQUENCIES.map((frequency) => ({ dt, pairs, frequency })));
    const outcomes = await simulatePairings(synapse, tried, trials, seed, run);
    return { theory, points: tried.map((p, i) => ({ pairing: p, outcome: outcomes[i] })) };
  },
  table: ({ theory, points }) =>
    [
      ...theory.map(({ pairing, change }) => row('theory', pairing, change)),
      ...points.map(({ pairing, outcome }) => row('simulation', pairing, outcome.change, outcome.se)),
    ].map((r) => ({ ...r, series: timing(r['dt'] as number) })),
  draw: ({ theory, points }, { set, dts, pairs, trials }) => {
    const changes = theory.map(({ change }) => change);
    const names = [...new Set(dts.map(timing))];
    const x = { field: 'frequency', title: 'pairs a second (Hz)' };
    return {
      description: `Synaptic strength after ${pairs} pairs over strength before, against the frequency of pairing on a logarithmic axis, parameter set ${set}, for ${names.join(' and ')}: averaged theory as lines, simulation of ${trials} synapses for each point with standard errors; 1 means no change.`,
      encoding: {
        x: {
          ...x,
          type: 'quantitative',
          scale: { type: 'log', domain: [0.1, 100] },
          axis: { values: [0.1, 1, 10, 100] },
        },
        y: {
          field: 'change',
          type: 'quantitative',
          title: 'strength after / strength before',
          scale: { domain: domain([0.6, 1.8], changes, points) },
        },
      },
      layer: [
        levelLine(1, ['frequency', 'change']),
        ...theoryAndTrials(x, linesBy('series', names, 'pairing'), pointsOver('series', names)),
      ],
    };
  },
  landmarks: ({ points }, { set, trials }) => solvedLandmarks(set, trials, points),
});
