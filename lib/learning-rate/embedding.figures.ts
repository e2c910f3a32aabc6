import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { NEUTRAL, pointsBy } from '../figure/theme';
import { compareConstructions, constructions, quantities } from './constructions';

const text = (x: number): string => String(Number(x.toPrecision(3)));

export const embedding = defineFigure({
  id: 'network-size/embedding',
  title: 'What a larger network leaves as it was',
  source: {
    lecture: 'fundamental-bounds',
    where: 'Student and teacher, W = DᵀW′B: adding neurons or redundant synapses',
    paper: 'raman2019',
  },
  params: {
    inputs: integer({ default: 5, min: 2, max: 8, doc: 'inputs of the task' }),
    outputs: integer({ default: 4, min: 1, max: 8, doc: 'outputs of the task' }),
    inputsTimes: integer({ default: 2, min: 1, max: 5, doc: 'c1, times as many inputs' }),
    outputsTimes: integer({ default: 3, min: 1, max: 5, doc: 'c2, times as many outputs' }),
    spread: number({ default: 1, min: 0.1, max: 2, doc: 'standard deviation of what is random in W′' }),
    draws: integer({ default: 20, min: 1, max: 50, doc: 'random W′ that are averaged over' }),
    examples: integer({
      default: 200,
      min: 20,
      max: 1000,
      scale: 'log',
      doc: 'inputs that the error is summed over, P',
    }),
    seed: seed(),
  },
  compute: (p) => compareConstructions(p),
  table: (rows) => rows.map(({ se: _, ...row }): Row => ({ ...row, ratio: row.embedded / row.original })),
  draw: (rows, { outputsTimes }) => {
    // room for the numbers beside the points
    const most = Math.max(2, Math.ceil(1.2 * Math.max(...rows.map((row) => row.embedded / row.original))));
    const say = (construction: string): string =>
      rows
        .filter((row) => row.construction === construction)
        .map((row) => `${row.quantity} times ${text(row.embedded / row.original)}`)
        .join(', ');
    return {
      description: `Four quantities of the larger network, each divided by its value in the task's own network, for four constructions: ${constructions.map((c) => `${c}: ${say(c)}`).join('; ')}. Points are computed from the students, upright strokes are what theory says. The dotted line stands at 1, and c2 is ${outputsTimes}.`,
      facet: {
        row: {
          field: 'quantity',
          type: 'nominal',
          title: null,
          sort: quantities,
          header: { labelOrient: 'top', labelAnchor: 'start' },
        },
      },
      spec: {
        height: 76,
        width: 330,
        encoding: {
          y: {
            field: 'construction',
            type: 'nominal',
            title: 'construction',
            sort: constructions,
            axis: { titlePadding: 12 },
          },
          x: {
            field: 'ratio',
            type: 'quantitative',
            title: 'larger network / own network',
            scale: { domain: [0, most], nice: false },
          },
        },
        layer: [
          {
            mark: { type: 'rule', strokeDash: [2, 2] },
            encoding: { x: { datum: 1 }, y: { value: 0 }, y2: { value: 76 } },
          },
          {
            mark: { type: 'tick', thickness: 2, size: 18, color: NEUTRAL, orient: 'vertical' },
            encoding: { x: { field: 'expected', type: 'quantitative' } },
          },
          {
            mark: { type: 'point', size: 55 },
            encoding: {
              ...pointsBy('construction', constructions),
              color: { field: 'construction', type: 'nominal', legend: null },
              shape: { field: 'construction', type: 'nominal', legend: null },
              tooltip: [
                { field: 'construction' },
                { field: 'quantity' },
                { field: 'original', format: '.4~g' },
                { field: 'embedded', title: 'larger', format: '.4~g' },
                { field: 'ratio', format: '.4f' },
                { field: 'expected', title: 'theory', format: '.4f' },
              ],
            },
          },
          {
            mark: { type: 'text', align: 'left', dx: 10 },
            encoding: { text: { field: 'ratio', format: '.2f' } },
          },
        ],
      },
    };
  },
  landmarks: (rows, { spread }) => [
    ...rows
      .filter(({ construction }) => construction === 'b, W′ = DWBᵀ')
      .map(
        ({ quantity, construction, embedded, original, expected }): Landmark => ({
          name: `${quantity}, larger / own, ${construction}`,
          theory: expected,
          measured: embedded / original,
          tolerance: 1e-9 * expected,
          source: 'identity of semi-orthogonal matrices',
        }),
      ),
    ...rows
      .filter((row) => row.se > 0)
      .map(({ construction, embedded, original, expected, se }) => ({
        name: `F, larger / own, ${construction}`,
        theory: expected,
        measured: embedded / original,
        tolerance: 5 * se,
        source: `mean over what is random in W′, standard deviation ${spread}`,
      })),
  ],
});
