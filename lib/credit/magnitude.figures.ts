import { defineFigure } from '../figure/define';
import type { Landmark } from '../figure/landmark';
import { choice, integer, numbers, seed } from '../figure/parameters';
import type { Row } from '../figure/spec';
import { linesBy, NEUTRAL, pointsOver } from '../figure/theme';
import { rng } from '../math/rng';
import { partOf } from '../math/run';
import { mean, standardError } from '../math/statistics';
import { type Deep, meanSquares, squaresOf } from './magnitude';

/** Layers below the top at which theory and simulation are compared. */
const LOOK = 10;
/** Standard errors by which an average may miss the theory. */
const FAR = 5;

const linearKinds = ['orthogonal', 'normal'] as const;

const short = (x: number): string => String(Number(x.toPrecision(3)));

export const magnitude = defineFigure({
  id: 'backprop/magnitude',
  title: 'Errors vanish or explode with depth',
  source: {
    lecture: 'plasticity-as-optimization',
    where: 'Problems for biological implementations of backpropagation',
    paper: 'schoenholz2017',
  },
  params: {
    gains: numbers({ default: [0.8, 1, 2], min: 0.5, max: 3, maxLength: 3, doc: 'spread σ_w of the weights, tanh' }),
    linear: choice({ default: 'orthogonal', values: linearKinds, doc: 'weights of the linear network, σ_w = 1' }),
    depth: integer({ default: 30, min: 2, max: 50, doc: 'layers' }),
    width: integer({ default: 100, min: 20, max: 300, scale: 'log', doc: 'neurons of a layer, N' }),
    networks: integer({ default: 20, min: 10, max: 200, scale: 'log', doc: 'random networks' }),
    seed: seed(),
  },
  presets: { paper: { depth: 50, width: 300, networks: 200 } },
  quick: { depth: 12, width: 30, networks: 10 },
  compute: async ({ gains, linear, depth, width, networks, seed }, run) => {
    const shapes = [
      ...[...new Set(gains)].map((gain) => ({
        series: `tanh, σ_w = ${short(gain)}`,
        net: { width, depth, gain, linear: false, orthogonal: false },
        theory: meanSquares(gain, depth),
      })),
      {
        series: `linear, ${linear}`,
        net: { width, depth, gain: 1, linear: true, orthogonal: linear === 'orthogonal' },
        theory: new Float64Array(depth).fill(1),
      },
    ];
    const found = [];
    for (const [i, { series, net, theory }] of shapes.entries()) {
      const own = partOf(run, i / shapes.length, (i + 1) / shapes.length);
      // every orthogonal network is the same to rounding
      const trials: Float64Array[] = [];
      const count = net.orthogonal ? 2 : networks;
      for (let t = 0; t < count; t++)
        trials.push(
          await squaresOf(
            net,
            rng(seed).stream(series).stream(`network ${t}`),
            partOf(own, t / count, (t + 1) / count),
          ),
        );
      const at = (below: number): number[] => trials.map((squares) => squares[below]);
      found.push({
        series,
        net,
        layers: Array.from(theory, (square, below) => ({
          below,
          theory: square,
          measured: mean(at(below)),
          se: standardError(at(below)),
        })),
      });
    }
    return found;
  },
  table: (found) =>
    found.flatMap(({ series, layers }) =>
      layers.flatMap(({ below, theory, measured, se }): Row[] => {
        // root mean square, and its standard error from that of the mean square
        const size = Math.sqrt(measured);
        return [
          { below, size: Math.sqrt(theory), se: 0, series, kind: 'theory' },
          { below, size, se: se / (2 * size), series, kind: 'simulation' },
        ];
      }),
    ),
  draw: (found, { depth, width, networks }) => {
    const names = found.map(({ series }) => series);
    const only = (kind: string) => [{ filter: { field: 'kind', equal: kind } }];
    const last = ({ layers }: (typeof found)[number]): number => Math.sqrt(layers[layers.length - 1].theory);
    const [low, high] = decadesOf(found.flatMap(({ layers }) => layers.flatMap((l) => [l.theory, l.measured])));
    const x = {
      field: 'below',
      type: 'quantitative',
      title: 'layers below the top',
      scale: { domain: [0, depth - 1], nice: false },
      axis: { values: steps(0, depth - 1, 10) },
    };
    const size = {
      type: 'quantitative',
      title: 'size of the error |e|, relative to the top',
      scale: { type: 'log', domain: [10 ** low, 10 ** high], nice: false },
      axis: { format: '~e', values: steps(low, high, 8).map((k) => 10 ** k) },
    };
    return {
      description: `Root mean square size of the backpropagated error against the number of layers below the top, logarithmic. Theory as lines, ${networks} random networks of ${width} neurons a layer as points. A grey band marks one decade below the size at the top. ${depth - 1} layers below: ${found.map((f) => `${f.series} ${short(last(f))}`).join('; ')}.`,
      title: {
        text: 'Errors vanish or explode with depth',
        subtitle: `Lines: theory; points: ${networks} networks, ${width} neurons a layer, with standard error. Grey: one decade`,
      },
      encoding: { x, y: { ...size, field: 'size' } },
      layer: [
        {
          transform: [{ aggregate: ['below', 'size'].map((field) => ({ op: 'max', field, as: field })) }],
          mark: { type: 'rect', color: NEUTRAL, opacity: 0.2 },
          encoding: {
            x: { value: 0 },
            x2: { value: 'width' },
            y: { ...size, datum: 0.1 },
            y2: { datum: 1 },
          },
        },
        { transform: only('theory'), mark: 'line', encoding: linesBy('series', names) },
        {
          transform: [
            ...only('simulation'),
            // a bar that reaches 0 has no place on a logarithmic axis
            { calculate: 'max(datum.size - datum.se, datum.size / 3)', as: 'low' },
            { calculate: 'datum.size + datum.se', as: 'high' },
          ],
          mark: 'rule',
          encoding: {
            color: { field: 'series', type: 'nominal' },
            y: { ...size, field: 'low' },
            y2: { field: 'high' },
          },
        },
        {
          transform: only('simulation'),
          mark: { type: 'point', size: 26 },
          encoding: {
            ...pointsOver('series', names),
            tooltip: [
              { field: 'series' },
              { field: 'below', title: 'layers below the top' },
              { field: 'size', format: '.3~g' },
              { field: 'se', title: 'standard error', format: '.2~g' },
            ],
          },
        },
      ],
    };
  },
  landmarks: (found, { depth, width }) =>
    found.map(({ series, net, layers }): Landmark => {
      const below = net.orthogonal ? depth - 1 : Math.min(LOOK, depth - 1);
      const { theory, measured, se } = layers[below];
      return {
        name: `${series}: mean square error ${below} layers below`,
        theory,
        measured,
        ...(net.orthogonal ? {} : { se }),
        tolerance: net.orthogonal ? roundings(net, width) : FAR * se,
        source: net.orthogonal ? 'identity: W Wᵀ = 1' : 'mean-field theory, schoenholz2017',
      };
    }),
});

/** The whole decades that hold these squares, the size at the top and one decade below it. */
function decadesOf(squares: readonly number[]): readonly [number, number] {
  const logs = squares.map((square) => Math.log10(square) / 2);
  return [Math.min(-1, Math.floor(Math.min(...logs))), Math.max(1, Math.ceil(Math.max(...logs)))];
}

/** Whole numbers from one end to the other, at most so many. */
function steps(from: number, to: number, most: number): number[] {
  const every = Math.ceil((to - from) / most) || 1;
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => from + i * every);
}

/** What products with so many numbers may lose in that many layers. */
const roundings = ({ depth }: Deep, width: number): number => depth * width * 2 ** -52;
