import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { losses, lossNames, slopeEstimates, smoothedGradient } from './smoothing';

const SMOOTHED = 'gradient of the smoothed loss';
const EXACT = 'gradient of the loss';
const CUBIC = 'gradient + ½σ²E‴';
const series = [SMOOTHED, EXACT, CUBIC];

/** Widths of the perturbation: lines at every one, points at every fifth. */
const LINES = 60;

/** Standard errors by which an average may miss the theory. */
const FAR = 5;

export const bias = defineFigure({
  id: 'perturbation/bias',
  title: 'Large perturbations estimate another gradient',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Perturbation methods revisited',
    paper: 'werfel2005',
  },
  params: {
    loss: choice({ default: 'saturating neuron', values: lossNames, doc: 'y = w, or y = tanh w' }),
    weight: number({ default: 1.5, min: -3, max: 3, doc: 'weight w' }),
    target: number({ default: 0.2, min: -1, max: 1, doc: 'target d of the output' }),
    widest: number({ default: 1.5, min: 0.1, max: 3, scale: 'log', doc: 'largest perturbation σ' }),
    samples: integer({ default: 40_000, min: 100, max: 100_000, scale: 'log', doc: 'estimates a point' }),
    seed: seed(),
  },
  compute: ({ loss, weight, target, widest, samples, seed }) => {
    const E = losses[loss];
    const [gradient, third] = [E.slope(weight, target), E.third(weight, target)];
    const source = rng(seed);
    const lines = Array.from({ length: LINES }, (_, k) => {
      const sigma = (widest * (k + 1)) / LINES;
      return {
        sigma,
        smoothed: smoothedGradient(E, weight, target, sigma),
        gradient,
        cubic: gradient + 0.5 * sigma * sigma * third,
      };
    });
    const points = lines
      .filter((_, k) => k % 5 === 4)
      .map(({ sigma, smoothed }, k) => {
        const found = slopeEstimates(E, weight, target, { sigma, count: samples }, source.stream(`σ ${k}`));
        return { sigma, smoothed, estimate: mean(found), se: standardError(found) };
      });
    return { lines, points, gradient };
  },
  table: ({ lines, points }) => [
    ...lines.flatMap(({ sigma, smoothed, gradient, cubic }): Row[] =>
      [smoothed, gradient, cubic].map((estimate, i) => ({
        sigma,
        estimate,
        se: 0,
        series: series[i]!,
        kind: 'theory',
      })),
    ),
    ...points.map(({ sigma, estimate, se }): Row => ({ sigma, estimate, se, series: SMOOTHED, kind: 'simulation' })),
  ],
  draw: ({ lines, points, gradient }, { loss, weight, target, widest, samples }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const last = points.at(-1)!;
    // what is drawn to scale is the estimate; the first correction may leave the picture
    const shown = [...lines.map(({ smoothed }) => smoothed), ...points.map(({ estimate }) => estimate), gradient, 0];
    const [low, high] = [Math.min(...shown), Math.max(...shown)];
    const room = 0.15 * Math.max(high - low, 1e-3);
    return {
      description: `Average of the estimates of the gradient against the size σ of the perturbation, for half the squared error of a ${loss} at weight ${weight} with target ${target}. The gradient itself is ${gradient.toPrecision(3)}; the estimates follow the gradient of the smoothed loss and reach ${last.estimate.toPrecision(3)} at σ = ${widest}. A dashed line gives the first correction. Points are averages of ${samples} estimates with standard errors.`,
      title: {
        text: 'What the estimate estimates',
        subtitle: `Half the squared error of a ${loss}. Lines: theory; points: ${samples} estimates each`,
      },
      encoding: {
        x: {
          field: 'sigma',
          type: 'quantitative',
          title: 'perturbation σ',
          scale: { domain: [0, widest], nice: false },
        },
        y: {
          field: 'estimate',
          type: 'quantitative',
          title: 'average estimate of dE/dw',
          scale: { domain: [low - room, high + room], nice: false },
        },
      },
      layer: [
        { transform: only('theory'), mark: { type: 'line', clip: true }, encoding: linesBy('series', series) },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'datum.estimate - datum.se', as: 'from' },
            { calculate: 'datum.estimate + datum.se', as: 'to' },
          ],
          mark: 'rule',
          encoding: { y: { field: 'from', type: 'quantitative' }, y2: { field: 'to' } },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: {
            color: { field: 'series', type: 'nominal' },
            tooltip: [
              { field: 'sigma', title: 'σ', format: '.3~g' },
              { field: 'estimate', format: '.4f' },
              { field: 'se', title: 'standard error', format: '.2~g' },
            ],
          },
        },
      ],
    };
  },
  landmarks: ({ points }) =>
    [points[Math.floor(points.length / 2)]!, points.at(-1)!].map(
      ({ sigma, smoothed, estimate, se }): Landmark => ({
        name: `average estimate at σ = ${Number(sigma.toPrecision(3))}`,
        theory: smoothed,
        measured: estimate,
        se,
        tolerance: FAR * se,
        source: 'gradient of the smoothed loss, by quadrature',
      }),
    ),
});
