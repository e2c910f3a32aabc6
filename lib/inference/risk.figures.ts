import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, levelLine, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { partOf } from '../math/run';
import type { Running } from '../math/statistics';
import type { Teacher } from './regression';
import { fixedRisk, minimisedRisk, type Sampled, sampleRisks } from './risk';

/** Standard errors by which an average may miss the theory. */
const FAR = 5;
const names = ['empirical risk', 'true risk', 'gap'] as const;
const FIXED = 'weights chosen before';
const keys = ['empirical', 'true', 'gap'] as const;

/** Numbers of examples to simulate, in multiples of the inputs. */
const MULTIPLES = [0.2, 0.5, 1.5, 2, 3, 5, 8, 12, 20, 30];

/** Up to four examples away from N the true risk has no variance, and an average over sets says nothing. */
const simulated = (N: number): number[] =>
  [...new Set(MULTIPLES.map((f) => Math.round(f * N)))].filter((M) => M >= 1 && Math.abs(M - N) >= 4);

/** Every whole number up to 3 N, then about thirty more up to 30 N. */
function drawn(N: number): number[] {
  const few = Array.from({ length: 3 * N }, (_, i) => i + 1);
  const more = Array.from({ length: 30 }, (_, i) => Math.round(3 * N * 10 ** ((i + 1) / 30)));
  return [...new Set([...few, ...more])];
}

const theory = (teacher: Teacher, M: number): Readonly<Record<(typeof keys)[number], number>> => {
  const risks = minimisedRisk(teacher, M);
  return { ...risks, gap: risks.true - risks.empirical };
};

export const empiricalAndTrue = defineFigure({
  id: 'risk/empirical-and-true',
  title: 'What was minimised is no longer an estimate',
  source: { lecture: 'plasticity-as-optimization', where: 'Risk', paper: 'hastie2022' },
  params: {
    inputs: integer({ default: 10, min: 2, max: 20, doc: 'inputs N' }),
    noise: number({ default: 1, min: 0.1, max: 2, doc: 'noise of the labels σ' }),
    length: number({ default: 1.5, min: 0, max: 3, doc: 'length of the teacher’s weights |w*|' }),
    trials: integer({ default: 400, min: 50, max: 1000, scale: 'log', doc: 'sets of examples to average over' }),
    seed: seed(),
  },
  compute: async ({ trials, seed, ...teacher }, run) => {
    const chosen = simulated(teacher.inputs);
    const total = chosen.reduce((a, b) => a + b, 0);
    const found = [];
    let done = 0;
    for (const M of chosen) {
      const part = partOf(run, done / total, (done + M) / total);
      found.push(await sampleRisks(teacher, M, trials, rng(seed).stream(`M = ${M}`), part));
      done += M;
    }
    return found;
  },
  table: (found, { trials: _, seed: __, ...teacher }) => {
    const far = Math.hypot(teacher.noise, teacher.length) ** 2;
    const lines = drawn(teacher.inputs).flatMap((samples): Row[] => {
      const at = theory(teacher, samples);
      const { mean, sd } = fixedRisk(teacher, teacher.length, samples);
      return [
        ...keys.flatMap((key, i): Row[] =>
          // broken where the mean doesn't exist
          Number.isFinite(at[key])
            ? [{ samples, risk: at[key], series: names[i], kind: 'theory', se: 0, low: at[key], high: at[key] }]
            : [],
        ),
        { samples, risk: mean, series: FIXED, kind: 'theory', se: 0, low: mean - sd, high: mean + sd },
      ];
    });
    const point = (samples: number, series: string, r: Running, spread: number): Row => ({
      samples,
      risk: r.mean,
      series,
      kind: 'simulation',
      se: r.standardError,
      low: r.mean - spread,
      high: r.mean + spread,
    });
    const points = found.flatMap((f) => [
      ...keys.map((key, i) => point(f.samples, names[i], f[key], f[key].standardError)),
      point(f.samples, FIXED, f.fixed, Math.sqrt(f.fixed.variance)),
    ]);
    const side = (row: Row): number => (row['series'] !== names[0] && Number(row['samples']) > teacher.inputs ? 1 : 0);
    return [...lines, ...points].map((row) => ({ ...row, side: side(row), far }));
  },
  draw: (found, { inputs: N, noise, length, trials }) => {
    const far = noise * noise + length * length;
    const floor = 0.5 * noise * noise;
    const last = found.at(-1)!;
    const only = (kind: string, fixed: boolean) => ({
      filter: `datum.kind === '${kind}' && datum.series ${fixed ? '===' : '!=='} '${FIXED}'`,
    });
    const inside = { filter: 'datum.risk <= datum.far' };
    const x = {
      field: 'samples',
      type: 'quantitative',
      title: 'examples M',
      scale: { type: 'log', domain: [1, 30 * N], nice: false },
      axis: { tickCount: 6, format: '~s' },
    };
    const y = (title: string) => ({
      field: 'risk',
      type: 'quantitative',
      title,
      scale: { domain: [0, far], nice: false },
    });
    const tooltip = [
      { field: 'series' },
      { field: 'kind' },
      { field: 'samples', title: 'examples M' },
      { field: 'risk', format: '.4f' },
      { field: 'se', title: 'standard error', format: '.2g' },
    ];
    const bars = (fixed: boolean, title: string, encoding: View['encoding']): View => ({
      transform: [only('simulation', fixed), inside],
      mark: { type: 'rule', strokeWidth: 1.5, clip: true },
      encoding: { y: { ...y(title), field: 'low' }, y2: { field: 'high' }, ...encoding },
    });
    const at = theory({ inputs: N, noise, length }, last.samples);
    return {
      description: `Risk against the number of examples on a logarithmic axis, a linear network with ${N} inputs. Above, weights that minimise the empirical risk: it is 0 up to M = ${N} and then rises towards ½σ² = ${floor.toPrecision(3)}; the true risk climbs without bound towards M = ${N} from both sides and falls towards the same value from above; their gap at M = ${last.samples} is ${at.gap.toPrecision(2)}. Below, weights that were chosen before: the empirical risk is right on average for any M, within a band that narrows. Lines and band: theory; points: ${trials} simulated sets of examples.`,
      vconcat: [
        {
          title: { text: 'weights that minimise the empirical risk', fontSize: 12, fontWeight: 'normal' },
          height: 220,
          encoding: { x: { ...x, title: null }, y: y('risk') },
          layer: [
            levelLine(floor, ['samples', 'risk']),
            {
              transform: [only('theory', false), { filter: 'datum.risk <= 1.3 * datum.far' }],
              mark: { type: 'line', clip: true },
              encoding: { ...linesBy('series', names), detail: { field: 'side' } },
            },
            bars(false, 'risk', { color: { field: 'series', type: 'nominal' } }),
            {
              transform: [only('simulation', false), inside],
              mark: 'point',
              encoding: { ...pointsOver('series', names), tooltip },
            },
          ],
        },
        {
          title: {
            text: 'weights chosen before, w = 0: mean and standard deviation',
            fontSize: 12,
            fontWeight: 'normal',
          },
          height: 110,
          encoding: { x, y: y('empirical risk') },
          layer: [
            {
              transform: [only('theory', true)],
              mark: { type: 'area', color: NEUTRAL, opacity: 0.3, clip: true },
              encoding: { y: { ...y('empirical risk'), field: 'low' }, y2: { field: 'high' } },
            },
            { transform: [only('theory', true)], mark: { type: 'line', color: NEUTRAL } },
            bars(true, 'empirical risk', { color: { value: CATEGORIES[0] } }),
            {
              transform: [only('simulation', true), inside],
              mark: { type: 'point', color: CATEGORIES[0] },
              encoding: { tooltip },
            },
          ],
        },
      ],
    };
  },
  landmarks: (found, { trials, seed: _, ...teacher }) => {
    // eight examples away from N four moments of the true risk exist, and its standard error can be trusted
    const clear = found.filter(({ samples }) => Math.abs(samples - teacher.inputs) >= 8);
    const [few, enough, many] = [
      clear.findLast(({ samples }) => samples < teacher.inputs),
      clear.find(({ samples }) => samples > teacher.inputs),
      clear.at(-1),
    ];
    const risk = (f: Sampled | undefined, which: readonly number[]): Landmark[] =>
      which.flatMap((i) =>
        f === undefined
          ? []
          : [
              {
                name: `${names[i]} at M = ${f.samples}`,
                theory: theory(teacher, f.samples)[keys[i]],
                measured: f[keys[i]].mean,
                se: f[keys[i]].standardError,
                tolerance: FAR * f[keys[i]].standardError,
                source: 'closed form, inverse Wishart',
              },
            ],
      );
    const spread = (f: Sampled | undefined): Landmark[] => {
      if (f === undefined) return [];
      const { sd } = fixedRisk(teacher, teacher.length, f.samples);
      // of a standard deviation, from the fourth moment 3 + 12/M of a χ² over M
      const se = sd * Math.sqrt((2 + 12 / f.samples) / (4 * trials));
      return [
        {
          name: `w = 0: spread of the empirical risk at M = ${f.samples}`,
          theory: sd,
          measured: Math.sqrt(f.fixed.variance),
          se,
          tolerance: FAR * se,
          source: 'χ² with M degrees of freedom',
        },
      ];
    };
    return [...risk(few, [1]), ...risk(enough, [0, 1]), ...risk(many, [2]), ...spread(enough)];
  },
});
