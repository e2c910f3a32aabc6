import { mnist10k, selectDigits } from '../data/mnist';
import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed, type Values } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import type { Settings } from './two-phase';
import { basalCheck } from './two-phase.compare';
import { learnDigits, type Progress } from './two-phase.tasks';

const names = ['no hidden layer', 'one hidden layer', 'two hidden layers', 'one, plateaus shuffled'] as const;
const layerNames = ['one hidden layer', 'two: first', 'two: second'] as const;
/** In this order networks take their colours, so that those of one and of two hidden layers are the same in both panels. */
const byColour = [names[1], names[2], names[0], names[3]];
/** In which order they are trained: the longest first, so that all workers end together. */
const ORDER = [2, 1, 3, 0];
/** Time that a phase gets before it counts, ms. */
const SETTLE = 30;

const params = {
  images: integer({ default: 1500, min: 100, max: 7996, scale: 'log', doc: 'training digits' }),
  epochs: integer({ default: 5, min: 1, max: 60, scale: 'log', doc: 'passes through them' }),
  units: integer({ default: 100, min: 10, max: 500, scale: 'log', doc: 'units of the first hidden layer' }),
  second: integer({ default: 50, min: 10, max: 200, scale: 'log', doc: 'units of the second hidden layer' }),
  etaHidden: number({ default: 0.6, min: 0.02, max: 2, scale: 'log', doc: 'learning rate of hidden layers' }),
  etaOutput: number({ default: 0.1, min: 0.01, max: 0.5, scale: 'log', doc: 'learning rate of the output' }),
  feedback: number({ default: 3, min: 0, max: 10, doc: 'standard deviation of the feedback weights Y' }),
  apical: number({ default: 0, min: 0, max: 0.2, unit: '1/ms', doc: 'conductance from apical dendrite to soma' }),
  phase: integer({ default: 50, min: 40, max: 200, unit: 'ms', doc: 'length of a phase; its first 30 ms don’t count' }),
  testPhase: integer({ default: 100, min: 40, max: 250, unit: 'ms', doc: 'length of a test' }),
  test: integer({ default: 500, min: 50, max: 2004, scale: 'log', doc: 'test digits' }),
  seed: seed(),
};
type P = Values<typeof params>;

interface Learned {
  readonly name: (typeof names)[number];
  readonly progress: Progress;
}

export const twoPhase = defineFigure({
  id: 'dendrites/two-phase',
  title: 'Apical plateaus teach a hidden layer',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Dendritic segregation of feedforward and feedback signals',
    paper: 'guerguiev2017',
  },
  params,
  presets: {
    // the smallest that we found in which the hidden layer pays; some minutes
    long: {
      images: 7996,
      epochs: 12,
      units: 200,
      second: 100,
      etaHidden: 0.15,
      etaOutput: 0.05,
      test: 2004,
    },
    paper: {
      images: 7996,
      epochs: 60,
      units: 500,
      second: 100,
      etaHidden: 0.21,
      etaOutput: 0.21,
      testPhase: 250,
      test: 2004,
    },
  },
  quick: { images: 100, epochs: 1, units: 12, second: 10, phase: 40, testPhase: 40, test: 50 },
  compute: async (p, run) => {
    const all = await mnist10k();
    const choice = rng(p.seed).stream('choice');
    const [train, test] = (['train', 'test'] as const).map((part) =>
      selectDigits(
        all[part],
        choice
          .stream(part)
          .permutation(all[part].count)
          .slice(0, part === 'train' ? p.images : p.test),
      ),
    );
    const settings = ORDER.map((i): Settings => settingsOf(i, p));
    const found = await parallel(settings.length, learnDigits, {
      args: {
        networks: settings,
        train: { images: train.images, labels: train.labels },
        test: { images: test.images, labels: test.labels },
        epochs: p.epochs,
        testPhase: p.testPhase,
        seed: p.seed,
      },
      run,
      note: 'learning digits',
    });
    return {
      learned: names.map((name, i): Learned => ({ name, progress: found[ORDER.indexOf(i)] })),
      basal: basalCheck(settingsOf(1, p), test.images.subarray(0, 784), rng(p.seed).stream('check')),
    };
  },
  table: ({ learned }) => [
    ...learned.flatMap(({ name, progress }) =>
      progress.wrong.map(
        (wrong, epoch): Row => ({ epoch, network: name, error: 100 * mean(wrong), se: 100 * standardError(wrong) }),
      ),
    ),
    ...angleRows(learned),
  ],
  draw: ({ learned }, p) => {
    const last = learned.map(({ name, progress }) => `${name} ${(100 * mean(progress.wrong.at(-1)!)).toFixed(1)} %`);
    const end = angleRows(learned).filter(({ epoch }) => epoch === p.epochs);
    return {
      description: `Above: share of ${p.test} test digits answered wrongly against epoch. In the end: ${last.join(', ')}. Below: angle between the signal of the plateaus and that of backpropagation against epoch, with a line at 90 degrees; in the end ${end.map(({ layer, degrees }) => `${layer} ${(degrees as number).toFixed(0)}`).join(', ')} degrees.`,
      title: {
        text: 'Apical plateaus teach a hidden layer',
        subtitle: `${p.images} training and ${p.test} test digits of MNIST. Bars: standard error. 90°: no information`,
      },
      vconcat: [errorPanel(p), anglePanel(p)],
      spacing: 18,
      resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
    };
  },
  landmarks: ({ learned, basal }, p) => landmarks(learned, basal, p),
});

function settingsOf(network: number, p: P): Settings {
  return {
    hidden: network === 0 ? [] : network === 2 ? [p.units, p.second] : [p.units],
    phase: p.phase,
    settle: SETTLE,
    etaHidden: p.etaHidden,
    etaOutput: p.etaOutput,
    apical: p.apical,
    feedback: p.feedback,
    teacher: network === 3 ? 'shuffled' : 'plateaus',
  };
}

function angleRows(learned: readonly Learned[]): Row[] {
  const [, one, two] = learned;
  return [
    { of: one, layer: 0 },
    { of: two, layer: 0 },
    { of: two, layer: 1 },
  ].flatMap(({ of, layer }, i) =>
    of.progress.angles.flatMap((angles, epoch): Row[] =>
      // without feedback there is no signal, and no angle
      Number.isFinite(angles[layer])
        ? [{ epoch, layer: layerNames[i], degrees: angles[layer], spiking: of.progress.spikingAngles[epoch][layer] }]
        : [],
    ),
  );
}

function landmarks(learned: readonly Learned[], basal: { mean: number; se: number }, p: P): Landmark[] {
  const found: Landmark[] = [
    {
      name: 'basal potentials of a hidden layer, over those expected',
      theory: 1,
      measured: basal.mean,
      se: basal.se,
      tolerance: 5 * basal.se,
      source: 'closed form: potentials are linear in the spikes',
    },
  ];
  const isAs = (preset: string | undefined): boolean =>
    Object.entries(twoPhase.values({ preset })).every(([k, v]) => k === 'seed' || p[k as keyof P] === v);
  const isLong = isAs('long');
  if (!isLong && !isAs(undefined)) return found;
  const [none, one, , shuffled] = learned.map(({ progress }) => progress.wrong.at(-1)!);
  const angles = angleRows(learned).filter(({ epoch }) => epoch === p.epochs);
  /** how much more the first errs than the second, in standard errors of the paired difference */
  const lead = (a: Uint8Array, b: Uint8Array): number => {
    const differences = Array.from(a, (wrong, i) => wrong - b[i]);
    return mean(differences) / standardError(differences);
  };
  if (isLong)
    found.push({
      name: 'one hidden layer errs less than none, by more than 2 standard errors (1: yes)',
      theory: 1,
      measured: lead(none, one) > 2 ? 1 : 0,
      tolerance: 0,
      source: 'guerguiev2017',
    });
  return [
    ...found,
    {
      name: 'shuffled plateaus err more than plateaus, by more than 5 standard errors (1: yes)',
      theory: 1,
      measured: lead(shuffled, one) > 5 ? 1 : 0,
      tolerance: 0,
      source: 'control',
    },
    {
      name: 'hidden layers whose signal is within 90° of backpropagation’s',
      theory: 3,
      measured: angles.filter(({ degrees }) => (degrees as number) < 90).length,
      tolerance: 0,
      source: 'guerguiev2017',
    },
  ];
}

const epochAxis = (p: P, title: string | null) => ({
  field: 'epoch',
  type: 'quantitative',
  title,
  scale: { domain: [0, p.epochs], nice: false },
  axis: { values: wholeTicks(p.epochs) },
});

/** Whole numbers from 0, at most seven, the last one at or below the end. */
function wholeTicks(end: number): number[] {
  const every = Math.ceil(end / 6);
  return Array.from({ length: Math.floor(end / every) + 1 }, (_, i) => i * every);
}

function errorPanel(p: P): View {
  const only = { filter: "isValid(datum['network'])" };
  return {
    height: 190,
    width: 480,
    transform: [only],
    encoding: {
      x: epochAxis(p, null),
      y: { field: 'error', type: 'quantitative', title: 'test error (%)', scale: { domain: [0, 100] } },
    },
    layer: [
      { mark: 'line', encoding: linesBy('network', byColour) },
      {
        transform: [
          { calculate: 'datum.error - datum.se', as: 'low' },
          { calculate: 'datum.error + datum.se', as: 'high' },
        ],
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: {
          y: { field: 'low', type: 'quantitative' },
          y2: { field: 'high' },
          color: { field: 'network', type: 'nominal' },
        },
      },
      {
        mark: 'point',
        encoding: {
          ...pointsOver('network', byColour),
          tooltip: [
            { field: 'network' },
            { field: 'epoch' },
            { field: 'error', title: 'test error (%)', format: '.1f' },
            { field: 'se', title: 'standard error (%)', format: '.1f' },
          ],
        },
      },
    ],
  };
}

function anglePanel(p: P): View {
  return {
    height: 120,
    width: 480,
    transform: [{ filter: "isValid(datum['layer'])" }],
    encoding: {
      x: epochAxis(p, 'epoch'),
      y: {
        field: 'degrees',
        type: 'quantitative',
        title: 'angle (degrees)',
        scale: { domain: [0, 120] },
        axis: { values: [0, 30, 60, 90, 120] },
      },
    },
    layer: [
      levelLine(90, ['epoch', 'degrees']),
      { mark: 'line', encoding: linesBy('layer', layerNames) },
      { mark: 'point', encoding: pointsOver('layer', layerNames) },
      hoverPoints([
        { field: 'layer' },
        { field: 'epoch' },
        { field: 'degrees', title: 'angle (°)', format: '.0f' },
        { field: 'spiking', title: 'of one presentation (°)', format: '.0f' },
      ]),
    ],
  };
}
