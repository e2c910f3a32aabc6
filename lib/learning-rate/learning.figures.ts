import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, linesBy, NEUTRAL } from '../figure/theme';
import { rng } from '../math/rng';
import { correlation, linearRegression, mean, quantile } from '../math/statistics';
import { parallel } from '../parallel/parallel';
import { driftOf, type Learning, RENEWED } from './learning';
import { type Kind, kinds } from './lesson';
import { sigmoidSynapses } from './sigmoid-student';
import { steadyState } from './steady';
import { type LessonOf, learnOne } from './sweep.tasks';
import { type Plasticity, steadyDifficulty } from './theory';

/* Whole courses of learning: what is predicted of each cycle, and what stays in the end. */

const source = { lecture: 'fundamental-bounds', where: 'Local task difficulty', paper: 'raman2019' } as const;
const short = (x: number): string => String(Number(x.toPrecision(3))).replace('-', '−');

const interval = () =>
  number({ default: 2, min: 0.1, max: 4, scale: 'log', doc: 'time T until the next look at the error' });
const gamma = (name: string, doc: string, start: number, min: number, max: number) =>
  number({ default: start, min, max, doc: `${name}, ${doc}` });
const synapsesOf = (kind: Kind, sizes: readonly number[]): number =>
  kind === 'linear' ? sizes[0] * sizes[1] : sigmoidSynapses(sizes);

const SIZES = { linear: [10, 5], sigmoid: [10, 5, 5, 10] } as const;
const noiseLevels = ['low', 'high'] as const;
/** Points of a panel. */
const MOST = 1200;
/** What a panel shows of k and its prediction: all but the outermost on either side. */
const OUTER = 0.01;

/** What 20 linear students gave in another program: mean and spread of a student (test/fixtures/learning-rate). */
const NUMPY = {
  low: { correlation: [0.97536, 0.0042], slope: [1.0577, 0.006] },
  high: { correlation: [0.0828, 0.029], slope: [0.0384, 0.0139] },
} as const;
const DEFAULTS = { low: [1, 0.05, 0.05], high: [0.2, 0.5, 0.1] } as const;

export const prediction = defineFigure({
  id: 'learning-rate/prediction',
  title: 'Little noise: every cycle as predicted. Much noise: only the average',
  source,
  params: {
    gamma1: gamma('γ1', 'task-relevant, upper row', DEFAULTS.low[0], 0.05, 2),
    gamma2: gamma('γ2', 'task-irrelevant, upper row', DEFAULTS.low[1], 0, 1),
    gamma3: gamma('γ3', 'synaptic noise, upper row', DEFAULTS.low[2], 0, 0.3),
    gamma1High: gamma('γ1', 'task-relevant, lower row', DEFAULTS.high[0], 0.05, 2),
    gamma2High: gamma('γ2', 'task-irrelevant, lower row', DEFAULTS.high[1], 0, 1),
    gamma3High: gamma('γ3', 'synaptic noise, lower row', DEFAULTS.high[2], 0, 0.3),
    interval: interval(),
    cycles: integer({ default: 1000, min: 100, max: 4000, scale: 'log', doc: 'cycles of learning' }),
    network: choice({ default: 'both', values: ['both', ...kinds], doc: 'network' }),
    examples: integer({ default: 1000, min: 100, max: 1000, scale: 'log', doc: 'inputs P of the task' }),
    seed: seed(),
  },
  quick: { cycles: 200, examples: 100 },
  compute: async ({ cycles, network, examples, seed, ...gammas }, run) => {
    const shown = kinds.filter((kind) => network === 'both' || network === kind);
    const panels = shown.flatMap((kind) =>
      noiseLevels.map((noise) => ({ kind, noise, plasticity: plasticityOf(noise, gammas) })),
    );
    const courses = await parallel(panels.length, learnOne, {
      seedStream: rng(seed).stream('learning'),
      run,
      note: 'learning',
      args: {
        lessons: panels.map(({ kind }): LessonOf => ({ kind, sizes: SIZES[kind], examples, seed })),
        plasticities: panels.map(({ plasticity }) => plasticity),
        drift: RENEWED,
        cycles,
      },
    });
    return panels.map((panel, i) => ({ ...panel, learning: courses[i] }));
  },
  table: (panels) =>
    panels.flatMap(({ kind, noise, learning }) => {
      const { rate, predicted, difficulty } = learning;
      const { low, high } = frameOf(learning);
      const density = densities(rate, predicted, (high - low) / 25);
      const step = Math.ceil(rate.length / MOST);
      return Array.from({ length: Math.floor(rate.length / step) }, (_, i): Row => {
        const cycle = i * step;
        return {
          network: kind,
          noise,
          cycle,
          k: rate[cycle],
          predicted: predicted[cycle],
          difficulty: difficulty[cycle],
          density: density[cycle],
        };
      });
    }),
  draw: (panels, p) => {
    const shown = kinds.filter((kind) => panels.some((panel) => panel.kind === kind));
    const said = panels.map(({ kind, noise, learning }) => {
      const r = correlation(learning.rate, learning.predicted);
      return `${kind}, ${noise} noise: correlation ${r.toFixed(2)}`;
    });
    const view = (kind: Kind, noise: (typeof noiseLevels)[number]): View => {
      const { learning } = panels.find((panel) => panel.kind === kind && panel.noise === noise)!;
      const { low, high } = frameOf(learning);
      const scale = { domain: [low, high], nice: false, zero: false };
      const within = `datum.k >= ${low} && datum.k <= ${high} && datum.predicted >= ${low} && datum.predicted <= ${high}`;
      const { gamma1, gamma2, gamma3 } = plasticityOf(noise, p);
      return {
        title: {
          text: `${kind}, γ = ${[gamma1, gamma2, gamma3].map(short).join(', ')}`,
          fontSize: 13,
          fontWeight: 'normal',
          anchor: 'middle',
        },
        width: 190,
        height: 190,
        transform: [
          { filter: `datum.network === '${kind}' && datum.noise === '${noise}'` },
          { filter: within },
          { calculate: `${low}`, as: 'low' },
          { calculate: `${high}`, as: 'high' },
        ],
        encoding: {
          x: { field: 'k', type: 'quantitative', title: 'measured k', scale, axis: { tickCount: 4 } },
          y: { field: 'predicted', type: 'quantitative', title: 'predicted k', scale, axis: { tickCount: 4 } },
        },
        layer: [
          {
            mark: { type: 'point', size: 10, opacity: 0.9 },
            encoding: {
              color: {
                field: 'density',
                type: 'quantitative',
                title: ['density,', 'share of its', 'maximum'],
                scale: { scheme: 'viridis', domain: [0, 1] },
              },
              tooltip: [
                { field: 'cycle' },
                { field: 'k', format: '.4f' },
                { field: 'predicted', format: '.4f' },
                { field: 'difficulty', title: 'difficulty G', format: '.4f' },
              ],
            },
          },
          {
            transform: [{ aggregate: ['low', 'high'].map((field) => ({ op: 'min', field, as: field })) }],
            mark: { type: 'rule', strokeDash: [6, 4], color: NEUTRAL, strokeWidth: 1.5 },
            encoding: {
              x: { field: 'low', type: 'quantitative' },
              x2: { field: 'high' },
              y: { field: 'low', type: 'quantitative' },
              y2: { field: 'high' },
            },
          },
        ],
      };
    };
    return {
      description: `Predicted against measured learning rate, a point for every cycle, brighter where there are more; the dashed line is equality. ${said.join('; ')}. A few outermost points lie beyond each plot.`,
      title: {
        text: 'Little noise: every cycle as predicted. Much noise: only the average',
        subtitle: 'Dashed: equality. The prediction replaces the overlap of step and gradient by −γ1',
      },
      ...(shown.length === 1
        ? { hconcat: noiseLevels.map((noise) => view(shown[0], noise)), spacing: 30 }
        : {
            vconcat: noiseLevels.map((noise) => ({ hconcat: shown.map((kind) => view(kind, noise)), spacing: 30 })),
            spacing: 24,
          }),
    };
  },
  landmarks: (panels, p) =>
    panels
      .filter(({ kind }) => kind === 'linear')
      .flatMap(({ noise, plasticity, learning }): Landmark[] => {
        const N = synapsesOf('linear', SIZES.linear);
        const { weighted, se } = steadyState(learning, plasticity, N, Math.floor(learning.rate.length / 2));
        const own = DEFAULTS[noise];
        const asPublished = [plasticity.gamma1, plasticity.gamma2, plasticity.gamma3].every((g, i) => g === own[i]);
        return [
          {
            name: `late difficulty G, ${noise} noise, weighted by |∇F|`,
            theory: steadyDifficulty(plasticity, N),
            measured: weighted,
            se,
            tolerance: 4 * se + 1e-9,
            source: 'predicted steady state',
          },
          ...(asPublished && p.interval === 2 && p.cycles === 1000 && p.examples === 1000
            ? (['correlation', 'slope'] as const).map((what): Landmark => {
                const [theory, spread] = NUMPY[noise][what];
                return {
                  name: `${what} of predicted and measured k, ${noise} noise`,
                  theory,
                  called: 'numpy',
                  measured:
                    what === 'slope'
                      ? linearRegression(learning.rate, learning.predicted).slope
                      : correlation(learning.rate, learning.predicted),
                  se: spread,
                  tolerance: 4 * spread,
                  source: '20 students in an independent program; error: spread of one student',
                };
              })
            : []),
        ];
      }),
});

/** γ1 to γ3 of a row of panels. */
function plasticityOf(
  noise: (typeof noiseLevels)[number],
  p: Readonly<Record<'gamma1' | 'gamma2' | 'gamma3' | 'gamma1High' | 'gamma2High' | 'gamma3High' | 'interval', number>>,
): Plasticity {
  return noise === 'low'
    ? { gamma1: p.gamma1, gamma2: p.gamma2, gamma3: p.gamma3, interval: p.interval }
    : { gamma1: p.gamma1High, gamma2: p.gamma2High, gamma3: p.gamma3High, interval: p.interval };
}

/** The square that a panel shows, the same range for both axes. */
function frameOf({ rate, predicted }: Learning): { readonly low: number; readonly high: number } {
  const both = [rate, predicted];
  const [low, high] = [
    Math.min(...both.map((x) => quantile(x, OUTER))),
    Math.max(...both.map((x) => quantile(x, 1 - OUTER))),
  ];
  const margin = Math.max(0.08 * (high - low), 1e-6);
  return { low: low - margin, high: high + margin };
}

/** Density of points around each point, Gaussian of this width, in shares of the largest. */
function densities(x: Float64Array, y: Float64Array, width: number): Float64Array {
  const n = x.length;
  const density = new Float64Array(n);
  const factor = -0.5 / (width * width);
  for (let i = 0; i < n; i++) {
    density[i] += 1;
    for (let j = 0; j < i; j++) {
      const exponent = ((x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2) * factor;
      if (exponent < -12) continue;
      const near = Math.exp(exponent);
      density[i] += near;
      density[j] += near;
    }
  }
  let most = 0;
  for (const d of density) most = Math.max(most, d);
  return density.map((d) => d / most);
}

const TASKS = { linear: [10, 6], sigmoid: [10, 8, 6] } as const;
/** Samples of a line: each is a mean over as many cycles as it takes. */
const SAMPLES = 100;

export const difficulty = defineFigure({
  id: 'learning-rate/difficulty',
  title: 'Learning makes its task difficult, up to a predicted level',
  source,
  params: {
    gamma1: gamma('γ1', 'task-relevant plasticity', 0.2, 0.05, 1),
    gamma2: gamma('γ2', 'task-irrelevant plasticity', 0.5, 0, 1.5),
    gamma3: numbers({ default: [0.05, 0.1], min: 0, max: 0.3, minLength: 1, maxLength: 2, doc: 'γ3, synaptic noise' }),
    interval: interval(),
    memory: number({ default: 0, min: 0, max: 0.9, doc: 'correlation of n̂2 from cycle to cycle' }),
    cycles: integer({ default: 500, min: 100, max: 4000, scale: 'log', doc: 'cycles of learning' }),
    network: choice({ default: 'both', values: ['both', ...kinds], doc: 'network' }),
    examples: integer({ default: 500, min: 100, max: 1000, scale: 'log', doc: 'inputs P of the task' }),
    seed: seed(),
  },
  presets: { paper: { gamma2: 1, gamma3: [0], cycles: 500, examples: 1000 } },
  quick: { cycles: 200, examples: 100 },
  compute: async ({ gamma1, gamma2, gamma3, interval, memory, cycles, network, examples, seed }, run) => {
    const shown = kinds.filter((kind) => network === 'both' || network === kind);
    const courses = shown.flatMap((kind) =>
      [...new Set(gamma3)].map((own) => ({
        kind,
        gamma3: own,
        plasticity: { gamma1, gamma2, gamma3: own, interval },
        synapses: synapsesOf(kind, TASKS[kind]),
      })),
    );
    const found = await parallel(courses.length, learnOne, {
      seedStream: rng(seed).stream('learning'),
      run,
      note: 'learning',
      args: {
        lessons: courses.map(({ kind }): LessonOf => ({ kind, sizes: TASKS[kind], examples, seed })),
        plasticities: courses.map(({ plasticity }) => plasticity),
        drift: driftOf(memory),
        cycles,
      },
    });
    return courses.map((course, i) => ({ ...course, learning: found[i] }));
  },
  table: (courses) =>
    courses.flatMap(({ kind, gamma3, plasticity, synapses, learning }) => {
      const cycles = learning.rate.length;
      const each = Math.ceil(cycles / SAMPLES);
      const predicted = steadyDifficulty(plasticity, synapses);
      return Array.from({ length: Math.floor(cycles / each) }, (_, i): Row => {
        const part = (of: Float64Array): Float64Array => of.subarray(i * each, (i + 1) * each);
        return {
          network: kind,
          gamma3,
          series: seriesOf(gamma3),
          cycle: i * each + (each - 1) / 2,
          error: mean(part(learning.error)),
          difficulty: mean(part(learning.difficulty)),
          predicted,
        };
      });
    }),
  draw: (courses, { cycles, memory }) => {
    const shown = kinds.filter((kind) => courses.some((course) => course.kind === kind));
    const names = [...new Set(courses.map(({ gamma3 }) => seriesOf(gamma3)))];
    const said = courses.map(({ kind, gamma3, plasticity, synapses, learning }) => {
      const late = mean(learning.difficulty.subarray(Math.floor(cycles / 2)));
      return `${kind}, ${seriesOf(gamma3)}: G ends at ${short(late)}, predicted ${short(steadyDifficulty(plasticity, synapses))}`;
    });
    const x = { field: 'cycle', type: 'quantitative', title: 'cycle', scale: { domain: [0, cycles], nice: false } };
    const tooltip = [
      { field: 'network' },
      { field: 'series' },
      { field: 'cycle', format: '.0f' },
      { field: 'error', format: '.4~g' },
      { field: 'difficulty', format: '.4f' },
      { field: 'predicted', title: 'predicted difficulty', format: '.4f' },
    ];
    const panel = (kind: Kind, y: Readonly<Record<string, unknown>>, title: string, levels: readonly View[]): View => ({
      title: { text: title, fontSize: 13, fontWeight: 'normal' },
      width: 200,
      height: 170,
      transform: [{ filter: { field: 'network', equal: kind } }],
      encoding: { x: { ...x, axis: { tickCount: 4 } }, y: { type: 'quantitative', ...y } },
      layer: [
        { mark: { type: 'line', strokeWidth: 1.8 }, encoding: linesBy('series', names) },
        ...levels,
        hoverPoints(tooltip),
      ],
    });
    const level: View = {
      transform: [
        {
          aggregate: [
            { op: 'min', field: 'predicted', as: 'difficulty' },
            { op: 'min', field: 'cycle', as: 'cycle' },
          ],
          groupby: ['series'],
        },
      ],
      mark: { type: 'rule', strokeDash: [3, 3], strokeWidth: 1.5 },
      encoding: { x: { value: 0 }, x2: { value: 'width' }, color: { field: 'series', type: 'nominal' } },
    };
    return {
      description: `Error (above, logarithmic) and local task difficulty G (below) over ${cycles} cycles of learning${memory > 0 ? `, with a drift that remembers ${short(memory)}` : ''}. As the error falls, G rises, and stays near the dotted level that theory predicts. ${said.join('; ')}.`,
      title: {
        text: 'Learning makes its task difficult, up to a predicted level',
        subtitle: 'Above: error. Below: local task difficulty G; thin dotted: predicted steady state',
      },
      vconcat: [
        {
          spacing: 40,
          hconcat: shown.map((kind) =>
            panel(
              kind,
              {
                field: 'error',
                title: 'error F',
                scale: { type: 'log', nice: false },
                axis: { format: '~s', tickCount: 4 },
              },
              `${kind} ${TASKS[kind].join('-')}`,
              [],
            ),
          ),
        },
        {
          spacing: 40,
          hconcat: shown.map((kind) =>
            panel(kind, { field: 'difficulty', title: 'difficulty G', axis: { tickCount: 5 } }, '', [level]),
          ),
        },
      ],
    };
  },
  landmarks: (courses, { memory }) =>
    courses
      .filter(({ kind }) => kind === 'linear')
      .map(({ gamma3, plasticity, synapses, learning }): Landmark => {
        const from = Math.floor(learning.rate.length / 2);
        const { weighted, overlap, se, noiseSe } = steadyState(learning, plasticity, synapses, from);
        const renewed = steadyDifficulty(plasticity, synapses);
        const name = `late difficulty G, linear, ${seriesOf(gamma3)}, weighted by |∇F|`;
        return memory === 0
          ? {
              name,
              theory: renewed,
              measured: weighted,
              se,
              tolerance: 4 * se + 1e-9,
              source: 'predicted steady state',
            }
          : {
              name: `${name}; overlap of the drift with ĝ ${short(overlap)}`,
              theory: renewed * (1 - (plasticity.gamma2 * overlap) / plasticity.gamma1),
              measured: weighted,
              se: noiseSe,
              tolerance: 4 * noiseSe + 1e-9,
              source: 'steady state with γ1 − γ2 overlap in the place of γ1',
            };
      }),
});

const seriesOf = (gamma3: number): string => `γ3 = ${short(gamma3)}`;
