import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { number } from '../figure/parameters';
import { CATEGORIES, hoverPoints, linesBy, NEUTRAL } from '../figure/theme';
import { thin } from '../figure/thin';
import { simulate, spikeTimes, type Trajectory, turningPoints } from './hodgkin-huxley';
import { GOLDEN, ownLegends, source } from './hodgkin-huxley.drawing';
import { eigenvalues, equilibrium } from './hodgkin-huxley.stability';

const dt = number({ default: 0.01, min: 0.001, max: 0.05, scale: 'log', unit: 'ms', doc: 'time step' });

/** ms before the step and after it */
const BEFORE = 5;
const AFTER = 20;

export const spike = defineFigure({
  id: 'hodgkin-huxley/spike',
  title: 'A current step through the squid’s membrane',
  source,
  params: {
    current: number({ default: 10, min: -15, max: 200, unit: 'µA/cm²', doc: 'injected current' }),
    duration: number({ default: 50, min: 0.1, max: 1000, scale: 'log', unit: 'ms', doc: 'length of the step' }),
    dt,
  },
  compute: ({ current, duration, dt }, run) =>
    simulate(
      equilibrium(0),
      [
        { duration: BEFORE, current: 0 },
        { duration, current },
        { duration: AFTER, current: 0 },
      ],
      { dt, start: -BEFORE },
      run,
    ),
  table: (d) =>
    thin(d.time, [d.voltage, d.m, d.h, d.n, d.current]).map((i) => ({
      time: d.time[i],
      voltage: d.voltage[i],
      m: d.m[i],
      h: d.h[i],
      n: d.n[i],
      current: d.current[i],
    })),
  draw: (_d, { current, duration }) => {
    const x = (title: string | null): object => ({
      field: 'time',
      type: 'quantitative',
      title,
      scale: { domain: [-BEFORE, duration + AFTER], nice: false },
      axis: { labels: title !== null },
    });
    return {
      description: `Three plots over time. Above, a current step of ${current} µA/cm² for ${duration} ms. In the middle, the membrane voltage: from −65 mV, each spike overshoots 0 mV and falls below the resting potential. Below, the gates: m jumps up first, h falls and n rises later, and both recover slowly between spikes.`,
      resolve: ownLegends,
      spacing: 12,
      vconcat: [
        {
          height: 40,
          mark: { type: 'line', interpolate: 'step-before', color: NEUTRAL },
          encoding: {
            x: x(null),
            y: { field: 'current', type: 'quantitative', title: ['I', '(µA/cm²)'], axis: { tickCount: 2 } },
          },
        },
        {
          height: 180,
          layer: [
            {
              mark: { type: 'line', strokeWidth: 1.5, color: CATEGORIES[0] },
              encoding: {
                y: {
                  field: 'voltage',
                  type: 'quantitative',
                  title: 'V (mV)',
                  scale: { zero: false, domain: { unionWith: [-80, 50] } },
                },
              },
            },
            hoverPoints(
              ['time', 'voltage', 'm', 'h', 'n'].map((field) => ({ field, type: 'quantitative', format: '.2f' })),
            ),
          ],
          encoding: { x: x(null), y: { field: 'voltage', type: 'quantitative' } },
        },
        {
          height: 130,
          transform: [
            { fold: ['m', 'h', 'n'], as: ['symbol', 'open'] },
            { calculate: `${JSON.stringify(GATES)}[datum.symbol]`, as: 'gate' },
          ],
          mark: { type: 'line', strokeWidth: 1.5 },
          encoding: {
            x: x('time since the step (ms)'),
            y: { field: 'open', type: 'quantitative', title: 'fraction open', scale: { domain: [0, 1] } },
            ...linesBy('gate', Object.values(GATES)),
          },
        },
      ],
    };
  },
  landmarks: (d, p) => {
    const before = Math.round(BEFORE / p.dt);
    const out: Landmark[] = [
      {
        name: 'resting potential, above −65 mV',
        theory: 65 - 64.99638,
        measured: d.voltage[before] + 65,
        tolerance: 1e-4,
        unit: 'mV',
        source: GOLDEN,
      },
    ];
    const during = until(d, p.duration);
    const silent = p.current < 2.2 || p.current > 160;
    const fading = -eigenvalues(equilibrium(p.current))[0].re * p.duration;
    if (silent && fading > 15)
      out.push({
        name: 'voltage at the end of the step',
        theory: equilibrium(p.current).V,
        measured: during.voltage[during.voltage.length - 1],
        // what is left of 100 mV after that many time constants of the slowest direction
        tolerance: 100 * Math.exp(-fading) + 1e-6,
        unit: 'mV',
        source: 'root of the steady current',
      });
    if (p.current !== 10 || p.duration < 50 || p.dt > 0.03) return out;
    const times = spikeTimes(during);
    const turns = turningPoints(during);
    const peaks = turns.filter((e) => e.kind === 'peak' && e.voltage > 0);
    const troughs = turns.filter((e) => e.kind === 'trough');
    const last = times.length - 1;
    out.push(
      {
        name: 'first spike crosses 0 mV at',
        theory: 1.901,
        measured: times[0],
        tolerance: 0.01,
        unit: 'ms',
        source: GOLDEN,
      },
      { name: 'first peak', theory: 40.26, measured: peaks[0].voltage, tolerance: 0.1, unit: 'mV', source: GOLDEN },
      {
        name: 'last peak',
        theory: 30.43,
        measured: peaks[peaks.length - 1].voltage,
        tolerance: 0.1,
        unit: 'mV',
        source: GOLDEN,
      },
      {
        name: 'last trough',
        theory: -74.9,
        measured: troughs[troughs.length - 1].voltage,
        tolerance: 0.1,
        unit: 'mV',
        source: GOLDEN,
      },
      {
        name: 'rate from the last two spikes',
        theory: 68.32,
        measured: 1000 / (times[last] - times[last - 1]),
        tolerance: 0.34,
        unit: 'Hz',
        source: GOLDEN,
      },
    );
    return out;
  },
});

const GATES = { m: 'm: Na opens', h: 'h: Na can open', n: 'n: K opens' } as const;

/** The part of a trajectory from time 0 until `end`. */
function until(d: Trajectory, end: number): Trajectory {
  const a = d.time.findIndex((t) => t >= -1e-9);
  const after = d.time.findIndex((t) => t > end + 1e-9);
  const b = after < 0 ? d.time.length : after;
  const cut = (x: Float64Array): Float64Array => x.slice(a, b);
  return {
    time: cut(d.time),
    voltage: cut(d.voltage),
    m: cut(d.m),
    h: cut(d.h),
    n: cut(d.n),
    current: cut(d.current),
  };
}
