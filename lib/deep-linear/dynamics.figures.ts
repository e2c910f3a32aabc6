import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, numbers, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, linesBy, pointsOver } from '../figure/theme';
import { thin } from '../figure/thin';
import type { Run } from '../math/run';
import {
  descentLag,
  halfTime,
  layeredStrength,
  learningTime,
  type ModeCurves,
  modeStrength,
  type Path,
  predictModes,
  type Solved,
  simulateModes,
  simulatePath,
  simulateShallow,
  type TrainedModes,
  weightFlow,
} from './dynamics';
import { conserved, drawPlane, GRID, reach, startingPoints, timeFrom } from './dynamics.plane';

const singularValues = numbers({
  default: [3, 2, 1],
  min: 0.5,
  max: 10,
  maxLength: 6,
  doc: 'strengths s of the modes',
});
const tau = number({ default: 1, min: 0.1, max: 100, scale: 'log', doc: 'time constant τ = 1 / learning rate' });
const rate = number({ default: 0.001, min: 5e-4, max: 0.002, scale: 'log', doc: 'weight change per step, λ = dt/τ' });
const start = choice({ default: 'aligned', values: ['aligned', 'random'], doc: 'initial weights of the deep network' });

const LECTURE = 'deep-learning-theory';
const MODES = 'Strong modes are learned first, each in a leap';
const PLATEAUS = 'A hidden layer makes learning wait, a pretrained one does not';

export const modes = defineFigure({
  id: 'deep-linear/modes',
  title: MODES,
  source: { lecture: LECTURE, where: 'Analytical learning trajectory', paper: 'saxe2014' },
  params: {
    singularValues,
    a0: number({ default: 0.01, min: 1e-6, max: 0.1, scale: 'log', doc: 'strength a0 of each mode at the start' }),
    tau,
    rate,
    hidden: integer({ default: 12, min: 6, max: 24, doc: 'number of hidden neurons' }),
    start,
    correlation: number({ default: 0, min: 0, max: 0.9, doc: 'correlation of each pair of inputs; 0: Σ11 = I' }),
    seed: seed(),
  },
  compute: async (p, run) => {
    const training = { ...p, duration: timeToLearn(p) };
    return {
      linear: await simulateModes({ ...training, samples: 1000 }, part(run, 0, 0.5)),
      tanh: await simulateModes({ ...training, activation: 'tanh' }, part(run, 0.5, 1)),
    };
  },
  table: ({ linear, tanh }, p) => {
    const theory = predictModes(p, 'deep', tanh.time);
    return p.singularValues.flatMap((s, i) => {
      const rows = (kind: string, curves: ModeCurves, chosen: readonly number[]): Row[] =>
        chosen.map((n) => ({
          time: curves.time[n],
          mode: i + 1,
          strength: curves.strengths[i][n],
          kind,
          singularValue: s,
        }));
      return [
        ...rows('theory', theory, thin(theory.time, [theory.strengths[i]])),
        ...rows('simulation', linear, thinned(linear, 25)),
        ...rows('tanh network', tanh, thin(tanh.time, [tanh.strengths[i]])),
      ];
    });
  },
  draw: ({ tanh }, p) => {
    const last = tanh.time[tanh.time.length - 1];
    const many = p.singularValues.length > 4;
    const curves: View[] = [
      { transform: [kind('theory')], mark: { type: 'line', clip: true } },
      { transform: [kind('tanh network')], mark: { type: 'line', strokeDash: [6, 4], strokeWidth: 1.5, clip: true } },
      { transform: [kind('simulation')], mark: { type: 'point', size: 30, clip: true } },
    ];
    const encoding = {
      x: timeAxis(last),
      y: quantity('strength', 'mode strength a', { domain: [0, 1.08 * Math.max(...p.singularValues)], nice: false }),
      color: { field: 'mode', type: 'nominal', legend: null, scale: { range: CATEGORIES } },
      tooltip: ['mode', 'kind', 'time', 'strength'].map((field) => ({ field })),
    };
    return {
      title: {
        text: MODES,
        subtitle: 'line: closed form · points: gradient descent, linear network · dashes: with tanh hidden neurons',
      },
      description: `Strength of ${p.singularValues.length} modes over time. Each stays near its start ${p.a0}, then leaps to its singular value; stronger modes leap earlier and faster. Solid lines are the closed form, points a linear network, dashed lines a network with tanh hidden neurons, which leaps at nearly the same time and settles more slowly.`,
      ...(many
        ? {
            transform: [{ calculate: "'mode ' + datum.mode + ': s = ' + datum.singularValue", as: 'label' }],
            facet: { field: 'label', type: 'nominal', title: null },
            columns: 3,
            spec: { width: 150, height: 130, encoding, layer: curves },
          }
        : {
            encoding,
            layer: [
              ...curves,
              {
                transform: [
                  kind('theory'),
                  { joinaggregate: [{ op: 'max', field: 'time', as: 'end' }] },
                  { filter: 'datum.time === datum.end' },
                  { calculate: "'s = ' + datum.singularValue", as: 'label' },
                ],
                mark: { type: 'text', align: 'left', dx: 6 },
                encoding: { text: { field: 'label' } },
              },
            ],
          }),
    };
  },
  landmarks: ({ linear }, p) => {
    const invariant = drift('largest drift of W21 W21ᵀ − W32ᵀ W32', linear, p);
    if (p.start !== 'aligned' || p.correlation > 0) return [invariant];
    const out: Landmark[] = [];
    const dt = p.rate * p.tau;
    let largest = 0;
    let lagged = 0;
    let next = 0;
    for (const [i, s] of p.singularValues.entries()) {
      const mode = { s, a0: p.a0, tau: p.tau };
      for (const [n, t] of linear.time.entries()) {
        const theory = modeStrength(mode, t);
        const late = modeStrength(mode, Math.max(0, t - descentLag(mode, t, dt)));
        largest = Math.max(largest, Math.abs(linear.strengths[i][n] - theory));
        lagged = Math.max(lagged, Math.abs(late - theory));
      }
      next = Math.max(next, s * p.rate);
      const half = halfTime(mode);
      out.push({
        name: `half-time of mode ${i + 1}`,
        theory: half,
        measured: crossing(
          linear.time,
          linear.strengths[i].map((a) => Math.log(Math.max(a, 0) / Math.max(s - a, 0))),
          0,
        ),
        // steps lag by this much, to first order; the next order is smaller by s λ
        tolerance: Math.abs(descentLag(mode, half, dt)) * (1 + 2 * s * p.rate) + s * p.rate * dt,
        source: 'saxe2014',
      });
    }
    out.push({
      name: 'largest |simulation − closed form| (step size)',
      theory: lagged,
      measured: largest,
      tolerance: lagged * next + 1e-9,
      source: 'first-order error of gradient descent',
    });
    // alike layers stay alike, whatever the step
    out.push({ ...invariant, tolerance: 1e-9, source: 'identity' });
    return out;
  },
});

/** Time in which theory brings the slowest mode to 98 %, and a quarter more for what learns later than theory. */
function timeToLearn(p: {
  readonly singularValues: readonly number[];
  readonly a0: number;
  readonly tau: number;
}): number {
  const s = Math.min(...p.singularValues);
  return 1.25 * learningTime({ s, a0: p.a0, tau: p.tau }, 0.98 * s);
}

/** The networks whose errors are compared, in the order of the palette. */
const NETWORKS: readonly Solved[] = ['deep', 'shallow', 'pretrained'];
const NAMES: Readonly<Record<Solved, string>> = {
  deep: 'one hidden layer',
  shallow: 'no hidden layer',
  pretrained: 'pretrained hidden layer',
};

export const plateaus = defineFigure({
  id: 'deep-linear/plateaus',
  title: PLATEAUS,
  source: { lecture: LECTURE, where: 'Nontrivial learning dynamics', paper: 'saxe2014' },
  params: {
    singularValues: { ...singularValues, default: [3, 1.5] },
    a0: number({ default: 1e-4, min: 1e-6, max: 0.1, scale: 'log', doc: 'strength a0 of each mode at the start' }),
    tau,
    rate,
    start,
    seed: seed(),
  },
  compute: async (p, run) => {
    const training = { ...p, ...sampling(timeToLearn(p), 2 * p.rate * p.tau) };
    const train = async (
      rate: number,
      from: number,
    ): Promise<Readonly<Record<Solved, ModeCurves & Partial<TrainedModes>>>> => ({
      deep: await simulateModes({ ...training, rate }, part(run, from, from + 0.2)),
      shallow: await simulateShallow({ ...training, rate }, part(run, from + 0.2, from + 0.3)),
      pretrained: await simulateModes({ ...training, rate, start: 'pretrained' }, part(run, from + 0.3, from + 0.5)),
    });
    const step = { ...training, duration: p.rate * p.tau };
    return {
      fine: await train(p.rate, 0),
      // the same networks with steps twice as long: what that changes is the error of the step
      coarse: await train(2 * p.rate, 0.5),
      firstStep: { deep: await simulateModes(step), shallow: await simulateShallow(step) },
    };
  },
  table: ({ fine }, p) =>
    NETWORKS.flatMap((network) => {
      const simulated = fine[network];
      const theory = predictModes(p, network, simulated.time);
      const rows = (kind: string, { time, error }: ModeCurves, chosen: readonly number[]): Row[] =>
        chosen.map((n) => ({ time: time[n], error: error[n], network, kind }));
      return [
        ...rows('theory', theory, thin(theory.time, [theory.error])),
        ...rows('simulation', simulated, thinned(simulated, 25)),
      ];
    }),
  draw: ({ fine }, p) => {
    const { time } = fine.deep;
    const names = NETWORKS.map((network) => NAMES[network]);
    const named = { calculate: `${JSON.stringify(NAMES)}[datum.network]`, as: 'name' };
    const total = p.singularValues.reduce((sum, s) => sum + s ** 2 / 2, 0);
    return {
      title: {
        text: PLATEAUS,
        subtitle: 'lines: closed form · points: gradient descent',
      },
      description: `Training error over time for three networks on the same task. Without a hidden layer the error falls at once, exponentially. With one, from small weights, it stays on plateaus and drops in ${p.singularValues.length} steps, one a mode. With a pretrained first layer it falls at once, faster than without a hidden layer.`,
      encoding: {
        x: timeAxis(time[time.length - 1]),
        y: quantity('error', 'training error E', { domain: [0, 1.05 * total], nice: false }),
        tooltip: ['network', 'kind', 'time', 'error'].map((field) => ({ field })),
      },
      layer: [
        { transform: [kind('theory'), named], mark: { type: 'line' }, encoding: inside(linesBy('name', names)) },
        {
          transform: [kind('simulation'), named],
          mark: { type: 'point', size: 30 },
          encoding: pointsOver('name', names),
        },
      ],
    };
  },
  landmarks: ({ fine, coarse, firstStep }, p) => {
    const out: Landmark[] = [];
    for (const network of NETWORKS) {
      if (network === 'deep' && p.start !== 'aligned') continue;
      const { time, error } = fine[network];
      const theory = predictModes(p, network, time);
      const stepError = farthest(error, coarse[network].error);
      const halved = (curve: Float64Array): number =>
        crossing(
          time,
          Array.from(curve, (e) => Math.log(curve[0] / (2 * e))),
          0,
        );
      out.push(
        {
          name: `time in which the error halves, ${NAMES[network]}`,
          theory: halved(theory.error),
          measured: halved(error),
          // twice the error of a step, as doubling the step shows it, and the next order, smaller by s λ
          tolerance:
            2 * Math.abs(halved(error) - halved(coarse[network].error)) +
            Math.max(...p.singularValues) * p.rate ** 2 * p.tau,
          source: 'closed form',
        },
        {
          name: `largest |simulation − closed form|, ${NAMES[network]}`,
          theory: 0,
          measured: farthest(error, theory.error),
          tolerance: 2 * stepError,
          source: 'step size, by doubling the step',
        },
      );
    }
    if (p.start === 'aligned') {
      const fall = ({ error }: ModeCurves): number => error[0] - error[1];
      out.push({
        name: 'first fall of the error, one hidden layer / none',
        theory: 2 * p.a0,
        measured: fall(firstStep.deep) / fall(firstStep.shallow),
        // a step of gradient descent on curvature c misses its tangent by cλ/2; c <= 2s with a hidden layer, 1 without
        tolerance: 2 * p.a0 * p.rate * (Math.max(...p.singularValues) + 1),
        source: 'closed form',
      });
    }
    out.push(drift('largest drift of W21 W21ᵀ − W32ᵀ W32, pretrained', fine.pretrained as TrainedModes, p));
    return out;
  },
});

export const saddle = defineFigure({
  id: 'deep-linear/saddle',
  title: 'Learning runs from a saddle to a curve of solutions',
  source: { lecture: LECTURE, where: 'Saddle point dynamics in synaptic weight space', paper: 'saxe2014' },
  params: {
    s: number({ default: 1, min: 0.5, max: 10, scale: 'log', doc: 'singular value s of the one mode' }),
    distance: number({
      default: 0.02,
      min: 1e-3,
      max: 0.3,
      scale: 'log',
      doc: 'distance of starts A and C from w21 = −w32',
    }),
    tau,
    rate,
  },
  compute: (p) => {
    const starts = startingPoints(p);
    const { duration, samples } = sampling(
      1.25 * Math.max(...starts.map((start) => timeFrom(start, p))),
      2 * p.rate * p.tau,
    );
    const train = (rate: number): Path[] =>
      starts.map(({ w21, w32 }) => simulatePath({ ...p, rate, duration }, [w21, w32], samples));
    return { starts, fine: train(p.rate), coarse: train(2 * p.rate) };
  },
  table: ({ starts, fine }, p) => {
    const size = reach(p.s);
    const row = (kind: string, series: string, w21: number, w32: number, time = 0): Row => ({
      kind,
      series,
      time,
      w21,
      w32,
      ...weightFlow(p, w21, w32),
    });
    const ticks = Array.from({ length: GRID }, (_, i) => size * ((2 * i + 1) / GRID - 1));
    const along = Array.from({ length: 81 }, (_, i) => (p.s / size) * (size ** 2 / p.s) ** (i / 80));
    return [
      ...ticks.flatMap((w21) => ticks.map((w32) => row('flow', 'flow', w21, w32))),
      ...[1, -1].flatMap((side) =>
        along.map((w) => row('solutions', side > 0 ? 'upper' : 'lower', side * w, (side * p.s) / w)),
      ),
      ...starts.flatMap((start) => conserved(start, size).map(([w21, w32]) => row('conserved', start.name, w21, w32))),
      ...starts.flatMap(({ name }, i) =>
        thinned(fine[i], Math.ceil(fine[i].time.length / 45)).map((n) =>
          row('simulation', name, fine[i].w21[n], fine[i].w32[n], fine[i].time[n]),
        ),
      ),
      row('saddle', 'saddle', 0, 0),
    ];
  },
  draw: ({ starts }, p) => drawPlane(p.s, starts),
  landmarks: ({ starts, fine, coarse }, p) => {
    const out: Landmark[] = [];
    const product = ({ w21, w32 }: Path): Float64Array => w21.map((w, i) => w * w32[i]);
    for (const [sign, name] of [
      [1, 'leaves'],
      [-1, 'nears'],
    ] as const) {
      const small = 1e-3 * Math.sqrt(p.s);
      const { time, w21 } = simulatePath({ ...p, duration: p.rate * p.tau }, [small, sign * small], 1);
      out.push({
        name: `rate at which w21 = ${sign > 0 ? '' : '−'}w32 ${name} the saddle`,
        theory: (sign * p.s) / p.tau,
        measured: (w21[1] / small - 1) / time[1],
        tolerance: small ** 2 / p.tau + 1e-9 / (p.rate * p.tau),
        source: 'eigenvalues of the flow at the saddle',
      });
    }
    starts.forEach((start, i) => {
      const theory = fine[i].time.map((t) => layeredStrength({ s: p.s, tau: p.tau, ...start }, t));
      out.push({
        name: `${start.name}: largest |w21 w32 − closed form|`,
        theory: 0,
        measured: farthest(product(fine[i]), theory),
        tolerance: 2 * farthest(product(fine[i]), product(coarse[i])),
        source: 'step size, by doubling the step',
      });
    });
    return out;
  },
});

/** About as long, in whole steps, with at most 1,000 samples that are whole steps apart: runs with this step and with half of it record the same times. */
function sampling(duration: number, dt: number): { readonly duration: number; readonly samples: number } {
  const steps = Math.ceil(duration / dt);
  const every = Math.ceil(steps / 1000);
  const samples = Math.ceil(steps / every);
  return { duration: samples * every * dt, samples };
}

/** Channels with their legend in the upper right corner of the plot, where no curve runs. */
function inside(channels: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(channels).map(([name, channel]) => {
      const { legend, ...rest } = channel as { readonly legend: object };
      return [name, { ...rest, legend: { ...legend, orient: 'top-right' } }];
    }),
  );
}

/** Rows of one kind. */
const kind = (name: string): object => ({ filter: { field: 'kind', equal: name } });

const quantity = (field: string, title: string, scale: object): object => ({
  field,
  type: 'quantitative',
  title,
  scale,
});

const timeAxis = (last: number): object => ({
  ...quantity('time', 'time t (unit of τ)', { domain: [0, last], nice: false }),
  axis: { tickCount: 8, labelFlush: false },
});

/** Every n-th recorded time, and the last. */
function thinned({ time }: { readonly time: Float64Array }, every: number): number[] {
  return [...time.keys()].filter((n) => n % every === 0 || n === time.length - 1);
}

/** Where a curve first crosses a level, by linear interpolation; NaN if it never does. */
function crossing(time: Float64Array, curve: ArrayLike<number>, level: number): number {
  for (let n = 1; n < time.length; n++) {
    const [before, after] = [curve[n - 1] - level, curve[n] - level];
    if (before * after <= 0 && before !== after)
      return time[n - 1] + ((time[n] - time[n - 1]) * before) / (before - after);
  }
  return Number.NaN;
}

/** The largest difference of two curves at the same times. */
function farthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, value, n) => Math.max(most, Math.abs(value - b[n])), 0);
}

/**
 * The invariant of gradient flow. A step of gradient descent changes it by λ²|G21 G21ᵀ − G32ᵀ G32| <= λ²|G|², with G the
 * gradient, and lowers the error by at least λ|G|²(1 − cλ/2), with c <= 3s the curvature (times the largest eigenvalue of
 * Σ11): so the drift is at most λ times the error that was learned, over 1 − cλ/2.
 */
function drift(
  name: string,
  { drift, error }: TrainedModes,
  p: { readonly singularValues: readonly number[]; readonly rate: number; readonly correlation?: number },
): Landmark {
  const spread = 1 + (p.singularValues.length - 1) * (p.correlation ?? 0);
  const curvature = 3 * Math.max(...p.singularValues) * spread;
  const learned = error[0] - error[error.length - 1];
  return {
    name,
    theory: 0,
    measured: Math.max(...drift),
    tolerance: (p.rate * learned) / (1 - (curvature * p.rate) / 2),
    source: 'conservation, to the order of the step',
  };
}

/** The part of a run between two fractions of the whole. */
function part(run: Run, from: number, to: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress(from + fraction * (to - from), note) };
}
