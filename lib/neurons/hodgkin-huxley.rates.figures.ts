import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { number, numbers } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, NEUTRAL, pointsBy } from '../figure/theme';
import { squid } from './hodgkin-huxley';
import { GOLDEN, ownLegends, part, source } from './hodgkin-huxley.drawing';
import { firingOnset, firings, pushes, stabilityLimits } from './hodgkin-huxley.experiments';
import { type Eigenvalue, eigenvalues, equilibrium, hopfPoints } from './hodgkin-huxley.stability';

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
    const stepped = await firings(currents, { membrane }, part(run, 0, 0.3));
    const raised = await pushes(currents, { membrane }, part(run, 0.3, 0.7));
    const points = currents.map((current, i) => {
      const state = equilibrium(current, membrane);
      return {
        current,
        V: state.V,
        leading: eigenvalues(state, membrane)[0],
        stepped: stepped[i],
        raised: raised[i],
      };
    });
    const predicted = hopfPoints(membrane);
    const places = predicted.map(({ current }) => current);
    const measured = await stabilityLimits(places, { membrane }, part(run, 0.7, 0.8));
    const hopf = predicted.map((point, i) => ({ ...point, measured: measured[i] }));
    return { points, hopf, onset: await firingOnset(0, 40, 1e-4, { membrane }, part(run, 0.8, 1)) };
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
