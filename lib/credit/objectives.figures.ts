import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, NEUTRAL } from '../figure/theme';
import { rng } from '../math/rng';
import { partOf } from '../math/run';
import { drawExamples, type Family, families, optimum, SIZE, shares, train } from './objectives';

/** Points of a learning curve. */
const LOOKS = 24;
const said: Readonly<Record<Family, string>> = {
  supervised: 'supervised: the label depends on input 3',
  autoencoder: 'autoencoder: the inputs are the targets',
  reward: 'reward: the best action depends on input 4',
};
const axis: Readonly<Record<Family, string>> = {
  supervised: 'error',
  autoencoder: 'error',
  reward: 'reward',
};

/** Learning time constants that have passed when the slowest part of the best map has been learned. */
function lasted(family: Family, variances: readonly number[], hidden: number, passed: number): number {
  const sorted = [...variances].sort((a, b) => b - a);
  if (family === 'autoencoder') {
    const gap = sorted[hidden - 1] - sorted[hidden];
    return passed * Math.min(sorted[hidden - 1], gap === 0 ? Number.POSITIVE_INFINITY : gap);
  }
  // an idle second hidden unit fades as 1/t only
  return hidden > 1 ? 0 : passed * sorted[SIZE - 1];
}

export const objectiveFamilies = defineFigure({
  id: 'objectives/families',
  title: 'One network, three objectives, three memories',
  source: { lecture: 'plasticity-as-optimization', where: 'Objective functions', paper: 'baldi1989' },
  params: {
    variances: numbers({
      default: [4, 2, 1, 0.5],
      min: 0.25,
      max: 4,
      minLength: SIZE,
      maxLength: SIZE,
      doc: 'variances of the four inputs',
    }),
    hidden: integer({ default: 1, min: 1, max: 3, doc: 'hidden units K' }),
    noise: number({ default: 0.5, min: 0, max: 2, doc: 'noise of the labels σ' }),
    exploration: number({ default: 0.3, min: 0.05, max: 1, doc: 'exploration of the actions τ' }),
    samples: integer({ default: 100, min: 20, max: 400, scale: 'log', doc: 'examples M' }),
    rate: number({ default: 0.1, min: 0.02, max: 0.1, scale: 'log', doc: 'learning rate η' }),
    steps: integer({ default: 800, min: 100, max: 2000, scale: 'log', doc: 'steps' }),
    seed: seed(),
  },
  compute: async ({ hidden, rate, steps, seed, ...world }, run) => {
    const examples = drawExamples(world, rng(seed));
    const looks = [...new Set(Array.from({ length: LOOKS + 1 }, (_, i) => Math.round(steps ** (i / LOOKS))))];
    const found = [];
    for (const [i, family] of families.entries()) {
      const part = partOf(run, i / 3, (i + 1) / 3);
      const trained = await train(family, examples, { hidden, rate, steps }, rng(seed).stream(family), {
        looks,
        progress: (fraction) => part.progress(fraction, family),
      });
      found.push({ family, looks, trained, best: optimum(family, examples, hidden) });
    }
    return found;
  },
  table: (found, { variances }) =>
    found.flatMap(({ family, looks, trained, best }): Row[] => {
      const code = (kind: string, map: Float64Array): Row[] =>
        shares(map, variances).map((share, i) => ({ objective: family, what: 'share', kind, input: i + 1, share }));
      return [
        ...looks.map((step, k) => ({
          objective: family,
          what: 'value',
          kind: 'simulation',
          step,
          value: trained.value[k],
        })),
        ...[looks[0], looks.at(-1)!].map((step) => ({
          objective: family,
          what: 'value',
          kind: 'theory',
          step,
          value: best.value,
        })),
        ...code('simulation', trained.map),
        ...(best.map ? code('theory', best.map) : []),
      ];
    }),
  draw: (found, { hidden, steps }) => {
    const row = (i: number): View => {
      const { family } = found[i];
      const only = (what: string, kind: string) => [
        { filter: `datum.objective === '${family}' && datum.what === '${what}' && datum.kind === '${kind}'` },
      ];
      const color = CATEGORIES[i];
      const lastRow = i === found.length - 1;
      const point = { type: 'point', color, shape: ['circle', 'square', 'triangle-up'][i], size: 44 };
      return {
        hconcat: [
          {
            title: { text: said[family], fontSize: 12, fontWeight: 'normal', offset: 6 },
            width: 250,
            height: 110,
            encoding: {
              x: {
                field: 'step',
                type: 'quantitative',
                title: lastRow ? 'step' : null,
                scale: { type: 'log', domain: [1, steps], nice: false },
                axis: { tickCount: 5, format: '~s' },
              },
              y: { field: 'value', type: 'quantitative', title: axis[family], scale: { zero: false } },
            },
            layer: [
              { transform: only('value', 'theory'), mark: { type: 'line', color: NEUTRAL, strokeDash: [7, 3] } },
              {
                transform: only('value', 'simulation'),
                mark: { ...point, size: 26 },
                encoding: { tooltip: [{ field: 'step' }, { field: 'value', format: '.4f' }] },
              },
            ],
          },
          {
            width: 170,
            height: 110,
            encoding: {
              x: {
                field: 'input',
                type: 'ordinal',
                title: lastRow ? 'input' : null,
                axis: { labelAngle: 0 },
              },
              y: {
                field: 'share',
                type: 'quantitative',
                title: 'share of the output',
                scale: { domain: [0, 1] },
                axis: { tickCount: 3 },
              },
            },
            layer: [
              {
                transform: only('share', 'theory'),
                mark: { type: 'bar', color: NEUTRAL, opacity: 0.35, width: { band: 0.6 } },
              },
              {
                transform: only('share', 'simulation'),
                mark: point,
                encoding: { tooltip: [{ field: 'input' }, { field: 'share', format: '.4f' }] },
              },
            ],
          },
        ],
      };
    };
    const ends = found.map(
      ({ family, trained, best }) =>
        `${family} ends at ${trained.value.at(-1)!.toPrecision(3)}, best possible ${best.value.toPrecision(3)}`,
    );
    return {
      description: `Three rows, one for each family of objectives, all for the same network of four inputs, ${hidden} hidden and four outputs. On the left the objective against the step of learning, points, with the best possible value as a dashed line: ${ends.join('; ')}. On the right the share of the outputs' variance that comes from each input: points after learning, bars by theory. The label depends on input 3, the rewarded action on input 4.`,
      spacing: 14,
      vconcat: [0, 1, 2].map(row),
    };
  },
  landmarks: (found, { variances, hidden, rate, steps }) =>
    found
      // enough for small weights to grow, and for what is left to fall below 1e−6
      .filter(({ family }) => lasted(family, variances, hidden, rate * steps) > 30)
      .flatMap(({ family, trained, best }): Landmark[] => {
        const value = {
          name: `${family}: ${axis[family]} after learning`,
          theory: best.value,
          measured: trained.value.at(-1)!,
          tolerance: 1e-6,
        };
        const source = {
          supervised: 'regression by QR',
          autoencoder: 'baldi1989, half the sum of the other eigenvalues',
          reward: 'what exploration costs',
        }[family];
        if (!best.map || family === 'autoencoder') return [{ ...value, source }];
        const input = family === 'supervised' ? 3 : 4;
        return [
          { ...value, source },
          {
            name: `${family}: share of input ${input}`,
            theory: shares(best.map, variances)[input - 1],
            measured: shares(trained.map, variances)[input - 1],
            tolerance: 1e-4,
            source,
          },
        ];
      }),
});
