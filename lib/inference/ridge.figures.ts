import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { bestPenalty, expectedSpectrum, ridgeRisk, sampleRidge } from './ridge';

/** Standard errors by which an average may miss the theory. */
const FAR = 5;
/** The axis, as powers of ten, and where it is simulated. */
const [FROM, TO] = [-4, 2];
const TRIED = Array.from({ length: 13 }, (_, i) => 10 ** (FROM + i / 2));
const LINE = Array.from({ length: 121 }, (_, i) => 10 ** (FROM + i / 20));
/** Penalties on both sides of the best one, for the curvature, as differences of ln λ. */
const ASIDE = 0.2;
const names = ['training examples', 'new examples'] as const;
const keys = ['empirical', 'true'] as const;

/** A word at one end of a level line. */
const words = (text: string, align: 'left' | 'right', level: number): View => ({
  transform: [{ aggregate: ['penalty', 'error'].map((field) => ({ op: 'min', field, as: field })) }],
  mark: { type: 'text', align, baseline: 'bottom', dx: align === 'left' ? 4 : -4, dy: -3 },
  encoding: { x: { value: align === 'left' ? 0 : 'width' }, y: { datum: level }, text: { value: text } },
});

export const regularisation = defineFigure({
  id: 'risk/regularisation',
  title: 'A penalty worsens the fit and improves the prediction',
  source: { lecture: 'plasticity-as-optimization', where: 'Inductive bias and regularization', paper: 'hoerl1970' },
  params: {
    inputs: integer({ default: 20, min: 5, max: 40, doc: 'inputs N' }),
    samples: integer({ default: 25, min: 5, max: 100, doc: 'examples M' }),
    noise: number({ default: 1, min: 0.3, max: 2, doc: 'noise of the labels σ' }),
    length: number({ default: 1.5, min: 1, max: 3, doc: 'length of the teacher’s weights |w*|' }),
    trials: integer({ default: 300, min: 50, max: 1000, scale: 'log', doc: 'sets of examples to average over' }),
    seed: seed(),
  },
  compute: async ({ trials, seed, ...lesson }, run) => {
    const best = bestPenalty(lesson);
    const around = [best * Math.exp(-ASIDE), best, best * Math.exp(ASIDE)];
    const found = await sampleRidge(lesson, [...TRIED, ...around], trials, rng(seed), run);
    return {
      best,
      spectrum: expectedSpectrum(lesson.inputs, lesson.samples),
      points: found.slice(0, TRIED.length),
      around: found.slice(TRIED.length),
    };
  },
  table: ({ spectrum, points, around }, { trials: _, seed: __, ...lesson }) => [
    ...LINE.flatMap((penalty): Row[] => {
      const risks = ridgeRisk(lesson, spectrum, penalty);
      return keys.map((key, i) => ({ penalty, error: risks[key], series: names[i], kind: 'theory', se: 0 }));
    }),
    ...[...points, around[1]].flatMap((found): Row[] =>
      keys.map((key, i) => ({
        penalty: found.penalty,
        error: found[key].mean,
        series: names[i],
        kind: 'simulation',
        se: found[key].standardError,
      })),
    ),
  ],
  draw: ({ best, spectrum }, { trials, seed: _, ...lesson }) => {
    const silent = 0.5 * (lesson.noise ** 2 + lesson.length ** 2);
    const top = 1.5 * silent;
    const [at, none] = [ridgeRisk(lesson, spectrum, best), ridgeRisk(lesson, spectrum, 10 ** FROM)];
    const inside = { filter: `datum.error <= ${top}` };
    const error = { type: 'quantitative', title: 'mean of ½(y − y*)²', scale: { domain: [0, top], nice: false } };
    const said = (x: number): string => x.toPrecision(3);
    return {
      description: `Error against the penalty λ on a logarithmic axis, ${lesson.inputs} inputs and ${lesson.samples} examples. On the training examples it rises with λ from ${said(none.empirical)}. On new examples it falls from ${said(none.true)} to ${said(at.true)} at the best penalty, ${said(best)}, marked by a vertical line, and rises again to that of a silent network, ${said(silent)}, the upper horizontal line; the lower one is the noise alone. Lines: exact average; points: ${trials} simulated sets of examples.`,
      encoding: {
        x: {
          field: 'penalty',
          type: 'quantitative',
          title: 'penalty λ',
          scale: { type: 'log', domain: [10 ** FROM, 10 ** TO], nice: false },
          axis: { values: [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100], format: '~g' },
        },
        y: { field: 'error', ...error },
      },
      layer: [
        levelLine(silent, ['penalty', 'error']),
        levelLine(0.5 * lesson.noise ** 2, ['penalty', 'error']),
        {
          transform: [{ aggregate: ['penalty', 'error'].map((field) => ({ op: 'min', field, as: field })) }],
          mark: { type: 'rule', color: NEUTRAL, strokeWidth: 1.5 },
          encoding: { x: { datum: best }, y: { value: 0 }, y2: { value: 'height' } },
        },
        {
          transform: [{ aggregate: ['penalty', 'error'].map((field) => ({ op: 'min', field, as: field })) }],
          mark: { type: 'text', align: 'left', baseline: 'top', dx: 6, dy: 2 },
          encoding: { x: { datum: best }, y: { value: 0 }, text: { value: 'best: σ²N / M|w*|²' } },
        },
        words('w = 0', 'left', silent),
        words('noise alone', 'right', 0.5 * lesson.noise ** 2),
        {
          transform: [{ filter: "datum.kind === 'theory'" }, { filter: `datum.error <= ${1.05 * top}` }],
          mark: { type: 'line', clip: true },
          encoding: linesBy('series', names),
        },
        {
          transform: [{ filter: "datum.kind === 'theory'" }, inside],
          ...hoverPoints([{ field: 'series' }, { field: 'penalty', format: '.3g' }, { field: 'error', format: '.4f' }]),
        },
        {
          transform: [
            { filter: "datum.kind === 'simulation'" },
            inside,
            { calculate: 'datum.error - datum.se', as: 'low' },
            { calculate: 'datum.error + datum.se', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 1.5, clip: true },
          encoding: {
            y: { field: 'low', ...error },
            y2: { field: 'high' },
            color: { field: 'series', type: 'nominal' },
          },
        },
        {
          transform: [{ filter: "datum.kind === 'simulation'" }, inside],
          mark: 'point',
          encoding: {
            ...pointsOver('series', names),
            tooltip: [
              { field: 'series' },
              { field: 'penalty', format: '.3g' },
              { field: 'error', format: '.4f' },
              { field: 'se', title: 'standard error', format: '.2g' },
            ],
          },
        },
      ],
    };
  },
  landmarks: ({ best, spectrum, around }, { trials: _, seed: __, ...lesson }) => {
    const [below, at, above] = around;
    const theory = ridgeRisk(lesson, spectrum, best);
    // one Newton step from the theory's best penalty to where the average slope vanishes
    const curvature = (above.slope.mean - below.slope.mean) / (2 * ASIDE);
    const shift = at.slope.standardError / curvature;
    return [
      ...keys.map(
        (key, i): Landmark => ({
          name: `${names[i]}, at the best penalty`,
          theory: theory[key],
          measured: at[key].mean,
          se: at[key].standardError,
          tolerance: FAR * at[key].standardError,
          source: 'exact average over Wishart matrices',
        }),
      ),
      {
        name: 'penalty with the least error on new examples',
        theory: best,
        measured: best * Math.exp(-at.slope.mean / curvature),
        se: best * shift,
        tolerance: best * Math.expm1(FAR * shift),
        source: 'λ = σ²N / M|w*|²',
      },
    ];
  },
});
