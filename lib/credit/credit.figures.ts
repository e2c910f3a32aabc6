import { defineFigure, integer, type Landmark, number, type Row, seed, type Values, type View } from '../figure';
import { NEUTRAL } from '../figure/theme';
import { digitDefaults, learnDigits } from './digits';
import { allowance, reference } from './reference';
import { type RuleName, ruleNames } from './rules';
import type { History } from './train';

/** Both figures of the comparison have the same parameters: with the same values they share one training. */
const params = {
  epochs: integer({ default: digitDefaults.epochs, min: 1, max: 20, doc: 'passes through the training digits' }),
  batch: integer({ default: digitDefaults.batch, min: 32, max: 512, doc: 'digits in one step' }),
  rate: number({ default: digitDefaults.rate, min: 0.001, max: 0.5, scale: 'log', doc: 'learning rate η' }),
  mirrorNoise: number({
    default: digitDefaults.mirrorNoise,
    min: 0.01,
    max: 2,
    scale: 'log',
    doc: 'weight mirror: standard deviation s of the noise',
  }),
  mirrorDecay: number({
    default: digitDefaults.mirrorDecay,
    min: 0.002,
    max: 1,
    scale: 'log',
    doc: 'weight mirror: share ε forgotten in a step',
  }),
  seed: seed(),
};
type P = Values<typeof params>;

const PANEL = { width: 128, height: 110 };

/** Whether the numbers of the reference hold: everything but the seed is as it was there. */
const asReference = (p: P): boolean =>
  Object.entries(digitDefaults).every(([k, v]) => k === 'seed' || p[k as keyof P] === v);

export const accuracy = defineFigure({
  id: 'credit/accuracy',
  title: 'Hidden layers learn without a copy of the weights',
  source: { lecture: 'plasticity-as-optimization', where: 'Learning without weight symmetry', paper: 'lillicrap2016' },
  params,
  compute: (p, run) => learnDigits(ruleNames, p, run),
  table: (histories) =>
    histories.flatMap((h) => h.accuracy.map((value, epoch): Row => ({ epoch, rule: h.rule, accuracy: value }))),
  draw: (histories) => {
    const last = (h: History): string => h.accuracy.at(-1)!.toFixed(3);
    return {
      description: `Six small panels, one a learning rule: test accuracy on MNIST-10k against epoch, solid with points, beside that of backpropagation, dashed. ${histories.map((h) => `${h.rule} ends at ${last(h)}`).join(', ')}.`,
      title: {
        text: 'Hidden layers learn without a copy of the weights',
        subtitle: `MNIST-10k, test digits. Points: the rule named above. Dashes: backprop, which ends at ${last(histories[0])}`,
      },
      ...grid(histories.slice(1).map((h) => accuracyPanel(h, last(h)))),
    };
  },
  landmarks: (histories, p) => [
    {
      name: 'largest difference between the rules before learning',
      theory: 0,
      measured: Math.max(...histories.map((h) => Math.abs(h.accuracy[0] - histories[0].accuracy[0]))),
      tolerance: 0,
      source: 'identity: the same weights at the start',
    },
    ...(asReference(p) ? histories : []).map(
      (h): Landmark => ({
        name: `${h.rule}, accuracy after ${p.epochs} epochs`,
        theory: reference[h.rule].accuracy.mean,
        measured: h.accuracy.at(-1)!,
        tolerance: allowance(reference[h.rule].accuracy),
        source: 'numpy, mean of 10 seeds',
      }),
    ),
  ],
});

export const angle = defineFigure({
  id: 'credit/angle',
  title: 'The weights turn towards the feedback, or the feedback towards the weights',
  source: { lecture: 'plasticity-as-optimization', where: 'Learning without weight symmetry', paper: 'lillicrap2016' },
  params,
  compute: (p, run) =>
    learnDigits(
      ruleNames.filter((rule) => rule !== 'frozen hidden'),
      p,
      run,
    ),
  table: (histories) =>
    histories.flatMap((h) =>
      h.angles.flatMap((layer, l) =>
        layer.map((degrees, epoch): Row => ({ epoch, rule: h.rule, layer: l + 1, degrees })),
      ),
    ),
  draw: (histories) => ({
    description: `Six small panels, one a learning rule: angle between the rule's error signal and backpropagation's against epoch, layer 1 solid with circles, layer 2 dashed with squares, a line at 90 degrees. ${histories.map((h) => `${h.rule} ends at ${h.angles.map((a) => `${a.at(-1)!.toFixed(0)}°`).join(' and ')}`).join(', ')}.`,
    title: {
      text: 'How far each error signal points away from the gradient',
      subtitle:
        'MNIST-10k, test digits. Circles: hidden layer 1. Squares: hidden layer 2. Above 90° learning goes uphill',
    },
    ...grid(histories.map(anglePanel)),
  }),
  landmarks: angleLandmarks,
});

function angleLandmarks(histories: readonly History[], p: P): Landmark[] {
  const find = (rule: RuleName): History => histories.find((h) => h.rule === rule)!;
  const start = (rule: RuleName, layer: number, theory: number, source: string): Landmark => ({
    name: `${rule}, layer ${layer} before learning`,
    theory,
    measured: find(rule).angles[layer - 1][0],
    tolerance: allowance(reference[rule].start![layer - 1]),
    source,
    unit: '°',
  });
  const degrees = (cosine: number): number => (Math.acos(cosine) * 180) / Math.PI;
  const always = [
    {
      name: 'backprop, largest angle',
      theory: 0,
      measured: Math.max(...find('backprop').angles.flat()),
      tolerance: 0,
      source: 'identity',
      unit: '°',
    },
    start('feedback alignment', 1, 90, 'random feedback has no direction'),
    start('sign', 2, degrees(2 / Math.PI), 'arccos(2/π), normal weights and magnitudes'),
    start('uniform sign', 2, degrees(Math.sqrt(2 / Math.PI)), 'arccos √(2/π), normal weights'),
  ];
  if (!asReference(p)) return always;
  const end = histories.slice(1).flatMap((h) =>
    h.angles.map(
      (layer, l): Landmark => ({
        name: `${h.rule}, layer ${l + 1} after ${p.epochs} epochs`,
        theory: reference[h.rule].end![l].mean,
        measured: layer.at(-1)!,
        tolerance: allowance(reference[h.rule].end![l]),
        source: 'numpy, mean of 10 seeds',
        unit: '°',
      }),
    ),
  );
  const inOrder = [0, 1].filter((l) => {
    const [mirror, uniform, random, fa, dfa] = (
      ['weight mirror', 'uniform sign', 'sign', 'feedback alignment', 'direct feedback'] as const
    ).map((rule) => find(rule).angles[l].at(-1)!);
    return mirror < uniform && uniform < random && random < Math.min(fa, dfa) && Math.max(fa, dfa) < 90;
  });
  const order = {
    name: 'layers in the order weight mirror < uniform sign < sign < feedback alignment and direct feedback < 90°',
    theory: 2,
    measured: inOrder.length,
    tolerance: 0,
    source: 'numpy, all seeds',
  };
  return [...always, ...end, order];
}

/** Views in rows of three. */
function grid(views: readonly View[]): View {
  const rows = [];
  for (let i = 0; i < views.length; i += 3) rows.push({ hconcat: views.slice(i, i + 3), spacing: 24 });
  return { vconcat: rows, spacing: 18 };
}

const epochAxis = { field: 'epoch', type: 'quantitative', title: 'epoch', axis: { tickMinStep: 1, tickCount: 5 } };

function accuracyPanel(history: History, last: string): View {
  const y = {
    field: 'accuracy',
    type: 'quantitative',
    title: 'accuracy (share right)',
    scale: { domain: [0, 1] },
    axis: { tickCount: 5 },
  };
  const only = (rule: RuleName): View => ({ transform: [{ filter: { field: 'rule', equal: rule } }] });
  const end = history.accuracy.length - 1;
  return {
    ...PANEL,
    title: { text: history.rule, fontSize: 12, fontWeight: 'bold', offset: 4 },
    encoding: { x: epochAxis, y },
    layer: [
      { ...only('backprop'), mark: { type: 'line', color: NEUTRAL, strokeDash: [5, 3] } },
      {
        ...only(history.rule),
        mark: { type: 'line', point: { size: 22 }, tooltip: true },
      },
      {
        transform: [
          {
            filter: {
              and: [
                { field: 'rule', equal: history.rule },
                { field: 'epoch', equal: end },
              ],
            },
          },
        ],
        mark: { type: 'text', align: 'right', dy: 16, text: last },
      },
    ],
  };
}

function anglePanel(history: History): View {
  const ends = history.angles.map((a) => a.at(-1)!);
  const end = history.angles[0].length - 1;
  return {
    ...PANEL,
    title: { text: history.rule, fontSize: 12, fontWeight: 'bold', offset: 4 },
    transform: [{ filter: { field: 'rule', equal: history.rule } }],
    encoding: {
      x: epochAxis,
      y: {
        field: 'degrees',
        type: 'quantitative',
        title: 'angle (degrees)',
        scale: { domain: [0, 110] },
        axis: { values: [0, 30, 60, 90] },
      },
    },
    layer: [
      {
        mark: { type: 'rule', strokeDash: [2, 2] },
        encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { datum: 90 } },
      },
      {
        mark: { type: 'line' },
        encoding: {
          color: { field: 'layer', type: 'nominal', legend: null },
          strokeDash: { field: 'layer', type: 'nominal', legend: null },
        },
      },
      {
        mark: { type: 'point', size: 22, tooltip: true },
        encoding: {
          color: { field: 'layer', type: 'nominal', legend: null },
          shape: { field: 'layer', type: 'nominal', legend: null, scale: { range: ['circle', 'square'] } },
        },
      },
      // the label of the larger angle above its point, of the smaller below; of one only where they coincide
      ...ends.map((degrees, l) => ({
        transform: [
          {
            filter: {
              and: [
                { field: 'layer', equal: l + 1 },
                { field: 'epoch', equal: end },
              ],
            },
          },
        ],
        mark: {
          type: 'text',
          align: 'right',
          dy: degrees >= Math.max(...ends) && (l === 0 || ends[0] !== degrees) ? -10 : 12,
          text: Math.max(...ends) === 0 && l > 0 ? '' : `${degrees.toFixed(0)}°`,
        },
      })),
    ],
  };
}
