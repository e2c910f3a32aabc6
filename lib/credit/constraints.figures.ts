import { mnist10k } from '../data/mnist';
import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed, type Values } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, NEUTRAL } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import { type Constraint, constraintDefaults, constraints, signless } from './constraints';
import { constraintReference, referenceRuns } from './constraints.reference';
import { training } from './constraints.tasks';
import { smallErrors } from './rules/limited';

const d = constraintDefaults;
const params = {
  epochs: integer({ default: d.epochs, min: 1, max: 10, doc: 'passes through the training digits' }),
  batch: integer({ default: d.batch, min: 32, max: 512, scale: 'log', doc: 'digits in one step' }),
  rate: number({ default: d.rate, min: 0.001, max: 0.2, scale: 'log', doc: 'learning rate' }),
  delay: integer({
    default: d.delay,
    min: 0,
    max: 20,
    unit: 'batches',
    doc: 'delayed: from the error to the change, k',
  }),
  decades: number({ default: d.decades, min: 0.2, max: 4, doc: 'one decade: decades there really are' }),
  ceiling: number({
    default: d.ceiling,
    min: 0.3,
    max: 30,
    scale: 'log',
    doc: 'one decade: largest error, over the first',
  }),
  small: choice({ default: d.small, values: smallErrors, doc: 'one decade: errors that are too small' }),
  signless: choice({ default: d.signless, values: signless, doc: 'unsigned errors: what a rate says' }),
  seeds: integer({ default: 3, min: 2, max: 10, doc: 'networks to average over' }),
  seed: seed(),
};
type P = Values<typeof params>;

/** Whether the numbers of the reference hold: everything but the seeds is as it was there. */
const asReference = (p: P): boolean =>
  (Object.keys(params) as (keyof P)[]).every((k) => k === 'seed' || k === 'seeds' || p[k] === d[k as keyof typeof d]);

export const fourProblems = defineFigure({
  id: 'backprop/four-problems',
  title: 'What a constraint of biology costs',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Problems for biological implementations of backpropagation',
    paper: 'lillicrap2020',
  },
  params,
  presets: { paper: { epochs: 10, seeds: 10 } },
  quick: { epochs: 1, batch: 512, seeds: 2 },
  compute: async (p, run) => {
    run.signal.throwIfAborted();
    const digits = await mnist10k();
    const random = rng(p.seed);
    // the first network has the seed itself, so that a single training of the lesson is one of the figure's
    const seeds = Array.from({ length: p.seeds }, (_, i) =>
      i === 0 ? p.seed : random.stream(`network ${i}`).integer(0, 2 ** 31 - 1),
    );
    const runs = constraints.flatMap((constraint) => seeds.map((seed) => ({ constraint, seed })));
    const args = { digits, runs, settings: { ...d, ...p } };
    const accuracies = await parallel(runs.length, training, { args, run, note: 'training' });
    return constraints.map((constraint, c) => {
      const each = accuracies.slice(c * p.seeds, (c + 1) * p.seeds);
      const last = each.map((accuracy) => accuracy[accuracy.length - 1]);
      return { constraint, first: each.map(([before]) => before), last, mean: mean(last), se: standardError(last) };
    });
  },
  table: (found) =>
    found.flatMap(({ constraint, last, mean, se }): Row[] => [
      { constraint, accuracy: mean, se, kind: 'mean' },
      ...last.map((accuracy): Row => ({ constraint, accuracy, se: 0, kind: 'network' })),
    ]),
  draw: (found, { epochs, seeds }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const times = epochs === 1 ? '1 epoch' : `${epochs} epochs`;
    const y = { field: 'constraint', type: 'nominal', title: null, sort: [...constraints] };
    const level = (constraint: Constraint): View => ({
      transform: [...only('mean'), { filter: { field: 'constraint', equal: constraint } }],
      mark: { type: 'rule', strokeDash: [4, 3], color: NEUTRAL },
      encoding: { y: { value: 0 }, y2: { value: 'height' } },
    });
    const tooltip = [
      { field: 'constraint' },
      { field: 'accuracy', format: '.3f' },
      { field: 'se', title: 'standard error', format: '.4f' },
    ];
    return {
      description: `Share of test digits that are right after ${times}, one row for each constraint on backpropagation, mean of ${seeds} networks: ${found.map((f) => `${f.constraint} ${f.mean.toFixed(3)}`).join(', ')}. Dashed lines mark no constraint and frozen hidden layers.`,
      title: {
        text: 'What a constraint of biology costs',
        subtitle: `MNIST-10k, ${times}. Rings: ${seeds} networks; bars: their mean; dashes: no constraint, and frozen hidden layers`,
      },
      height: { step: 30 },
      width: 400,
      encoding: {
        y,
        x: {
          field: 'accuracy',
          type: 'quantitative',
          title: 'accuracy (share of test digits)',
          scale: { domain: [0, 1] },
          stack: null,
        },
      },
      layer: [
        {
          transform: only('mean'),
          mark: { type: 'bar', height: { band: 0.6 }, opacity: 0.4, color: CATEGORIES[0], tooltip: true },
          encoding: { tooltip },
        },
        level('none'),
        level('frozen hidden'),
        {
          transform: [
            ...only('mean'),
            { calculate: 'datum.accuracy - datum.se', as: 'low' },
            { calculate: 'datum.accuracy + datum.se', as: 'high' },
          ],
          mark: { type: 'rule', strokeWidth: 2, color: CATEGORIES[0] },
          encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
        },
        {
          transform: only('network'),
          mark: { type: 'point', filled: false, size: 36, color: CATEGORIES[0] },
          encoding: { tooltip },
        },
        {
          transform: [...only('mean'), { calculate: "format(datum.accuracy, '.3f')", as: 'label' }],
          mark: { type: 'text', align: 'left' },
          encoding: { x: { value: 408 }, text: { field: 'label' } },
        },
      ],
    };
  },
  landmarks: (found, p) => {
    const same: Landmark = {
      name: 'largest difference between the constraints before learning',
      theory: 0,
      measured: Math.max(...found.flatMap(({ first }) => first.map((v, i) => Math.abs(v - found[0].first[i])))),
      tolerance: 0,
      source: 'identity: the same weights at the start',
    };
    if (!asReference(p)) return [same];
    return [
      same,
      ...found.map(({ constraint, mean, se }): Landmark => {
        const reference = constraintReference[constraint];
        return {
          name: `${constraint}, accuracy after ${p.epochs} epochs`,
          theory: reference.mean,
          measured: mean,
          se,
          // four standard deviations of the difference of two means
          tolerance: 4 * reference.sd * Math.sqrt(1 / p.seeds + 1 / referenceRuns),
          source: `numpy, mean of ${referenceRuns} seeds`,
          called: 'numpy',
        };
      }),
    ];
  },
});
