import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, levelLine, linesBy, NEUTRAL } from '../figure/theme';
import { rng } from '../math/rng';
import { linearRegression, mean } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import { kinds, localShape } from './lesson';
import { type LessonOf, lessonOf, onTheWay, rateUnder } from './sweep.tasks';
import { expectedRate, type Local, type Plasticity, slideRate, tolerableNoise } from './theory';

/* The mean learning rate over both noises, and where it is positive. */

const source = {
  lecture: 'fundamental-bounds',
  where: 'Weight change effect on learning rate',
  paper: 'raman2019',
} as const;

const short = (x: number): string => String(Number(x.toPrecision(3))).replace('-', '−');
const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];

/** Noises that are tried, in multiples of the chosen γ2 and γ3, and those of the lines; both hold 1. */
const MULTIPLES = [0, 1, 2, 3, 4, 5, 6];
const FINE = Array.from({ length: 61 }, (_, i) => i / 10);
const lines = ['formula', 'slide, one minus', 'slide as printed'] as const;
const SIMULATED = 'Monte Carlo';

export const expected = defineFigure({
  id: 'learning-rate/expected',
  title: 'The mean learning rate, and what the slide makes of it',
  source,
  params: {
    gamma1: number({ default: 0.2, min: 0.01, max: 20, scale: 'log', doc: 'γ1, task-relevant plasticity' }),
    gamma2: number({ default: 0.3, min: 0, max: 1, doc: 'γ2, task-irrelevant plasticity' }),
    gamma3: number({ default: 0.05, min: 0, max: 0.5, doc: 'γ3, synaptic noise' }),
    interval: number({ default: 0.5, min: 0.05, max: 2, scale: 'log', doc: 'time T until the next look at the error' }),
    samples: integer({ default: 20_000, min: 500, max: 100_000, scale: 'log', doc: 'random steps for each point' }),
    seed: seed(),
  },
  presets: { precise: { samples: 62_500 } },
  compute: async ({ samples, seed, ...plasticity }, run) => {
    const lesson: LessonOf = { kind: 'linear', sizes: [5, 4], examples: 400, seed };
    const { student, start } = lessonOf(lesson);
    const local = localShape(student, start);
    const found = await parallel(MULTIPLES.length, rateUnder, {
      seedStream: rng(seed).stream('Monte Carlo'),
      run,
      note: 'random steps',
      args: { lesson, way: 0, plasticities: MULTIPLES.map((m) => noisier(plasticity, m)), each: 1, samples },
    });
    return {
      local,
      lines: FINE.map((multiple) => {
        const p = noisier(plasticity, multiple);
        return {
          multiple,
          rates: [expectedRate(p, local), slideRate(p, local, 'repaired'), slideRate(p, local, 'printed')],
        };
      }),
      points: MULTIPLES.map((multiple, i) => ({
        multiple,
        sampled: found[i][0],
        theory: expectedRate(noisier(plasticity, multiple), local),
      })),
    };
  },
  table: ({ lines: curves, points }) => [
    ...lines.flatMap((kind, i) => curves.map(({ multiple, rates }): Row => ({ kind, multiple, k: rates[i], se: 0 }))),
    ...points.map(({ multiple, sampled }): Row => ({ kind: SIMULATED, multiple, k: sampled.mean, se: sampled.se })),
  ],
  draw: ({ lines: curves, points }, { gamma2, gamma3, samples }) => {
    const at = points.find(({ multiple }) => multiple === 1)!;
    const chosen = curves.find(({ multiple }) => multiple === 1)!.rates;
    const x = {
      field: 'multiple',
      type: 'quantitative',
      title: 'both noises, in multiples of γ2 and γ3',
      scale: { domain: [0, 6], nice: false },
      axis: { tickCount: 6 },
    };
    const panel = (title: string, shown: readonly string[]): View => ({
      title: { text: title, fontSize: 13, fontWeight: 'normal' },
      height: 240,
      encoding: { x, y: { field: 'k', type: 'quantitative', title: 'mean learning rate ⟨k⟩', scale: { zero: false } } },
      layer: [
        levelLine(0, ['multiple', 'k']),
        {
          transform: [{ filter: { field: 'kind', oneOf: shown } }],
          mark: 'line',
          encoding: linesBy('kind', lines),
        },
        {
          transform: [
            ...only(SIMULATED),
            { calculate: 'datum.k - 2 * datum.se', as: 'low' },
            { calculate: 'datum.k + 2 * datum.se', as: 'high' },
          ],
          mark: { type: 'rule', color: NEUTRAL, strokeWidth: 2 },
          encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } },
        },
        {
          transform: only(SIMULATED),
          mark: { type: 'point', shape: 'diamond', color: NEUTRAL, size: 60, opacity: 1 },
          encoding: {
            tooltip: [
              { field: 'kind' },
              { field: 'multiple' },
              { field: 'k', format: '.5f' },
              { field: 'se', title: 'standard error', format: '.5f' },
            ],
          },
        },
      ],
    });
    return {
      description: `Mean learning rate against the size of both noises, in multiples of γ2 = ${short(gamma2)} and γ3 = ${short(gamma3)}. Left: the formula as a line falls and passes through the simulated means of ${samples} random steps each, at multiple 1 ${short(chosen[0])} against ${short(at.sampled.mean)} with standard error ${short(at.sampled.se)}. Right, on a wider scale: what the slide prints lies far away, at ${short(chosen[1])} with one minus sign and at ${short(chosen[2])} with both.`,
      title: {
        text: 'The mean learning rate, and what the slide makes of it',
        subtitle: 'Lines: formulas. Grey diamonds: simulation, with two standard errors',
      },
      hconcat: [panel('The formula', [lines[0]]), panel('The slide beside it', lines)],
    };
  },
  landmarks: ({ points }) =>
    points.map(
      ({ multiple, sampled, theory }): Landmark => ({
        name: `⟨k⟩ at ${multiple} times both noises`,
        theory,
        measured: sampled.mean,
        se: sampled.se,
        // without noise all steps are the same
        tolerance: 4 * sampled.se + 1e-10 * Math.max(1, Math.abs(theory)),
        source: 'corrected formula; the error of a linear student is quadratic',
      }),
    ),
});

const noisier = ({ gamma1, gamma2, gamma3, interval }: Plasticity, multiple: number): Plasticity => ({
  gamma1,
  gamma2: multiple * gamma2,
  gamma3: multiple * gamma3,
  interval,
});

/** Steps of the grid along each axis, and how far it reaches beyond the region at the start of learning. */
const [GRID, BEYOND] = [11, 1.25];
const fates = ['error falls', 'error rises', 'undecided'] as const;
/** Standard errors beyond which a mean has a sign. */
const DECIDED = 3;

export const condition = defineFigure({
  id: 'learning-rate/condition',
  title: 'Where learning happens: an ellipse that shrinks',
  source: { ...source, where: 'Learning occurs when G is below a bound' },
  params: {
    gamma1: number({ default: 0.2, min: 0.05, max: 1, scale: 'log', doc: 'γ1, task-relevant plasticity' }),
    interval: number({ default: 2, min: 0.25, max: 4, scale: 'log', doc: 'time T until the next look at the error' }),
    left: number({
      default: 1,
      min: 0.01,
      max: 1,
      scale: 'log',
      doc: 'share of the initial distance to the teacher that is left',
    }),
    network: choice({ default: 'linear', values: kinds, doc: 'network' }),
    samples: integer({ default: 200, min: 50, max: 2000, scale: 'log', doc: 'random steps for each point' }),
    seed: seed(),
  },
  quick: { samples: 50 },
  compute: async ({ gamma1, interval, left, network, samples, seed }, run) => {
    const sizes = network === 'linear' ? [10, 5] : [10, 5, 5, 10];
    const lesson: LessonOf = { kind: network, sizes, examples: 100, seed };
    const made = lessonOf(lesson);
    const local = (share: number): Local => localShape(made.student, onTheWay(made, 1 - share));
    const here = local(left);
    const bound = tolerableNoise({ gamma1, interval }, here);
    // where even a pure gradient step is too long, the plane of the noises that would be small beside it
    const scale = Math.sqrt(Math.max(bound, (gamma1 * here.gradientNorm) / (4 * interval * here.trace)));
    const [most2, most3] = [BEYOND * scale * Math.sqrt(here.synapses), BEYOND * scale * Math.sqrt(interval)];
    const grid = Array.from({ length: GRID * GRID }, (_, i) => ({
      gamma2: (most2 * (i % GRID)) / (GRID - 1),
      gamma3: (most3 * Math.floor(i / GRID)) / (GRID - 1),
    }));
    const found = await parallel(GRID, rateUnder, {
      seedStream: rng(seed).stream('grid'),
      run,
      note: 'random steps',
      args: {
        lesson,
        way: 1 - left,
        plasticities: grid.map((noises) => ({ gamma1, ...noises, interval })),
        each: GRID,
        samples,
      },
    });
    return {
      here,
      bound,
      most: [most2, most3],
      points: grid.map((noises, i) => {
        const sampled = found[Math.floor(i / GRID)][i % GRID];
        const theory = expectedRate({ gamma1, ...noises, interval }, here);
        return {
          ...noises,
          sampled,
          theory,
          power: noises.gamma2 ** 2 / here.synapses + noises.gamma3 ** 2 / interval,
        };
      }),
      regions: STAGES.map((stage) => ({
        stage,
        bound: tolerableNoise({ gamma1, interval }, stage === 1 ? here : local(left * stage)),
      })),
    };
  },
  table: ({ here, points, regions }, { interval }) => [
    ...points.map(({ gamma2, gamma3, sampled, theory }): Row => {
      const decided = Math.abs(sampled.mean) > DECIDED * sampled.se;
      const fate = !decided ? fates[2] : sampled.mean > 0 ? fates[0] : fates[1];
      return { kind: 'simulation', gamma2, gamma3, k: sampled.mean, se: sampled.se, theory, fate };
    }),
    ...regions.flatMap(({ stage, bound }) =>
      bound <= 0
        ? []
        : Array.from({ length: 46 }, (_, i): Row => {
            const angle = (i * Math.PI) / 90;
            return {
              kind: 'theory',
              stage: stageName(stage),
              gamma2: Math.sqrt(bound * here.synapses) * Math.sin(angle),
              gamma3: Math.sqrt(bound * interval) * Math.cos(angle),
              order: i,
            };
          }),
    ),
  ],
  draw: ({ here, bound, most, points, regions }, { network, samples, interval, left }) => {
    const falls = points.filter(({ sampled }) => sampled.mean > DECIDED * sampled.se).length;
    const axis = (field: string, title: string, end: number) => ({
      field,
      type: 'quantitative',
      title,
      scale: { domain: [0, 1.03 * end], nice: false },
    });
    const names = regions.filter((region) => region.bound > 0).map(({ stage }) => stageName(stage));
    const said =
      bound > 0
        ? `Learning happens inside an ellipse that reaches γ2 = ${short(Math.sqrt(bound * here.synapses))} and γ3 = ${short(Math.sqrt(bound * interval))}; with less distance left it is smaller.`
        : 'Even without noise the gradient step is too long: no noise is small enough.';
    return {
      description: `Plane of task-irrelevant plasticity γ2 and synaptic noise γ3 for a ${network} student with ${short(100 * left)} % of its distance to the teacher left. ${said} Of ${points.length} simulated points (${samples} steps each) the error falls at ${falls}.`,
      title: {
        text: 'Where learning happens: an ellipse that shrinks',
        subtitle:
          bound > 0
            ? 'Lines: theory, the error falls inside. Points: the sign of the simulated mean learning rate'
            : 'No noise is small enough here: already the step down the gradient is too long',
      },
      width: 400,
      height: 320,
      encoding: {
        x: axis('gamma2', 'γ2, task-irrelevant plasticity', most[0]),
        y: axis('gamma3', 'γ3, synaptic noise', most[1]),
      },
      layer: [
        {
          transform: only('simulation'),
          mark: { type: 'point', opacity: 0.9, size: 55 },
          encoding: {
            color: {
              field: 'fate',
              type: 'nominal',
              title: 'simulation',
              scale: { domain: fates, range: [CATEGORIES[0], CATEGORIES[1], NEUTRAL] },
            },
            shape: {
              field: 'fate',
              type: 'nominal',
              title: 'simulation',
              scale: { domain: fates, range: ['triangle-down', 'triangle-up', 'circle'] },
            },
            tooltip: [
              { field: 'gamma2', title: 'γ2', format: '.3f' },
              { field: 'gamma3', title: 'γ3', format: '.3f' },
              { field: 'k', title: '⟨k⟩', format: '.5f' },
              { field: 'se', title: 'standard error', format: '.5f' },
              { field: 'theory', title: '⟨k⟩ by theory', format: '.5f' },
            ],
          },
        },
        ...(names.length === 0
          ? []
          : [
              {
                transform: only('theory'),
                mark: { type: 'line', color: NEUTRAL, strokeWidth: 2.5 },
                encoding: {
                  strokeDash: {
                    field: 'stage',
                    type: 'nominal',
                    title: 'distance left',
                    scale: {
                      domain: names,
                      range: [
                        [1, 0],
                        [7, 3],
                        [2, 2],
                      ].slice(0, names.length),
                    },
                    legend: { symbolType: 'stroke', symbolSize: 500 },
                  },
                  order: { field: 'order', type: 'quantitative' },
                },
              },
            ]),
      ],
    };
  },
  landmarks: ({ points, bound }, { network }) => {
    if (network === 'sigmoid') return [];
    const noisy = points.filter(({ power }) => power > 0);
    const off = noisy.map(({ sampled, theory }) => ((sampled.mean - theory) / sampled.se) ** 2);
    const line = linearRegression(
      points.map(({ power }) => power),
      points.map(({ sampled }) => sampled.mean),
    );
    return [
      {
        name: 'squared distance of ⟨k⟩ from theory, in standard errors',
        theory: 1,
        measured: mean(off),
        // of n squared normal numbers; the standard errors are estimated too, which adds a little
        tolerance: 4 * Math.sqrt(2 / off.length) + 0.05,
        source: 'expansion to second order',
      },
      {
        name: 'γ2²/N + γ3²/T at which the simulated ⟨k⟩ is 0',
        theory: bound,
        measured: -line.intercept / line.slope,
        se: line.interceptError / Math.abs(line.slope),
        tolerance: (4 * Math.hypot(line.interceptError, bound * line.slopeError)) / Math.abs(line.slope),
        source: 'learning condition',
      },
    ];
  },
});

/** Distances to the teacher, in shares of the present one. */
const STAGES = [1, 0.5, 0.25];
const stageName = (stage: number): string => (stage === 1 ? 'as chosen' : stage === 0.5 ? 'a half of it' : 'a quarter');
