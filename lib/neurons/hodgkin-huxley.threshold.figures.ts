import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { number, numbers } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, linesBy, NEUTRAL } from '../figure/theme';
import { thin } from '../figure/thin';
import { simulate, spikeTimes, squid, type Trajectory } from './hodgkin-huxley';
import { GOLDEN, part, source } from './hodgkin-huxley.drawing';
import { displacementThreshold, pulseThreshold } from './hodgkin-huxley.experiments';
import { equilibrium } from './hodgkin-huxley.stability';

const SIMULATED = 'simulation';
const LAPICQUE = 'Lapicque’s law';
/** µA/cm² that just makes a spike, however long it lasts */
const RHEOBASE = 2.24;
/** ms before a pulse, after it, and after the release */
const LEAD = 2;
const WATCH = 20;
const REBOUND = 30;

export const pulses = defineFigure({
  id: 'hodgkin-huxley/threshold',
  title: 'All or none: how little makes a spike',
  source,
  params: {
    width: number({ default: 0.5, min: 0.05, max: 20, scale: 'log', unit: 'ms', doc: 'length of the pulses' }),
    factors: numbers({ default: [0.9, 0.99, 1.01, 1.2], min: 0, max: 3, maxLength: 6, doc: 'pulses, in thresholds' }),
    hold: number({ default: -10, min: -15, max: 0, unit: 'µA/cm²', doc: 'hyperpolarising current' }),
    holdDuration: number({
      default: 20,
      min: 1,
      max: 100,
      scale: 'log',
      unit: 'ms',
      doc: 'how long it hyperpolarises',
    }),
  },
  compute: async ({ width, factors, hold, holdDuration }, run) => {
    const rest = equilibrium(0);
    const durations = [0.05, 0.1, 0.2, 0.35, 0.5, 1, 2, 3.5, 5, 10, 20];
    const parts = durations.length + 2;
    const curve: { readonly duration: number; readonly current: number }[] = [];
    for (const [i, duration] of durations.entries())
      curve.push({ duration, current: await pulseThreshold(duration, {}, part(run, i / parts, (i + 1) / parts)) });
    const current = await pulseThreshold(width, {}, part(run, 1 - 2 / parts, 1 - 1 / parts));
    const displacement = await displacementThreshold({}, part(run, 1 - 1 / parts, 1));
    const responses: { readonly factor: number; readonly course: Trajectory }[] = [];
    for (const factor of factors) {
      const stimulus = [
        { duration: LEAD, current: 0 },
        { duration: width, current: factor * current },
        { duration: WATCH, current: 0 },
      ];
      responses.push({ factor, course: await simulate(rest, stimulus, { dt: 0.02, start: -LEAD }, part(run, 1, 1)) });
    }
    const stimulus = [
      { duration: LEAD, current: 0 },
      { duration: holdDuration, current: hold },
      { duration: REBOUND, current: 0 },
    ];
    const release = await simulate(rest, stimulus, { dt: 0.02, start: -LEAD - holdDuration }, part(run, 1, 1));
    return { curve, current, displacement, responses, release };
  },
  table: ({ curve, current, displacement, responses, release }, { width }) => {
    const lapicque = lapicqueBy(squid.C * displacement);
    return [
      ...responses.flatMap(({ factor, course }): Row[] =>
        thin(course.time, [course.voltage]).map((i) => ({
          panel: 'pulse',
          series: factorName(factor),
          time: course.time[i],
          voltage: course.voltage[i],
        })),
      ),
      ...thin(release.time, [release.voltage]).map((i) => ({
        panel: 'release',
        series: SIMULATED,
        time: release.time[i],
        voltage: release.voltage[i],
      })),
      ...[...curve, { duration: width, current, shown: true }].map((point) => ({
        panel: 'threshold',
        series: SIMULATED,
        shown: false,
        ...point,
      })),
      ...Array.from({ length: 61 }, (_, i) => 0.05 * 400 ** (i / 60)).map((duration) => ({
        panel: 'threshold',
        series: LAPICQUE,
        shown: false,
        duration,
        current: lapicque(duration),
      })),
    ];
  },
  draw: ({ current }, { width, factors, hold, holdDuration }) => {
    const only = (panel: string): object => ({ filter: `datum.panel === '${panel}'` });
    const voltage = (low: number): object => ({
      field: 'voltage',
      type: 'quantitative',
      title: 'V (mV)',
      scale: { zero: false, domain: { unionWith: [low, 50] } },
    });
    const time = (title: string, domain: readonly number[]): object => ({
      field: 'time',
      type: 'quantitative',
      title,
      scale: { domain, nice: false },
    });
    const strength: View = {
      height: 170,
      title: heading('Threshold against duration'),
      transform: [only('threshold')],
      layer: [
        {
          transform: [{ filter: `datum.series === '${LAPICQUE}'` }],
          mark: { type: 'line', color: NEUTRAL, strokeDash: [5, 3] },
          encoding: strengthAxes,
        },
        {
          transform: [{ filter: `datum.series === '${SIMULATED}'` }],
          mark: { type: 'point', color: CATEGORIES[0] },
          encoding: {
            ...strengthAxes,
            size: { condition: { test: 'datum.shown', value: 120 }, value: 30 },
            tooltip: [
              { field: 'duration', title: 'duration (ms)' },
              { field: 'current', title: 'threshold (µA/cm²)', format: '.3f' },
            ],
          },
        },
        {
          transform: [{ filter: 'datum.shown' }],
          mark: { type: 'text', align: 'left', dx: 10, dy: -8 },
          encoding: { ...strengthAxes, text: { field: 'current', format: '.2f' } },
        },
        {
          data: { values: [{ duration: 0.14, current: 80 }] },
          mark: { type: 'text', align: 'left', text: LAPICQUE },
          encoding: strengthAxes,
        },
      ],
    };
    const release: View = {
      height: 170,
      title: heading(`Release from ${signed(hold)} µA/cm²`),
      transform: [only('release')],
      mark: { type: 'line', strokeWidth: 1.5, color: CATEGORIES[0] },
      encoding: { x: time('time since release (ms)', [-LEAD - holdDuration, REBOUND]), y: voltage(-110) },
    };
    return {
      description: `Three plots. Above, the voltage after pulses of ${width} ms: those below the threshold of ${current.toFixed(2)} µA/cm² fade, those above it become full spikes. Below left, the threshold falls with the length of the pulse towards ${RHEOBASE} µA/cm². Below right, the membrane released from a hyperpolarising current of ${hold} µA/cm².`,
      vconcat: [
        {
          height: 190,
          title: heading(`Pulses of ${width} ms around the threshold of ${current.toFixed(2)} µA/cm²`),
          transform: [only('pulse')],
          mark: { type: 'line' },
          encoding: {
            x: time('time since the start of the pulse (ms)', [-LEAD, width + WATCH]),
            y: voltage(-80),
            ...linesBy('series', [...new Set(factors.map(factorName))], 'pulse'),
          },
        },
        { hconcat: [strength, release].map((view) => ({ ...view, width: 212 })) },
      ],
    };
  },
  landmarks: ({ curve, current, displacement, responses, release }, { width, hold, holdDuration }) => {
    const out: Landmark[] = [
      {
        name: 'rheobase',
        theory: RHEOBASE,
        measured: curve[curve.length - 1].current,
        tolerance: 0.005 * RHEOBASE,
        unit: 'µA/cm²',
        source: GOLDEN,
      },
      {
        name: 'charge of the shortest pulse',
        theory: squid.C * displacement,
        measured: curve[0].duration * curve[0].current,
        // Lapicque's law, expanded in the duration: the membrane leaks away this share of the charge
        tolerance: (curve[0].duration * RHEOBASE) / 2,
        unit: 'nC/cm²',
        source: 'limit: sudden displacement of V',
      },
    ];
    if (width === 0.5)
      out.push({
        name: 'threshold of a 0.5 ms pulse',
        theory: 13.28,
        measured: current,
        tolerance: 0.005 * 13.28,
        unit: 'µA/cm²',
        source: GOLDEN,
      });
    const decided = responses.filter(({ factor }) => factor !== 1);
    out.push({
      name: 'pulses that fire above the threshold or fail below it',
      theory: decided.length,
      measured: decided.filter(({ factor, course }) => factor > 1 === spikeTimes(course).length > 0).length,
      tolerance: 0,
      source: 'definition of the threshold',
    });
    if (hold === -10 && holdDuration === 20)
      out.push({
        name: 'spikes after release',
        theory: 1,
        measured: spikeTimes(release).length,
        tolerance: 0,
        source: GOLDEN,
      });
    return out;
  },
});

/** The title of one plot of several. */
const heading = (text: string): object => ({ text, fontSize: 13, fontWeight: 'normal' });

/** A number with a minus sign of the length of the plus sign. */
const signed = (x: number): string => String(x).replace('-', '−');

const factorName = (factor: number): string => `${factor} × threshold`;

/**
 * Lapicque's law: the threshold current (µA/cm²) of a leaky membrane by the duration of the pulse (ms), from its two
 * limits, a charge (nC/cm²) for short pulses and the rheobase for long ones.
 */
const lapicqueBy =
  (charge: number) =>
  (duration: number): number =>
    RHEOBASE / -Math.expm1((-duration * RHEOBASE) / charge);

const strengthAxes = {
  x: {
    field: 'duration',
    type: 'quantitative',
    title: 'pulse duration (ms)',
    scale: { type: 'log', domain: [0.05, 20] },
    axis: { values: [0.05, 0.1, 0.5, 1, 5, 20], grid: false },
  },
  y: {
    field: 'current',
    type: 'quantitative',
    title: 'threshold (µA/cm²)',
    scale: { type: 'log', domain: [1, 200] },
    axis: { values: [1, 2, 5, 10, 20, 50, 100, 200], grid: false },
  },
};
