import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, numbers, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { CATEGORIES, levelLine, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { type Bowl, bowlError, learningRate } from './bowl';
import { driftOf } from './learning';
import { linearStudent } from './linear-student';
import { driftCorrelation, measuredCorrelation, type Parts, stepParts } from './parts';
import { secondOrderRate, squaredSpeed } from './theory';

/* One step: what curvature does to it, and what it is made of. */

const source = {
  lecture: 'fundamental-bounds',
  where: 'How do gradient, Hessian affect the learning rate k?',
  paper: 'raman2019',
} as const;

/** |∇F| where F = 1, and the length of ẇ. */
const [GRADIENT, SPEED] = [0.25, 1];
const short = (x: number): string => String(Number(x.toPrecision(3))).replace('-', '−');

export const curvature = defineFigure({
  id: 'learning-rate/curvature',
  title: 'One way down, and curvature decides how far',
  source: { ...source, where: 'Curvature competes with the gradient, Fig. 3A of the paper' },
  params: {
    difficulties: numbers({
      default: [-0.4, 0.4, 1.2],
      min: -0.5,
      max: 2,
      minLength: 1,
      maxLength: 4,
      doc: 'difficulty G along the step',
    }),
    interval: number({ default: 1, min: 0.25, max: 1.5, doc: 'time T until the next look at the error' }),
    alignment: number({ default: 0.8, min: 0.1, max: 1, doc: 'agreement −ẇ·ĝ of the step with steepest descent' }),
    skew: number({ default: 0, min: -0.5, max: 0.5, doc: 'third derivative of F along the step' }),
  },
  compute: ({ difficulties, interval, alignment, skew }) =>
    [...new Set(difficulties.map((G) => Number(G.toPrecision(3))))].map((difficulty) => {
      const bowl: Bowl = { gradientNorm: GRADIENT, alignment, difficulty, skew };
      const rate = (time: number): number =>
        secondOrderRate({ error: 1, gradientNorm: GRADIENT }, time, -alignment * SPEED, SPEED ** 2, difficulty);
      const at = (share: number) => share * interval;
      return {
        difficulty,
        theory: rate(interval),
        measured: learningRate(bowlError(bowl, [0, 0]), bowlError(bowl, [SPEED * interval, 0]), interval),
        line: Array.from({ length: 41 }, (_, i) => i / 40).map((share) => ({
          share,
          error: 1 - rate(at(share)) * at(share),
        })),
        points: Array.from({ length: 11 }, (_, i) => i / 10).map((share) => ({
          share,
          error: bowlError(bowl, [SPEED * at(share), 0]),
        })),
      };
    }),
  table: (bowls, { interval, alignment }) =>
    bowls.flatMap(({ difficulty, theory, measured, line, points }): Row[] => {
      const series = seriesOf(difficulty, interval, alignment);
      const shared = { difficulty, fate: fateOf(difficulty, interval, alignment), series };
      return [
        ...line.map((row) => ({ ...row, ...shared, k: theory, kind: 'theory' })),
        ...points.map((row) => ({ ...row, ...shared, k: measured, kind: 'error on the landscape' })),
      ];
    }),
  draw: (bowls, { interval, alignment }) => {
    const names = bowls.map(({ difficulty }) => seriesOf(difficulty, interval, alignment));
    const said = bowls.map(
      ({ difficulty, measured }) => `${seriesOf(difficulty, interval, alignment)}, k = ${short(measured)}`,
    );
    return {
      description: `Error along one step of fixed length and direction, which begins with the same slope on ${bowls.length} landscapes. ${said.join('; ')}. Lines are the expansion of k to second order in T, points the error on the landscape. Without curvature k would be ${short(GRADIENT * alignment)}.`,
      title: {
        text: 'One way down, and curvature decides how far',
        subtitle: `Same gradient, same step. Learning is reversed where T|ẇ|²G is above −ẇ·ĝ, here G > ${short(alignment / interval)}`,
      },
      encoding: {
        x: { field: 'share', type: 'quantitative', title: 'share of the step made', scale: { domain: [0, 1] } },
        y: { field: 'error', type: 'quantitative', title: 'error F / F before the step', scale: { zero: false } },
      },
      layer: [
        levelLine(1, ['share', 'error']),
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', names) },
        {
          transform: only('error on the landscape'),
          mark: { type: 'point', opacity: 1 },
          encoding: {
            ...pointsOver('series', names),
            tooltip: [
              { field: 'series' },
              { field: 'share', format: '.2f' },
              { field: 'error', format: '.3f' },
              { field: 'k', format: '.4f' },
            ],
          },
        },
      ],
    };
  },
  landmarks: (bowls, { interval, alignment, skew }) => [
    ...bowls.map(
      ({ difficulty, theory, measured }): Landmark => ({
        name: `k at G = ${short(difficulty)}`,
        theory,
        measured,
        // exact without a third derivative; with it, Lagrange's form of what is left out
        tolerance: 1e-12 + (Math.abs(skew) * SPEED ** 3 * interval ** 2) / 6,
        source: 'expansion to second order',
      }),
    ),
    ...(skew === 0
      ? [
          {
            name: 'G at which learning turns into unlearning',
            theory: alignment / (interval * SPEED),
            measured: turningPoint(interval, alignment),
            tolerance: 1e-9,
            source: 'T|ẇ|²G = −ẇ·ĝ; root of k by bisection on the landscape',
          },
        ]
      : []),
  ],
});

const seriesOf = (difficulty: number, interval: number, alignment: number): string =>
  `G = ${short(difficulty)}: ${fateOf(difficulty, interval, alignment)}`;
const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];

/** What curvature does to learning along a step. */
function fateOf(difficulty: number, interval: number, alignment: number): string {
  const [against, along] = [interval * SPEED ** 2 * difficulty, alignment * SPEED];
  if (against > along) return 'reversed';
  if (against === along) return 'stopped';
  return difficulty < 0 ? 'faster' : difficulty > 0 ? 'slower' : 'as the slope says';
}

/** The G at which the step changes nothing, found on landscapes. */
function turningPoint(interval: number, alignment: number): number {
  let [low, high] = [0, 100];
  for (let i = 0; i < 80; i++) {
    const difficulty = (low + high) / 2;
    const after = bowlError({ gradientNorm: GRADIENT, alignment, difficulty, skew: 0 }, [SPEED * interval, 0]);
    if (after < 1) low = difficulty;
    else high = difficulty;
  }
  return (low + high) / 2;
}

/** A student of two synapses, wᵀ diag(1, 3) w / 2, and where it starts. */
const STEEP = 3;
const two = linearStudent({
  inputs: 2,
  outputs: 1,
  x: Float64Array.of(1, 0, 0, Math.sqrt(STEEP)),
  target: new Float64Array(2),
});
const START = Float64Array.of(-2.6, 1.4);
const LEVELS = [0.25, 1, 2.25, 4, 6.25, 9];
const LAGS = 10;
const PARTS = ['task-relevant, −γ1 ĝ', 'task-irrelevant, γ2 n̂2', 'synaptic noise, γ3 √(N/T) n̂3', 'whole step'] as const;

export const decomposition = defineFigure({
  id: 'learning-rate/decomposition',
  title: 'Three parts of a step, one of which knows the task',
  source: { ...source, where: 'Weight change of three components, Fig. 3 of the paper' },
  params: {
    gamma1: number({ default: 0.8, min: 0, max: 1.5, doc: 'γ1, task-relevant plasticity' }),
    gamma2: number({ default: 0.6, min: 0, max: 1.5, doc: 'γ2, task-irrelevant plasticity' }),
    gamma3: number({ default: 0.2, min: 0, max: 0.6, doc: 'γ3, synaptic noise' }),
    interval: number({ default: 1, min: 0.25, max: 2, doc: 'time T of a cycle' }),
    memory: number({ default: 0.9, min: 0, max: 0.99, doc: 'correlation of n̂2 from cycle to cycle' }),
    cycles: integer({ default: 3, min: 1, max: 6, doc: 'cycles that are drawn' }),
    synapses: integer({ default: 100, min: 50, max: 500, scale: 'log', doc: 'synapses N, right panel' }),
    seed: seed(3),
  },
  compute: ({ gamma1, gamma2, gamma3, interval, memory, cycles, synapses, seed }) => {
    const plasticity = { gamma1, gamma2, gamma3, interval };
    const drift = driftOf(memory);
    const random = rng(seed);
    return {
      steps: stepParts(two, START, plasticity, drift, cycles, random.stream('surface')),
      remembered: [drift, driftOf(0)].map((d, i) => ({
        name: PARTS[i + 1],
        lags: measuredCorrelation(d, synapses, LAGS, BLOCKS, random.stream(PARTS[i + 1])).map((found, lag) => ({
          lag,
          ...found,
          theory: driftCorrelation(d, lag),
        })),
      })),
      speeds: squaredSpeeds(plasticity, synapses, random.stream('speed')),
    };
  },
  table: ({ steps, remembered }) => [
    ...LEVELS.flatMap((level) =>
      Array.from({ length: 61 }, (_, i): Row => {
        const [radius, angle] = [Math.sqrt(2 * level), (i * Math.PI) / 30];
        return {
          part: 'contour',
          level,
          order: i,
          w1: radius * Math.cos(angle),
          w2: (radius * Math.sin(angle)) / Math.sqrt(STEEP),
        };
      }),
    ),
    ...steps.flatMap((step, cycle) => arrows(step).map((arrow): Row => ({ ...arrow, cycle: cycle + 1 }))),
    ...remembered.flatMap(({ name, lags }) =>
      lags.flatMap(({ lag, mean, se, theory }): Row[] => [
        { part: 'correlation', series: name, lag, correlation: theory, se: 0, kind: 'theory' },
        { part: 'correlation', series: name, lag, correlation: mean, se, kind: 'simulation' },
      ]),
    ),
  ],
  draw: ({ steps, remembered }, { memory, cycles, synapses }) => {
    const ends = steps.flatMap((step) => arrows(step).flatMap(({ w1, w2, to1, to2 }) => [w1, w2, to1, to2]));
    const span = Math.max(3, 1.05 * Math.max(...ends.map(Math.abs)));
    const [first, last] = [two.error(START), two.error(endOf(steps[steps.length - 1]))];
    const axis = (field: string, title: string) => ({
      field,
      type: 'quantitative',
      title,
      scale: { domain: [-span, span], nice: false },
      axis: { tickCount: 5 },
    });
    const half = remembered[0].lags[1];
    return {
      description: `Left: ${cycles} steps on the error surface of two synapses, drawn over its contours. Each step is made of three arrows, one behind the other: down the gradient, in the direction of task-irrelevant plasticity, and of synaptic noise; a grey line is the whole step. The error goes from ${short(first)} to ${short(last)}. Right: how the directions of both noises correlate with themselves some cycles later, for ${synapses} synapses: task-irrelevant plasticity ${short(half.mean)} after one cycle (${short(memory)} by theory), synaptic noise not at all.`,
      spacing: 70,
      hconcat: [
        {
          title: { text: 'Steps on the surface', fontSize: 13, fontWeight: 'normal' },
          width: 300,
          height: 300,
          layer: [
            {
              transform: [{ filter: "datum.part === 'contour'" }],
              mark: { type: 'line', color: NEUTRAL, strokeWidth: 1, opacity: 0.6, clip: true },
              encoding: {
                x: axis('w1', 'weight w1'),
                y: axis('w2', 'weight w2'),
                detail: { field: 'level' },
                order: { field: 'order', type: 'quantitative' },
              },
            },
            {
              transform: [{ filter: 'isValid(datum.to1)' }],
              mark: { type: 'rule', strokeWidth: 2.5, tooltip: null },
              encoding: {
                x: axis('w1', 'weight w1'),
                y: axis('w2', 'weight w2'),
                x2: { field: 'to1' },
                y2: { field: 'to2' },
                ...partSeries('part'),
                tooltip: [{ field: 'part' }, { field: 'cycle' }, { field: 'length', format: '.3f' }],
              },
            },
            {
              transform: [{ filter: "isValid(datum.to1) && datum.part !== 'whole step' && datum.length > 0" }],
              mark: { type: 'point', shape: 'triangle', size: 70, opacity: 1 },
              encoding: {
                x: axis('to1', 'weight w1'),
                y: axis('to2', 'weight w2'),
                angle: { field: 'heading', type: 'quantitative', scale: null },
                color: partSeries('part').color,
              },
            },
          ],
        },
        {
          title: { text: 'What the directions remember', fontSize: 13, fontWeight: 'normal' },
          width: 200,
          height: 300,
          transform: [{ filter: "datum.part === 'correlation'" }],
          encoding: {
            x: { field: 'lag', type: 'quantitative', title: 'cycles later', axis: { tickCount: 5 } },
            y: {
              field: 'correlation',
              type: 'quantitative',
              title: 'correlation with itself',
              scale: { domain: [-0.2, 1], nice: false },
            },
          },
          layer: [
            { transform: only('theory'), mark: 'line', encoding: partSeries('series') },
            {
              transform: only('simulation'),
              mark: 'point',
              encoding: {
                ...pointsOver('series', PARTS),
                tooltip: [
                  { field: 'series' },
                  { field: 'lag', title: 'cycles later' },
                  { field: 'correlation', format: '.3f' },
                  { field: 'se', title: 'standard error', format: '.4f' },
                ],
              },
            },
          ],
        },
      ],
    };
  },
  landmarks: ({ steps, remembered, speeds }, { gamma1, gamma2, gamma3, interval, synapses }) => {
    const lengths = (of: keyof Parts) => mean(steps.map((step) => Math.hypot(...step[of])));
    const after = remembered[0].lags[1];
    return [
      { name: 'length of the task-relevant part', theory: gamma1 * interval, measured: lengths('relevant') },
      { name: 'length of the task-irrelevant part', theory: gamma2 * interval, measured: lengths('irrelevant') },
      { name: 'length of the noise', theory: gamma3 * Math.sqrt(2 * interval), measured: lengths('noise') },
    ]
      .map((l): Landmark => ({ ...l, tolerance: 1e-12, source: 'definition' }))
      .concat([
        {
          name: 'correlation of n̂2 after one cycle',
          theory: after.theory,
          measured: after.mean,
          se: after.se,
          // normalising changes it by m (1 − m²) (3m²/2 − 1) / N, in size below 0.3/N for every m
          tolerance: 4 * after.se + 0.3 / synapses,
          source: 'recursion of n̂2',
        },
        {
          name: `⟨|ẇ|²⟩ at N = ${synapses}`,
          theory: squaredSpeed({ gamma1, gamma2, gamma3, interval }, synapses),
          measured: mean(speeds),
          se: standardError(speeds),
          tolerance: 1e-12 + 4 * standardError(speeds),
          source: 'γ1² + γ2² + γ3² N/T',
        },
      ]);
  },
});

/** Blocks of 100 cycles over which correlations are measured, and steps over which |ẇ|² is. */
const [BLOCKS, SPEEDS] = [20, 400];
const ARROWS = [...CATEGORIES.slice(0, 3), NEUTRAL];

const LEGEND = { orient: 'bottom', columns: 2, symbolType: 'stroke', symbolSize: 500 } as const;
const SOLID = [1, 0];

/** The parts of a step by colour, doubled by dash; one legend for both panels. */
const partSeries = (field: string) => {
  const shared = { field, type: 'nominal', title: null, legend: LEGEND };
  return {
    color: { ...shared, scale: { domain: PARTS, range: ARROWS } },
    strokeDash: { ...shared, scale: { domain: PARTS, range: [SOLID, [7, 3], [2, 2], SOLID] } },
  };
};

const endOf = ({ from, relevant, irrelevant, noise }: Parts): Float64Array =>
  from.map((w, i) => w + relevant[i] + irrelevant[i] + noise[i]);

/** The parts of a step one behind the other, then the whole. */
function arrows(step: Parts) {
  const parts = [step.relevant, step.irrelevant, step.noise];
  let at = step.from;
  const chained = parts.map((part, i) => {
    const from = at;
    at = at.map((w, j) => w + part[j]);
    return arrow(PARTS[i], from, at);
  });
  return [...chained, arrow(PARTS[3], step.from, at)];
}

function arrow(part: string, from: Float64Array, to: Float64Array) {
  const [x, y] = [to[0] - from[0], to[1] - from[1]];
  return {
    part,
    w1: from[0],
    w2: from[1],
    to1: to[0],
    to2: to[1],
    length: Math.hypot(x, y),
    // degrees clockwise from upwards
    heading: (Math.atan2(x, y) * 180) / Math.PI,
  };
}

/** |ẇ|² of random steps of many synapses. */
function squaredSpeeds(
  plasticity: { gamma1: number; gamma2: number; gamma3: number; interval: number },
  synapses: number,
  random: ReturnType<typeof rng>,
): number[] {
  // any student will do: one input, one example
  const student = linearStudent({
    inputs: synapses,
    outputs: 1,
    x: new Float64Array(synapses).fill(1),
    target: Float64Array.of(1),
  });
  const zero = new Float64Array(synapses);
  return Array.from({ length: SPEEDS }, (_, i) => {
    const [step] = stepParts(student, zero, plasticity, driftOf(0), 1, random.stream(`${i}`));
    const end = endOf(step);
    return end.reduce((sum, x) => sum + x * x, 0) / plasticity.interval ** 2;
  });
}
