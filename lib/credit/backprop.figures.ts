import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, number, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { hoverPoints, linesBy, NEUTRAL } from '../figure/theme';
import { norm } from '../math/linear-algebra';
import { rng } from '../math/rng';
import { linearRegression } from '../math/statistics';
import {
  countWeights,
  differences,
  gradient,
  makePass,
  passForward,
  randomLayers,
  relativeError,
  schemes,
} from './backprop';
import { derivatives } from './taylor';

/** Distance between a double number and the next, at 1. */
const EPSILON = 2 ** -52;
/** Decades of the step, and points to the decade. */
const [SMALLEST, LARGEST, EACH] = [-12, 0, 3];
const STEPS = Array.from({ length: (LARGEST - SMALLEST) * EACH + 1 }, (_, k) => 10 ** (SMALLEST + k / EACH));
/** Steps at which rounding is all there is, and how many of them. */
const SMALL = STEPS.filter((s) => s < 0.99e-8);

const TRUNCATION = 'theory: truncation';
const ROUNDING = 'theory: rounding of E';
const theories = [TRUNCATION, ROUNDING];
const AUTOMATIC = 'automatic differentiation';

export const gradientCheck = defineFigure({
  id: 'backprop/gradient-check',
  title: 'The recursion is the gradient',
  source: { lecture: 'plasticity-as-optimization', where: 'Backpropagation', paper: 'rumelhart1986' },
  params: {
    hidden: integer({ default: 2, min: 1, max: 5, doc: 'hidden layers' }),
    width: integer({ default: 5, min: 2, max: 10, doc: 'neurons of a layer, inputs and outputs too' }),
    activation: choice({ default: 'tanh', values: ['tanh', 'logistic'], doc: 'activation function σ' }),
    scheme: choice({ default: 'central', values: schemes, doc: 'difference of two errors' }),
    size: number({ default: 1, min: 0.3, max: 3, doc: 'size of the inputs' }),
    seed: seed(),
  },
  // what rounding leaves differs in its digits from one machine's tanh to another's: of the picture the form is kept
  quick: { width: 4 },
  compute: async ({ hidden, width, activation, scheme, size, seed }, run) => {
    const random = rng(seed);
    const layers = randomLayers(Array<number>(hidden + 2).fill(width), activation, random.stream('weights'));
    const x = random.stream('inputs').fillNormal(new Float64Array(width), 0, size);
    const d = random.stream('targets').fillUniform(new Float64Array(width), 0.1, 0.9);
    const exact = gradient(layers, x, d);
    const [first, second, third, , fifth] = derivatives(layers, x, d, 5);
    const length = norm(exact);
    const central = scheme === 'central';
    // the first two terms of what Taylor's series leaves of the difference
    const terms = central
      ? [norm(third) / 6, norm(fifth) / 120].map((c, n) => (s: number) => (c * s ** (2 + 2 * n)) / length)
      : [norm(second) / 2, norm(third) / 6].map((c, n) => (s: number) => (c * s ** (1 + n)) / length);
    const E = passForward(layers, x, d, makePass(layers));
    const count = countWeights(layers);
    const points = [];
    for (const [k, step] of STEPS.entries()) {
      await run.progress(k / STEPS.length);
      const error = relativeError(differences(layers, x, d, step, scheme), exact);
      points.push({ step, error });
    }
    return {
      points,
      automatic: relativeError(first, exact),
      truncation: terms[0],
      next: terms[1],
      rounding: (s: number) => roundingOf(E, count, central ? 2 * s : s) / length,
    };
  },
  table: ({ points, automatic, truncation, rounding }) =>
    points.flatMap(({ step, error }): Row[] => [
      { step, error, series: 'finite differences', kind: 'simulation' },
      { step, error: automatic, series: AUTOMATIC, kind: 'simulation' },
      { step, error: truncation(step), series: TRUNCATION, kind: 'theory' },
      { step, error: rounding(step), series: ROUNDING, kind: 'theory' },
    ]),
  draw: ({ points, automatic }, { hidden, width, activation, scheme }) => {
    const best = points.reduce((a, b) => (b.error < a.error ? b : a));
    const y = {
      field: 'error',
      type: 'quantitative',
      title: 'distance from backpropagation, relative',
      scale: { type: 'log', domain: [1e-17, 10], nice: false },
      axis: { format: '~e', values: [1e-16, 1e-12, 1e-8, 1e-4, 1] },
    };
    const only = (test: string) => [{ filter: test }];
    return {
      description: `Relative distance of the gradient by ${scheme} finite differences from that by backpropagation, against the step, both axes logarithmic: a V. It falls with the step down to ${best.error.toExponential(0)} at ${best.step.toExponential(0)}, along the line of truncation, and rises again for smaller steps along the line of rounding. Automatic differentiation, a row of dashes at the bottom, differs by ${automatic.toExponential(0)} whatever the step.`,
      title: {
        text: 'The recursion is the gradient',
        subtitle: `${hidden + 1} layers of ${width} × ${width} weights, ${activation}. Points: ${scheme} differences; dashes at the bottom: ${AUTOMATIC}`,
      },
      encoding: {
        x: {
          field: 'step',
          type: 'quantitative',
          title: 'step s of a weight',
          scale: { type: 'log', domain: [STEPS[0], 1], nice: false },
          axis: { format: '~e', values: [1e-12, 1e-9, 1e-6, 1e-3, 1] },
        },
        y,
      },
      layer: [
        {
          transform: only("datum.kind === 'theory' && datum.error > 1e-17"),
          mark: { type: 'line', clip: true },
          encoding: linesBy('series', theories),
        },
        {
          transform: only("datum.series === 'finite differences' && datum.error > 1e-17"),
          mark: { type: 'point', color: NEUTRAL, clip: true },
        },
        {
          // where it is exactly zero the logarithm has no place for it
          transform: [
            ...only(`datum.series === '${AUTOMATIC}'`),
            { calculate: 'max(datum.error, 2e-17)', as: 'shown' },
          ],
          mark: { type: 'tick', color: NEUTRAL, thickness: 2, width: 10, orient: 'horizontal' },
          encoding: { y: { ...y, field: 'shown' } },
        },
        {
          transform: only('datum.error > 1e-17'),
          ...hoverPoints([{ field: 'series' }, { field: 'step', format: '.1~e' }, { field: 'error', format: '.2~e' }]),
        },
      ],
    };
  },
  landmarks: ({ points, automatic, truncation, next, rounding }, { hidden, width, scheme }) => {
    const at = (s: number): { step: number; error: number } =>
      points.reduce((a, b) => (Math.abs(Math.log(b.step / s)) < Math.abs(Math.log(a.step / s)) ? b : a));
    const look = at(scheme === 'central' ? 1e-3 : 1e-5);
    const small = points.filter(({ step }) => SMALL.includes(step));
    const logs = (values: readonly number[]): number[] => values.map(Math.log10);
    const line = linearRegression(logs(small.map((p) => p.step)), logs(small.map((p) => p.error)));
    const marks: Landmark[] = [
      {
        name: 'recursion against automatic differentiation, relative',
        theory: 0,
        measured: automatic,
        // roundings one after the other on the way through the network and back, each at most half of ε
        tolerance: 2 * (hidden + 1) * (width + 10) * EPSILON,
        source: 'identity, up to rounding',
      },
      {
        name: `error of ${scheme} differences at a step of ${look.step.toPrecision(2)}`,
        theory: truncation(look.step),
        measured: look.error,
        // the next term of the series, once more for all that follow, and what rounding does
        tolerance: 2 * next(look.step) + 10 * rounding(look.step),
        source: 'Taylor series with exact derivatives',
      },
      {
        name: 'slope of the left branch',
        theory: -1,
        measured: line.slope,
        se: line.slopeError,
        tolerance: 5 * line.slopeError,
        source: 'rounding: ε/s',
      },
    ];
    return marks;
  },
});

/**
 * Root mean square over P weights, summed: what is left of a difference when both E are rounded to the nearest double
 * number and nothing else is. Each rounding is uniform within half a spacing.
 */
function roundingOf(E: number, weights: number, divisor: number): number {
  const spacing = 2 ** (Math.floor(Math.log2(E)) - 52);
  return Math.sqrt((2 * weights) / 12) * (spacing / divisor);
}
