import { defineFigure } from '../figure/define';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { CATEGORIES, levelLine, NEUTRAL } from '../figure/theme';
import { alignLinear } from './linear-alignment';

export const linearAlignment = defineFigure({
  id: 'credit/linear-alignment',
  title: 'The forward weights turn towards the random feedback',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Learning without weight symmetry: feedback alignment',
    paper: 'lillicrap2016',
  },
  params: {
    eta: number({ default: 5e-4, min: 1e-4, max: 2e-3, scale: 'log', doc: 'learning rate η' }),
    steps: integer({ default: 12_000, min: 100, max: 40_000, scale: 'log', doc: 'examples, one a step' }),
    hidden: integer({ default: 20, min: 2, max: 50, doc: 'hidden units' }),
    seed: seed(),
  },
  compute: ({ eta, steps, hidden, seed }, run) =>
    alignLinear({ inputs: 30, hidden, outputs: 10, eta, steps, seed }, run),
  table: (samples) =>
    samples.flatMap(({ step, degrees, theory, error }): Row[] => [
      { step, quantity: 'angle', kind: 'simulation', value: degrees },
      { step, quantity: 'angle', kind: 'theory', value: theory },
      { step, quantity: 'error', kind: 'simulation', value: error },
    ]),
  draw: (samples) => {
    const last = samples.at(-1)!;
    const x = { field: 'step', type: 'quantitative', title: 'example', axis: { tickCount: 4 } };
    const only = (quantity: string, kind: string): object => ({
      transform: [{ filter: { field: 'quantity', equal: quantity } }, { filter: { field: 'kind', equal: kind } }],
    });
    return {
      description: `Two plots against the number of examples. Left: the angle between the transposed forward weights and the feedback, points, falls from ${samples[0].degrees.toFixed(0)} to ${last.degrees.toFixed(0)} degrees along the line of the conserved quantity. Right: the error on a logarithmic axis falls to ${last.error.toPrecision(2)} of its start.`,
      title: {
        text: 'The forward weights turn towards the random feedback',
        subtitle:
          'Left: points, simulation; line, the angle that |W¹| and |W²| imply. Right: share of the target still missing',
      },
      hconcat: [
        {
          encoding: {
            x,
            y: {
              field: 'value',
              type: 'quantitative',
              title: 'angle between W²ᵀ and A (degrees)',
              scale: { domain: [0, 110] },
              axis: { values: [0, 30, 60, 90] },
            },
          },
          layer: [
            levelLine(90, ['step', 'value']),
            {
              ...only('angle', 'simulation'),
              mark: { type: 'point', size: 18, color: CATEGORIES[0], opacity: 0.7, tooltip: true },
            },
            { ...only('angle', 'theory'), mark: { type: 'line', color: NEUTRAL } },
          ],
        },
        {
          ...only('error', 'simulation'),
          mark: { type: 'line', color: CATEGORIES[1], tooltip: true },
          encoding: {
            x,
            y: {
              field: 'value',
              type: 'quantitative',
              title: '|T − W²W¹|² / |T|²',
              scale: { type: 'log' },
              axis: { format: '~g', tickCount: 5 },
            },
          },
        },
      ],
    };
  },
  landmarks: (samples) => {
    const last = samples.at(-1)!;
    return [
      {
        name: 'tr(A W²) from ½|W¹|², start and step sizes',
        theory: last.implied,
        measured: last.overlap,
        tolerance: 1e-9 * Math.max(1, Math.abs(last.implied)),
        source: 'identity, every step',
      },
    ];
  },
});
