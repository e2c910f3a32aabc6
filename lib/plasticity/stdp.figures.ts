import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, flag, integer, number, type Values } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, pointsOver } from '../figure/theme';
import { gaussLegendre } from '../math/quadrature';
import {
  areas,
  biPoo,
  changeByPairs,
  changeByTraces,
  FITTED_PAIRINGS,
  motifs,
  onePairing,
  type Pairing,
  pairChange,
  protocol,
  protocolChange,
  type StdpWindow,
} from './stdp';

const source = {
  lecture: 'plasticity-as-optimization',
  where: 'Spike timing-dependent plasticity',
  paper: 'bi2001',
} as const;

/** Half of the window that the slides allow, ms. */
const SLIDE = 50;

const size = (start: number, side: string) =>
  number({ default: start, min: 0, max: 2, doc: `size of ${side} at Δt = 0, share of the strength` });
const decay = (start: number, side: string) =>
  number({ default: start, min: 2, max: 100, scale: 'log', unit: 'ms', doc: `decay of ${side}` });
const windowParams = {
  aPlus: size(biPoo.aPlus, 'potentiation'),
  tauPlus: decay(biPoo.tauPlus, 'potentiation'),
  aMinus: size(biPoo.aMinus, 'depression'),
  tauMinus: decay(biPoo.tauMinus, 'depression'),
};
const windowOf = (p: Values<typeof windowParams>, cutOff: number): StdpWindow => ({
  aPlus: p.aPlus,
  tauPlus: p.tauPlus,
  aMinus: p.aMinus,
  tauMinus: p.tauMinus,
  cutOff,
});

/** Axes of both figures. */
const x = { field: 'dt', type: 'quantitative', title: 'Δt = t(post) − t(pre) (ms)' } as const;
const change = (title: string, domain: readonly [number, number]) => ({
  y: { field: 'change', type: 'quantitative', title, scale: { domain } },
});
const tooltip = [
  { field: 'dt', title: 'Δt (ms)', format: '.3~g' },
  { field: 'change', format: '.4f' },
];

/** Shown on either side, ms. */
const SHOWN = 120;
const [INSIDE, OUTSIDE] = [`within ±${SLIDE} ms`, 'beyond'];

export const window = defineFigure({
  id: 'stdp/window',
  title: 'Which spike comes first decides the sign',
  source,
  params: {
    ...windowParams,
    hardWindow: flag({ default: false, doc: `nothing happens beyond ±${SLIDE} ms, as the slide says` }),
  },
  compute: (p) => {
    const fit = windowOf(p, p.hardWindow ? SLIDE : Infinity);
    const curve = [-1, 1].flatMap((side) =>
      Array.from({ length: SHOWN + 1 }, (_, i) => side * Math.max(i, 1e-3)).map((dt) => ({
        dt,
        change: pairChange(fit, dt),
      })),
    );
    return { fit, curve: curve.sort((a, b) => a.dt - b.dt) };
  },
  table: ({ curve }) =>
    curve.flatMap(({ dt, change }): Row[] => {
      const row = (series: string): Row => ({ dt, change, series, side: dt < 0 ? 'post first' : 'pre first' });
      // the sample at the edge belongs to both lines, so that they meet
      return Math.abs(dt) === SLIDE ? [row(INSIDE), row(OUTSIDE)] : [row(Math.abs(dt) < SLIDE ? INSIDE : OUTSIDE)];
    }),
  draw: ({ fit }, p) => ({
    description: `Change of synaptic strength against the interval from the presynaptic to the postsynaptic spike. If the presynaptic spike is first the strength grows by up to ${fit.aPlus}, less so for longer intervals; if it is second the strength falls by up to ${fit.aMinus}. ${p.hardWindow ? `Nothing happens beyond ${SLIDE} ms on either side.` : `The dashed parts, beyond ${SLIDE} ms on either side, are what the slide leaves out.`}`,
    encoding: {
      x: { ...x, scale: { domain: [-SHOWN, SHOWN], nice: false } },
      ...change('change of strength (fraction)', [-Math.max(0.4, fit.aMinus), Math.max(0.8, fit.aPlus)]),
    },
    layer: [
      levelLine(0, ['dt', 'change']),
      { mark: 'line', encoding: { ...linesBy('series', [INSIDE, OUTSIDE]), detail: { field: 'side' } } },
      hoverPoints(tooltip, 2),
    ],
  }),
  landmarks: ({ fit }, p) => {
    const { potentiation, depression } = areas(fit);
    const bySum = (side: number, from: number, to: number): number => {
      const { nodes, weights } = gaussLegendre(100, from, to);
      return nodes.reduce((sum, t, i) => sum + weights[i] * pairChange(fit, side * t), 0);
    };
    // 20 decays hold all but 2e-9 of an exponential
    const area = (side: number, tau: number): number =>
      bySum(side, 0, SLIDE) + (p.hardWindow ? 0 : bySum(side, SLIDE, SLIDE + 20 * tau));
    const share = (side: number, tau: number): number => 1 - bySum(side, 0, SLIDE) / area(side, tau);
    const quadrature = (name: string, theory: number, measured: number, unit?: string): Landmark => ({
      name,
      theory,
      measured,
      tolerance: 1e-7 * Math.max(1, Math.abs(theory)),
      unit,
      source: 'closed form against Gauss–Legendre quadrature',
    });
    const landmarks = [
      quadrature('area of potentiation', potentiation, area(1, fit.tauPlus), 'ms'),
      quadrature('area of depression', depression, -area(-1, fit.tauMinus), 'ms'),
    ];
    if (!p.hardWindow && fit.aPlus > 0 && fit.aMinus > 0)
      landmarks.push(
        quadrature('potentiation beyond 50 ms, share', Math.exp(-SLIDE / fit.tauPlus), share(1, fit.tauPlus)),
        quadrature('depression beyond 50 ms, share', Math.exp(-SLIDE / fit.tauMinus), share(-1, fit.tauMinus)),
      );
    return landmarks;
  },
});

/** First intervals of the protocols, ms: points at every fifth, lines at every one. */
const FIRST = Array.from({ length: 80 }, (_, i) => i + 1);

export const pairing = defineFigure({
  id: 'stdp/pairing',
  title: 'Two traces count the pairs',
  source,
  params: {
    ...windowParams,
    repeats: integer({ default: 60, min: 1, max: 300, scale: 'log', doc: 'pairings' }),
    frequency: number({ default: 1, min: 0.5, max: 50, scale: 'log', unit: 'Hz', doc: 'pairings a second' }),
    gap: number({ default: 10, min: 1, max: 50, unit: 'ms', doc: 'second to third spike of a triplet' }),
    pairs: choice({ default: 'all', values: ['all', 'nearest'], doc: 'which spikes form pairs' }),
  },
  compute: (p) => {
    const single = onePairing(windowOf(p, Infinity));
    const { repeats, frequency, gap } = p;
    const curves = motifs.flatMap((motif) => {
      // a triplet stands on the side that the order of its first two spikes gives it
      const sides = motif === 'pair' ? [-1, 1] : [motif === 'pre–post–pre' ? 1 : -1];
      return sides.flatMap((side) =>
        FIRST.map((first): { pairing: Pairing; side: number } => ({
          pairing: { motif, dt: side * first, gap, repeats, frequency },
          side,
        })),
      );
    });
    return curves.map(({ pairing, side }) => {
      const trains = protocol(pairing);
      return {
        ...pairing,
        side,
        theory: p.pairs === 'all' ? protocolChange(single, pairing) : changeByPairs(single, trains, 'nearest'),
        traces: pairing.dt % 5 === 0 ? changeByTraces(single, trains, p.pairs) : undefined,
      };
    });
  },
  table: (curves) =>
    curves.flatMap(({ motif, dt, side, theory, traces }): Row[] => {
      const row = (kind: string, change: number): Row => ({ dt, change, kind, protocol: motif, side });
      return [row('theory', theory), ...(traces === undefined ? [] : [row('simulation', traces)])];
    }),
  draw: (curves, { repeats, frequency, gap }) => {
    const changes = curves.map(({ theory }) => theory);
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    return {
      description: `Change of strength after ${repeats} repetitions at ${frequency} Hz against the interval of the first two spikes: pairs, and triplets whose third spike follows ${gap} ms after the second. Lines sum the window over the pairs of spikes; points come from two traces, spike by spike.`,
      encoding: {
        x: { ...x, title: 'interval of the first two spikes, post − pre (ms)', scale: { domain: [-80, 80] } },
        ...change(`change after ${repeats} repetitions (fraction)`, [
          Math.min(-0.4, ...changes),
          Math.max(0.8, ...changes),
        ]),
      },
      layer: [
        levelLine(0, ['dt', 'change']),
        {
          transform: only('theory'),
          mark: 'line',
          encoding: { ...linesBy('protocol', motifs), detail: { field: 'side' } },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('protocol', motifs), tooltip: [{ field: 'protocol' }, ...tooltip] },
        },
      ],
    };
  },
  landmarks: (curves, { pairs }) => [
    ...motifs.map((motif): Landmark => {
      const { dt, theory, traces = Number.NaN } = curves.find((c) => c.motif === motif && Math.abs(c.dt) === 10)!;
      return {
        name: `${motif}, first interval ${String(dt).replace('-', '−')} ms`,
        theory,
        measured: traces,
        tolerance: 1e-9,
        source: pairs === 'all' ? 'closed form' : 'sum over nearest pairs',
      };
    }),
    {
      name: 'largest |traces − sum| of all points',
      theory: 0,
      measured: Math.max(...curves.map(({ theory, traces = theory }) => Math.abs(traces - theory))),
      tolerance: 1e-9,
      source: `identity; ${FITTED_PAIRINGS} pairings give the fitted window`,
    },
  ],
});
