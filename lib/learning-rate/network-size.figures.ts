import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { linearRegression } from '../math/statistics';
import {
  nStarGrowing,
  nStarLinear,
  nStarPrinted,
  nStarSigmoid,
  nStarSigmoidCode,
  nStarUnmixed,
  steadyState,
} from './network-size';
import { linearLesson, type Point, steadyErrors, theoryOf } from './steady-error';
import type { Plasticity } from './theory';

const source = { lecture: 'fundamental-bounds', paper: 'raman2019' } as const;
const text = (x: number): string => String(Number(x.toPrecision(3)));
/** n points from `from` to `to`, equally far apart on a logarithmic axis. */
const logarithmic = (from: number, to: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => from * (to / from) ** (i / (n - 1)));

const kinds = ['slide, minus sign', 'equal projection', 'linear network', 'sigmoid (i)', 'sigmoid (ii)'] as const;
type Kind = (typeof kinds)[number];
const formulas: Readonly<Record<Kind, (p: Plasticity, size: number) => number>> = {
  'slide, minus sign': nStarPrinted,
  'equal projection': nStarLinear,
  'linear network': nStarUnmixed,
  'sigmoid (i)': nStarSigmoid,
  'sigmoid (ii)': nStarSigmoidCode,
};
/** What the panels over γ3 show: four lines. */
const ACROSS_NOISE = ['slide, minus sign', 'equal projection', 'sigmoid (i)', 'sigmoid (ii)'] as const;
/** What the panel over γ2 shows. */
const growing = 'slide, growing ĝᵀHĝ';
const ACROSS_RULE = ['slide, minus sign', 'equal projection', 'linear network', growing] as const;

/** Inputs and outputs of the linear task whose steady state is minimised, and its P. */
const [INPUTS, OUTPUTS, EXAMPLES] = [5, 4, 400];
const TASK = INPUTS * OUTPUTS;

/**
 * The size Ñ ≥ N at which `steadyState` has its least error, for c1 = c2 and uncorrelated inputs, by golden section over c on a
 * logarithmic axis.
 */
function leastError(p: Plasticity): number {
  const spectrum = new Float64Array(INPUTS).fill(EXAMPLES);
  const gradient = (log: number): number =>
    steadyState(p, { spectrum, outputs: OUTPUTS, inputsTimes: Math.exp(log), outputsTimes: Math.exp(log) }).gradient;
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [0, Math.log(1e4)];
  for (let i = 0; i < 100; i++) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)];
    if (gradient(a) < gradient(b)) high = b;
    else low = a;
  }
  return TASK * Math.exp(low + high);
}

export const optimum = defineFigure({
  id: 'network-size/optimum',
  title: 'The best size, with the right sign',
  source: { ...source, where: 'Optimal network size N*, and that of sigmoid networks' },
  params: {
    gamma1: number({ default: 0.1, min: 0.02, max: 0.5, scale: 'log', doc: 'γ1, task-relevant plasticity' }),
    gamma2: numbers({
      default: [1, 0.01],
      min: 0.001,
      max: 2,
      minLength: 1,
      maxLength: 2,
      doc: 'γ2, task-irrelevant plasticity of a bad and a good rule, upper panels',
    }),
    noise: number({
      default: 0.01,
      min: 0.005,
      max: 0.05,
      scale: 'log',
      doc: 'γ3, noise of each synapse, lower panel',
    }),
    interval: number({ default: 1, min: 0.5, max: 2, doc: 'T, time between two looks at the error' }),
    size: integer({ default: 121, min: 20, max: 1000, scale: 'log', doc: 'N, synapses of the task, sigmoid' }),
  },
  compute: ({ gamma1, gamma2, noise, interval, size }) => {
    const across = [...new Set(gamma2)].flatMap((rule) =>
      logarithmic(0.001, 0.05, 41).flatMap((gamma3) =>
        ACROSS_NOISE.map((kind) => {
          const optimum = formulas[kind]({ gamma1, gamma2: rule, gamma3, interval }, size);
          return { gamma3, gamma2: rule, optimum, kind, panel: `γ₂ = ${text(rule)}` };
        }),
      ),
    );
    // enough of γ2 to see all lines cross their zeros and each other
    const rules = Array.from({ length: 41 }, (_, i) => (gamma1 * i) / 20);
    const panel = `γ₃ = ${text(noise)}, γ₂ from 0 to 2 γ₁`;
    const paradox = rules.flatMap((gamma2) => {
      const p = { gamma1, gamma2, gamma3: noise, interval };
      const at = (kind: (typeof ACROSS_RULE)[number]): number =>
        kind === growing ? nStarGrowing(p, TASK) : formulas[kind](p, TASK);
      return ACROSS_RULE.map((kind) => ({ gamma3: noise, gamma2, optimum: at(kind), kind, panel }));
    });
    const computed = rules
      .filter((_, i) => i % 4 === 0)
      .map((gamma2) => {
        const optimum = leastError({ gamma1, gamma2, gamma3: noise, interval });
        return { gamma3: noise, gamma2, optimum, kind: 'least error, computed', panel };
      });
    return { across, paradox, computed };
  },
  table: ({ across, paradox, computed }) => [...across, ...paradox, ...computed],
  draw: ({ across, paradox, computed }, { gamma1, gamma2, noise }) => {
    const rules = [...new Set(gamma2)];
    const upper = rules.map((rule): View => {
      const negative = across.some((row) => row.gamma2 === rule && row.optimum <= 0);
      return {
        title: {
          text: `γ₂ = ${text(rule)}${negative ? ': the slide’s N* is not positive' : ''}`,
          fontSize: 12,
          fontWeight: 'normal',
        },
        height: 190,
        width: rules.length > 1 ? 205 : 480,
        transform: [{ filter: `datum.panel === ${JSON.stringify(`γ₂ = ${text(rule)}`)} && datum.optimum > 0` }],
        encoding: {
          x: {
            field: 'gamma3',
            type: 'quantitative',
            title: 'noise of each synapse γ₃',
            scale: { type: 'log', domain: [0.001, 0.05], nice: false },
            axis: { values: [0.001, 0.003, 0.01, 0.03], format: '~g' },
          },
          y: {
            field: 'optimum',
            type: 'quantitative',
            title: 'best size N* (synapses)',
            scale: { type: 'log', domain: [1, 1e7], clamp: true },
            axis: { values: [1, 100, 1e4, 1e6], format: '~s' },
          },
        },
        layer: [
          { mark: { type: 'line', clip: true }, encoding: linesBy('kind', ACROSS_NOISE) },
          hoverPoints([
            { field: 'kind' },
            { field: 'gamma3', title: 'γ₃', format: '.4f' },
            { field: 'optimum', title: 'N*', format: '.4~g' },
          ]),
        ],
      };
    });
    const lower: View = {
      title: { text: `γ₃ = ${text(noise)}, γ₁ = ${text(gamma1)}`, fontSize: 12, fontWeight: 'normal' },
      height: 210,
      width: 480,
      transform: [{ filter: `datum.panel === ${JSON.stringify(paradox[0].panel)}` }],
      encoding: {
        x: {
          field: 'gamma2',
          type: 'quantitative',
          title: 'task-irrelevant plasticity γ₂',
          scale: { domain: [0, 2 * gamma1], nice: false },
        },
        y: { field: 'optimum', type: 'quantitative', title: 'best size N* (synapses)', axis: { format: ',d' } },
      },
      layer: [
        levelLine(0, ['gamma2', 'optimum']),
        {
          transform: [{ filter: "datum.kind !== 'least error, computed'" }],
          mark: 'line',
          encoding: linesBy('kind', ACROSS_RULE),
        },
        {
          transform: [{ filter: "datum.kind === 'least error, computed'" }],
          mark: { type: 'point', filled: false, size: 60, color: NEUTRAL, strokeWidth: 1.5 },
          encoding: {
            tooltip: [
              { field: 'gamma2', title: 'γ₂', format: '.3~g' },
              { field: 'optimum', title: 'size with the least error', format: '.4~g' },
            ],
          },
        },
      ],
    };
    return {
      description: `Best number of synapses. Upper panels: against the noise of each synapse on logarithmic axes, for γ2 = ${rules.map(text).join(' and ')}; every line falls with the square of the noise where γ2 is large, and the slide's line is missing where it is not positive. Lower panel: against γ2 from 0 to twice γ1. The slide's line is negative up to γ2 = γ1; with the sign put right it is positive everywhere; the line of the linear network starts at 0, and rings, the sizes at which the computed error is least, from ${text(computed[0].optimum)} to ${text(computed.at(-1)!.optimum)} synapses, lie on it.`,
      vconcat: [{ hconcat: upper, spacing: 56 }, lower],
      resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
    };
  },
  landmarks: ({ across, computed }, { gamma1, interval, noise, size }) => {
    const first = across[0];
    const p = { gamma1, gamma2: first.gamma2, gamma3: noise, interval };
    const found = nStarSigmoid(p, size);
    const cubic = nStarSigmoidCode(p, size);
    const [g1, g2, ratio] = [p.gamma1 ** 2, p.gamma2 ** 2, interval / noise ** 2];
    const line = across.filter((row) => row.kind === 'equal projection' && row.gamma2 === first.gamma2);
    const { slope } = linearRegression(
      line.map((row) => Math.log(row.gamma3)),
      line.map((row) => Math.log(row.optimum)),
    );
    return [
      { name: 'slope of log N* over log γ₃', theory: -2, measured: slope, tolerance: 1e-9, source: 'closed form' },
      {
        name: `sigmoid (i), put back into its formula, γ₂ = ${text(first.gamma2)}`,
        theory: found,
        measured: ratio * (g2 + (g1 * size) / found),
        tolerance: 1e-9 * found,
        source: 'substitution',
      },
      {
        name: `sigmoid (ii), put back, γ₂ = ${text(first.gamma2)}`,
        theory: cubic,
        measured: Math.cbrt(ratio ** 2 * (g1 + g2) * (g2 * cubic + g1 * size)),
        tolerance: 1e-9 * cubic,
        source: 'substitution',
      },
      ...computed.slice(-1).map(({ gamma2, optimum }): Landmark => {
        const theory = Math.max(TASK, nStarUnmixed({ ...p, gamma2 }));
        return {
          name: `size with the least error, linear network, γ₂ = ${text(gamma2)}`,
          theory,
          measured: optimum,
          // golden section finds a minimum to the square root of rounding
          tolerance: 1e-6 * theory,
          source: 'T γ2²/γ3², at least N',
        };
      }),
    ];
  },
});

/** Widths of circuits that are simulated. */
const CIRCUITS = [1, 2, 3, 4, 5, 6] as const;
/** Widths of circuits that have a line of their own. */
const DRAWN = [1, 3, 6] as const;
const best = 'best size for each γ₃';
const circuit = (c: number): string => `${TASK * c * c} synapses`;

export const prediction = defineFigure({
  id: 'network-size/prediction',
  title: 'Quiet synapses allow large circuits',
  source: { ...source, where: 'Experimental predictions' },
  params: {
    gamma1: number({ default: 0.1, min: 0.05, max: 0.3, scale: 'log', doc: 'γ1, task-relevant plasticity' }),
    gamma2: number({ default: 1, min: 0.5, max: 1.5, doc: 'γ2, task-irrelevant plasticity' }),
    interval: number({ default: 1, min: 0.5, max: 2, doc: 'T, time between two looks at the error' }),
    gamma3: numbers({
      default: [0.05, 0.08, 0.12, 0.2],
      min: 0.04,
      max: 0.3,
      minLength: 1,
      maxLength: 6,
      doc: 'γ3 of the simulated circuits, noise of each synapse',
    }),
    cycles: integer({
      default: 400,
      min: 200,
      max: 10_000,
      scale: 'log',
      doc: 'steps of learning that are averaged, at least',
    }),
    trials: integer({ default: 2, min: 2, max: 12, doc: 'circuits of each size' }),
    seed: seed(),
  },
  presets: { paper: { cycles: 5000, trials: 8 } },
  quick: { gamma3: [0.06, 0.15], cycles: 200, trials: 2 },
  compute: async ({ gamma1, gamma2, interval, gamma3, cycles, trials, seed }, run) => {
    const random = rng(seed);
    const task = linearLesson(INPUTS, OUTPUTS, EXAMPLES, random.stream('task'));
    const theory = theoryOf(task);
    const at = (noise: number): Plasticity => ({ gamma1, gamma2, gamma3: noise, interval });
    const noises = [...new Set(gamma3)].sort((a, b) => a - b);
    const points = await steadyErrors(task, noises.map(at), CIRCUITS, { cycles, trials }, random.stream('trials'), run);
    const grid = logarithmic(0.03, 0.3, 41).map((noise) => {
      const p = at(noise);
      const size = Math.max(TASK, nStarUnmixed(p));
      return { p, size, change: squaredChange(p, size), error: theory(p, Math.sqrt(size / TASK)).error };
    });
    return { theory, points, grid, noises };
  },
  table: ({ theory, points, grid, noises }) => [
    ...grid.map(
      ({ p, size, change, error }): Row => ({
        panel: 'size',
        kind: 'theory',
        series: best,
        gamma3: p.gamma3,
        size,
        change,
        error,
        se: 0,
      }),
    ),
    ...noises.map((noise): Row => {
      const { point, low, high } = chosen(points, noise);
      const change = squaredChange(point.plasticity, point.size);
      const { size, error, se } = point;
      return { panel: 'size', kind: 'simulation', series: best, gamma3: noise, size, change, error, se, low, high };
    }),
    ...grid.flatMap(({ p, size, change, error }): Row[] => [
      ...DRAWN.map((c) => ({
        panel: 'error',
        kind: 'theory',
        series: circuit(c),
        gamma3: p.gamma3,
        size: TASK * c * c,
        change: squaredChange(p, TASK * c * c),
        error: theory(p, c).error,
        se: 0,
      })),
      { panel: 'error', kind: 'theory', series: best, gamma3: p.gamma3, size, change, error, se: 0 },
    ]),
    ...points
      .filter(({ expansion }) => (DRAWN as readonly number[]).includes(expansion))
      .map(
        ({ plasticity, expansion, size, error, se }): Row => ({
          panel: 'error',
          kind: 'simulation',
          series: circuit(expansion),
          gamma3: plasticity.gamma3,
          size,
          change: squaredChange(plasticity, size),
          error,
          se,
        }),
      ),
  ],
  draw: ({ points, grid, noises }) => {
    const names = [...DRAWN.map(circuit), best];
    const say = noises.map((noise) => {
      const { point } = chosen(points, noise);
      return `γ3 = ${text(noise)}: ${point.size} synapses, error ${text(point.error)}`;
    });
    const sizePanel: View = {
      height: 220,
      transform: [{ filter: "datum.panel === 'size'" }],
      encoding: {
        x: {
          field: 'change',
          type: 'quantitative',
          title: 'mean squared change of a synapse (1/time)',
          scale: { type: 'log', nice: false },
          axis: { values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3], format: '~g' },
        },
        y: {
          field: 'size',
          type: 'quantitative',
          title: 'best circuit size (synapses)',
          scale: { type: 'log', domain: [10, 1200], nice: false },
          axis: { values: [10, 20, 50, 100, 200, 500, 1000] },
        },
      },
      layer: [
        { transform: [{ filter: "datum.kind === 'theory'" }], mark: { type: 'line', color: NEUTRAL, clip: true } },
        {
          transform: [{ filter: "datum.kind === 'simulation'" }],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
        {
          transform: [{ filter: "datum.kind === 'simulation'" }],
          mark: { type: 'point', color: NEUTRAL },
          encoding: {
            tooltip: [
              { field: 'gamma3', title: 'γ₃' },
              { field: 'size', title: 'best simulated size' },
              { field: 'change', title: 'squared change', format: '.3~g' },
            ],
          },
        },
      ],
    };
    const errorPanel: View = {
      height: 220,
      transform: [{ filter: "datum.panel === 'error'" }],
      encoding: {
        x: {
          field: 'gamma3',
          type: 'quantitative',
          title: 'noise of each synapse γ₃',
          scale: { type: 'log', domain: [0.03, 0.3], nice: false },
          axis: { values: [0.03, 0.05, 0.1, 0.2, 0.3] },
        },
        y: {
          field: 'error',
          type: 'quantitative',
          title: 'error in the long run',
          scale: { type: 'log', nice: true },
          axis: { tickCount: 4, format: '~s' },
        },
      },
      layer: [
        { transform: [{ filter: "datum.kind === 'theory'" }], mark: 'line', encoding: linesBy('series', names) },
        {
          transform: [{ filter: "datum.kind === 'theory'" }],
          ...hoverPoints([
            { field: 'series' },
            { field: 'gamma3', title: 'γ₃', format: '.3f' },
            { field: 'error', format: '.4~g' },
          ]),
        },
        {
          transform: [
            { filter: "datum.kind === 'simulation'" },
            { calculate: 'max(datum.error - datum.se, datum.error / 10)', as: 'low' },
            { calculate: 'datum.error + datum.se', as: 'high' },
          ],
          mark: 'rule',
          encoding: {
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
            color: { field: 'series', type: 'nominal' },
          },
        },
        {
          transform: [{ filter: "datum.kind === 'simulation'" }],
          mark: 'point',
          encoding: {
            ...pointsOver('series', names),
            tooltip: [{ field: 'series' }, { field: 'gamma3', title: 'γ₃' }, { field: 'error', format: '.4~g' }],
          },
        },
      ],
    };
    return {
      description: `Left: best circuit size against the mean squared change of a synapse in it, both on logarithmic axes: a straight line that falls from ${text(grid[0].size)} to ${text(grid.at(-1)!.size)} synapses. Points are the best of six simulated sizes, with bars to the sizes beside it: ${say.join('; ')}. Right: error in the long run against the noise of each synapse, for circuits of ${DRAWN.map(circuit).join(', ')} and for the best size at every noise, which is lowest everywhere; lines are theory, points simulated.`,
      hconcat: [sizePanel, errorPanel],
    };
  },
  landmarks: ({ theory, points, grid, noises }, { gamma1, gamma2 }) => {
    const inside = grid.filter(({ size }) => size > TASK);
    const share = 1 / (2 + (gamma1 / gamma2) ** 2);
    const middle = inside[Math.floor(inside.length / 2)];
    return [
      ...(middle === undefined
        ? []
        : [
            {
              name: 'share of its own noise in the squared change of a synapse, at the best size',
              theory: share,
              measured: middle.p.gamma3 ** 2 / middle.change,
              tolerance: 1e-9,
              source: '1/(2 + γ1²/γ2²)',
            },
          ]),
      ...noises.map((noise): Landmark => {
        const own = points.filter(({ plasticity }) => plasticity.gamma3 === noise);
        const errors = own.map((point) => theory(point.plasticity, point.expansion).error);
        const at = errors.indexOf(Math.min(...errors));
        const beside = [at - 1, at + 1].filter((i) => i >= 0 && i < own.length);
        return {
          name: `best simulated size, γ₃ = ${text(noise)}`,
          theory: own[at].size,
          measured: chosen(points, noise).point.size,
          // the minimum is flat: one simulated size to either side
          tolerance: Math.max(...beside.map((i) => Math.abs(own[i].size - own[at].size))),
          unit: 'synapses',
          source: 'least of the theory’s errors at the simulated sizes, or a neighbour of it',
        };
      }),
    ];
  },
});

/** Mean squared change of one synapse in unit time: T ẇ² for each of Ñ, T (γ1² + γ2²)/Ñ + γ3². */
function squaredChange({ gamma1, gamma2, gamma3, interval }: Plasticity, size: number): number {
  return (interval * (gamma1 ** 2 + gamma2 ** 2)) / size + gamma3 ** 2;
}

/** The simulated circuit with the least error, and the sizes on both sides of it. */
function chosen(points: readonly Point[], noise: number): { point: Point; low: number; high: number } {
  const own = points.filter(({ plasticity }) => plasticity.gamma3 === noise);
  const at = own.reduce((least, { error }, i) => (error < own[least].error ? i : least), 0);
  return { point: own[at], low: own[Math.max(0, at - 1)].size, high: own[Math.min(own.length - 1, at + 1)].size };
}
