import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { number, numbers } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, hoverPoints, linesBy, NEUTRAL, pointsBy } from '../figure/theme';
import type { Run } from '../math/run';
import { simulate, spikeTimes, squid, type Trajectory, turningPoints } from './hodgkin-huxley';
import {
  displacementThreshold,
  firing,
  pulseThreshold,
  push,
  stabilityLimit,
  threshold,
} from './hodgkin-huxley.experiments';
import { type Eigenvalue, eigenvalues, equilibrium, hopfPoints } from './hodgkin-huxley.stability';

/** Where numbers come from that another program computed from the same equations; the program stands beside them. */
const GOLDEN = 'scipy: test/fixtures/neurons/hodgkin-huxley.py';

const source = {
  lecture: 'learning-in-real-networks',
  where: 'Biophysics: voltage-dependent conductances',
  paper: 'hodgkin1952',
} as const;

/** Each plot has colours, dashes and shapes of its own, and so its legend beside it. */
const ownLegends = { scale: { color: 'independent', strokeDash: 'independent', shape: 'independent' } };

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
    samples(d, 2000).map((i) => ({
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
              5,
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

/** Indices to draw: evenly spaced, about `most`, and every turning point, so that no peak loses its height. */
function samples({ voltage }: Trajectory, most: number): number[] {
  const stride = Math.ceil(voltage.length / most);
  const out: number[] = [];
  for (let i = 0; i < voltage.length; i++) {
    const turns = i > 0 && (voltage[i] - voltage[i - 1]) * (voltage[i + 1] - voltage[i]) < 0;
    if (turns || i % stride === 0 || i === voltage.length - 1) out.push(i);
  }
  return out;
}

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

const STEPPED = 'stepped on from rest';
const RAISED = 'raised slowly';
/** Firing rates (Hz) at 6.3 °C by current (µA/cm²) */
const RATES: Readonly<Record<number, number>> = { 6.5: 55.1, 8: 62.5, 10: 68.3, 15: 78.6, 30: 98.7 };

export const firingRates = defineFigure({
  id: 'hodgkin-huxley/f-i',
  title: 'Firing starts with a jump',
  source,
  params: {
    currents: numbers({
      default: [
        0, 1, 2, 3, 4, 5, 5.5, 6, 6.2, 6.3, 6.5, 7, 7.5, 8, 8.5, 9, 9.5, 9.7, 9.9, 10, 11, 12, 13, 15, 17, 20, 25, 30,
        35, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 145, 150, 153, 156, 160, 170, 180, 200,
      ],
      min: 0,
      max: 200,
      unit: 'µA/cm²',
      doc: 'injected currents',
    }),
    temperature: number({ default: 6.3, min: 0, max: 20, unit: '°C', doc: 'temperature' }),
  },
  compute: async ({ currents, temperature }, run) => {
    const membrane = { ...squid, temperature };
    const points = [];
    for (const [i, current] of currents.entries()) {
      const now = part(run, (0.7 * i) / currents.length, (0.7 * (i + 1)) / currents.length);
      const state = equilibrium(current, membrane);
      points.push({
        current,
        V: state.V,
        leading: eigenvalues(state, membrane)[0],
        stepped: await firing(current, { membrane }, now),
        raised: await push(current, { membrane }, now),
      });
    }
    const hopf = [];
    for (const point of hopfPoints(membrane))
      hopf.push({ ...point, measured: await stabilityLimit(point.current, { membrane }, part(run, 0.7, 0.8)) });
    const fires = async (current: number): Promise<boolean> =>
      (await firing(current, { membrane }, part(run, 0.8, 1))).rate > 0;
    return { points, hopf, onset: await threshold(fires, 0, 40, 1e-4) };
  },
  table: ({ points, hopf }) =>
    points.flatMap(({ current, V, leading, stepped, raised }): Row[] => {
      const common = {
        equilibrium: V,
        stable: leading.re < 0,
        frequency: frequency(leading),
        branch: hopf.filter((h) => h.current < current).length,
      };
      const { rate, low, high } = stepped;
      return [
        { series: STEPPED, current, rate, low, high, ...common },
        { series: RAISED, current, ...(raised.stable ? { rate: 0, low: V, high: V } : { rate, low, high }), ...common },
      ];
    }),
  draw: ({ hopf, onset }, { temperature }) => {
    const x = (title: string | null): object => ({
      field: 'current',
      type: 'quantitative',
      title,
      scale: { type: 'symlog', constant: 2, domain: [0, 200], nice: false },
      axis: { values: [0, 1, 2, 5, 10, 20, 50, 100, 200], grid: false },
    });
    const limits = [
      { at: onset, side: 'left', label: `${onset.toFixed(2)}: fires` },
      ...hopf.map((h) => ({ at: h.current, side: 'right', label: `${h.current.toFixed(2)}: Hopf` })),
    ];
    const rules: View = {
      data: { values: limits },
      mark: { type: 'rule', strokeDash: [3, 3] },
      encoding: { x: { field: 'at', type: 'quantitative' }, tooltip: { field: 'label' } },
    };
    const labels = ['left', 'right'].map(
      (side): View => ({
        data: { values: limits.filter((l) => l.side === side) },
        mark: { type: 'text', angle: 270, align: 'right', baseline: side === 'left' ? 'bottom' : 'top', ...away(side) },
        encoding: { x: { field: 'at', type: 'quantitative' }, y: { value: 0 }, text: { field: 'label' } },
      }),
    );
    const note = (current: number, y: number, text: string): View => ({
      data: { values: [{ current, y }] },
      mark: { type: 'text', align: 'left', text },
      encoding: { x: { field: 'current', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    });
    const fires = { filter: 'datum.rate > 0' };
    return {
      description: `Two plots over the injected current at ${temperature} °C. Above, the firing rate: zero up to ${onset.toFixed(2)} µA/cm², then a jump to more than 50 Hz when the current is stepped on; when it is raised slowly the membrane stays silent up to ${hopf[0]?.current.toFixed(2) ?? 'the end'}. Below, the highest and the lowest voltage of each cycle around the equilibrium: the swing shrinks as the current grows and closes at ${hopf[1]?.current.toFixed(1) ?? 'no current shown'}.`,
      resolve: ownLegends,
      vconcat: [
        {
          height: 220,
          layer: [
            rules,
            ...labels,
            {
              transform: [
                { filter: `datum.series === ${JSON.stringify(STEPPED)} && datum.frequency > 0` },
                { calculate: "'linear theory'", as: 'theory' },
              ],
              mark: { type: 'line', strokeWidth: 1.5, color: NEUTRAL, clip: true },
              encoding: {
                x: x(null),
                y: { field: 'frequency', type: 'quantitative' },
                strokeDash: {
                  field: 'theory',
                  type: 'nominal',
                  scale: { domain: ['linear theory'], range: [[1, 3]] },
                  legend: { title: 'small oscillations', symbolType: 'stroke', symbolSize: 500 },
                },
              },
            },
            {
              mark: { type: 'point', filled: false, strokeWidth: 1.5 },
              encoding: {
                x: x(null),
                y: {
                  field: 'rate',
                  type: 'quantitative',
                  title: 'firing rate (Hz)',
                  scale: { domain: { unionWith: [0, 200] } },
                },
                ...pointsBy('series', [STEPPED, RAISED], 'current'),
                tooltip: [
                  { field: 'series' },
                  { field: 'current', title: 'current (µA/cm²)' },
                  { field: 'rate', title: 'rate (Hz)', format: '.1f' },
                ],
              },
            },
          ],
        },
        {
          height: 200,
          transform: [{ filter: `datum.series === ${JSON.stringify(STEPPED)}` }],
          layer: [
            rules,
            note(30, 27, 'highest V while firing'),
            note(30, -82, 'lowest V while firing'),
            {
              mark: { type: 'line', color: NEUTRAL },
              encoding: {
                x: x('injected current (µA/cm²)'),
                y: { field: 'equilibrium', type: 'quantitative' },
                detail: { field: 'branch' },
                strokeDash: {
                  field: 'stable',
                  type: 'nominal',
                  scale: {
                    domain: [true, false],
                    range: [
                      [1, 0],
                      [4, 3],
                    ],
                  },
                  legend: {
                    title: 'equilibrium',
                    symbolType: 'stroke',
                    labelExpr: "datum.value ? 'stable' : 'unstable'",
                  },
                },
              },
            },
            ...['low', 'high'].map(
              (field): View => ({
                transform: [fires],
                mark: { type: 'point', color: CATEGORIES[0], size: 25 },
                encoding: {
                  x: x('injected current (µA/cm²)'),
                  y: { field, type: 'quantitative', title: 'V (mV)', scale: { domain: [-90, 50] } },
                  tooltip: [
                    { field: 'current', title: 'current (µA/cm²)' },
                    { field: 'low', title: 'lowest V (mV)', format: '.1f' },
                    { field: 'high', title: 'highest V (mV)', format: '.1f' },
                  ],
                },
              }),
            ),
          ],
        },
      ],
    };
  },
  landmarks: ({ points, hopf, onset }, { temperature }) => {
    const out: Landmark[] = hopf.map((h, i) => ({
      name: `Hopf point ${i + 1}`,
      theory: h.current,
      measured: h.measured,
      tolerance: 0.001 * h.current,
      unit: 'µA/cm²',
      source: 'eigenvalues of the Jacobian',
    }));
    if (temperature !== 6.3) return out;
    out.push({
      name: 'firing from rest',
      theory: 6.26,
      measured: onset,
      tolerance: 0.03,
      unit: 'µA/cm²',
      source: GOLDEN,
    });
    for (const { current, stepped } of points)
      if (current in RATES)
        out.push({
          name: `rate at ${current} µA/cm²`,
          theory: RATES[current],
          measured: stepped.rate,
          tolerance: 0.005 * RATES[current],
          unit: 'Hz',
          source: GOLDEN,
        });
    return out;
  },
});

/** Hz */
const frequency = (eigenvalue: Eigenvalue): number => (1000 * Math.abs(eigenvalue.im)) / (2 * Math.PI);

/** Text that stands upright beside a rule. */
const away = (side: string): object => ({ dx: -4, dy: side === 'left' ? -4 : 4 });

/** A run that reports its progress as a part of another's. */
function part(run: Run, from: number, to: number): Run {
  return { signal: run.signal, progress: (fraction, note) => run.progress(from + (to - from) * fraction, note) };
}

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
        samples(course, 400).map((i) => ({
          panel: 'pulse',
          series: factorName(factor),
          time: course.time[i],
          voltage: course.voltage[i],
        })),
      ),
      ...samples(release, 800).map((i) => ({
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
