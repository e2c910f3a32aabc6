import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { number } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { hoverPoints, levelLine, linesBy, pointsOver } from '../figure/theme';
import { cableAttenuation, ladderAttenuation, propagation, simulateChain, spacing } from './dendrites.cable';
import {
  divider,
  type Input,
  ONSET,
  plateauThreshold,
  simulatedThreshold,
  simulateNeuron,
  steady,
} from './dendrites.compartments';

/** Compartments of the chain, every which is drawn, and the membrane's time constant, ms. */
const [COMPARTMENTS, EVERY, TAU] = [50, 5, 20];
/** Length of the recordings and time step, ms. */
const [DURATION, DT] = [120, 0.02];
/** Apical current, mV/ms, and duration, ms, of the steady test: too little for channels or spikes, long enough to settle. */
const [TEST_CURRENT, TEST_DURATION] = [0.5, 300];

const conditions = ['apical input alone', 'spike alone', 'both'] as const;
const compartments = ['apical', 'soma'] as const;

export const segregation = defineFigure({
  id: 'dendrites/segregation',
  title: 'Far apart in space, together in a plateau',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Dendritic segregation of feedforward and feedback signals',
    paper: 'larkum1999',
  },
  params: {
    length: number({
      default: 1.5,
      min: 0.2,
      max: 4,
      unit: 'λ',
      doc: 'length of the passive dendrite, length constants',
    }),
    frequency: number({ default: 100, min: 5, max: 500, scale: 'log', unit: 'Hz', doc: 'the fast of the two signals' }),
    coupling: number({ default: 0.05, min: 0.02, max: 0.1, unit: '1/ms', doc: 'conductance between the compartments' }),
    calcium: number({ default: 0.08, min: 0, max: 0.12, unit: '1/ms', doc: 'calcium conductance of the apical one' }),
    apical: number({ default: 3.5, min: 0, max: 8, unit: 'mV/ms', doc: 'peak of the apical input' }),
    delay: number({ default: 5, min: -20, max: 60, unit: 'ms', doc: 'spike after the start of the apical input' }),
  },
  compute: ({ length, frequency, coupling, calcium, apical, delay }) => {
    const cable = { length, tau: TAU };
    const signals = ([0, frequency] as const).map((f) => ({
      frequency: f,
      name: f === 0 ? 'steady' : `${Number(f.toPrecision(3))} Hz`,
      chain: simulateChain(cable, COMPARTMENTS, f),
    }));
    const neuron = { coupling, calcium };
    const pulse = ONSET + delay;
    const inputs: Readonly<Record<(typeof conditions)[number], Input>> = {
      'apical input alone': { apical },
      'spike alone': { apical: 0, pulse },
      both: { apical, pulse },
    };
    return {
      signals,
      runs: conditions.map((condition) => ({
        condition,
        recording: simulateNeuron(neuron, inputs[condition], DURATION, DT),
      })),
      settled: simulateNeuron({ coupling, calcium: 0 }, { apical: 0, steadyApical: TEST_CURRENT }, TEST_DURATION, DT),
      threshold: { theory: plateauThreshold(neuron), measured: simulatedThreshold(neuron) },
    };
  },
  table: ({ signals, runs }, { length }) => {
    const step = spacing(length, COMPARTMENTS);
    const fading = signals.flatMap(({ frequency, name, chain }): Row[] => [
      ...Array.from({ length: 61 }, (_, i): Row => {
        const distance = (length * i) / 60;
        const ratio = cableAttenuation({ length, tau: TAU }, distance, frequency);
        return { panel: 'fading', signal: name, kind: 'theory', distance, ratio };
      }),
      ...Array.from(
        chain,
        (ratio, k): Row => ({ panel: 'fading', signal: name, kind: 'simulation', distance: k * step, ratio }),
      ).filter((_, k) => k % EVERY === 0),
    ]);
    const voltages = runs.flatMap(({ condition, recording }) =>
      compartments.flatMap((compartment) =>
        Array.from(
          recording.time,
          (time, i): Row => ({ panel: 'voltage', condition, compartment, time, voltage: recording[compartment][i] }),
        ),
      ),
    );
    return [...fading, ...voltages];
  },
  draw: ({ signals, runs }, { length }) => {
    const tip = signals.map(
      ({ name, frequency }) => `${name} ${cableAttenuation({ length, tau: TAU }, length, frequency).toFixed(2)}`,
    );
    const spikes = runs.map(({ condition, recording }) => `${condition} ${recording.spikes.length}`);
    return {
      description: `Above: share of the soma's voltage that arrives along a passive dendrite of ${length} length constants, for a steady and a fast signal; lines are cable theory, points a chain of compartments. At the tip: ${tip.join(', ')}. Below, three panels: voltage of the apical dendrite (solid) and of the soma (dashed) in time for apical input alone, a somatic spike alone, and both. Somatic spikes: ${spikes.join(', ')}.`,
      title: {
        text: 'Far apart in space, together in a plateau',
        subtitle: 'Above: cable theory (lines), a chain of compartments (points). Below: voltage above rest',
      },
      vconcat: [
        fadingPanel(
          length,
          signals.map(({ name }) => name),
        ),
        {
          hconcat: runs.map(({ condition, recording }, i) => voltagePanel(condition, recording.spikes.length, i)),
          spacing: 20,
        },
      ],
      spacing: 24,
      resolve: { scale: { color: 'independent', strokeDash: 'independent' } },
    };
  },
  landmarks: ({ signals: [slow, fast], runs, settled, threshold }, p) => {
    const { length, frequency, coupling } = p;
    const step = spacing(length, COMPARTMENTS);
    const last = COMPARTMENTS * step;
    const closed = cableAttenuation({ length, tau: TAU }, last, 0);
    const found: Landmark[] = [
      {
        name: 'steady voltage in the last compartment, of the soma’s',
        theory: ladderAttenuation(length, COMPARTMENTS, COMPARTMENTS),
        measured: slow.chain[COMPARTMENTS],
        tolerance: 1e-8, // e⁻²⁰ is left of the start
        source: 'closed form of the ladder of resistors',
      },
      {
        name: 'the same against a continuous cable',
        theory: closed,
        measured: slow.chain[COMPARTMENTS],
        tolerance: closed * discretisation(length, step, 0),
        source: 'cable theory; second order in the length of a compartment',
      },
      {
        name: `${fast.name} in the last compartment, of the soma’s`,
        theory: cableAttenuation({ length, tau: TAU }, last, frequency),
        measured: fast.chain[COMPARTMENTS],
        tolerance: cableAttenuation({ length, tau: TAU }, last, frequency) * discretisation(length, step, frequency),
        source: 'cable theory',
      },
      {
        name: 'steady apical voltage that reaches the soma, two compartments',
        theory: divider({ coupling }),
        measured: settled.soma.at(-1)! / settled.apical.at(-1)!,
        tolerance: 1e-9,
        source: 'closed form, g_C/(g_L + g_C)',
      },
      {
        name: 'steady voltage of the soma',
        theory: steady({ coupling }, TEST_CURRENT).soma,
        measured: settled.soma.at(-1)!,
        tolerance: 1e-9,
        unit: 'mV',
        source: 'closed form',
      },
    ];
    if (threshold.theory !== undefined && threshold.measured !== undefined)
      found.push({
        name: 'apical voltage from which a plateau starts by itself, soma at rest',
        theory: threshold.theory,
        measured: threshold.measured,
        tolerance: 1e-6,
        unit: 'mV above rest',
        source: 'root of the currents against bisected runs',
      });
    const asDefault = Object.entries(segregation.values()).every(([k, v]) => p[k as keyof typeof p] === v);
    if (asDefault)
      found.push(
        ...([0, 1] as const).map((count, i) => ({
          name: `somatic spikes, ${conditions[i]}`,
          theory: count,
          measured: runs[i].recording.spikes.length,
          tolerance: 0,
          source: 'larkum1999',
        })),
        {
          name: 'a burst of at least three spikes with both (1: yes)',
          theory: 1,
          measured: runs[2].recording.spikes.length >= 3 ? 1 : 0,
          tolerance: 0,
          source: 'larkum1999',
        },
      );
    return found;
  },
});

/**
 * Relative error of a chain, to leading order: its decay constant is off by |q|³Δ²/24, over a length L; for a sinusoid the
 * time steps add (ωdt)²/12 of the frequency. Doubled for the orders left out.
 */
function discretisation(length: number, step: number, frequency: number): number {
  const { re, im } = propagation(TAU, frequency);
  const q = Math.hypot(re, im);
  const time = frequency > 0 ? (length * q * (2 * Math.PI) ** 2) / (24 * 200 ** 2) : 0;
  return 2 * ((length * q ** 3 * step ** 2) / 24 + time) + 1e-8;
}

function fadingPanel(length: number, names: readonly string[]): View {
  const only = (kind: string) => [{ filter: "datum.panel === 'fading'" }, { filter: { field: 'kind', equal: kind } }];
  return {
    height: 150,
    width: 480,
    encoding: {
      x: {
        field: 'distance',
        type: 'quantitative',
        title: 'distance from the soma (length constants)',
        scale: { domain: [0, length], nice: false },
        axis: { tickCount: 6 },
      },
      y: { field: 'ratio', type: 'quantitative', title: 'share that arrives', scale: { domain: [0, 1] } },
    },
    layer: [
      { transform: only('theory'), mark: 'line', encoding: linesBy('signal', names) },
      {
        transform: only('simulation'),
        mark: 'point',
        encoding: {
          ...pointsOver('signal', names),
          tooltip: [
            { field: 'signal' },
            { field: 'distance', title: 'distance (λ)', format: '.2f' },
            { field: 'ratio', title: 'share', format: '.3f' },
          ],
        },
      },
    ],
  };
}

function voltagePanel(condition: string, spikes: number, i: number): View {
  return {
    width: 140,
    height: 150,
    title: {
      text: condition,
      subtitle: spikes === 1 ? '1 spike' : `${spikes} spikes`,
      fontSize: 12,
      fontWeight: 'bold',
      offset: 4,
    },
    transform: [{ filter: `datum.condition === '${condition}'` }],
    encoding: {
      x: {
        field: 'time',
        type: 'quantitative',
        title: 'time (ms)',
        scale: { domain: [0, DURATION], nice: false },
        axis: { values: [0, 40, 80, 120] },
      },
      y: {
        field: 'voltage',
        type: 'quantitative',
        title: i === 0 ? 'voltage (mV)' : null,
        scale: { domain: [-5, 95], nice: false },
        axis: { values: [0, 25, 50, 75] },
      },
    },
    layer: [
      levelLine(0, ['time', 'voltage']),
      { mark: { type: 'line', strokeWidth: 1.5, clip: true }, encoding: linesBy('compartment', compartments) },
      hoverPoints(
        [
          { field: 'compartment' },
          { field: 'time', title: 'time (ms)', format: '.1f' },
          { field: 'voltage', title: 'voltage (mV)', format: '.1f' },
        ],
        4,
      ),
    ],
  };
}
