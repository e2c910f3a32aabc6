import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, flag, integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { enlargeSigmoid, sigmoidLesson, withHidden } from './enlarged-sigmoid';
import { nStarGrowing, nStarLinear, nStarSigmoid, nStarSigmoidCode, nStarUnmixed } from './network-size';
import { sigmoidStudent, sigmoidSynapses } from './sigmoid-student';
import { linearLesson, type Point, steadyErrors, steadySigmoidErrors, theoryOf } from './steady-error';
import type { Plasticity } from './theory';

const source = { lecture: 'fundamental-bounds', paper: 'raman2019' } as const;
const text = (x: number): string => String(Number(x.toPrecision(3)));
const named = (gamma3: number): string => `γ₃ = ${text(gamma3)}`;
const distinct = (list: readonly number[]): number[] => [...new Set(list)];
const sorted = (list: readonly number[]): number[] => distinct(list).sort((a, b) => a - b);

/** Inputs and outputs of the linear task. */
const [INPUTS, OUTPUTS] = [5, 4];
const TASK = INPUTS * OUTPUTS;

/** What ĝᵀHĝ may do as the network grows, and the size that is best then. */
const assumptions = {
  'equal projection': (p: Plasticity) => nStarLinear(p),
  'as it is': (p: Plasticity) => nStarUnmixed(p),
  growing: (p: Plasticity) => nStarGrowing(p, TASK),
} as const;

const strength = (name: 'gamma1' | 'gamma2', value: number) =>
  name === 'gamma1'
    ? number({ default: value, min: 0.05, max: 0.5, scale: 'log', doc: 'γ1, task-relevant plasticity' })
    : number({ default: value, min: 0, max: 2, doc: 'γ2, task-irrelevant plasticity' });
const noises = () =>
  numbers({ default: [0, 0.05, 0.15], min: 0, max: 0.3, minLength: 1, maxLength: 4, doc: 'γ3, noise of each synapse' });

/** Points with error bars, and lines, of errors against sizes. */
function layers(names: readonly string[]): View[] {
  const bars = [
    { calculate: 'max(datum.error - datum.se, datum.error / 10)', as: 'low' },
    { calculate: 'datum.error + datum.se', as: 'high' },
  ];
  const points = { filter: "datum.kind === 'simulation'" };
  return [
    {
      transform: [points, ...bars],
      mark: { type: 'rule', clip: true },
      encoding: {
        y: { field: 'low', type: 'quantitative' },
        y2: { field: 'high' },
        color: { field: 'series', type: 'nominal' },
      },
    },
    {
      transform: [points],
      mark: 'point',
      encoding: {
        ...pointsOver('series', names),
        tooltip: [
          { field: 'series' },
          { field: 'size', title: 'synapses' },
          { field: 'error', format: '.4~g' },
          { field: 'se', title: 'standard error', format: '.2~g' },
        ],
      },
    },
  ];
}

/** Upright lines at the optimal sizes that lie within the plot, in the colours of the series. */
function optima(kind: string): View {
  return {
    transform: [{ filter: `datum.kind === ${JSON.stringify(kind)}` }],
    mark: { type: 'rule', strokeWidth: 2, clip: true },
    encoding: {
      y: { value: 0 },
      y2: { value: 'height' },
      color: { field: 'series', type: 'nominal' },
      strokeDash: { field: 'series', type: 'nominal' },
      opacity: { value: 0.5 },
    },
  };
}

/** Position channels; the errors' axis ends at powers of 2, so that it moves seldom. */
const axes = (sizes: readonly number[], errors: readonly number[]) => {
  const power = (x: number, round: (y: number) => number): number => 2 ** round(Math.log2(x));
  return {
    x: {
      field: 'size',
      type: 'quantitative',
      title: 'synapses of the network',
      scale: { type: 'log', domain: [sizes[0] / 1.15, sizes.at(-1)! * 1.15], nice: false },
      axis: { tickCount: 8, labelOverlap: 'greedy', labelSeparation: 6 },
    },
    y: {
      field: 'error',
      type: 'quantitative',
      title: 'error in the long run',
      scale: {
        type: 'log',
        domain: [power(0.95 * Math.min(...errors), Math.floor), power(1.05 * Math.max(...errors), Math.ceil)],
        nice: false,
      },
      axis: { tickCount: 6 },
    },
  };
};

const plasticitiesOf = (
  list: readonly number[],
  p: { readonly gamma1: number; readonly gamma2: number; readonly interval: number },
): Plasticity[] =>
  distinct(list).map((gamma3) => ({ gamma1: p.gamma1, gamma2: p.gamma2, gamma3, interval: p.interval }));

export const steadyError = defineFigure({
  id: 'network-size/steady-error',
  title: 'With noisy synapses there is a best size',
  source: { ...source, where: 'Optimal network size: k(N) against k(Ñ)' },
  params: {
    gamma1: strength('gamma1', 0.1),
    gamma2: strength('gamma2', 1),
    gamma3: noises(),
    interval: number({ default: 1, min: 0.5, max: 2, doc: 'T, time between two looks at the error' }),
    expansions: numbers({
      default: [1, 2, 3, 4, 6, 8, 10],
      min: 1,
      max: 12,
      maxLength: 12,
      integer: true,
      doc: 'c1 = c2, times as many inputs and outputs',
    }),
    assumption: choice({
      default: 'equal projection',
      values: ['equal projection', 'as it is', 'growing'],
      doc: 'what ĝᵀHĝ does as the network grows, for N*',
    }),
    white: flag({ default: false, doc: 'the inputs are exactly uncorrelated' }),
    examples: integer({
      default: 400,
      min: 20,
      max: 1000,
      scale: 'log',
      doc: 'inputs that the error is summed over, P',
    }),
    cycles: integer({
      default: 500,
      min: 200,
      max: 20_000,
      scale: 'log',
      doc: 'steps of learning that are averaged, at least',
    }),
    trials: integer({ default: 2, min: 2, max: 20, doc: 'networks of each size' }),
    seed: seed(),
  },
  presets: { paper: { cycles: 6000, trials: 8 } },
  quick: { expansions: [1, 2, 4], cycles: 200, trials: 2, gamma3: [0.05, 0.15] },
  limits: 'γ2 and γ3 must not both be 0: without any noise the weights jump to and fro over the minimum for ever',
  compute: async ({ expansions, examples, white, cycles, trials, assumption, seed, ...p }, run) => {
    const random = rng(seed);
    const task = linearLesson(INPUTS, OUTPUTS, examples, random.stream('task'), white);
    const theory = theoryOf(task);
    const widths = sorted(expansions);
    const plasticities = plasticitiesOf(p.gamma3, p);
    const most = Math.max(2, widths.at(-1)!);
    const curve = plasticities.flatMap((plasticity) =>
      Array.from({ length: 61 }, (_, i) => most ** (i / 60)).map((c) => ({
        plasticity,
        size: TASK * c * c,
        ...theory(plasticity, c),
      })),
    );
    const points = await steadyErrors(task, plasticities, widths, { cycles, trials }, random.stream('trials'), run);
    return { task, theory, curve, points, best: plasticities.map((q) => ({ q, size: assumptions[assumption](q) })) };
  },
  table: ({ theory, curve, points, best }) => [
    ...curve.map(
      ({ plasticity, size, error, gradient }): Row => row(plasticity, { size, error, se: 0, gradient }, 'theory'),
    ),
    ...points.map(({ plasticity, size, error, se, gradient }) =>
      row(plasticity, { size, error, se, gradient }, 'simulation'),
    ),
    ...best
      .filter(({ size }) => size >= TASK && Number.isFinite(size))
      .map(({ q, size }) => {
        const { error, gradient } = theory(q, Math.sqrt(size / TASK));
        return row(q, { size, error, se: 0, gradient }, 'N*');
      }),
  ],
  draw: ({ curve, points, best }, { gamma3, assumption }) => {
    const names = distinct(gamma3).map(named);
    const say = best.map(({ q, size }) => {
      const own = points.filter(({ plasticity }) => plasticity.gamma3 === q.gamma3);
      const least = own.reduce((a, b) => (b.error < a.error ? b : a));
      return `${named(q.gamma3)}: lowest at ${least.size} synapses with ${text(least.error)}, N* ${Number.isFinite(size) ? text(size) : 'is infinite'}`;
    });
    return {
      description: `Error in the long run against the number of synapses, both on logarithmic axes, for ${names.length} strengths of the synapses' own noise. ${say.join('; ')}. Lines are theory, points are simulated networks with standard errors, upright lines stand at N* (${assumption}).`,
      encoding: axes(
        [TASK, curve.at(-1)!.size],
        [...curve, ...points].map(({ error }) => error),
      ),
      layer: [
        { transform: [{ filter: "datum.kind === 'theory'" }], mark: 'line', encoding: linesBy('series', names) },
        {
          transform: [{ filter: "datum.kind === 'theory'" }],
          ...hoverPoints([
            { field: 'series' },
            { field: 'size', title: 'synapses', format: '.0f' },
            { field: 'error', title: 'error, theory', format: '.4~g' },
          ]),
        },
        optima('N*'),
        ...layers(names),
      ],
    };
  },
  landmarks: ({ task, theory, points }, { gamma3, trials }) => {
    const lambda = theory.spectrum;
    return distinct(gamma3).flatMap((noise): Landmark[] => {
      const own = points.filter(({ plasticity }) => plasticity.gamma3 === noise);
      const judged = own.map((point) => ({ point, ...expectation(point) }));
      const worst = judged.reduce((a, b) => (Math.abs(b.off) > Math.abs(a.off) ? b : a));
      return [
        {
          name: `mean |∇F|, ${named(noise)}, ${worst.point.size} synapses (furthest off)`,
          theory: worst.gradient,
          measured: worst.point.gradient,
          se: worst.point.gradientSe,
          tolerance: worst.tolerance,
          source: '⟨k⟩ = 0',
        },
        ...leastOf(own, (point) => theory(point.plasticity, point.expansion), noise),
      ];
    });

    function expectation(point: Point): { gradient: number; tolerance: number; off: number } {
      const { gamma1, interval } = point.plasticity;
      const { gradient, spread, memory } = theory(point.plasticity, point.expansion);
      const se = spread * Math.sqrt(Math.min(1, memory / point.cycles) / trials);
      // ĝᵀHĝ lies between the eigenvalues; that |∇F| fluctuates moves it by a share of order 1/n
      const range = Math.max(...lambda) - Math.min(...lambda);
      const along = ((gamma1 * interval) / 2) * range * (2 / (TASK * point.expansion));
      const tolerance = 5 * se + along + 1e-9 * task.inputs;
      return { gradient, tolerance, off: (point.gradient - gradient) / tolerance };
    }
  },
});

type Numbers = Pick<Point, 'size' | 'error' | 'se' | 'gradient'>;
const row = ({ gamma3 }: Plasticity, numbers: Numbers, kind: string): Row => ({
  ...numbers,
  gamma3,
  kind,
  series: named(gamma3),
});

/** The size of least error, where it can be told: by theory it differs from all that are not its neighbours. */
function leastOf(
  points: readonly Point[],
  theory: (point: Point) => { readonly error: number; readonly spread: number; readonly gradient: number },
  noise: number,
): Landmark[] {
  if (points.length < 3) return [];
  const at = (list: readonly number[]): number => list.indexOf(Math.min(...list));
  const expected = points.map((point) => theory(point).error);
  const [best, found] = [at(expected), at(points.map(({ error }) => error))];
  const neighbours = [best - 1, best, best + 1].filter((i) => i >= 0 && i < points.length);
  return [
    {
      name: `size with the least error, ${named(noise)}`,
      theory: points[best].size,
      measured: points[found].size,
      // the minimum is flat: one simulated size to either side
      tolerance: Math.max(...neighbours.map((i) => Math.abs(points[i].size - points[best].size))),
      unit: 'synapses',
      source: 'least of the theory’s errors at the simulated sizes, or a neighbour of it',
    },
  ];
}

export const sigmoid = defineFigure({
  id: 'network-size/sigmoid',
  title: 'Sigmoid networks with synapses that start at 0',
  source: { ...source, where: 'Student and teacher with logistic units' },
  params: {
    gamma1: strength('gamma1', 0.06),
    gamma2: strength('gamma2', 1),
    gamma3: noises(),
    hidden: numbers({
      default: [5, 10, 20, 35],
      min: 5,
      max: 60,
      maxLength: 8,
      integer: true,
      doc: 'units of each of the two hidden layers',
    }),
    fresh: number({ default: 0.9, min: 0.5, max: 1, doc: 'how much of n2 is new every cycle; the rest stays' }),
    examples: integer({
      default: 100,
      min: 20,
      max: 500,
      scale: 'log',
      doc: 'inputs that the error is summed over, P',
    }),
    cycles: integer({
      default: 220,
      min: 50,
      max: 3000,
      scale: 'log',
      doc: 'steps that are averaged, after as many others',
    }),
    trials: integer({ default: 4, min: 2, max: 12, doc: 'networks of each size' }),
    seed: seed(),
  },
  presets: { paper: { hidden: [5, 10, 15, 25, 45], examples: 500, cycles: 750, trials: 12 } },
  quick: { hidden: [5, 20], cycles: 50, trials: 3, examples: 20, gamma3: [0, 0.15] },
  compute: async ({ gamma3, hidden, fresh, examples, cycles, trials, seed, ...p }, run) => {
    const random = rng(seed);
    const task = sigmoidLesson(BASE, examples, random.stream('task'));
    const widths = sorted(hidden);
    const plasticities = plasticitiesOf(gamma3, { ...p, interval: 1 });
    const drift = { fresh, memory: 1 - fresh };
    const stream = random.stream('trials');
    const points = await steadySigmoidErrors(task, plasticities, widths, drift, { cycles, trials }, stream, run);
    return { task, points, plasticities, widths };
  },
  table: ({ points, plasticities }) => [
    ...points.map(
      ({ plasticity, expansion, size, error, se, gradient }): Row => ({
        ...row(plasticity, { size, error, se, gradient }, 'simulation'),
        hidden: expansion,
      }),
    ),
    ...plasticities
      .filter((p) => p.gamma3 > 0)
      .flatMap((p) =>
        [
          { kind: 'N* (i)', size: nStarSigmoid(p, BASE_SIZE) },
          { kind: 'N* (ii)', size: nStarSigmoidCode(p, BASE_SIZE) },
        ].map(({ kind, size }): Row => ({ size, gamma3: p.gamma3, kind, series: named(p.gamma3) })),
      ),
  ],
  draw: ({ points, widths }, { gamma3 }) => {
    const names = distinct(gamma3).map(named);
    const say = distinct(gamma3).map((noise) => {
      const own = points.filter(({ plasticity }) => plasticity.gamma3 === noise);
      return `${named(noise)}: ${own.map(({ size, error }) => `${text(error)} at ${size}`).join(', ')}`;
    });
    const ends = [widths[0], widths.at(-1)!].map((h) => sigmoidSynapses(withHidden(BASE, h)));
    const domain = [Math.min(ends[0], BASE_SIZE), Math.max(ends[1], 2 * BASE_SIZE)];
    return {
      description: `Error in the long run against the number of synapses of sigmoid networks, both on logarithmic axes, for ${names.length} strengths of the synapses' own noise. ${say.join('; ')}. Points are simulated networks with standard errors, joined to guide the eye; upright lines stand at N* by reading (i) of the slide's formula, where it lies within the plot.`,
      encoding: axes(
        domain,
        points.map(({ error }) => error),
      ),
      layer: [
        { transform: [{ filter: "datum.kind === 'simulation'" }], mark: 'line', encoding: linesBy('series', names) },
        {
          ...optima('N* (i)'),
          transform: [
            { filter: "datum.kind === 'N* (i)'" },
            { filter: `datum.size >= ${domain[0]} && datum.size <= ${domain[1]}` },
          ],
        },
        ...layers(names),
      ],
    };
  },
  landmarks: ({ task, points, widths }, { gamma3, fresh }) => {
    // a drift that turns slowly goes further: its steps are correlated by ρ, ρ², …
    const rho = (1 - fresh) / Math.hypot(1 - fresh, fresh);
    const further = Math.sqrt((1 + rho) / (1 - rho));
    const { sizes, x, target, start } = task;
    const larger = withHidden(sizes, widths.at(-1)!);
    const before = sigmoidStudent({ sizes, x, target }).error(start);
    const after = sigmoidStudent({ sizes: larger, x, target }).error(enlargeSigmoid(start, sizes, larger));
    return [
      {
        name: 'F with zero synapses added',
        theory: before,
        measured: after,
        tolerance: 1e-12 * before,
        source: 'identity',
      },
      ...distinct(gamma3).flatMap((noise): Landmark[] => {
        const own = points.filter(({ plasticity }) => plasticity.gamma3 === noise);
        const [small, large] = [own[0], own.at(-1)!];
        const drifting = { ...small.plasticity, gamma2: further * small.plasticity.gamma2 };
        const best = nStarSigmoid(drifting, BASE_SIZE);
        // which of the two is better can be told if N* lies beyond both, and the errors are apart
        const sign = best > 2 * large.size ? -1 : best < small.size / 2 ? 1 : 0;
        const apart = Math.abs(large.error - small.error) > 4 * Math.hypot(large.se, small.se);
        if (sign === 0 || !apart) return [];
        return [
          {
            name: `error from ${small.size} to ${large.size} synapses (1 rises, −1 falls), ${named(noise)}`,
            theory: sign,
            measured: Math.sign(large.error - small.error),
            tolerance: 0,
            source: 'side of N* (i)',
          },
        ];
      }),
    ];
  },
});

/** The layers of the task's own network, as in the authors' program. */
const BASE: readonly number[] = [10, 5, 5, 6];
const BASE_SIZE = sigmoidSynapses(BASE);
