import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { CATEGORIES, hoverPoints, linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { histogram, mean, standardDeviation } from '../math/statistics';
import { countSpikes, excite, expectedSpikes, naiveCell, PEAK_TIME, shape, spikeProbability, WINDOW } from './coupling';
import {
  adapt,
  density,
  divergence,
  influence,
  moments,
  naive,
  restingExcitability,
  returnRates,
  wander,
} from './intrinsic';

/** Rates at which densities are drawn: near 0 the neuron's density falls fast. */
const RATES = [0.0005, 0.001, 0.002, 0.004, 0.007, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995];
const BINS = 40;
/** Densities below are not drawn. */
const FLOOR = 0.003;
const KINDS = ['theory', 'exponential', 'before'] as const;

export const excitability = defineFigure({
  id: 'intrinsic/excitability',
  title: 'A neuron makes its rates nearly exponential',
  source: { lecture: 'plasticity-as-optimization', where: 'Beyond the synapse', paper: 'triesch2005' },
  params: {
    mu: number({ default: 0.1, min: 0.05, max: 0.4, doc: 'mean rate aimed at, share of the largest' }),
    eta: number({ default: 0.001, min: 1e-4, max: 0.002, scale: 'log', doc: 'step size η' }),
    steps: integer({ default: 200_000, min: 1000, max: 1_000_000, scale: 'log', doc: 'inputs' }),
    spread: number({ default: 1, min: 0.5, max: 2, scale: 'log', doc: 'standard deviation of the input' }),
    seed: seed(),
  },
  compute: (p) => {
    const rest = restingExcitability(p.mu, p.spread);
    const adaptation = adapt(p, rng(p.seed).stream('input'));
    return { rest, adaptation, bins: histogram(adaptation.rates, BINS, [0, 1]) };
  },
  table: ({ rest, adaptation, bins }, { mu, spread }) => {
    const lines = RATES.flatMap((rate): Row[] => [
      { rate, density: density(rest, rate, spread), kind: 'theory', se: 0 },
      { rate, density: Math.exp(-rate / mu) / mu, kind: 'exponential', se: 0 },
      { rate, density: density(naive, rate, spread), kind: 'before', se: 0 },
    ]);
    const perDensity = BINS / adaptation.rates.length;
    const points = Array.from(
      bins.counts,
      (count, i): Row => ({
        rate: (i + 0.5) / BINS,
        density: count * perDensity,
        kind: 'simulation',
        se: Math.sqrt(count) * perDensity,
      }),
    );
    return [...lines, ...points].filter((row) => (row.density as number) >= FLOOR);
  },
  draw: (_, { mu, steps }) => ({
    description: `Density of the rates of a neuron on a logarithmic axis. Before plasticity it is a bump around one half. After ${steps} inputs the simulated points lie on the theory, a curve that follows the straight line of the exponential distribution with mean ${mu} through the middle and leaves it at both ends: no sigmoid can be exponential near 0 or near 1.`,
    encoding: {
      x: { field: 'rate', type: 'quantitative', title: 'rate y (share of the largest)', scale: { domain: [0, 1] } },
      y: {
        field: 'density',
        type: 'quantitative',
        title: 'density',
        scale: { type: 'log', domain: [FLOOR, 30], clamp: true },
      },
    },
    layer: [
      {
        transform: [{ filter: { field: 'kind', oneOf: KINDS } }],
        mark: 'line',
        encoding: linesBy('kind', KINDS),
      },
      {
        transform: [
          { filter: { field: 'kind', equal: 'simulation' } },
          { calculate: `max(${FLOOR}, datum.density - datum.se)`, as: 'low' },
          { calculate: 'datum.density + datum.se', as: 'high' },
        ],
        encoding: { color: { value: CATEGORIES[0] } },
        layer: [
          { mark: 'rule', encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } } },
          { mark: { type: 'point', size: 25 } },
        ],
      },
      hoverPoints([
        { field: 'kind' },
        { field: 'rate', format: '.3~g' },
        { field: 'density', format: '.3~g' },
        { field: 'se', format: '.1~g' },
      ]),
    ],
  }),
  landmarks: ({ rest, adaptation }, { mu, eta, steps, spread }) => {
    const { average, middle, last, rates } = adaptation;
    const n = rates.length;
    const measured = mean(rates);
    const landmarks: Landmark[] = [
      {
        // the bias moves by η times the sum of its steps, so that the averages of y and y² are tied
        name: '⟨y²⟩ from ⟨y⟩',
        theory: (2 * mu + 1) * measured - mu + (mu * (last.bias - middle.bias)) / (eta * n),
        measured: rates.reduce((sum, y) => sum + y * y, 0) / n,
        tolerance: 1e-12 / eta,
        source: 'identity of the rule for b',
      },
    ];
    // nothing can be said about averages before the start is forgotten
    const returned = returnRates({ ...rest, gain: rest.gain * spread }, mu)[0] * eta * Math.min(1, spread ** 2);
    const forgotten = (returned * steps) / 2;
    if (forgotten < 12) return landmarks;
    const unit = { ...rest, gain: rest.gain * spread };
    const stray = wander(unit, mu);
    const root = Math.sqrt(n);
    // what start and end of the averages leave, which are known
    const ends = influence(
      unit,
      mu,
    )({
      gain: (last.gain - middle.gain) / (spread * eta * n),
      bias: (last.bias - middle.bias) / (eta * n),
    });
    // a step that is not infinitely small moves averages by the order of η
    const order = 2 * eta * Math.max(1, spread ** 2);
    const ideal = moments(rest, spread);
    const shift = Math.abs(moments({ gain: unit.gain + order, bias: unit.bias + order }).mean - ideal.mean);
    const tolerance = {
      gain: ((4 * stray.gain) / root + Math.abs(ends.gain) + order) / spread,
      bias: (4 * stray.bias) / root + Math.abs(ends.bias) + order,
      mean: (4 * stray.mean) / root + Math.abs(ends.mean) + shift,
    };
    const against = (
      key: 'gain' | 'bias' | 'mean',
      name: string,
      theory: number,
      value: number,
      unitOf: number = 1,
    ): Landmark => ({
      name,
      theory,
      measured: value,
      se: stray[key] / unitOf / root,
      tolerance: tolerance[key],
      source: 'fixed point of the averaged rule',
    });
    return [
      ...landmarks,
      against('gain', 'gain a', rest.gain, average.gain, spread),
      against('bias', 'bias b', rest.bias, average.bias),
      against('mean', 'mean rate', ideal.mean, measured),
      {
        name: 'standard deviation of the rates',
        theory: ideal.sd,
        measured: standardDeviation(rates),
        // tied to the mean and to the ends of the bias by the identity above
        tolerance:
          ((2 * mu + 1 - 2 * ideal.mean) * tolerance.mean +
            (mu * Math.abs(last.bias - middle.bias)) / (eta * n) +
            ideal.sd ** 2 / n) /
          (2 * ideal.sd),
        source: `fixed point of the averaged rule; an exponential has ${mu}`,
      },
      {
        name: 'divergence from the exponential, nats',
        theory: divergence(rest, mu, spread),
        measured: divergence(average, mu, spread),
        // at a minimum: half of the larger second derivative times the square of the distance
        tolerance: 0.5 * returnRates(unit, mu)[1] * ((tolerance.gain * spread) ** 2 + tolerance.bias ** 2) * 1.1,
        source: 'minimum over gain and bias',
      },
    ];
  },
});

/** Synaptic potentials of the curves, mV, and of the points. */
const DRAWN = Array.from({ length: 61 }, (_, i) => i / 4);
const SIMULATED = Array.from({ length: 16 }, (_, i) => i);
const CELLS = ['before', 'after'] as const;

/** Where a curve is so near to 0 or 1 that it runs level; height of a line of text, as a probability. */
const [LEVEL, LINE_HEIGHT] = [0.07, 0.06];

export const epspSpike = defineFigure({
  id: 'intrinsic/epsp-spike',
  title: 'More spikes from the same synaptic potential',
  source: { lecture: 'plasticity-as-optimization', where: 'Beyond the synapse', paper: 'daoudal2003' },
  params: {
    amplitude: number({ default: 8, min: 4, max: 10, unit: 'mV', doc: 'test EPSP' }),
    shift: number({ default: 1.5, min: 0, max: 4, unit: 'mV', doc: 'fall of the threshold' }),
    softness: number({ default: 1, min: 0.3, max: 2, unit: 'mV', doc: 'softness Δ of the threshold' }),
    potentiation: number({ default: 1.2, min: 1, max: 1.25, doc: 'EPSP after LTP alone, times the one before' }),
    trials: integer({ default: 1000, min: 100, max: 10_000, scale: 'log', doc: 'trials a point' }),
    seed: seed(),
  },
  compute: ({ amplitude, shift, softness, potentiation, trials, seed }) => {
    const before = { ...naiveCell, softness };
    const cells = { before, after: excite(before, shift) };
    const noise = rng(seed);
    const measure = (series: (typeof CELLS)[number], epsp: number) => ({
      series,
      epsp,
      theory: spikeProbability(cells[series], epsp),
      probability: countSpikes(cells[series], epsp, trials, noise.stream(`${series} ${epsp}`)) / trials,
    });
    return {
      cells,
      curves: CELLS.flatMap((series) =>
        DRAWN.map((epsp) => ({ series, epsp, probability: spikeProbability(cells[series], epsp) })),
      ),
      points: CELLS.flatMap((series) => SIMULATED.map((epsp) => measure(series, epsp))),
      test: [
        { ...measure('before', amplitude), label: 'naive' },
        { ...measure('before', amplitude * potentiation), label: 'LTP alone' },
        { ...measure('after', amplitude), label: 'cell alone' },
      ],
    };
  },
  table: ({ curves, points, test }, { trials }) => [
    ...curves.map((c): Row => ({ ...c, kind: 'theory', se: 0 })),
    ...points.map(
      ({ series, epsp, probability }): Row => ({
        series,
        epsp,
        probability,
        kind: 'simulation',
        se: Math.sqrt((probability * (1 - probability)) / trials),
      }),
    ),
    ...test.map(
      ({ series, epsp, theory, label }): Row => ({ series, epsp, probability: theory, kind: 'test', se: 0, label }),
    ),
  ],
  draw: ({ test }, { amplitude, shift, potentiation }) => {
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const [naive, ltp, cell] = test.map(({ theory }) => theory);
    // two names on the left need a line's height between them
    const together = Math.abs(cell - naive) < (naive < LEVEL ? 2 : 1) * LINE_HEIGHT;
    const left = { align: 'right', dx: -12 };
    const names = [
      ...(together
        ? [{ label: cell > 0.5 ? 'cell alone' : 'naive', text: 'naive, cell alone', ...left, probability: cell }]
        : [
            { label: 'naive', text: 'naive', ...left, probability: naive },
            { label: 'cell alone', text: 'cell alone', ...left, probability: cell },
          ]),
      { label: 'LTP alone', text: 'LTP alone', align: 'left', dx: 12, probability: ltp },
    ];
    return {
      description: `Probability of a spike against the size of the synaptic potential, before and after the threshold fell by ${shift} mV: the curve moves to the left. Three marks belong to one test stimulus. Before, its potential is ${amplitude} mV. LTP alone makes it ${potentiation} times as large and moves along the old curve; plasticity of the cell alone leaves its size as it is and moves to the new curve.`,
      encoding: {
        x: {
          field: 'epsp',
          type: 'quantitative',
          title: 'peak of the EPSP (mV)',
          scale: { domain: [0, 15], nice: false },
        },
        y: {
          field: 'probability',
          type: 'quantitative',
          title: 'probability of a spike',
          scale: { domain: [0, 1.1], nice: false }, // room for names of marks at 1
          axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
        },
      },
      layer: [
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', CELLS) },
        {
          transform: only('simulation'),
          mark: { type: 'errorbar' },
          encoding: {
            y: { field: 'probability', type: 'quantitative', title: 'probability of a spike' },
            yError: { field: 'se' },
            color: { field: 'series', type: 'nominal' },
          },
        },
        {
          transform: only('simulation'),
          mark: 'point',
          encoding: {
            ...pointsOver('series', CELLS),
            tooltip: [
              { field: 'series' },
              { field: 'epsp', title: 'EPSP (mV)' },
              { field: 'probability', format: '.3f' },
              { field: 'se', format: '.3f' },
            ],
          },
        },
        {
          transform: only('test'),
          mark: { type: 'point', filled: false, size: 180, strokeWidth: 2, color: NEUTRAL, opacity: 1 },
        },
        // names stand where no curve is: left of the new curve, right of the old one, above where a curve is level
        ...names.map(({ label, text, align, dx, probability }) => ({
          transform: [...only('test'), { filter: { field: 'label', equal: label } }],
          mark: {
            type: 'text',
            align,
            dx,
            dy: probability < LEVEL || probability > 1 - LEVEL ? -14 : 0,
            fontWeight: 'bold',
            text,
          },
        })),
      ],
    };
  },
  landmarks: ({ cells, points, test }, { amplitude, shift, softness, trials }) => {
    const error = (p: number): number => Math.sqrt((p * (1 - p) + 1 / trials) / trials);
    const worst = points.reduce((a, b) =>
      Math.abs(a.probability - a.theory) / error(a.theory) > Math.abs(b.probability - b.theory) / error(b.theory)
        ? a
        : b,
    );
    return [
      ...test.map(
        ({ label, theory, probability }): Landmark => ({
          name: `spike probability, ${label}`,
          theory,
          measured: probability,
          se: error(theory),
          tolerance: 4 * error(theory),
          source: '1 − exp(−∫ρ dt)',
        }),
      ),
      {
        name: 'EPSP after plasticity of the cell, where it peaks',
        theory: amplitude,
        measured: amplitude * Math.max(...Array.from({ length: 4001 }, (_, i) => shape((i * WINDOW) / 4000))),
        // a grid of 0.01 ms misses a peak with curvature of about 1/(rise × decay) by at most this
        tolerance: amplitude * 0.005 ** 2,
        unit: 'mV',
        source: `identity: the synapse is untouched; the peak is at ${PEAK_TIME.toFixed(2)} ms`,
      },
      {
        name: 'exponent of the probability of silence',
        theory: Math.exp(shift / softness),
        measured: expectedSpikes(cells.after, amplitude) / expectedSpikes(cells.before, amplitude),
        tolerance: 1e-9 * Math.exp(shift / softness),
        source: 'identity, exp(δ/Δ)',
      },
      {
        name: `worst point, ${worst.series} at ${worst.epsp} mV`,
        theory: worst.theory,
        measured: worst.probability,
        se: error(worst.theory),
        // the largest of 32 deviations
        tolerance: 5 * error(worst.theory),
        source: '1 − exp(−∫ρ dt)',
      },
    ];
  },
});
