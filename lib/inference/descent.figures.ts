import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { levelLine, linesBy, pointsOver } from '../figure/theme';
import { ParameterError } from '../math/errors';
import { rng } from '../math/rng';
import { partOf, type Run } from '../math/run';
import { Running } from '../math/statistics';
import {
  type Descent,
  descend,
  drawObjective,
  excessAt,
  expectedExcess,
  expectedRisk,
  gradientPath,
  type Looks,
  momentMap,
  momentsOf,
  type Objective,
} from './descent';
import { trueRisk } from './regression';

/** Standard errors by which an average may miss the theory. */
const FAR = 5;

/** Steps to look at, twelve to a decade, from 0 to the last. */
function looksUpTo(last: number): Looks {
  const steps = [0];
  for (let i = 0; ; i++) {
    const step = Math.round(10 ** (i / 12));
    if (step >= last) break;
    if (step > steps.at(-1)!) steps.push(step);
  }
  return { steps: [...steps, last], late: Math.ceil(last / 2) };
}

interface Prediction {
  /** E(w) − E(ŵ) and the true risk, at the looks */
  readonly excess: Float64Array;
  readonly risk: Float64Array;
  /** mean excess from the late step on, and after very many steps */
  readonly lateExcess: number;
  readonly left: number;
  /** factor of the mean square distance, a step */
  readonly radius: number;
}

/** What the theory gives at the looks. */
async function predicted(
  objective: Objective,
  batch: number | 'all',
  rate: number,
  looks: Looks,
  noise: number,
  run: Run,
): Promise<Prediction> {
  const N = objective.minimum.length;
  const start = new Float64Array(N);
  const { steps, late } = looks;
  const [excess, risk] = [new Float64Array(steps.length), new Float64Array(steps.length)];
  if (batch === 'all') {
    const path = gradientPath(objective, start, rate);
    for (let k = 0; k < excess.length; k++) {
      const w = path(steps[k]);
      excess[k] = excessAt(objective, w);
      risk[k] = trueRisk(w, objective.target, noise);
    }
    return { excess, risk, lateExcess: 0, left: 0, radius: 0 };
  }
  const map = momentMap(objective, batch, rate);
  const { radius } = map;
  if (radius >= 1)
    throw new ParameterError(
      `risk/gradient-descent: rate must be lower for batches of ${batch}: a step multiplies the mean square distance by ${radius.toPrecision(3)} (got ${rate})`,
    );
  const moments = momentsOf(objective, start);
  let [next, sum] = [0, 0];
  for (let step = 0; step <= steps[steps.length - 1]; step++) {
    const now = expectedExcess(objective, moments.second);
    if (step >= late) sum += now;
    if (step === steps[next]) {
      excess[next] = now;
      risk[next++] = expectedRisk(objective, moments, noise);
    }
    map.advance(moments);
    await run.progress(step / steps[steps.length - 1], label(batch));
  }
  const lateExcess = sum / (steps[steps.length - 1] - late + 1);
  return { excess, risk, lateExcess, left: expectedExcess(objective, map.stationary()), radius };
}

const label = (batch: number | 'all'): string =>
  batch === 'all' ? 'all examples a step' : batch === 1 ? 'one example a step' : `${batch} examples a step`;

export const gradientDescent = defineFigure({
  id: 'risk/gradient-descent',
  title: 'A few examples a step: soon near the minimum, never at it',
  source: { lecture: 'plasticity-as-optimization', where: 'Gradient descent', paper: 'robbins1951' },
  params: {
    inputs: integer({ default: 5, min: 2, max: 8, doc: 'inputs N' }),
    samples: integer({ default: 50, min: 20, max: 200, scale: 'log', doc: 'examples M' }),
    penalty: number({ default: 0.1, min: 0.01, max: 1, scale: 'log', doc: 'penalty λ' }),
    noise: number({ default: 1, min: 0.1, max: 2, doc: 'noise of the labels σ' }),
    length: number({ default: 1.5, min: 0.5, max: 3, doc: 'length of the teacher’s weights |w*|' }),
    rate: number({ default: 0.05, min: 0.005, max: 0.2, scale: 'log', doc: 'learning rate η' }),
    batch: integer({ default: 10, min: 2, max: 20, doc: 'examples in a batch b' }),
    budget: integer({ default: 20_000, min: 2000, max: 40_000, scale: 'log', doc: 'examples looked at, in all' }),
    runs: integer({ default: 60, min: 10, max: 200, scale: 'log', doc: 'learners to average over' }),
    seed: seed(),
  },
  limits: 'a learning rate that makes batches of one example diverge is refused, with the factor by which they do',
  compute: async ({ samples, penalty, rate, batch, budget, runs, seed, ...teacher }, run) => {
    const objective = drawObjective(teacher, samples, penalty, rng(seed).stream('examples'));
    const ways = [1, batch, 'all'] as const;
    const found = [];
    for (const [i, way] of ways.entries()) {
      const each = way === 'all' ? samples : way;
      const looks = looksUpTo(Math.floor(budget / each));
      const [half, whole] = [partOf(run, i / 3, (i + 0.5) / 3), partOf(run, (i + 0.5) / 3, (i + 1) / 3)];
      const theory = await predicted(objective, way, rate, looks, teacher.noise, half);
      const choices = rng(seed).stream(`batches of ${way}`);
      const excess = Array.from(looks.steps, () => new Running());
      const risk = Array.from(looks.steps, () => new Running());
      const late = new Running();
      const learners = way === 'all' ? 1 : runs;
      for (let learner = 0; learner < learners; learner++) {
        const one: Descent = descend(objective, way, rate, looks, teacher.noise, choices.stream(`${learner}`));
        late.push(one.lateExcess);
        for (const [k, r] of excess.entries()) r.push(one.excess[k]);
        for (const [k, r] of risk.entries()) r.push(one.risk[k]);
        await whole.progress((learner + 1) / learners, label(way));
      }
      found.push({ way, each, looks, theory, excess, risk, late });
    }
    return { objective, found };
  },
  table: ({ found }) =>
    found.flatMap(({ way, each, looks, theory, excess, risk }) =>
      Array.from(looks.steps, (step, k): Row[] => {
        const [series, examples] = [label(way), step * each];
        const se = (r: Running): number => (way === 'all' ? 0 : r.standardError);
        const row = (what: string, kind: string, value: number, error: number): Row[] =>
          // below this it is rounding
          what === 'excess' && value < 1e-12 ? [] : [{ examples, step, what, series, kind, value, se: error }];
        return [
          ...row('excess', 'theory', theory.excess[k], 0),
          ...row('excess', 'simulation', excess[k].mean, se(excess[k])),
          ...row('risk', 'theory', theory.risk[k], 0),
          ...row('risk', 'simulation', risk[k].mean, se(risk[k])),
        ];
      }).flat(),
    ),
  draw: ({ objective, found }, { samples, rate, budget, runs, noise }) => {
    const names = found.map(({ way }) => label(way));
    const best = trueRisk(objective.minimum, objective.target, noise);
    const most = Math.max(...found.flatMap(({ theory }) => [theory.excess[0]]));
    const lowest = 10 ** Math.floor(Math.log10(Math.min(...found.slice(0, 2).map(({ theory }) => theory.left))) - 1);
    const left = found.slice(0, 2).map(({ way, theory }) => `${label(way)} ${theory.left.toPrecision(2)}`);
    const x = {
      field: 'shown',
      type: 'quantitative',
      title: 'examples looked at',
      scale: { type: 'log', domain: [1, budget], nice: false },
      axis: { values: [1, 10, 100, 1000, 10_000], format: '~s' },
    };
    const highest = 10 ** Math.ceil(Math.log10(most));
    const decades = Math.round(Math.log10(highest / lowest));
    const only = (what: string, kind: string) => [
      { filter: `datum.what === '${what}' && datum.kind === '${kind}' && datum.examples > 0` },
      // a line goes on to the edge of the plot
      ...(what === 'excess' ? [{ filter: `datum.value >= ${kind === 'theory' ? lowest / 3 : lowest}` }] : []),
      { calculate: 'datum.examples', as: 'shown' },
    ];
    const tooltip = [
      { field: 'series' },
      { field: 'step' },
      { field: 'examples' },
      { field: 'value', format: '.3g' },
      { field: 'se', title: 'standard error', format: '.2g' },
    ];
    const layers = (what: string, y: Readonly<Record<string, unknown>>) => [
      { transform: only(what, 'theory'), mark: { type: 'line', clip: true }, encoding: linesBy('series', names) },
      {
        transform: [
          ...only(what, 'simulation'),
          { filter: 'datum.se > 0' },
          { calculate: `max(datum.value - datum.se, ${lowest})`, as: 'low' },
          { calculate: 'datum.value + datum.se', as: 'high' },
        ],
        mark: { type: 'rule', strokeWidth: 1.5, clip: true },
        encoding: { y: { ...y, field: 'low' }, y2: { field: 'high' }, color: { field: 'series', type: 'nominal' } },
      },
      {
        transform: only(what, 'simulation'),
        mark: { type: 'point', size: 26, clip: true },
        encoding: { ...pointsOver('series', names), tooltip },
      },
    ];
    const excess = {
      field: 'value',
      type: 'quantitative',
      title: 'E(w) − E(ŵ)',
      scale: { type: 'log', domain: [lowest, highest], nice: false },
      axis: { format: '~e', values: Array.from({ length: decades + 1 }, (_, i) => highest / 10 ** i) },
    };
    const risk = { field: 'value', type: 'quantitative', title: 'true risk', scale: { zero: false } };
    return {
      description: `Above, the distance of the regularised empirical risk from its minimum against the examples looked at, both logarithmic, for one, a few and all ${samples} examples a step, learning rate ${rate}. All examples: a fall without end, late. Fewer: an early fall, then a floor: ${left.join(', ')}. Below, the true risk of the same weights: the minimum itself has ${best.toPrecision(3)}, the dashed level line. Lines: exact theory; points: ${runs} learners with standard errors.`,
      vconcat: [
        {
          title: { text: 'regularised empirical risk above its minimum', fontSize: 12, fontWeight: 'normal' },
          height: 200,
          encoding: { x: { ...x, title: null }, y: excess },
          layer: layers('excess', excess),
        },
        {
          title: { text: 'true risk of the same weights', fontSize: 12, fontWeight: 'normal' },
          height: 130,
          encoding: { x, y: risk },
          layer: [
            { ...levelLine(best, ['shown', 'value']), transform: [...only('risk', 'theory'), ...aggregated] },
            ...layers('risk', risk),
          ],
        },
      ],
    };
  },
  landmarks: ({ found }) =>
    found.flatMap(({ way, looks, theory, excess, late }): Landmark[] => {
      if (way === 'all') {
        const k = theory.excess.findLastIndex((v) => v > 1e-6 * theory.excess[0]);
        return [
          {
            name: `all examples: above the minimum at step ${looks.steps[k]}`,
            theory: theory.excess[k],
            measured: excess[k].mean,
            tolerance: 1e-8 * theory.excess[k],
            source: 'closed form, (1 − ηh)²ᵗ for each eigenvalue h',
          },
        ];
      }
      // where the start has decayed to a thousandth of what is left, if it has
      const settled =
        theory.radius !== undefined && theory.radius ** looks.late * theory.excess[0] < 1e-6 * theory.left;
      const measured = { measured: late.mean, se: late.standardError, tolerance: FAR * late.standardError };
      const first = theory.excess.findIndex((v) => v < theory.excess[0] / 2);
      return [
        settled
          ? { name: `${label(way)}: left in the end`, theory: theory.left, ...measured, source: 'stationary moments' }
          : {
              name: `${label(way)}: mean of the last half`,
              theory: theory.lateExcess,
              ...measured,
              source: 'exact moments',
            },
        ...(first < 0
          ? []
          : [
              {
                name: `${label(way)}: above the minimum at step ${looks.steps[first]}`,
                theory: theory.excess[first],
                measured: excess[first].mean,
                se: excess[first].standardError,
                tolerance: FAR * excess[first].standardError,
                source: 'exact moments',
              },
            ]),
      ];
    }),
});

const aggregated = [{ aggregate: ['shown', 'value'].map((field) => ({ op: 'min', field, as: field })) }];
