import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { partOf } from '../math/run';
import { mean, quantile, standardError } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import {
  expectations,
  expectedChange,
  expectedReward,
  expectedRewards,
  fourStimuli,
  type Rule,
  rarestRecovery,
  rules,
  type Task,
} from './three-factor';
import { learners, path } from './three-factor.tasks';

/** The rules as the picture names them. */
const names: Readonly<Record<Rule, string>> = {
  fluctuation: 'x (y − p) ρ',
  slide: 'x y ρ, as on the slide',
  Hebb: 'x y, no ρ',
  shuffled: 'x (y − p), ρ of another trial',
};
const series = rules.map((rule) => names[rule]);
/** Points of a line and of a simulation. */
const [LINE, POINTS] = [100, 20];
/** Right answers that a network has to meet by chance before the averaged equation holds for it. */
const SEEN = 100;
/** Learners that a worker takes at once. */
const BLOCK = 10;

export const rewardLearning = defineFigure({
  id: 'three-factor/reward-learning',
  title: 'Reward teaches a network, if its synapses can use it',
  source: { lecture: 'plasticity-as-optimization', where: 'Three-factor rules', paper: 'williams1992' },
  params: {
    expectation: choice({ default: 'overall', values: expectations, doc: 'ρ is reward less its average' }),
    pay: number({ default: 0.3, min: 0.1, max: 1, doc: 'what stimuli 2 and 4 pay; stimuli 1 and 3 pay 1' }),
    eta: number({ default: 0.1, min: 0.05, max: 0.3, scale: 'log', doc: 'learning rate η' }),
    tau: number({ default: 20, min: 5, max: 100, scale: 'log', unit: 'rewards', doc: 'rewards are averaged over' }),
    outputs: integer({ default: 2, min: 1, max: 5, doc: 'output neurons' }),
    overlap: number({ default: 0.2, min: 0, max: 0.6, doc: 'how much a stimulus excites the inputs of the others' }),
    trials: integer({ default: 8000, min: 1000, max: 16_000, scale: 'log', doc: 'trials' }),
    learners: integer({ default: 40, min: 20, max: 100, scale: 'log', doc: 'networks for each rule' }),
    seed: seed(),
  },
  compute: async ({ outputs, overlap, pay, eta, tau, expectation, trials, learners: count, seed }, run) => {
    const task = fourStimuli({ outputs, overlap, pay });
    const learning = { eta, tau, expectation };
    const looks = (n: number, end: number): number[] =>
      Array.from({ length: n + 1 }, (_, i) => Math.round((i * end) / n));
    const at = looks(POINTS, trials);
    const slow = rules.map((rule) => ({ rule, learning, at }));
    // the same learning in half as many trials: what that changes is twice what it changes from infinitely many to these
    const fast = rules.map((rule) => ({
      rule,
      learning: { ...learning, eta: 2 * eta, tau: tau / 2 },
      at: [Math.round(trials / 2)],
    }));
    const settings = [...slow, ...fast];
    const size = Math.min(BLOCK, count);
    const blocks = Math.ceil(count / size);
    const line = looks(LINE, trials);
    const theories = await parallel(rules.length, path, {
      args: { rules, task, learning, at: line },
      run: partOf(run, 0, 0.2),
      note: 'averaged equations',
    });
    const found = await parallel(settings.length * blocks, learners, {
      seedStream: rng(seed),
      args: { settings, task, size, blocks },
      run: partOf(run, 0.2, 1),
      note: 'learning from reward',
    });
    const of = (setting: number): Float64Array[] =>
      found
        .slice(setting * blocks, (setting + 1) * blocks)
        .flatMap((block) => {
          const width = settings[setting].at.length;
          return Array.from({ length: size }, (_, s) => block.subarray(s * width, (s + 1) * width));
        })
        .slice(0, count);
    return rules.map((rule, i) => {
      const theory = theories[i];
      const simulated = of(i);
      const halved = of(rules.length + i).map(([last]) => last);
      return {
        rule,
        line: line.map((trial, k) => ({ trial, performance: mean(theory[k]) })),
        rarest: rarestRecovery(theory, task, trials),
        points: at.map((trial, k) => {
          const values = simulated.map((one) => one[k]);
          return {
            trial,
            performance: mean(values),
            se: standardError(values),
            low: quantile(values, 0.1),
            high: quantile(values, 0.9),
          };
        }),
        fast: { performance: mean(halved), se: standardError(halved) },
      };
    });
  },
  table: (found) =>
    found.flatMap(({ rule, line, points }): Row[] => [
      ...line.map(({ trial, performance }) => ({
        trial,
        performance,
        se: 0,
        low: performance,
        high: performance,
        rule: names[rule],
        kind: 'theory',
      })),
      ...points.map((point) => ({ ...point, rule: names[rule], kind: 'simulation' })),
    ]),
  draw: (found, { trials, learners, expectation }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const tooltip = [
      { field: 'rule' },
      { field: 'trial' },
      { field: 'kind' },
      { field: 'performance', format: '.3f' },
      { field: 'se', title: 'standard error', format: '.4f' },
    ];
    return {
      description: `Probability of a right answer against trial for four rules of plasticity, starting at chance, 0.5. After ${trials} trials: ${found.map(({ rule, points }) => `${names[rule]}: ${points.at(-1)!.performance.toFixed(2)}`).join('; ')}. Rewards are compared with ${{ none: 'nothing', overall: 'their overall average', 'per stimulus': 'their average for each stimulus' }[expectation]}. Lines are the averaged equations, points means of ${learners} simulated networks, bands hold the middle 80 % of these.`,
      encoding: {
        x: {
          field: 'trial',
          type: 'quantitative',
          title: 'trial',
          scale: { domain: [0, trials], nice: false },
          axis: { tickCount: 6 },
        },
        y: {
          field: 'performance',
          type: 'quantitative',
          title: 'probability of a right answer',
          scale: { domain: [0.3, 1], nice: false },
        },
      },
      layer: [
        levelLine(0.5, ['trial', 'performance']),
        {
          transform: only('simulation'),
          mark: { type: 'area', opacity: 1, fillOpacity: 0.18, clip: true },
          encoding: {
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
            color: { field: 'rule', type: 'nominal' },
          },
        },
        { transform: only('theory'), mark: 'line', encoding: linesBy('rule', series) },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('rule', series), tooltip },
        },
        { transform: only('theory'), ...hoverPoints(tooltip) },
      ],
    };
  },
  landmarks: (found, { outputs, overlap, pay, seed }) => {
    const task = fourStimuli({ outputs, overlap, pay });
    return [
      gradientLandmark(task, seed),
      ...found
        .filter(({ rarest }) => rarest > SEEN)
        .map(({ rule, line, points, fast }): Landmark => {
          const last = points.at(-1)!;
          const effect = fast.performance - last.performance;
          const se = Math.sqrt((2 * last.se) ** 2 + fast.se ** 2);
          return {
            name: `right in the end, extrapolated to slow learning, ${names[rule]}`,
            theory: line.at(-1)!.performance,
            measured: last.performance - effect,
            se,
            // what is left after extrapolation is of the order of the square of the effect
            tolerance: 4 * se + effect * effect + 1e-9,
            source: 'averaged equation, all answers enumerated',
          };
        }),
    ];
  },
});

/** The expected change of x (y − p) ρ, enumerated, against the slope of the mean reward, by differences, at random weights. */
function gradientLandmark(task: Task, seed: number): Landmark {
  const w = rng(seed)
    .stream('weights')
    .fillNormal(new Float64Array(task.outputs * task.inputs));
  const change = new Float64Array(w.length);
  expectedChange('fluctuation', task, w, expectedRewards(task, w), change);
  const h = 1e-4;
  const slope = Array.from(w, (_, i) => {
    const at = (step: number): number => {
      const moved = w.slice();
      moved[i] += step;
      return expectedReward(task, moved);
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
  return {
    name: 'mean step over gradient of the mean reward, x (y − p) ρ',
    theory: 1,
    measured: Math.hypot(...change) / Math.hypot(...slope),
    tolerance: 1e-8,
    source: 'williams1992',
  };
}
