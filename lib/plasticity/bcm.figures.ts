import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, flag, integer, number, numbers } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { eigenvalues, fromRows } from '../math/linear-algebra';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import {
  averagedTwo,
  growthRate,
  growthRateTwo,
  inducedStrength,
  type OnePattern,
  type Path,
  phi,
  presentTwo,
  rear,
  rearedThreshold,
  rules,
  type State,
  selectiveState,
  simulateOne,
  stabilityNumber,
  stimulate,
} from './bcm';

const source = { lecture: 'plasticity-as-optimization', where: 'The BCM model', paper: 'bienenstock1982' } as const;
const seed = () => integer({ default: 1, min: 0, max: 2 ** 31 - 1, doc: 'random seed' });
const eta = (start: number, max: number, doc: string) => number({ default: start, min: 0.001, max, scale: 'log', doc });
const tauTheta = (max: number) =>
  number({ default: 100, min: 20, max, scale: 'log', unit: 'presentations', doc: 'time constant of the threshold' });

/** Responses at which the rules are drawn. */
const RESPONSES = Array.from({ length: 61 }, (_, i) => i / 20);
const ruleName = { BCM: 'BCM, y(y − θ)', slide: 'slide, y − θ' } as const;

export const curve = defineFigure({
  id: 'bcm/curve',
  title: 'Below the threshold weaker, above it stronger',
  source,
  params: {
    thetas: numbers({ default: [1, 2], min: 0.1, max: 3, minLength: 1, maxLength: 2, doc: 'thresholds θ' }),
  },
  compute: ({ thetas }) =>
    [...new Set(thetas)].flatMap((theta) =>
      rules.flatMap((rule) =>
        RESPONSES.map((response) => ({ response, change: phi(rule, response, theta), threshold: theta, rule })),
      ),
    ),
  table: (points) =>
    points.map((point) => ({ ...point, series: `${ruleName[point.rule]}, θ = ${Number(point.threshold.toFixed(2))}` })),
  draw: (points, { thetas }) => {
    const distinct = [...new Set(thetas)];
    const names = rules.flatMap((rule) => distinct.map((t) => `${ruleName[rule]}, θ = ${Number(t.toFixed(2))}`));
    return {
      description: `Change of a weight against the response, for thresholds ${distinct.join(' and ')}. By the BCM rule the change is 0 without a response, negative up to the threshold, lowest at half of it, and positive above. By the rule that the slide prints it is a straight line that is most negative where there is no response at all. ${points.length} points.`,
      encoding: {
        x: { field: 'response', type: 'quantitative', title: 'response y', scale: { domain: [0, 3], nice: false } },
        y: { field: 'change', type: 'quantitative', title: 'change of the weight Δw / ηx', scale: { domain: [-3, 3] } },
      },
      layer: [
        levelLine(0, ['response', 'change']),
        { mark: { type: 'line', clip: true }, encoding: linesBy('series', names) },
        {
          transform: [{ filter: 'datum.change >= -3 && datum.change <= 3' }],
          ...hoverPoints(
            [
              { field: 'response', format: '.2f' },
              { field: 'change', format: '.3f' },
              { field: 'threshold', format: '.2f' },
              { field: 'rule' },
            ],
            1,
          ),
        },
      ],
    };
  },
  landmarks: (_, { thetas }) =>
    [...new Set(thetas)].flatMap((theta): Landmark[] => {
      const minimum = leastResponse(theta);
      return [
        {
          name: `sign changes at y, θ = ${theta}`,
          theory: theta,
          measured: bisect((y) => phi('BCM', y, theta), 0.5 * theta, 4),
          tolerance: 1e-9,
          source: 'root by bisection',
        },
        {
          name: `deepest depression, θ = ${theta}`,
          theory: (-theta * theta) / 4,
          measured: phi('BCM', minimum, theta),
          tolerance: 1e-9,
          source: 'φ = −θ²/4 at y = θ/2; minimum by golden section',
        },
      ];
    }),
});

/** Where a function that is negative at `low` and positive at `high` changes its sign. */
function bisect(f: (x: number) => number, low: number, high: number): number {
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The response between 0 and θ that depresses most, by golden section. */
function leastResponse(theta: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, theta];
  for (let i = 0; i < 80; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (phi('BCM', a, theta) < phi('BCM', b, theta)) high = b;
    else low = a;
  }
  return (low + high) / 2;
}

/** Samples of a trajectory, and how long it is in time constants of the threshold. */
const [SAMPLES, LENGTH] = [160, 40];

export const stability = defineFigure({
  id: 'bcm/stability',
  title: 'A threshold that is too slow comes too late',
  source,
  params: {
    eta: eta(0.005, 0.02, 'learning rate η, upper panel'),
    etaBeside: eta(0.011, 0.02, 'learning rate η, lower panel'),
    tauTheta: tauTheta(200),
    x: number({ default: 1, min: 0.5, max: 1.5, doc: 'input x' }),
    rule: choice({ default: 'both', values: ['both', 'BCM', 'slide'], doc: 'rule' }),
    start: number({ default: 1.2, min: 0.5, max: 2, doc: 'response at the start, where θ = 1' }),
    rectified: flag({ default: false, doc: 'the response cannot be negative' }),
  },
  compute: ({ eta, etaBeside, tauTheta, x, rule, start, rectified }) =>
    [...new Set([eta, etaBeside])].map((rate) => {
      const p: OnePattern = { eta: rate, tauTheta, x };
      const shown = rules.filter((r) => rule === 'both' || r === rule);
      return {
        p,
        runs: shown.map((r) => ({
          rule: r,
          ...simulateOne(r, p, { response: start, threshold: 1 }, LENGTH * tauTheta, SAMPLES, rectified),
        })),
      };
    }),
  table: (panels) =>
    panels.flatMap(({ p, runs }) =>
      runs.flatMap(({ rule, time, response, threshold }) =>
        Array.from(
          time,
          (t, i): Row => ({
            time: t,
            response: response[i],
            threshold: threshold[i],
            rule,
            panel: panelName(p),
          }),
        ),
      ),
    ),
  draw: (panels, { tauTheta, rule }) => {
    const shown = rules.filter((r) => rule === 'both' || r === rule);
    const names = shown.flatMap((r) => [`${r}: y`, `${r}: θ`]);
    const fate = panels.flatMap(({ p, runs }) =>
      runs.map(({ rule, left, response }) => {
        const last = response.subarray(-Math.ceil(response.length / 4));
        const [low, high] = [Math.min(...last), Math.max(...last)];
        const range =
          left === undefined
            ? `ends between ${low.toFixed(2)} and ${high.toFixed(2)}`
            : `leaves the plot and passes ±20 after ${left.toFixed(0)} presentations`;
        return `${panelName(p)}, ${rule}: the response ${range}`;
      }),
    );
    return {
      description: `Response y and threshold θ over time for two learning rates, by the BCM rule and as the slide prints it. ${fate.join('; ')}.`,
      transform: [
        { fold: ['response', 'threshold'], as: ['quantity', 'value'] },
        { calculate: "datum.rule + (datum.quantity === 'response' ? ': y' : ': θ')", as: 'series' },
      ],
      facet: {
        row: {
          field: 'panel',
          type: 'nominal',
          title: null,
          sort: panels.map(({ p }) => panelName(p)),
          header: { labelOrient: 'top', labelAnchor: 'start' },
        },
      },
      spec: {
        height: 170,
        encoding: {
          x: {
            field: 'time',
            type: 'quantitative',
            title: 'time (presentations)',
            scale: { domain: [0, LENGTH * tauTheta], nice: false },
          },
          y: {
            field: 'value',
            type: 'quantitative',
            title: 'response y, threshold θ',
            scale: { domain: [-1, 3], nice: false },
          },
        },
        layer: [
          { mark: { type: 'line', clip: true }, encoding: linesBy('series', names) },
          {
            transform: [{ filter: 'datum.value >= -1 && datum.value <= 3' }],
            ...hoverPoints([
              { field: 'series' },
              { field: 'time', title: 'time (presentations)', format: '.0f' },
              { field: 'value', format: '.3f' },
            ]),
          },
        ],
      },
    };
  },
  landmarks: (panels, { tauTheta, rule }) =>
    panels.flatMap(({ p }): Landmark[] =>
      rules
        .filter((r) => rule === 'both' || r === rule)
        .map((r) => ({
          name: `growth of a small deviation in a time constant, ${r}, η x² τθ = ${text(stabilityNumber(p))}`,
          theory: tauTheta * growthRate(p),
          measured: tauTheta * measuredGrowth(r, p),
          // differences of 1e-5 around the fixed point; where both eigenvalues meet, their square root of the error
          tolerance: 1e-4,
          source: 'eigenvalues of the Jacobian against perturbed runs',
        })),
    ),
});

const text = (x: number): string => String(Number(x.toPrecision(3)));
const panelName = (p: OnePattern): string =>
  `η x² τθ = ${text(stabilityNumber(p))}, ${stabilityNumber(p) < 1 ? 'below' : stabilityNumber(p) > 1 ? 'above' : 'at'} the limit`;

/** The growth rate of small deviations, from what perturbed runs of the rule become after one time constant. */
function measuredGrowth(rule: (typeof rules)[number], p: OnePattern): number {
  const eps = 1e-5;
  const end = (response: number, threshold: number): readonly [number, number] => {
    const run = simulateOne(rule, p, { response, threshold }, p.tauTheta, 1);
    return [run.response[1], run.threshold[1]];
  };
  const column = (dy: number, dTheta: number): readonly number[] => {
    const [plus, minus] = [end(1 + dy, 1 + dTheta), end(1 - dy, 1 - dTheta)];
    return [0, 1].map((i) => (plus[i] - minus[i]) / (2 * eps));
  };
  const [a, b] = [column(eps, 0), column(0, eps)];
  const { re, im } = eigenvalues(fromRows([0, 1].map((i) => [a[i], b[i]])));
  return Math.max(...Array.from(re, (r, i) => Math.log(Math.hypot(r, im[i])))) / p.tauTheta;
}

/** Responses to both patterns at which the runs start: on both sides of the diagonal, near to it and far. */
const STARTS: readonly (readonly [number, number])[] = [
  [0.9, 0.3],
  [1.3, 0.8],
  [0.4, 0.2],
  [1.1, 1],
];
/** Samples of a line, and points of a run by presentations. */
const [LINE, POINTS] = [120, 12];
const outcomes = ['chooses pattern 1', 'chooses pattern 2', 'leaves the plot', 'undecided'] as const;

export const selectivity = defineFigure({
  id: 'bcm/selectivity',
  title: 'A neuron chooses one of two patterns',
  source,
  params: {
    eta: eta(0.003, 0.01, 'learning rate η'),
    tauTheta: tauTheta(200),
    overlap: number({ default: 0.2, min: 0, max: 0.6, doc: 'second input of the first pattern' }),
    p: number({ default: 0.5, min: 0.35, max: 0.65, doc: 'probability of the first pattern' }),
    rule: choice({ default: 'BCM', values: rules, doc: 'rule' }),
    presentations: integer({ default: 10_000, min: 2000, max: 40_000, scale: 'log', doc: 'presentations' }),
    seed: seed(),
  },
  compute: ({ rule, presentations, seed, ...p }) => {
    const starts = STARTS.flatMap(([a, b]): State[] =>
      [
        [a, b],
        [b, a],
      ].map(([y1, y2]) => [y1, y2, p.p * y1 * y1 + (1 - p.p) * y2 * y2]),
    );
    return starts.map((start, i) => ({
      averaged: averagedTwo(rule, p, start, presentations, LINE),
      sampled: presentTwo(rule, p, start, presentations, POINTS, rng(seed).stream(`run ${i}`)),
    }));
  },
  table: (runs) =>
    runs.flatMap(({ averaged, sampled }, run) => {
      const outcome = outcomeOf(averaged);
      const row = (path: Path, kind: string) =>
        Array.from(path.time, (time, i): Row => ({ run, kind, time, y1: path.y1[i], y2: path.y2[i], outcome }));
      return [...row(averaged, 'theory'), ...row(sampled, 'simulation').slice(1)];
    }),
  draw: (runs, { rule, p }) => {
    const count = (outcome: string): number => runs.filter(({ averaged }) => outcomeOf(averaged) === outcome).length;
    const field = (name: string, title: string) => ({
      field: name,
      type: 'quantitative',
      title,
      scale: { domain: [-1, 3], nice: false },
    });
    const within = { filter: 'datum.y1 >= -1 && datum.y1 <= 3 && datum.y2 >= -1 && datum.y2 <= 3' };
    const ring = (y1: number, y2: number): View => ({
      transform: [{ aggregate: ['y1', 'y2'].map((name) => ({ op: 'min', field: name, as: name })) }],
      mark: { type: 'point', size: 320, filled: false, color: NEUTRAL, strokeWidth: 2 },
      encoding: { x: { datum: y1 }, y: { datum: y2 } },
    });
    return {
      description: `Response to the second pattern against the response to the first, eight runs by the rule ${ruleName[rule]}: ${outcomes.map((o) => `${count(o)} ${o}`).join(', ')}. Lines are averaged over the patterns, points are single presentations in random order. Rings mark the states in which BCM can rest: an answer to one pattern only.`,
      height: 420,
      width: 420,
      encoding: { x: field('y1', 'response to pattern 1'), y: field('y2', 'response to pattern 2') },
      layer: [
        ring(1 / p, 0),
        ring(0, 1 / (1 - p)),
        {
          transform: [{ filter: "datum.kind === 'theory'" }],
          mark: { type: 'line', clip: true },
          encoding: {
            ...linesBy('outcome', outcomes),
            detail: { field: 'run' },
            order: { field: 'time', type: 'quantitative' },
          },
        },
        {
          transform: [{ filter: "datum.kind === 'simulation'" }, within],
          mark: 'point',
          encoding: {
            ...pointsOver('outcome', outcomes),
            tooltip: [
              { field: 'time', title: 'presentations', format: '.0f' },
              { field: 'y1', format: '.3f' },
              { field: 'y2', format: '.3f' },
              { field: 'outcome' },
            ],
          },
        },
        {
          transform: [{ filter: 'datum.time === 0' }],
          mark: { type: 'point', filled: false, shape: 'cross', size: 60, color: NEUTRAL },
        },
      ],
    };
  },
  landmarks: (runs, { rule, presentations, ...p }) => {
    if (rule === 'slide') {
      if (p.p !== 0.5) return [];
      const [theory, { averaged }] = [(p.eta * (1 - p.overlap) ** 2) / 2, runs[0]];
      const last = averaged.time.length - 1;
      const difference = (i: number): number => averaged.y1[i] - averaged.y2[i];
      if (last < 1) return [];
      return [
        {
          name: 'growth of y1 − y2 by the slide’s rule, a presentation',
          theory,
          measured: Math.log(difference(last) / difference(0)) / averaged.time[last],
          tolerance: 1e-6 * theory,
          source: 'closed form: nothing restores the difference',
        },
      ];
    }
    return ([1, 2] as const).flatMap((chosen): Landmark[] => {
      const rest = selectiveState(p, chosen);
      const growth = growthRateTwo(p, rest);
      const settled = runs
        .map(({ averaged }) => averaged)
        .filter((path) => outcomeOf(path) === outcomes[chosen - 1] && stillMoves(path) < 1e-4);
      if (growth >= 0 || settled.length === 0) return [];
      const name = (what: string): string => `${what} (${settled.length} runs that choose pattern ${chosen})`;
      const last = settled.map((path) => [path.y1.at(-1)!, path.y2.at(-1)!]);
      const worst = (i: 0 | 1): number =>
        last.map((y) => y[i]).reduce((far, y) => (Math.abs(y - rest[i]) > Math.abs(far - rest[i]) ? y : far));
      // what is left of an exponential that moved by this much in the last tenth
      const tolerance = 1e-9 + (10 * 1e-4) / -Math.expm1((growth * presentations) / 10);
      return [
        { name: name('response to it'), theory: rest[chosen - 1], measured: worst(chosen === 1 ? 0 : 1), tolerance },
        { name: name('response to the other'), theory: 0, measured: worst(chosen === 1 ? 1 : 0), tolerance },
      ].map((l) => ({ ...l, source: 'fixed point, y = 1/p' }));
    });
  },
});

function outcomeOf({ y1, y2, left }: Path): (typeof outcomes)[number] {
  if (left !== undefined) return 'leaves the plot';
  const [a, b] = [y1.at(-1)!, y2.at(-1)!];
  if (Math.abs(a - b) < 0.5) return 'undecided';
  return a > b ? 'chooses pattern 1' : 'chooses pattern 2';
}

/** The largest change of a response over the last tenth of a path. */
function stillMoves({ y1, y2 }: Path): number {
  const from = Math.floor(0.9 * (y1.length - 1));
  return Math.max(
    ...Array.from(y1.subarray(from), (y) => Math.abs(y - y1.at(-1)!)),
    ...Array.from(y2.subarray(from), (y) => Math.abs(y - y2.at(-1)!)),
  );
}

/** Samples of rearing in time constants of the threshold: what is left of the start is exp(−10). */
const REARED = 10;
const TRIED = [1, 2, 4, 6, 8, 10, 15, 20, 30, 50, 100];
const groups = ['light-reared', 'dark-reared'] as const;

export const darkRearing = defineFigure({
  id: 'bcm/dark-rearing',
  title: 'In the dark the threshold slides down',
  source: { ...source, where: 'Sliding plasticity threshold in visual cortex', paper: 'kirkwood1996' },
  params: {
    light: number({ default: 3, min: 1, max: 4, unit: 'Hz', doc: 'mean rate of the neurons, reared in light' }),
    dark: number({ default: 2, min: 1, max: 4, unit: 'Hz', doc: 'mean rate of the neurons, reared in the dark' }),
    y0: number({ default: 1, min: 0.5, max: 2, scale: 'log', unit: 'Hz', doc: 'unit rate y₀, in θ = E[y²]/y₀' }),
    tauTheta: integer({ default: 1000, min: 100, max: 5000, scale: 'log', doc: 'threshold averages so many rates' }),
    pulses: integer({ default: 900, min: 100, max: 3000, scale: 'log', doc: 'stimuli of a train' }),
    gain: number({
      default: 5e-6,
      min: 1e-6,
      max: 2e-5,
      scale: 'log',
      unit: '1/Hz²',
      doc: 'change of strength a stimulus and unit of φ',
    }),
    bound: number({ default: 0.3, min: 0.2, max: 0.5, doc: 'strength stays within 1 ± bound' }),
    animals: integer({ default: 12, min: 4, max: 50, doc: 'animals in each group' }),
    seed: seed(),
  },
  compute: ({ light, dark, y0, tauTheta, animals, seed, ...train }) =>
    groups.map((group) => {
      const rearing = { meanRate: group === 'light-reared' ? light : dark, y0 };
      const theta = rearedThreshold(rearing);
      const random = rng(seed).stream(group);
      const thetas = Array.from({ length: animals }, (_, i) =>
        rear(rearing, tauTheta, REARED * tauTheta, random.stream(`animal ${i}`)),
      );
      const percent = (strength: number): number => 100 * (strength - 1);
      return {
        group,
        theta,
        line: Array.from({ length: 121 }, (_, i) => 10 ** (i / 60)).map((f) => ({
          frequency: f,
          change: percent(inducedStrength(train, f, theta)),
        })),
        points: TRIED.map((frequency) => {
          const changes = thetas.map((own) => percent(stimulate(train, frequency, own)));
          return { frequency, change: mean(changes), se: standardError(changes) };
        }),
        crossings: thetas.map((own) => bisect((f) => stimulate(train, f, own) - 1, own / 2, 2 * own)),
      };
    }),
  table: (data) =>
    data.flatMap(({ group, line, points }): Row[] => [
      ...line.map((row) => ({ ...row, se: 0, kind: 'theory', group })),
      ...points.map((row) => ({ ...row, kind: 'simulation', group })),
    ]),
  draw: (data, { bound, animals }) => ({
    description: `Change of strength against the frequency of stimulation on a logarithmic axis. ${data.map(({ group, theta }) => `${group}: depression below ${theta.toFixed(1)} Hz, potentiation above`).join('; ')}. Lines are closed form, points are means of ${animals} simulated animals with standard errors.`,
    encoding: {
      x: {
        field: 'frequency',
        type: 'quantitative',
        title: 'frequency of stimulation (Hz)',
        scale: { type: 'log', domain: [1, 100] },
        axis: { values: [1, 2, 5, 10, 20, 50, 100] },
      },
      y: {
        field: 'change',
        type: 'quantitative',
        title: 'change of strength (%)',
        scale: { domain: [-100 * bound, 100 * bound] },
      },
    },
    layer: [
      levelLine(0, ['frequency', 'change']),
      {
        transform: [{ filter: "datum.kind === 'theory'" }],
        mark: 'line',
        encoding: linesBy('group', groups),
      },
      {
        transform: [
          { filter: "datum.kind === 'simulation'" },
          { calculate: 'datum.change - datum.se', as: 'low' },
          { calculate: 'datum.change + datum.se', as: 'high' },
        ],
        mark: 'rule',
        encoding: {
          y: { field: 'low', type: 'quantitative' },
          y2: { field: 'high' },
          color: { field: 'group', type: 'nominal' },
        },
      },
      {
        transform: [{ filter: "datum.kind === 'simulation'" }],
        mark: 'point',
        encoding: {
          ...pointsOver('group', groups),
          tooltip: [
            { field: 'group' },
            { field: 'frequency', title: 'frequency (Hz)' },
            { field: 'change', title: 'change (%)', format: '.2f' },
            { field: 'se', title: 'standard error (%)', format: '.2f' },
          ],
        },
      },
    ],
  }),
  landmarks: (data, { tauTheta, animals }) =>
    data.map(({ group, theta, crossings }): Landmark => {
      // a squared exponential rate has variance 5 (E[y²])²; a leaky average keeps 1/(2τ − 1) of it
      const se = (theta * Math.sqrt(5 / (2 * tauTheta - 1))) / Math.sqrt(animals);
      return {
        name: `depression turns into potentiation, ${group}`,
        theory: theta,
        measured: mean(crossings),
        se: standardError(crossings),
        tolerance: 4 * se + theta * Math.exp(-REARED),
        unit: 'Hz',
        source: 'θ = 2 m²/y₀',
      };
    }),
});
