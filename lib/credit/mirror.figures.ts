import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, numbers, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver } from '../figure/theme';
import { type MirrorCurve, type MirrorLayer, mirrorSimulation, mirrorSpread, mirrorTheory } from './mirror';

interface Pair {
  readonly layer: MirrorLayer;
  readonly theory: MirrorCurve;
  readonly simulation: MirrorCurve;
}

export const mirror = defineFigure({
  id: 'credit/mirror',
  title: 'White noise turns random feedback into a copy of the weights',
  source: {
    lecture: 'learning-in-real-networks',
    where: 'Feedback alignment, upgraded: train A',
    paper: 'akrout2019',
  },
  params: {
    decays: numbers({
      default: [0.2, 0.05, 0.01],
      min: 0.001,
      max: 1,
      maxLength: 4,
      doc: 'shares ε forgotten in a step',
    }),
    batch: integer({ default: 64, min: 1, max: 512, scale: 'log', doc: 'noise patterns in one step' }),
    inputs: integer({ default: 64, min: 2, max: 256, doc: 'units before the layer' }),
    outputs: integer({ default: 32, min: 1, max: 256, doc: 'units after the layer' }),
    steps: integer({ default: 400, min: 10, max: 1000, doc: 'steps of the mirror' }),
    seed: seed(),
  },
  quick: { steps: 40 },
  async compute({ decays, batch, inputs, outputs, steps, seed }, run): Promise<readonly Pair[]> {
    const every = Math.ceil(steps / 100);
    const times = Array.from({ length: Math.floor(steps / every) + 1 }, (_, i) => i * every);
    const pairs: Pair[] = [];
    for (const [i, decay] of decays.entries()) {
      // the gain for which the fixed point is the transposed weights themselves: η s² = ε
      const layer = { inputs, outputs, noise: 1, gain: decay, decay, batch };
      const part = { signal: run.signal, progress: (f: number) => run.progress((i + f) / decays.length) };
      pairs.push({
        layer,
        theory: mirrorTheory(layer, times),
        simulation: await mirrorSimulation(layer, times, seed, part),
      });
    }
    return pairs;
  },
  table: (pairs) =>
    pairs.flatMap(({ layer, theory, simulation }) =>
      [theory, simulation].flatMap((curve, i) =>
        curve.steps.map(
          (step, j): Row => ({
            step,
            decay: label(layer.decay),
            kind: i === 0 ? 'theory' : 'simulation',
            degrees: curve.degrees[j],
          }),
        ),
      ),
    ),
  draw: (pairs) => {
    const names = pairs.map(({ layer }) => label(layer.decay));
    return {
      description: `Angle between the feedback and the transposed weights against steps of the weight mirror, theory as lines, simulation as points. It falls from 90 degrees; ${pairs.map(({ layer, theory }) => `with ${label(layer.decay)} to ${theory.degrees.at(-1)!.toFixed(0)}`).join(', ')}: slow forgetting takes longer and comes closer.`,
      encoding: {
        x: { field: 'step', type: 'quantitative', title: 'step of the mirror' },
        y: {
          field: 'degrees',
          type: 'quantitative',
          title: 'angle between A and Wᵀ (degrees)',
          scale: { domain: [0, 110] },
          axis: { values: [0, 30, 60, 90] },
        },
      },
      layer: [
        {
          transform: [{ filter: { field: 'kind', equal: 'theory' } }],
          mark: { type: 'line' },
          encoding: linesBy('decay', names, 'forgotten in a step'),
        },
        {
          transform: [{ filter: { field: 'kind', equal: 'simulation' } }],
          mark: { type: 'point', size: 24, opacity: 0.7, tooltip: true },
          encoding: pointsOver('decay', names),
        },
      ],
    };
  },
  landmarks: (pairs) =>
    pairs
      .filter(({ layer }) => layer.inputs >= 32 && layer.outputs >= 16 && layer.batch >= 16)
      .map(
        ({ layer, theory, simulation }): Landmark => ({
          name: `angle after ${theory.steps.at(-1)} steps, ${label(layer.decay)}`,
          theory: theory.degrees.at(-1)!,
          measured: simulation.degrees.at(-1)!,
          tolerance: 4 * mirrorSpread(layer, theory.steps.at(-1)!),
          source: 'closed form',
          unit: '°',
        }),
      ),
});
const label = (decay: number): string => `ε = ${decay}`;
