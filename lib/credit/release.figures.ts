import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { expectedChanges, type Releasing, releaseTrials, releaseVariance } from './release';

/** Two neurons: synapses that share a quantum, and synapses that share a mean strength; at p = ½ they are alike. */
const kinds = ['same quantum', 'same mean strength'];
const quantumOf = [() => 1, (p: number) => 0.5 / p];

/** Synapses with release probabilities spread over 0.1 to 0.9, and a target beyond their mean sum. */
function neuronOf(count: number, quantumAt: (p: number) => number, shortfall: number): Releasing {
  const p = Float64Array.from({ length: count }, (_, i) => 0.1 + (0.8 * i) / (count - 1));
  const quantum = p.map(quantumAt);
  return { p, quantum, target: shortfall + p.reduce((sum, each, i) => sum + each * quantum[i], 0) };
}

/** Points of the lines: how many synapses there are does not matter to the theory, only the shortfall. */
const LINE = 81;

/** Standard errors by which an average may miss the theory. */
const FAR = 5;

export const release = defineFigure({
  id: 'perturbation/release',
  title: 'Synapses that release at random change the more, the more their release varies',
  source: { lecture: 'plasticity-as-optimization', where: 'Perturbation methods revisited', paper: 'seung2003' },
  params: {
    synapses: integer({ default: 9, min: 3, max: 30, doc: 'synapses of each neuron, p spread over 0.1 to 0.9' }),
    shortfall: number({ default: 10, min: 0.5, max: 100, scale: 'log', unit: 'quanta', doc: 'target less mean sum' }),
    trials: integer({ default: 40_000, min: 100, max: 200_000, scale: 'log', doc: 'trials' }),
    seed: seed(),
  },
  compute: ({ synapses, shortfall, trials, seed }) =>
    kinds.map((kind, k) => {
      const [neuron, many] = [synapses, LINE].map((count) => neuronOf(count, quantumOf[k], shortfall));
      return {
        kind,
        neuron,
        theory: expectedChanges(neuron),
        measured: releaseTrials(neuron, trials, rng(seed).stream(kind)),
        line: { ...many, theory: expectedChanges(many) },
      };
    }),
  table: (found, { shortfall }) =>
    found.flatMap(({ kind: series, neuron, measured, line }) => {
      const row = ({ p, quantum }: Releasing, i: number, change: number, se: number, kind: string): Row => ({
        p: p[i],
        change: change / shortfall,
        se: se / shortfall,
        variance: releaseVariance(p[i], quantum[i]),
        series,
        kind,
      });
      return [
        ...Array.from(line.theory, (change, i) => row(line, i, change, 0, 'theory')),
        ...Array.from(measured.mean, (change, i) => row(neuron, i, change, measured.se[i], 'simulation')),
      ];
    }),
  draw: (found, { shortfall, trials }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const said = found.map(
      ({ kind, theory, neuron }) =>
        `${kind}: ${(theory[0] / shortfall).toPrecision(3)} at p = ${neuron.p[0]}, ${(theory.at(-1)! / shortfall).toPrecision(3)} at p = ${neuron.p.at(-1)!.toPrecision(2)}`,
    );
    const tooltip = [
      { field: 'series', title: 'synapses with the' },
      { field: 'p', format: '.2f' },
      { field: 'variance', format: '.3f' },
      { field: 'change', format: '.3f' },
      { field: 'se', title: 'standard error', format: '.2~g' },
    ];
    return {
      description: `Average change of a synapse, over the shortfall of ${shortfall} quanta, against its release probability, for synapses of the same quantum and of the same mean strength. Theory as lines, ${trials} simulated trials as points. ${said.join('; ')}.`,
      title: {
        text: 'Who changes most?',
        subtitle: `Target ${shortfall} quanta above the mean sum. Lines: theory; points: ${trials} trials`,
      },
      encoding: {
        x: { field: 'p', type: 'quantitative', title: 'release probability p', scale: { domain: [0, 1] } },
        y: { field: 'change', type: 'quantitative', title: 'change / shortfall (quanta²)' },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', kinds) },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'datum.change - datum.se', as: 'low' },
            { calculate: 'datum.change + datum.se', as: 'high' },
          ],
          mark: 'rule',
          encoding: {
            color: { field: 'series', type: 'nominal' },
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
          },
        },
        { transform: only('simulation'), mark: 'point', encoding: { ...pointsOver('series', kinds), tooltip } },
      ],
    };
  },
  landmarks: (found, { shortfall }) =>
    found.flatMap(({ kind, neuron: { p }, theory, measured }) =>
      [0, Math.floor(p.length / 2), p.length - 1].map(
        (i): Landmark => ({
          name: `${kind}: change of the synapse with p = ${p[i].toFixed(2)}`,
          theory: theory[i] / shortfall,
          measured: measured.mean[i] / shortfall,
          se: measured.se[i] / shortfall,
          tolerance: (FAR * measured.se[i]) / shortfall,
          source: 'seung2003',
        }),
      ),
    ),
});
