import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { levelLine, linesBy, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import {
  excitabilityOverlap,
  expectedOverlap,
  linearOverlap,
  type Remembered,
  type Remodelling,
  simulateExcitability,
  simulateOverlap,
  type Writer,
} from './turnover';

/** The great event, and the last day shown. */
const [EVENT, DAYS] = [60, 150];
const names: Readonly<Record<Writer, string>> = {
  nobody: 'synapses alone',
  majority: 'synapses that agree',
  store: 'a store rewrites synapses',
};
const EXCITABILITY = 'excitability';
const SERIES = [names.nobody, names.majority, names.store, EXCITABILITY];

export const turnover = defineFigure({
  id: 'persistence/turnover',
  title: 'What survives when synapses are rebuilt',
  source: { lecture: 'plasticity-as-optimization', where: 'Study question', paper: 'blackiston2015' },
  params: {
    turnover: number({ default: 0.05, min: 0, max: 0.5, unit: '/day', doc: 'replacements of a synapse' }),
    rebuilt: number({ default: 0.8, min: 0, max: 1, doc: `share of synapses rebuilt at random on day ${EVENT}` }),
    fidelity: number({ default: 0.9, min: 0, max: 1, doc: 'new synapses that are written, not random' }),
    redundancy: integer({ default: 5, min: 0, max: 12, doc: 'r: 2r + 1 synapses hold one bit' }),
    retention: number({ default: 300, min: 10, max: 1000, scale: 'log', unit: 'day', doc: 'decay of excitability' }),
    bits: integer({ default: 500, min: 50, max: 2000, scale: 'log', doc: 'bits of the memory' }),
    seed: seed(),
  },
  presets: {
    'slow turnover': { rebuilt: 0 },
    metamorphosis: { rebuilt: 1 },
    'no redundancy': { redundancy: 0, rebuilt: 0 },
  },
  compute: (p) => {
    const model: Remodelling = {
      turnover: p.turnover,
      fidelity: p.fidelity,
      copies: 2 * p.redundancy + 1,
      rebuilt: p.rebuilt,
      event: EVENT,
    };
    const noise = rng(p.seed);
    const synaptic = (['nobody', 'majority', 'store'] as const).map((writer) => ({
      series: names[writer],
      theory: expectedOverlap(model, writer, DAYS),
      simulated: simulateOverlap(model, writer, { days: DAYS, bits: p.bits }, noise.stream(writer)),
    }));
    const fading = Array.from({ length: DAYS + 1 }, (_, day): Remembered => {
      const overlap = excitabilityOverlap(p.retention, day);
      return { day, overlap, sd: Math.sqrt(1 - overlap * overlap) };
    });
    const simulated = simulateExcitability(p.retention, { days: DAYS, neurons: p.bits }, noise.stream('thresholds'));
    return { model, courses: [...synaptic, { series: EXCITABILITY, theory: fading, simulated }] };
  },
  table: ({ courses }, { bits }) =>
    courses.flatMap(({ series, theory, simulated }): Row[] => [
      ...theory.filter(near).map(({ day, overlap }): Row => ({ day, overlap, series, kind: 'theory', se: 0 })),
      ...simulated
        .filter(({ day }, i) => day % 10 === 0 && simulated[i + 1]?.day !== day)
        .map(({ day, overlap, sd }): Row => ({ day, overlap, series, kind: 'simulation', se: sd / Math.sqrt(bits) })),
    ]),
  draw: (_, { turnover, rebuilt, fidelity }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    return {
      description: `Overlap of a memory with what was learned over ${DAYS} days, while each synapse is replaced ${turnover} times a day; on day ${EVENT} a share of ${rebuilt} of all synapses is rebuilt at random. Synapses alone forget exponentially. Synapses that copy the majority of their group, and those that a store rewrites, hold on to about ${fidelity}; after the event the store restores its synapses, the majority only as far as it still exists. Excitability doesn't notice either and fades by itself.`,
      encoding: {
        x: { field: 'day', type: 'quantitative', title: 'time (days)', scale: { domain: [0, DAYS], nice: false } },
        y: {
          field: 'overlap',
          type: 'quantitative',
          title: 'overlap with what was learned',
          scale: { domain: [-0.2, 1] },
        },
      },
      layer: [
        levelLine(0, ['day', 'overlap']),
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', SERIES) },
        {
          transform: only('simulation'),
          mark: 'errorbar',
          encoding: {
            y: { field: 'overlap', type: 'quantitative', title: 'overlap with what was learned' },
            yError: { field: 'se' },
            color: { field: 'series', type: 'nominal' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: {
            ...pointsOver('series', SERIES),
            tooltip: [
              { field: 'series' },
              { field: 'day' },
              { field: 'overlap', format: '.3f' },
              { field: 'se', format: '.3f' },
            ],
          },
        },
      ],
    };
  },
  landmarks: ({ model, courses }, { bits }) => {
    const find = (course: readonly Remembered[], day: number): Remembered => course.findLast((c) => c.day === day)!;
    const simulated = courses.flatMap(({ series, theory, simulated }) =>
      [EVENT, DAYS].map((day): Landmark => {
        const { overlap, sd } = find(theory, day);
        // synapses of a bit are whole: a bit moves the average by 2/bits at most
        const se = Math.sqrt(sd * sd + 1 / bits) / Math.sqrt(bits);
        return {
          name: `${series}, day ${day}`,
          theory: overlap,
          measured: find(simulated, day).overlap,
          se,
          // eight deviations at whatever seed a reader takes: one in 200,000 figures has a larger one
          tolerance: 5 * se,
          source: series === EXCITABILITY ? 'exp(−t/τ)' : 'birth–death process of the right synapses of a bit',
        };
      }),
    );
    const closed = (['nobody', 'store'] as const).map(
      (writer): Landmark => ({
        name: `${names[writer]}, day ${EVENT} before the event`,
        theory: linearOverlap(model, writer, EVENT),
        measured: courses.find(({ series }) => series === names[writer])!.theory.find((c) => c.day === EVENT)!.overlap,
        tolerance: 1e-9,
        source: 'closed form against the birth–death process',
      }),
    );
    return [...simulated, ...closed];
  },
});

/** Days at which lines have a corner or bend: every second one, and both values at the event. */
const near = ({ day }: Remembered): boolean => day % 2 === 0;
