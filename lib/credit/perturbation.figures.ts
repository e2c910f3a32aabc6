import { defineFigure } from '../figure/define';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { CATEGORIES, linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { partOf } from '../math/run';
import { type Example, estimatorVariance, learningCurve, rules, stepFactor } from './perturbation';
import { averagedCurves, expectedIn, sampledVariance, windows } from './perturbation.curves';

const source = {
  lecture: 'plasticity-as-optimization',
  where: 'Perturbation methods revisited',
  paper: 'werfel2005',
} as const;

const sizes = (inputs: number, outputs: number) => ({
  inputs: integer({ default: inputs, min: 1, max: 50, scale: 'log', doc: 'inputs N' }),
  outputs: integer({ default: outputs, min: 1, max: 20, scale: 'log', doc: 'outputs M' }),
});

/** Standard errors by which an average may miss the theory. */
const FAR = 5;

const perturbing = ['node perturbation', 'weight perturbation'] as const;

/** An example of ordinary size: |x|² = N, |e|² = M. */
const ordinary = (inputs: number, outputs: number): Example => ({
  x: new Float64Array(inputs).fill(1),
  e: new Float64Array(outputs).fill(1),
});

/** `1 input`, `2 inputs`. */
const counted = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

export const variance = defineFigure({
  id: 'perturbation/variance',
  title: 'Perturbing nodes tells more than perturbing weights',
  source,
  params: {
    ...sizes(20, 5),
    sigma: number({ default: 1e-3, min: 1e-4, max: 1, scale: 'log', doc: 'perturbation σ' }),
    samples: integer({ default: 10_000, min: 100, max: 100_000, scale: 'log', doc: 'estimates of the gradient' }),
    seed: seed(),
  },
  quick: { inputs: 5, outputs: 2, samples: 2000 },
  compute: async ({ inputs, outputs, sigma, samples, seed }, run) => {
    const example = ordinary(inputs, outputs);
    const found = [];
    for (const [i, rule] of perturbing.entries()) {
      const seedStream = rng(seed).stream(rule);
      const own = { seedStream, run: partOf(run, i / 2, (i + 1) / 2) };
      const measured = await sampledVariance(rule, example, sigma, samples, own);
      found.push({ rule, measured, theory: estimatorVariance(rule, example, sigma) });
    }
    return found;
  },
  table: (found) =>
    found.flatMap(({ rule, measured, theory }): Row[] => [
      { rule, kind: 'theory', ratio: theory, se: 0 },
      { rule, kind: 'simulation', ratio: measured.mean, se: measured.se },
    ]),
  draw: (found, { inputs, outputs, samples }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const said = found.map(
      ({ rule, theory, measured }) => `${rule} ${measured.mean.toPrecision(3)} (theory ${theory.toPrecision(3)})`,
    );
    return {
      description: `Variance of an estimate of the gradient over the gradient's square, one row for each rule, on a logarithmic axis; bars are the theory, points ${samples} simulated estimates. ${said.join(', ')}.`,
      title: {
        text: 'Perturbing nodes tells more than perturbing weights',
        subtitle: `One example, ${counted(inputs, 'input')} and ${counted(outputs, 'output')}. Bars: theory; points: simulation with standard error`,
      },
      height: { step: 56 },
      encoding: {
        y: { field: 'rule', type: 'nominal', title: null, sort: [...perturbing] },
        x: {
          field: 'ratio',
          type: 'quantitative',
          title: 'E|ĝ − g|² / |g|²',
          scale: { type: 'log', domainMin: 1 },
          stack: null,
        },
      },
      layer: [
        {
          transform: only('theory'),
          mark: { type: 'bar', height: { band: 0.5 }, opacity: 0.35, color: CATEGORIES[0], tooltip: true },
          encoding: { x2: { datum: 1 } },
        },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'max(datum.ratio - datum.se, 1)', as: 'low' },
            { calculate: 'datum.ratio + datum.se', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 2, color: CATEGORIES[1] },
          encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
        },
        {
          transform: only('simulation'),
          mark: { type: 'point', filled: true, size: 70, color: CATEGORIES[1], opacity: 1, tooltip: true },
        },
      ],
    };
  },
  landmarks: (found) =>
    found.map(({ rule, measured, theory }) => ({
      name: `variance of ${rule}`,
      theory,
      measured: measured.mean,
      se: measured.se,
      tolerance: FAR * measured.se,
      source: 'werfel2005',
    })),
});

export const learning = defineFigure({
  id: 'perturbation/learning',
  title: 'Perturbation learns, but slowly',
  source,
  params: {
    ...sizes(10, 5),
    sigma: number({ default: 0.01, min: 1e-4, max: 1, scale: 'log', doc: 'perturbation σ' }),
    trials: integer({ default: 20_000, min: 10, max: 50_000, scale: 'log', doc: 'trials, a fresh example each' }),
    seeds: integer({ default: 100, min: 10, max: 500, scale: 'log', doc: 'learners to average over' }),
    seed: seed(),
  },
  quick: { inputs: 5, outputs: 2, trials: 500, seeds: 20 },
  compute: async ({ inputs, outputs, sigma, trials, seeds, seed }, run) => {
    const shown = windows(trials);
    // one look after as many trials as the error needs to fall to 1/e, one at what is left in the end
    const looks = rules.map((rule) => Math.min(Math.round(stepFactor(rule, { inputs, outputs })), trials - 1));
    const end = { from: Math.floor(0.75 * trials), to: trials };
    const over = [...shown, ...looks.map((from) => ({ from, to: from + 1 })), end];
    const settings = { inputs, outputs, sigma, trials };
    const averages = await averagedCurves(rules, settings, over, { seeds, seedStream: rng(seed), run });
    return rules.map((rule, i) => {
      const curve = learningCurve(rule, settings, outputs / 2);
      return {
        rule,
        curve,
        look: { trial: looks[i], measured: averages[i][shown.length + i] },
        end: { window: end, measured: averages[i].at(-1)! },
        points: shown.map((window, w) => ({
          trial: (window.from + window.to - 1) / 2,
          measured: averages[i][w],
          theory: expectedIn(window, curve),
        })),
      };
    });
  },
  table: (found, { outputs }) =>
    found.flatMap(({ rule, points }) =>
      points
        // what is left of an exact gradient's error is soon beyond counting
        .filter(({ theory }) => theory > (1e-12 * outputs) / 2)
        .flatMap(({ trial, measured, theory }): Row[] => [
          { trial, error: measured.mean, rule, kind: 'simulation', se: measured.se },
          { trial, error: theory, rule, kind: 'theory', se: 0 },
        ]),
    ),
  draw: (found, { inputs, outputs, sigma, seeds, trials }) => {
    const floors = found.map(({ curve }) => curve.floor).filter((floor) => floor > 0);
    // the picture ends below the lowest of the floors, or of what was reached
    const reached = found.filter(({ curve }) => curve.floor > 0).map(({ points }) => points.at(-1)!.theory);
    const lowest = Math.min(...floors, ...reached) / 2;
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const factors = found.map(({ rule, curve }) => `${rule} ${curve.factor.toFixed(4)}`).join(', ');
    return {
      description: `Error against trial, both on logarithmic axes, of a linear network with ${counted(inputs, 'input')} and ${counted(outputs, 'output')}, each rule at its best learning rate: theory as lines, the average of ${seeds} simulated learners as points. The distance from what is left in the end is multiplied in each trial by: ${factors}. Left in the end: ${found.map(({ rule, curve }) => `${rule} ${curve.floor.toPrecision(2)}`).join(', ')}.`,
      title: {
        text: 'Perturbation learns, but slowly',
        subtitle: `Lines: theory; points: simulation. Each rule at its best rate; perturbations of σ = ${sigma} leave a residue`,
      },
      transform: [{ filter: `datum.error >= ${lowest}` }, { calculate: 'datum.trial + 1', as: 'nth' }],
      encoding: {
        x: {
          field: 'nth',
          type: 'quantitative',
          title: 'trial',
          scale: { type: 'log', domain: [1, trials], nice: false },
          axis: { tickCount: 5, format: '~s' },
        },
        y: {
          field: 'error',
          type: 'quantitative',
          title: 'error ½|y − y*|²',
          scale: { type: 'log', domainMin: lowest },
          axis: { format: '~g', tickCount: 6 },
        },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('rule', rules) },
        {
          transform: only('simulation'),
          mark: { type: 'point', size: 22, tooltip: true },
          encoding: pointsOver('rule', rules),
        },
      ],
    };
  },
  landmarks: (found) => {
    const marks = found.map(({ rule, curve, look: { trial, measured } }) => ({
      name: `${rule}: error at trial ${trial}, at 1 − ${(1 - curve.factor).toPrecision(3)} a trial`,
      theory: curve.at(trial),
      measured: measured.mean,
      se: measured.se,
      tolerance: FAR * measured.se,
      source: 'werfel2005',
    }));
    // where learning has ended
    const ended = found.filter(
      ({ curve, end }) => curve.floor > 0 && Math.abs(curve.at(end.window.from) / curve.floor - 1) < 1e-3,
    );
    return [
      ...marks,
      ...ended.map(({ rule, curve, end: { measured } }) => ({
        name: `${rule}: error left`,
        theory: curve.floor,
        measured: measured.mean,
        se: measured.se,
        tolerance: FAR * measured.se,
        source: 'closed form',
      })),
    ];
  },
});
