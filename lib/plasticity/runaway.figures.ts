import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { growthRateTwo, selectiveState } from './bcm';
import {
  averagedRunaway,
  bcmNorm,
  hebbNorm,
  inputEigenvalues,
  type Runaway,
  runawayRules,
  simulateRunaway,
} from './runaway';

/** Where the plot’s axis of |w| ends above; what is left out of the table: a rule that blows up leaves all numbers behind. */
const [HIGHEST, LARGEST] = [1000, 1e12];
/** Where it ends below: at the first of these that no curve falls under. A slow threshold silences BCM’s neuron. */
const FLOORS = [0.2, 0.01, 1e-4];
const TICKS = [1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000];
/** Points of a line and of a simulation. */
const [LINE, POINTS] = [80, 20];
/** Direction of the starting weights: a little off the diagonal, so that BCM can choose. */
const ANGLE = Math.PI / 4 - 0.2;
const startOf = (norm: number): readonly [number, number] => [norm * Math.cos(ANGLE), norm * Math.sin(ANGLE)];
const startName = (norm: number): string => `start at |w| = ${Number(norm.toFixed(2))}`;

export const runaway = defineFigure({
  id: 'hebb/runaway',
  title: 'Thresholds that stand still do not stop runaway growth',
  source: { lecture: 'plasticity-as-optimization', where: 'The BCM model', paper: 'bienenstock1982' },
  params: {
    eta: number({ default: 0.02, min: 0.005, max: 0.03, scale: 'log', doc: 'learning rate η' }),
    overlap: number({ default: 0.2, min: 0, max: 0.5, doc: 'second input of the first pattern' }),
    tauTheta: number({
      default: 20,
      min: 5,
      max: 100,
      scale: 'log',
      unit: 'presentations',
      doc: 'time constant of BCM’s threshold',
    }),
    thetaD: number({ default: 0.4, min: 0.1, max: 0.8, doc: 'fixed threshold of depression' }),
    thetaP: number({ default: 0.8, min: 0.8, max: 1.6, doc: 'fixed threshold of potentiation' }),
    strong: number({ default: 1.3, min: 0.3, max: 3, doc: '|w| at the start, upper panel' }),
    weak: number({ default: 0.7, min: 0.3, max: 3, doc: '|w| at the start, lower panel' }),
    presentations: integer({ default: 800, min: 200, max: 2000, scale: 'log', doc: 'presentations' }),
    seed: integer({ default: 1, min: 0, max: 2 ** 31 - 1, doc: 'random seed' }),
  },
  compute: ({ strong, weak, presentations, seed, ...p }) =>
    [...new Set([strong, weak])].map((norm) => ({
      norm,
      runs: runawayRules.map((rule) => {
        const start = startOf(norm);
        const every = presentations / LINE;
        const line =
          rule === 'plain Hebb'
            ? Array.from({ length: LINE + 1 }, (_, i) => [i * every, hebbNorm(p, start, i * every)])
            : averagedPoints(averagedRunaway(rule, p, start, presentations, 1), every);
        const random = rng(seed).stream(`${rule} from ${norm === strong ? 'above' : 'below'}`);
        return { rule, line, simulated: simulateRunaway(rule, p, start, presentations, random) };
      }),
    })),
  table: (panels, { presentations }) =>
    panels.flatMap(({ norm, runs }) =>
      runs.flatMap(({ rule, line, simulated }) => {
        const row =
          (kind: string) =>
          ([time, value]: readonly number[]): Row[] =>
            value <= LARGEST ? [{ time, norm: value, rule, kind, start: startName(norm) }] : [];
        const points = Array.from({ length: POINTS }, (_, i) => {
          const time = Math.round(((i + 1) * presentations) / POINTS);
          return [time, simulated[time]];
        });
        return [...line.flatMap(row('theory')), ...points.flatMap(row('simulation'))];
      }),
    ),
  draw: (panels, { presentations }) => {
    const least = Math.min(
      ...panels.flatMap(({ runs }) => runs.flatMap(({ line, simulated }) => [...line.map(([, y]) => y), ...simulated])),
    );
    const lowest = FLOORS.find((floor) => floor < least) ?? FLOORS[FLOORS.length - 1];
    return {
      description: `Length of the weight vector over presentations on a logarithmic axis, for two lengths at the start and four rules; lines are averaged, points are random presentations. ${panels
        .flatMap(({ norm, runs }) =>
          runs.map(({ rule, simulated }) => {
            const end = simulated[presentations];
            return `${startName(norm)}, ${rule}: ends ${end <= HIGHEST ? `at ${Number(end.toPrecision(3))}` : 'above the plot'}`;
          }),
        )
        .join('; ')}.`,
      facet: {
        row: {
          field: 'start',
          type: 'nominal',
          title: null,
          sort: panels.map(({ norm }) => startName(norm)),
          header: { labelOrient: 'top', labelAnchor: 'start' },
        },
      },
      spec: {
        height: 170,
        encoding: {
          x: {
            field: 'time',
            type: 'quantitative',
            title: 'time (presentations)',
            scale: { domain: [0, presentations], nice: false },
          },
          y: {
            field: 'norm',
            type: 'quantitative',
            title: 'length of the weights |w|',
            scale: { type: 'log', domain: [lowest, HIGHEST] },
            axis: { values: TICKS.filter((tick) => tick >= lowest) },
          },
        },
        layer: [
          {
            transform: [{ filter: "datum.kind === 'theory'" }],
            mark: { type: 'line', clip: true },
            encoding: linesBy('rule', runawayRules),
          },
          {
            transform: [
              { filter: `datum.kind === 'simulation' && datum.norm <= ${HIGHEST} && datum.norm >= ${lowest}` },
            ],
            mark: 'point',
            encoding: {
              ...pointsOver('rule', runawayRules),
              tooltip: [
                { field: 'rule' },
                { field: 'time', title: 'time (presentations)' },
                { field: 'norm', title: '|w|', format: '.3~g' },
              ],
            },
          },
        ],
      },
    };
  },
  landmarks: (panels, p) => {
    const { presentations: n, overlap, eta } = p;
    const landmarks: Landmark[] = [];
    for (const { norm, runs } of panels) {
      const of = (rule: string) => runs.find((run) => run.rule === rule)!;
      const where = startName(norm);
      const hebb = of('plain Hebb').simulated;
      const half = Math.floor(n / 2);
      landmarks.push({
        name: `growth of plain Hebb, a presentation, ${where}`,
        theory: eta * inputEigenvalues(overlap)[0],
        measured: Math.log(hebb[n] / hebb[half]) / (n - half),
        tolerance: hebbTolerance(p, n - half),
        source: 'η λ₁',
      });
      const start = startOf(norm);
      const response = Math.min(start[0] + overlap * start[1], overlap * start[0] + start[1]);
      if (response > p.thetaP) {
        // every pattern pushes by η (1 + overlap)/√2 along the diagonal, and by a random sign across
        const along = (start[0] + start[1] + eta * (1 + overlap) * n) / Math.SQRT2;
        const across = (start[0] - start[1]) / Math.SQRT2;
        const spread = (eta * (1 - overlap) * Math.sqrt(n)) / Math.SQRT2;
        landmarks.push({
          name: `|w| at the end, fixed thresholds, ${where}`,
          theory: Math.hypot(along, across),
          measured: of('fixed thresholds').simulated[n],
          tolerance: (4 * spread * Math.abs(across) + 8 * spread * spread) / along,
          source: 'closed form: all responses above the upper threshold',
        });
      }
      const [first, second] = inputEigenvalues(overlap);
      const bcm = { eta, tauTheta: p.tauTheta, overlap, p: 0.5 };
      for (const [rule, theory, growth] of [
        ['BCM', bcmNorm(overlap), growthRateTwo(bcm, selectiveState(bcm, 1))],
        ['Oja', 1, -eta * Math.min(2 * first, first - second)],
      ] as const) {
        const values = of(rule).line.map(([, value]) => value);
        const late = values.slice(Math.floor(0.75 * LINE));
        const moved = Math.max(...late) - Math.min(...late);
        // what is left of an exponential that moved so far in the last quarter
        const left = moved / Math.expm1((-growth * n) / 4);
        // a short run that hardly moves need not be at rest
        if (growth * n < -5 && moved < 0.05)
          landmarks.push({
            name: `|w| at rest, ${rule}, ${where}`,
            theory,
            measured: values[LINE],
            tolerance: 3 * left + 1e-6,
            source: 'fixed point of the averaged rule',
          });
      }
    }
    return landmarks;
  },
});

/** A path of whole presentations at evenly spaced times. */
const averagedPoints = (norms: Float64Array, every: number): number[][] =>
  Array.from({ length: LINE + 1 }, (_, i) => {
    const time = Math.round(i * every);
    return [time, norms[time]];
  });

/**
 * How far a sampled growth rate over n presentations may be from η λ₁: steps are not small (second order in η), and the part
 * of the weights across the diagonal moves at random, which moves the rate by η c times that part.
 */
function hebbTolerance({ eta, overlap }: Pick<Runaway, 'eta' | 'overlap'>, n: number): number {
  const [first, second] = inputEigenvalues(overlap);
  const c = (1 - overlap * overlap) / 2;
  const across = (eta * c) / Math.sqrt(2 * eta * (first - second) || Number.EPSILON);
  return eta * eta * (first * first + c * c) + (4 * eta * c * Math.min(1, across)) / Math.sqrt(n);
}
