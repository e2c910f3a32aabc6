import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row, View } from '../figure/spec';
import { CATEGORIES, levelLine, NEUTRAL } from '../figure/theme';
import { rng } from '../math/rng';
import { mean, standardError } from '../math/statistics';
import {
  averageSpread,
  burstProbability,
  burstSpread,
  expectedChange,
  runningAverage,
  type Synapse,
  simulateTrains,
} from './burst-rule';

/** Apical inputs that are drawn: from `LOW` to `HIGH`, so many points of the lines and of the simulation. */
const [LOW, HIGH, LINE, POINTS] = [-1, 3, 81, 13];
/** Standard errors by which an average may miss the theory. */
const FAR = 5;

const at = (i: number, count: number): number => LOW + ((HIGH - LOW) * i) / (count - 1);

export const burstRule = defineFigure({
  id: 'dendrites/burst-rule',
  title: 'More bursts than usual strengthen, fewer weaken',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Dendritic segregation of feedforward and feedback signals',
    paper: 'payeur2021',
  },
  params: {
    usual: number({ default: 0.6, min: LOW, max: HIGH, doc: 'usual apical input, which the running average knows' }),
    slope: number({ default: 2, min: 0.5, max: 5, doc: 'slope β of the burst probability' }),
    middle: number({ default: 1, min: 0, max: 2, doc: 'apical input θ at which every second event is a burst' }),
    receiver: number({ default: 10, min: 2, max: 40, scale: 'log', unit: 'Hz', doc: 'events of the receiver' }),
    sender: number({ default: 10, min: 2, max: 40, scale: 'log', unit: 'Hz', doc: 'events of the sender' }),
    tauAverage: number({
      default: 10,
      min: 1,
      max: 50,
      scale: 'log',
      unit: 's',
      doc: 'time constant of the running average',
    }),
    duration: number({
      default: 2,
      min: 0.5,
      max: 20,
      scale: 'log',
      unit: 's',
      doc: 'how long the apical input lasts',
    }),
    trials: integer({ default: 400, min: 50, max: 2000, scale: 'log', doc: 'pairs of spike trains a point' }),
    seed: seed(),
  },
  quick: { trials: 50 },
  compute: async ({ trials, seed, ...settings }, run) => {
    const synapse: Synapse = { ...settings, eta: 0.01, tauTrace: 0.1 };
    const apicals = [...new Set([settings.usual, ...Array.from({ length: POINTS }, (_, i) => at(i, POINTS))])];
    const points = [];
    const averageError = (values: readonly number[]): number =>
      Math.max(standardError(values), averageSpread(synapse) / Math.sqrt(trials));
    for (const [i, apical] of apicals.entries()) {
      const random = rng(seed).stream(`apical ${apical.toFixed(6)}`);
      const [changes, shares, averages]: number[][] = [[], [], []];
      let [events, bursts] = [0, 0];
      for (let trial = 0; trial < trials; trial++) {
        if (trial % 25 === 0) await run.progress((i + trial / trials) / apicals.length, 'spike trains');
        const outcome = simulateTrains(synapse, apical, random.stream(`trial ${trial}`));
        changes.push(outcome.change);
        averages.push(outcome.averageAfter);
        shares.push(outcome.averageBefore);
        events += outcome.events;
        bursts += outcome.bursts;
      }
      const p = burstProbability(synapse, apical);
      points.push({
        apical,
        theory: expectedChange(synapse, apical),
        change: mean(changes),
        // where bursts are too rare for the sample to show its own spread, what theory says of it
        se: Math.max(standardError(changes), burstSpread(synapse, apical) / Math.sqrt(trials)),
        probability: bursts / events,
        probabilitySe: Math.sqrt((p * (1 - p)) / events),
        before: { mean: mean(shares), se: averageError(shares) },
        after: { mean: mean(averages), se: averageError(averages) },
      });
    }
    const line = Array.from({ length: LINE }, (_, i) => at(i, LINE)).map((apical) => ({
      apical,
      change: expectedChange(synapse, apical),
      probability: burstProbability(synapse, apical),
    }));
    return { synapse, line, points };
  },
  table: ({ line, points }) => [
    ...line.map((row): Row => ({ ...row, se: 0, probabilitySe: 0, kind: 'theory' })),
    ...points.map(
      ({ apical, change, probability, se, probabilitySe }): Row => ({
        apical,
        change,
        probability,
        se,
        probabilitySe,
        kind: 'simulation',
      }),
    ),
  ],
  draw: ({ synapse }, { usual, trials }) => {
    const average = burstProbability(synapse, usual);
    const [lowest, highest] = [LOW, HIGH].map((a) => expectedChange(synapse, a));
    return {
      description: `Two panels over the apical input. Above: share of events that are bursts, an S-shaped curve that passes the running average, ${average.toFixed(2)}, at the usual input, ${usual}. Below: change of the weight, from ${lowest.toPrecision(2)} through 0 at the usual input to ${highest.toPrecision(2)}. Lines are closed form; points are the means of ${trials} simulated pairs of spike trains with standard errors.`,
      title: {
        text: 'More bursts than usual strengthen, fewer weaken',
        subtitle: 'Lines: expected. Points: simulated spike trains, with standard error. Dashed: what is usual',
      },
      vconcat: [
        panel('probability', 'probabilitySe', 'share of bursts p(a)', average, usual, false, [0, 1]),
        panel('change', 'se', 'change of the weight ΔW', 0, usual, true),
      ],
      spacing: 18,
    };
  },
  landmarks: ({ synapse, points }, { usual, duration }) => {
    const home = points.find(({ apical }) => apical === usual)!;
    const [low, high] = [points.find(({ apical }) => apical === LOW)!, points.find(({ apical }) => apical === HIGH)!];
    const told = points.filter(({ theory, se }) => Math.abs(theory) > FAR * se);
    const average = burstProbability(synapse, usual);
    const compare = (name: string, theory: number, measured: number, se: number): Landmark => ({
      name,
      theory,
      measured,
      se,
      tolerance: FAR * se,
      source: 'payeur2021',
    });
    return [
      compare('change at the usual input', 0, home.change, home.se),
      compare('running average before the input', average, home.before.mean, home.before.se),
      ...[low, high].map(({ apical, theory, change, se }) => compare(`change at a = ${apical}`, theory, change, se)),
      {
        name: 'points whose change has the sign of p − P̄, of those further from 0 than their error',
        theory: told.length,
        measured: told.filter(
          ({ apical, change }) => Math.sign(change) === Math.sign(burstProbability(synapse, apical) - average),
        ).length,
        tolerance: 0,
        source: 'payeur2021',
      },
      {
        ...compare(
          `running average after ${duration} s of a = ${HIGH}`,
          runningAverage(synapse, HIGH, duration),
          high.after.mean,
          high.after.se,
        ),
        // the mean of a ratio: its relative correction is 1/(2 r τ) of what has moved
        tolerance:
          FAR * high.after.se +
          Math.abs(runningAverage(synapse, HIGH, duration) - average) / (synapse.receiver * synapse.tauAverage),
      },
    ];
  },
});

function panel(
  field: string,
  se: string,
  title: string,
  level: number,
  usual: number,
  bottom: boolean,
  domain?: readonly number[],
): View {
  const only = (kind: string) => ({ filter: { field: 'kind', equal: kind } });
  const first = { aggregate: ['apical', field].map((name) => ({ op: 'min', field: name, as: name })) };
  return {
    height: 150,
    width: 480,
    encoding: {
      x: {
        field: 'apical',
        type: 'quantitative',
        title: bottom ? 'apical input a' : null,
        scale: { domain: [LOW, HIGH], nice: false },
      },
      y: { field, type: 'quantitative', title, ...(domain ? { scale: { domain } } : {}) },
    },
    layer: [
      levelLine(level, ['apical', field]),
      {
        transform: [first],
        mark: { type: 'rule', strokeDash: [2, 2], color: NEUTRAL },
        encoding: { x: { datum: usual }, y: { value: 0 }, y2: { value: 'height' } },
      },
      { transform: [only('theory')], mark: { type: 'line', color: CATEGORIES[0] } },
      {
        transform: [
          only('simulation'),
          { calculate: `datum.${field} - datum.${se}`, as: 'low' },
          { calculate: `datum.${field} + datum.${se}`, as: 'high' },
        ],
        mark: { type: 'rule', color: CATEGORIES[1], strokeWidth: 1.5 },
        encoding: { y: { field: 'low', type: 'quantitative', title }, y2: { field: 'high' } },
      },
      {
        transform: [only('simulation')],
        mark: { type: 'point', color: CATEGORIES[1] },
        encoding: {
          tooltip: [
            { field: 'apical', title: 'apical input', format: '.2f' },
            { field, title, format: '.4f' },
            { field: se, title: 'standard error', format: '.4f' },
          ],
        },
      },
    ],
  };
}
