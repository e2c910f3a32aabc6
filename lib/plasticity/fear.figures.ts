import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver, WIDTH } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { expectedResponses, type Group, groups, rat, simulateAnimal, stages } from './fear';

const chance = (start: number, doc: string) => number({ default: start, min: 0, max: 1, doc });
const names = Object.keys(groups) as Group[];

export const inactivation = defineFigure({
  id: 'fear-conditioning/inactivation',
  title: 'A memory switched off and on at its synapses',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Associative view of synaptic plasticity',
    paper: 'nabavi2014',
  },
  params: {
    bouts: integer({ default: 5, min: 0, max: 20, doc: 'repetitions of each treatment' }),
    learning: chance(rat.learning, 'chance of a weak synapse to become strong by a pairing'),
    depression: chance(rat.depression, 'chance of a strong synapse to become weak by a bout of optical LTD'),
    potentiation: chance(rat.potentiation, 'chance of a weak synapse to become strong by a bout of optical LTP'),
    reason: choice({ default: 'restored', values: ['restored', 'second site'], doc: 'why LTP alone makes no memory' }),
    animals: integer({ default: 40, min: 10, max: 400, scale: 'log', doc: 'animals in a group' }),
    seed: seed(),
  },
  compute: ({ bouts, animals, seed, ...chances }) => {
    const animal = { ...rat, ...chances };
    return names.flatMap((group) => {
      const noise = rng(seed).stream(group);
      const each = Array.from({ length: animals }, (_, i) =>
        simulateAnimal(animal, groups[group], bouts, noise.stream(`animal ${i}`)),
      );
      return expectedResponses(animal, groups[group], bouts).map(({ response, spread }, i) => {
        const responses = each.map((of) => of[i]);
        return {
          group,
          stage: stages[i],
          theory: response,
          expectedError: spread / Math.sqrt(animals),
          simulated: mean(responses),
          se: standardError(responses),
        };
      });
    });
  },
  table: (tests) =>
    tests.flatMap(({ group, stage, theory, simulated, se }): Row[] => [
      { stage, response: theory, group, kind: 'theory', se: 0 },
      { stage, response: simulated, group, kind: 'simulation', se },
    ]),
  draw: (tests, { bouts, animals }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const tooltip = [
      { field: 'group' },
      { field: 'stage' },
      { field: 'kind' },
      { field: 'response', format: '.3f' },
      { field: 'se', title: 'standard error', format: '.3f' },
    ];
    const paired = tests.filter(({ group }) => group === 'paired').map(({ theory }) => theory.toFixed(2));
    return {
      description: `Share of the test spent freezing, of three groups at four tests: naive, after conditioning, after optical depression and after optical potentiation of the same synapses, ${bouts} bouts each. With paired tone and shock it goes ${paired.join(', ')}; unpaired, or with potentiation alone, it stays as the lines along the bottom show. Lines are expectations, points means of ${animals} simulated animals with their standard errors.`,
      width: WIDTH, // an axis of names has no width of its own
      encoding: {
        x: { field: 'stage', type: 'ordinal', sort: stages, title: 'test', axis: { labelAngle: 0 } },
        y: {
          field: 'response',
          type: 'quantitative',
          title: 'freezing (share of the time)',
          scale: { domain: [0, 1.02], nice: false },
        },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('group', names) },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'max(0, datum.response - datum.se)', as: 'low' },
            { calculate: 'min(1, datum.response + datum.se)', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: {
            color: { field: 'group', type: 'nominal' },
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('group', names), tooltip },
        },
      ],
    };
  },
  landmarks: (tests) =>
    tests
      .filter(({ group, stage }) => group === 'paired' || stage === 'after LTP')
      .map(
        ({ group, stage, theory, simulated, se, expectedError }): Landmark => ({
          name: `${group}, ${stage}`,
          theory,
          measured: simulated,
          se,
          // all animals may be alike: then only rounding is left
          tolerance: 4 * expectedError + 1e-9,
          source: 'binomial number of strong synapses',
        }),
      ),
});
