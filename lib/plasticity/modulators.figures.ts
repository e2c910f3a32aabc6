import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, numbers, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { parallel } from '../parallel/parallel';
import { type Channels, crossing, trialsTo } from './modulators';
import { some } from './modulators.tasks';

const series = ['one for all outputs', 'one for each group', 'one for each output', 'each output’s error'] as const;
type Series = (typeof series)[number];
/** The third factors of a series, for M outputs; undefined where the groups do not fill them. */
function channelsOf(name: Series, outputs: number, group: number): Channels | undefined {
  if (name === 'each output’s error') return { kind: 'error' };
  if (name === 'one for each output') return { kind: 'reward', group: 1 };
  if (name === 'one for all outputs') return { kind: 'reward', group: outputs };
  return outputs % group === 0 ? { kind: 'reward', group } : undefined;
}

/** Noise of the outputs: small against their errors. */
const SIGMA = 0.01;
/** Blocks that the networks of a point are divided into, for the workers. */
const BLOCKS = 8;
/** Most outputs of a network, and so many from which on `learners` networks are enough: fewer outputs average less. */
const [MOST, MANY] = [32, 16];

export const vector = defineFigure({
  id: 'three-factor/vector',
  title: 'One third factor for all is slow, one for each is not',
  source: { lecture: 'plasticity-as-optimization', where: 'Three-factor rules', paper: 'werfel2005' },
  params: {
    outputs: numbers({
      default: [1, 2, 4, 8, 16],
      min: 1,
      max: MOST,
      maxLength: 8,
      integer: true,
      doc: 'output neurons M',
    }),
    group: integer({ default: 4, min: 2, max: 8, doc: 'outputs of a group' }),
    inputs: integer({ default: 4, min: 1, max: 10, doc: 'input neurons N' }),
    fraction: number({ default: 0.1, min: 0.05, max: 0.5, doc: 'learned when the error is down to this share' }),
    learners: integer({
      default: 200,
      min: 50,
      max: 1000,
      scale: 'log',
      doc: 'networks for each point; more below 16 outputs',
    }),
    seed: seed(),
  },
  quick: { outputs: [1, 4], learners: 100 },
  compute: async ({ outputs, group, inputs, fraction, learners, seed }, run) => {
    const wanted = [...new Set(outputs)].sort((a, b) => a - b);
    const settings = series.flatMap((name) =>
      wanted.flatMap((M) => {
        const channels = channelsOf(name, M, group);
        if (channels === undefined) return [];
        const network = { inputs, outputs: M, sigma: SIGMA };
        const theory = trialsTo(fraction, channels, network);
        const size = Math.ceil((learners * Math.ceil(MANY / M)) / BLOCKS);
        return [{ name, channels, network, theory, size, trials: Math.ceil(2 * theory) + 10 }];
      }),
    );
    const found = await parallel(settings.length * BLOCKS, some, {
      seedStream: rng(seed),
      args: { settings, blocks: BLOCKS },
      run,
      note: 'learning',
    });
    return settings.map(({ name, network, theory }, i) => {
      const measured = crossing(found.slice(i * BLOCKS, (i + 1) * BLOCKS), fraction);
      if (measured === undefined) throw new Error(`${name}, ${network.outputs} outputs: not learned in twice the time`);
      return { name, outputs: network.outputs, theory, measured };
    });
  },
  table: (found, { group, inputs, fraction }) => [
    ...found.map(
      ({ name, outputs, measured }): Row => ({
        outputs,
        trials: measured.trials,
        se: measured.se,
        factor: name,
        kind: 'simulation',
      }),
    ),
    ...series.flatMap((name): Row[] =>
      Array.from({ length: MOST }, (_, i) => i + 1)
        .filter((M) => name !== 'one for each group' || M >= group)
        .map((M) => {
          const channels = channelsOf(name, name === 'one for each group' ? group : M, group)!;
          return { outputs: M, trials: trialsTo(fraction, channels, { inputs }), se: 0, factor: name, kind: 'theory' };
        }),
    ),
  ],
  draw: (found, { group, inputs, fraction, learners }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const lowest = 0.8 * trialsTo(fraction, { kind: 'error' }, { inputs });
    const highest = 1.2 * trialsTo(fraction, { kind: 'reward', group: MOST }, { inputs });
    const most = Math.max(...found.map(({ outputs }) => outputs));
    const ends = series.flatMap((name) => {
      const last = found.filter((point) => point.name === name).at(-1);
      return last ? [`${name}: ${last.measured.trials.toPrecision(3)} trials`] : [];
    });
    return {
      description: `Trials until the error is down to ${fraction} of its start against the number of outputs, both on logarithmic axes, for four kinds of third factor. One for all outputs takes the longer the more outputs there are; one for each output, for each group of ${group}, or its error, takes the same time at any number. At ${most} outputs, or the most simulated: ${ends.join('; ')}. Lines are the theory, points means over ${learners} networks or more, with standard errors.`,
      encoding: {
        x: {
          field: 'outputs',
          type: 'quantitative',
          title: 'output neurons M',
          scale: { type: 'log', base: 2, domain: [0.9, MOST * 1.1], nice: false },
          axis: { values: [1, 2, 4, 8, 16, 32] },
        },
        y: {
          field: 'trials',
          type: 'quantitative',
          title: `trials until the error is ${Math.round(fraction * 100)} %`,
          scale: { type: 'log', domain: [lowest, highest], nice: false },
          axis: { values: [2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000] },
        },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('factor', series, 'third factor') },
        {
          transform: [
            ...only('simulation'),
            { calculate: 'max(datum.trials - datum.se, datum.trials / 10)', as: 'low' },
            { calculate: 'datum.trials + datum.se', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 1.5 },
          encoding: {
            color: { field: 'factor', type: 'nominal' },
            y: { field: 'low', type: 'quantitative' },
            y2: { field: 'high' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: {
            ...pointsOver('factor', series),
            tooltip: [
              { field: 'factor', title: 'third factor' },
              { field: 'outputs' },
              { field: 'trials', format: '.1f' },
              { field: 'se', title: 'standard error', format: '.2f' },
            ],
          },
        },
      ],
    };
  },
  landmarks: (found) =>
    // the most outputs of each series
    found
      .filter(({ name, outputs }) => !found.some((other) => other.name === name && other.outputs > outputs))
      .map(
        ({ name, outputs, theory, measured }): Landmark => ({
          name: `trials, ${name}, ${outputs} outputs`,
          theory,
          measured: measured.trials,
          se: measured.se,
          tolerance: 4 * measured.se,
          source: 'ln f / ln(1 − 3/(4K)), K after werfel2005',
        }),
      ),
});
