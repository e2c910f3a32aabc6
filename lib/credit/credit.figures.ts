import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed, type Values } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, levelLine, NEUTRAL } from '../figure/theme';
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

/** Whether the numbers of the reference hold: everything but the seed is as it was there. */
const asReference = (p: P): boolean =>
  Object.entries(digitDefaults).every(([k, v]) => k === 'seed' || p[k as keyof P] === v);

export const accuracy = defineFigure({
  id: 'credit/accuracy',
  title: 'Hidden layers learn without a copy of the weights',
  source: { lecture: 'plasticity-as-optimization', where: 'Learning without weight symmetry', paper: 'lillicrap2016' },
  params,
  quick: { epochs: 1, batch: 512 },
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
      ...grid(histories.slice(1), accuracyPanel),
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
        called: 'numpy',
      }),
    ),
  ],
});

export const angle = defineFigure({
  id: 'credit/angle',
  title: 'The weights turn towards the feedback, or the feedback towards the weights',
  source: { lecture: 'plasticity-as-optimization', where: 'Learning without weight symmetry', paper: 'lillicrap2016' },
  params,
  quick: { epochs: 1, batch: 512 },
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
    ...grid(histories, anglePanel),
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
        called: 'numpy',
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

/** Panels in rows of three; axes are named at the left and at the bottom only. */
function grid<T>(items: readonly T[], panel: (item: T, left: boolean, bottom: boolean) => View): View {
  const rows = [];
  for (let i = 0; i < items.length; i += 3) {
    const views = items.slice(i, i + 3).map((item, j) => panel(item, j === 0, i + 3 >= items.length));
    rows.push({ hconcat: views, spacing: 24 });
  }
  return { vconcat: rows, spacing: 18 };
}

function frame(history: History, y: Readonly<Record<string, unknown>>, left: boolean, bottom: boolean): View {
  return {
    width: 128,
    height: 110,
    title: { text: history.rule, fontSize: 12, fontWeight: 'bold', offset: 4 },
    encoding: {
      x: {
        field: 'epoch',
        type: 'quantitative',
        title: bottom ? 'epoch' : null,
        axis: { values: wholeTicks(history.accuracy.length - 1) },
      },
      y: { ...y, type: 'quantitative', title: left ? y['title'] : null },
    },
  };
}

/** Whole numbers from 0, at most six, the last one at or below the end. */
function wholeTicks(end: number): number[] {
  const every = Math.ceil(end / 5);
  return Array.from({ length: Math.floor(end / every) + 1 }, (_, i) => i * every);
}

function accuracyPanel(history: History, left: boolean, bottom: boolean): View {
  const only = (rule: RuleName): View => ({ transform: [{ filter: { field: 'rule', equal: rule } }] });
  const y = { field: 'accuracy', title: 'share right', scale: { domain: [0, 1] }, axis: { tickCount: 5 } };
  return {
    ...frame(history, y, left, bottom),
    layer: [
      {
        ...only(history.rule),
        mark: { type: 'line', color: CATEGORIES[0], point: { size: 22, color: CATEGORIES[0] }, tooltip: true },
      },
      { ...only('backprop'), mark: { type: 'line', color: NEUTRAL, strokeWidth: 1.5, strokeDash: [5, 3] } },
      {
        ...atLastEpoch(history),
        mark: { type: 'text', align: 'right', dy: 18, text: history.accuracy.at(-1)!.toFixed(3) },
      },
    ],
  };
}

function anglePanel(history: History, left: boolean, bottom: boolean): View {
  const layers = { field: 'layer', type: 'nominal', legend: null };
  const y = {
    field: 'degrees',
    title: 'angle (degrees)',
    scale: { domain: [0, 115] },
    axis: { values: [0, 30, 60, 90] },
  };
  const only = { transform: [{ filter: { field: 'rule', equal: history.rule } }] };
  return {
    ...frame(history, y, left, bottom),
    layer: [
      levelLine(90, ['epoch', 'degrees']),
      {
        ...only,
        mark: { type: 'line' },
        encoding: {
          color: { ...layers, scale: { range: CATEGORIES.slice(0, 2) } },
          strokeDash: {
            ...layers,
            scale: {
              range: [
                [1, 0],
                [7, 3],
              ],
            },
          },
        },
      },
      {
        ...only,
        mark: { type: 'point', size: 22, tooltip: true },
        encoding: { color: layers, shape: { ...layers, scale: { range: ['circle', 'square'] } } },
      },
      {
        transform: [...atLastEpoch(history).transform, { filter: { field: 'layer', equal: 1 } }],
        mark: {
          type: 'text',
          align: 'right',
          text: history.angles.map((a, l) => `${'●■'[l]} ${a.at(-1)!.toFixed(0)}°`).join('  '),
        },
        encoding: { y: { datum: 104 } },
      },
    ],
  };
}

/** One row, to hang a label on. */
function atLastEpoch(history: History): { transform: object[] } {
  return {
    transform: [
      { filter: { field: 'rule', equal: history.rule } },
      { filter: { field: 'epoch', equal: history.accuracy.length - 1 } },
    ],
  };
}
