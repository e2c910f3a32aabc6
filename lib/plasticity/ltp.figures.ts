import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, pointsOver } from '../figure/theme';
import { epsp, peakEpsp, REST, schaffer, simulateEpsp, strengthAfter, strengthHeld } from './ltp';
import { never, phasesAt, simulatePhases, strengthOf, typicalCascade } from './phases';

const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];

const threshold = number({
  default: schaffer.threshold,
  min: 2,
  max: 25,
  unit: 'mV',
  doc: 'depolarisation beyond which strength grows',
});

/** Time shown after the test pulse, ms, and the step of the simulation. */
const [SHOWN, STEP] = [80, 0.1];
const [BEFORE, AFTER] = ['baseline', 'after'];

export const epspFigure = defineFigure({
  id: 'ltp/epsp',
  title: 'The same test pulse, before and after a train',
  source: { lecture: 'plasticity-as-optimization', where: 'Long-term potentiation', paper: 'bliss1973' },
  params: {
    pulses: integer({ default: 100, min: 1, max: 400, scale: 'log', doc: 'pulses of the train' }),
    frequency: number({ default: 100, min: 0.1, max: 200, scale: 'log', unit: 'Hz', doc: 'pulses a second' }),
    threshold,
    tauM: number({ default: schaffer.tauM, min: 5, max: 50, unit: 'ms', doc: 'time constant of the membrane' }),
  },
  compute: (p) => {
    const synapse = { ...schaffer, threshold: p.threshold, tauM: p.tauM };
    const strength = strengthAfter(synapse, p);
    const response = (series: string, w: number) => ({
      series,
      w,
      simulated: simulateEpsp(synapse, w, STEP, 1 + Math.round(SHOWN / STEP)),
    });
    return { synapse, strength, responses: [response(BEFORE, 1), response(AFTER, strength)] };
  },
  table: ({ synapse, responses }) =>
    responses.flatMap(({ series, w, simulated }): Row[] => {
      const row = (kind: string, time: number, u: number): Row => ({ time, voltage: REST + u, series, kind });
      return [
        row('theory', -10, 0),
        ...Array.from({ length: 2 * SHOWN + 1 }, (_, i) => row('theory', i / 2, epsp(synapse, w, i / 2))),
        ...Array.from({ length: SHOWN / 4 }, (_, i) => row('simulation', 4 * i + 2, simulated[(4 * i + 2) / STEP])),
      ];
    }),
  draw: ({ strength }, { pulses, frequency }) => {
    const tooltip = [
      { field: 'series' },
      { field: 'time', title: 'time (ms)', format: '.3~g' },
      { field: 'voltage', title: 'voltage (mV)', format: '.2f' },
    ];
    return {
      description: `Membrane potential after a test pulse at 0 ms, before and after a train of ${pulses} pulses at ${frequency} Hz, which left ${strength.toFixed(2)} times the strength. ${strength > 1 ? 'The response after the train has the same shape and is higher.' : 'Both responses are the same.'} Lines are theory, points simulation.`,
      encoding: {
        x: { field: 'time', type: 'quantitative', title: 'time (ms)', scale: { domain: [-10, SHOWN], nice: false } },
        y: { field: 'voltage', type: 'quantitative', title: 'membrane potential (mV)', scale: { domain: [-71, -58] } },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', [BEFORE, AFTER]) },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('series', [BEFORE, AFTER]), tooltip },
        },
      ],
    };
  },
  landmarks: ({ synapse, strength, responses }) => {
    const [before, after] = responses.map(({ simulated }) => simulated);
    const { tauM, tauS, peak } = synapse;
    const ratio = peakEpsp(synapse, strength) / peakEpsp(synapse, 1);
    const apart = responses.flatMap(({ w, simulated }) =>
      Array.from({ length: SHOWN }, (_, t) => Math.abs(simulated[Math.round(t / STEP)] - epsp(synapse, w, t))),
    );
    return [
      {
        name: 'peak after / peak before',
        theory: ratio,
        measured: Math.max(...after) / Math.max(...before),
        // a peak of curvature u/(τm τs) between two samples
        tolerance: (2 * ratio * STEP ** 2) / (8 * tauM * tauS),
        source: 'variation of constants against simulation',
      },
      {
        name: 'first rise after / before: the strength',
        theory: strength,
        measured: after[1] / before[1],
        // the response has moved the membrane by so much of its drive at the first sample
        tolerance: 1e-6 + (strength * (strength - 1) * peak * Math.E * STEP ** 2) / (2 * tauS),
        source: 'u ≈ E w g e t² / 2τₛ at once after the pulse',
      },
      {
        name: 'largest |simulation − theory|',
        theory: 0,
        measured: Math.max(...apart),
        tolerance: 1e-5,
        unit: 'mV',
        source: 'step size',
      },
    ];
  },
});

/** The depolarisations of the curve and of the simulated points, mV. */
const CURVE = Array.from({ length: 61 }, (_, i) => i);
const POINTS = [0, 10, 20, 30, 40, 50, 60];
const [ACTIVE, SILENT] = ['presynaptic pulses', 'no pulses'];
/** Slow enough that a pulse is over before the next, Hz. */
const SLOW = 5;

export const associativity = defineFigure({
  id: 'ltp/associativity',
  title: 'Only together',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Associative view of synaptic plasticity',
    paper: 'artola1990',
  },
  params: {
    pulses: integer({ default: 20, min: 1, max: 200, scale: 'log', doc: `presynaptic pulses, at ${SLOW} Hz` }),
    depolarisation: number({
      default: 30,
      min: 15,
      max: 60,
      unit: 'mV',
      doc: 'at which the postsynaptic cell is held',
    }),
    threshold,
  },
  compute: (p) => {
    const synapse = { ...schaffer, threshold: p.threshold };
    const at = (pulses: number, u: number) => ({
      u,
      input: pulses > 0 ? ACTIVE : SILENT,
      theory: strengthHeld(synapse, pulses, u) - 1,
      simulated: strengthAfter(synapse, { pulses, frequency: SLOW, held: u }) - 1,
    });
    return {
      synapse,
      points: [p.pulses, 0].flatMap((pulses) => POINTS.map((u) => at(pulses, u))),
      protocols: [
        { protocol: 'pre only', ...at(p.pulses, 0) },
        { protocol: 'post only', ...at(0, p.depolarisation) },
        { protocol: 'both', ...at(p.pulses, p.depolarisation) },
      ],
    };
  },
  table: ({ synapse, points, protocols }, { pulses }) => [
    ...[pulses, 0].flatMap((n) =>
      CURVE.map(
        (u): Row => ({
          depolarisation: u,
          change: strengthHeld(synapse, n, u) - 1,
          input: n > 0 ? ACTIVE : SILENT,
          kind: 'theory',
        }),
      ),
    ),
    ...points.map(
      ({ u, input, simulated }): Row => ({ depolarisation: u, change: simulated, input, kind: 'simulation' }),
    ),
    ...protocols.map(
      ({ protocol, u, input, simulated }): Row => ({
        depolarisation: u,
        change: simulated,
        input,
        kind: 'protocol',
        protocol,
      }),
    ),
  ],
  draw: ({ protocols }, { pulses, depolarisation }) => {
    const tooltip = [
      { field: 'input', title: 'input' },
      { field: 'depolarisation', title: 'depolarisation (mV)', format: '.3~g' },
      { field: 'change', format: '.3f' },
    ];
    return {
      description: `Change of strength by ${pulses} presynaptic pulses, and without them, against the depolarisation at which the postsynaptic cell is held. Without pulses nothing happens; with them strength grows beyond a threshold. Three protocols are marked: pre only (at rest) ${protocols[0].simulated.toFixed(2)}, post only (at ${depolarisation} mV) ${protocols[1].simulated.toFixed(2)}, both ${protocols[2].simulated.toFixed(2)}.`,
      encoding: {
        x: {
          field: 'depolarisation',
          type: 'quantitative',
          title: 'postsynaptic depolarisation (mV)',
          scale: { domain: [-4, 64], nice: false },
        },
        y: {
          field: 'change',
          type: 'quantitative',
          title: 'change of strength (fraction)',
          scale: { domain: [-0.1, 1.1], nice: false },
        },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('input', [ACTIVE, SILENT]) },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: { ...pointsOver('input', [ACTIVE, SILENT]), tooltip },
        },
        {
          transform: only('protocol'),
          mark: { type: 'point', shape: 'circle', size: 200, filled: false, strokeWidth: 2, color: '#808080' },
          encoding: { tooltip: [{ field: 'protocol' }, ...tooltip] },
        },
        {
          transform: only('protocol'),
          mark: { type: 'text', dy: -18, fontSize: 13 },
          encoding: { text: { field: 'protocol' } },
        },
      ],
    };
  },
  landmarks: ({ points, protocols }) => [
    ...protocols.map(
      ({ protocol, theory, simulated }): Landmark => ({
        name: `change, ${protocol}`,
        theory,
        measured: simulated,
        tolerance: 1e-6,
        source: 'closed form against simulation (step size)',
      }),
    ),
    {
      name: 'largest |simulation − theory| of all points',
      theory: 0,
      measured: Math.max(...points.map(({ theory, simulated }) => Math.abs(simulated - theory))),
      tolerance: 1e-6,
      source: 'step size',
    },
  ],
});

/** Times from 6 minutes to 100 hours, equally spaced on a logarithmic axis. */
const hours = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 ** (-1 + (3 * i) / (n - 1)));
const LINE = hours(121);
/** The simulated times; a day is one of the landmarks. */
const DOTS = [...hours(19), 24].sort((a, b) => a - b);
const [ON, AT_ONCE, LATER] = ['synthesis goes on', 'blocked at once', 'blocked later'];

export const phases = defineFigure({
  id: 'ltp/phases',
  title: 'An early phase by old receptors, a late one by new proteins',
  source: { lecture: 'plasticity-as-optimization', where: 'Cellular changes underlying LTP', paper: 'frey1988' },
  params: {
    induced: number({
      default: typicalCascade.induced,
      min: 0.05,
      max: 1,
      doc: 'strength gained by the train at once',
    }),
    tauE: number({ default: typicalCascade.tauE, min: 0.5, max: 3, unit: 'h', doc: 'decay of phosphorylation' }),
    tauL: number({ default: typicalCascade.tauL, min: 12, max: 240, unit: 'h', doc: 'decay of the late phase' }),
    blockHours: number({ default: 6, min: 0, max: 24, unit: 'h', doc: 'how long synthesis is blocked' }),
    blockFrom: number({ default: 2, min: 0, max: 24, unit: 'h', doc: 'when the later block begins' }),
  },
  compute: ({ induced, tauE, tauL, blockHours, blockFrom }) => {
    const cascade = { ...typicalCascade, induced, tauE, tauL };
    const later = { from: blockFrom, to: blockFrom + blockHours };
    return [
      { series: ON, block: never },
      { series: AT_ONCE, block: { from: 0, to: blockHours } },
      { series: LATER, block: later },
    ].map(({ series, block }) => ({
      series,
      theory: (t: number) => strengthOf(phasesAt(cascade, block, t)),
      simulated: simulatePhases(cascade, block, DOTS).map(strengthOf),
    }));
  },
  table: (curves) =>
    curves.flatMap(({ series, theory, simulated }) => [
      ...LINE.map((time): Row => ({ time, strength: theory(time), series, kind: 'theory' })),
      ...DOTS.map((time, i): Row => ({ time, strength: simulated[i], series, kind: 'simulation' })),
    ]),
  draw: (curves, { blockHours, blockFrom }) => {
    const names = [ON, AT_ONCE, LATER];
    const tooltip = [
      { field: 'series' },
      { field: 'time', title: 'time (h)', format: '.3~g' },
      { field: 'strength', format: '.3f' },
    ];
    const day = curves.map(({ theory }) => theory(24).toFixed(2));
    return {
      description: `Strength, relative to baseline, from minutes to days after a train, on a logarithmic axis of time. With protein synthesis an early phase hands over to a late one, ${day[0]} after a day. With synthesis blocked for ${blockHours} h from the train on, ${day[1]} is left after a day; blocked for as long from ${blockFrom} h on, ${day[2]}. Lines are theory, points simulation.`,
      encoding: {
        x: {
          field: 'time',
          type: 'quantitative',
          title: 'time after the train (h)',
          scale: { type: 'log', domain: [0.1, 100], nice: false },
        },
        y: {
          field: 'strength',
          type: 'quantitative',
          title: 'strength / baseline',
          scale: { domain: [0.95, Math.max(1.7, ...curves.flatMap(({ simulated }) => simulated))], nice: false },
        },
      },
      layer: [
        levelLine(1, ['time', 'strength']),
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', names) },
        { transform: only('simulation'), mark: 'point', encoding: { ...pointsOver('series', names), tooltip } },
        hoverPoints(tooltip, 4),
      ],
    };
  },
  landmarks: (curves) => {
    const day = DOTS.indexOf(24);
    return [
      ...curves.map(
        ({ series, theory, simulated }): Landmark => ({
          name: `strength after a day, ${series}`,
          theory: theory(24),
          measured: simulated[day],
          tolerance: 1e-6,
          source: 'matrix exponentials against simulation (step size)',
        }),
      ),
      {
        name: 'largest |simulation − theory| of all points',
        theory: 0,
        measured: Math.max(
          ...curves.flatMap(({ theory, simulated }) => simulated.map((w, i) => Math.abs(w - theory(DOTS[i])))),
        ),
        tolerance: 1e-6,
        source: 'step size',
      },
    ];
  },
});
