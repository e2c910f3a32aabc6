import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { manyWeights, nudge, tryNudges } from './accept-reject';

/** A few sizes to the decade, without repeating one. */
function between(largest: number, each: number): number[] {
  const sizes = Array.from({ length: Math.floor(Math.log10(largest) * each) + 1 }, (_, k) =>
    Math.round(10 ** (k / each)),
  );
  return [...new Set([...sizes, largest])];
}

/** Standard errors by which an average may miss the theory. */
const FAR = 5;
const FIXED = 'same nudge in every network';
const FINER = 'a tenth of it';
const SHRINKING = 'nudge shrinks as 1/n';
const kinds = [FIXED, FINER, SHRINKING];

export const acceptReject = defineFigure({
  id: 'perturbation/accept-reject',
  title: 'In a large network hardly any random nudge helps, unless it is small',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Why simple perturbation methods don’t work well',
    paper: 'beyer2001',
  },
  params: {
    sigma: number({ default: 0.1, min: 0.01, max: 1, scale: 'log', doc: 'nudge of a weight over distance, σ' }),
    shrink: number({ default: 1.224, min: 0.1, max: 5, scale: 'log', doc: 'c of the nudge that shrinks, σ = c/n' }),
    largest: integer({ default: 1000, min: 10, max: 3000, scale: 'log', doc: 'most weights' }),
    samples: integer({ default: 2000, min: 100, max: 10_000, scale: 'log', doc: 'nudges a point' }),
    seed: seed(),
  },
  quick: { largest: 30, samples: 200 },
  compute: async ({ sigma, shrink, largest, samples, seed }, run) => {
    const sizeOf = (series: string, n: number): number =>
      ({ [FIXED]: sigma, [FINER]: sigma / 10, [SHRINKING]: shrink / n })[series]!;
    const source = rng(seed);
    const lines = kinds.flatMap((series) =>
      between(largest, 20).map((n) => ({ series, n, theory: nudge(n, sizeOf(series, n)) })),
    );
    const points = [];
    for (const [i, series] of kinds.entries())
      for (const [k, n] of between(largest, 4).entries()) {
        await run.progress((i + k / (4 * Math.log10(largest) + 2)) / kinds.length);
        const size = sizeOf(series, n);
        const measured = tryNudges(n, size, samples, source.stream(`${series} ${n}`));
        points.push({ series, n, theory: nudge(n, size), measured });
      }
    return { lines, points };
  },
  table: ({ lines, points }, { samples }) => [
    ...lines.map(({ series, n, theory }): Row => ({ weights: n, ...theory, se: 0, series, kind: 'theory' })),
    ...points.map(({ series, n, measured: { fraction, progress } }): Row => {
      const se = Math.sqrt((fraction * (1 - fraction)) / samples);
      return { weights: n, fraction, progress, se, series, kind: 'simulation' };
    }),
  ],
  draw: (_, { sigma, shrink, largest, samples }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const tooltip = [
      { field: 'series', title: 'nudge' },
      { field: 'weights' },
      { field: 'fraction', title: 'share that helps', format: '.3~g' },
      { field: 'progress', title: 'fall of the error a trial', format: '.3~g' },
    ];
    return {
      description: `Share of random nudges that lower the error against the number of weights, up to ${largest} on a logarithmic axis, at the same error. Nudges of σ = ${sigma} a weight help half of the time in the smallest networks and almost never in large ones; nudges of a tenth of that fail later; nudges of ${shrink}/n keep a constant share. Theory as lines, ${samples} simulated nudges a point.`,
      title: {
        text: 'Hardly any nudge helps, unless it is small',
        subtitle: `Lines: theory; points: ${samples} nudges. σ = ${sigma}, ${Number((sigma / 10).toPrecision(3))} and ${shrink}/n at distance 1`,
      },
      encoding: {
        x: {
          field: 'weights',
          type: 'quantitative',
          title: 'weights n',
          scale: { type: 'log', domain: [1, largest], nice: false },
          axis: { tickCount: 5, format: '~s' },
        },
        y: { field: 'fraction', type: 'quantitative', title: 'share of nudges that help', scale: { domain: [0, 0.6] } },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', kinds) },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'max(datum.fraction - datum.se, 0)', as: 'low' },
            { calculate: 'datum.fraction + datum.se', as: 'high' },
          ],
          mark: 'rule',
          encoding: {
            color: { field: 'series', type: 'nominal' },
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('series', kinds), tooltip },
        },
      ],
    };
  },
  landmarks: ({ points, lines }, { shrink, samples, largest }) => {
    const marks = kinds.map((series): Landmark => {
      const { theory, measured } = points.find((p) => p.series === series && p.n === 10)!;
      return {
        name: `${series}: share that helps among 10 weights`,
        theory: theory.fraction,
        measured: measured.fraction,
        // a rare event is counted in whole nudges
        tolerance: FAR * Math.sqrt((theory.fraction * (1 - theory.fraction)) / samples) + FAR / samples,
        source: 'beyer2001',
      };
    });
    const last = lines.at(-1)!.theory;
    const limit = manyWeights(shrink);
    return [
      ...marks,
      {
        name: `σ = c/n, ${largest} weights: share that helps against the limit of many`,
        theory: limit.fraction,
        measured: last.fraction,
        // the first correction is (c/2) φ(c/2)/n, a quarter of this at most
        tolerance: 1 / largest,
        source: 'beyer2001',
      },
    ];
  },
});
