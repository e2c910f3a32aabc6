/** The plane of the two weights of one mode: where to start, what is conserved, and how it is drawn. */
import type { Drawing, View } from '../figure/spec';
import { CATEGORIES, NEUTRAL } from '../figure/theme';
import { layeredStrength } from './dynamics';

/** A point of the weight plane to start from. */
export interface StartingPoint {
  readonly name: string;
  readonly w21: number;
  readonly w32: number;
}

/** A: both layers small and alike. B: first layer pretrained. C: opposite signs. D: the first weight has to change its sign. */
export function startingPoints({
  s,
  distance,
}: {
  readonly s: number;
  readonly distance: number;
}): readonly StartingPoint[] {
  const off = distance / Math.SQRT2;
  const size = Math.sqrt(s);
  return [
    { name: 'A', w21: off, w32: off },
    { name: 'B', w21: 1, w32: 0 },
    { name: 'C', w21: off - size, w32: off + size },
    { name: 'D', w21: 0.3 * size, w32: -1.3 * size },
  ];
}

/** Time in which theory brings w21 w32 to within 1 % of s. */
export function timeFrom(
  { w21, w32 }: StartingPoint,
  { s, tau }: { readonly s: number; readonly tau: number },
): number {
  let before = 0;
  let after = tau / s;
  const left = (t: number): number => Math.abs(s - layeredStrength({ s, w21, w32, tau }, t)) - 0.01 * s;
  while (left(after) > 0) after *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (before + after) / 2;
    if (left(middle) > 0) before = middle;
    else after = middle;
  }
  return after;
}

/** Half the side of the square that the plane shows. */
export const reach = (s: number): number => 1.9 * Math.sqrt(s);
/** Arrows along each side of the square. */
export const GRID: number = 15;

/** The branch of w21² − w32² = k that runs through a point, within the square, as 61 points. */
export function conserved({ w21, w32 }: StartingPoint, size: number): (readonly [number, number])[] {
  const k = w21 ** 2 - w32 ** 2;
  const across = Array.from({ length: 61 }, (_, i) => size * (i / 30 - 1));
  if (Math.abs(k) < 1e-12) return across.map((w) => [w, w]);
  return across.map((w) => {
    const other = Math.sqrt(Math.abs(k) + w * w);
    return k > 0 ? [Math.sign(w21) * other, w] : [w, Math.sign(w32) * other];
  });
}

export function drawPlane(s: number, starts: readonly StartingPoint[]): Drawing {
  const size = reach(s);
  const axis = (field: string, title: string): object => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [-size, size], nice: false },
    axis: { grid: false },
  });
  const text = (name: string, w21: number, w32: number, place: object): View => ({
    data: { values: [{ w21, w32 }] },
    mark: { type: 'text', text: name, ...place },
  });
  const series = {
    color: {
      field: 'series',
      type: 'nominal',
      legend: null,
      scale: { domain: ['A', 'B', 'C', 'D'], range: CATEGORIES.slice(0, 4) },
    },
  };
  return {
    title: {
      text: 'Learning runs from a saddle to a curve of solutions',
      subtitle: [
        'arrows: gradient flow, pale where slow · thick: solutions w21 w32 = s · cross: saddle',
        'points: gradient descent at equal intervals of time · dashes: w21² − w32² conserved',
      ],
    },
    description: `The plane of the two weights w21 and w32 for singular value ${s}. Solutions are the two branches of the hyperbola w21 w32 = ${s}; the origin is a saddle. Arrows flow in along w21 = −w32 and out along w21 = w32. Four paths of gradient descent follow hyperbolas of constant w21² − w32² to a solution; those that pass near the saddle have most of their points there.`,
    width: 420,
    height: 420,
    encoding: { x: axis('w21', 'first weight w21'), y: axis('w32', 'second weight w32') },
    layer: [
      {
        transform: [
          kind('flow'),
          { calculate: 'atan2(datum.dw21, datum.dw32) * 180 / PI', as: 'direction' },
          { calculate: 'sqrt(sqrt(datum.dw21 * datum.dw21 + datum.dw32 * datum.dw32))', as: 'speed' },
        ],
        mark: { type: 'point', shape: 'arrow', color: NEUTRAL, size: 260 },
        encoding: {
          angle: {
            field: 'direction',
            type: 'quantitative',
            scale: { domain: [-180, 180], range: [-180, 180] },
            legend: null,
          },
          opacity: { field: 'speed', type: 'quantitative', scale: { range: [0.2, 0.9] }, legend: null },
        },
      },
      {
        transform: [kind('solutions')],
        mark: { type: 'line', color: NEUTRAL, strokeWidth: 4, clip: true },
        encoding: { detail: { field: 'series' }, order: { field: 'w21', type: 'quantitative' } },
      },
      {
        // the sum of the weights grows along each branch
        transform: [kind('conserved'), { calculate: 'datum.w21 + datum.w32', as: 'along' }],
        mark: { type: 'line', strokeWidth: 1.2, strokeDash: [5, 4], clip: true },
        encoding: { ...series, order: { field: 'along', type: 'quantitative' } },
      },
      {
        transform: [kind('simulation')],
        mark: { type: 'point', size: 34, clip: true },
        encoding: { ...series, tooltip: ['series', 'time', 'w21', 'w32'].map((field) => ({ field })) },
      },
      { transform: [kind('saddle')], mark: { type: 'point', shape: 'cross', size: 220, angle: 45, color: NEUTRAL } },
      ...starts.map(({ name, w21, w32 }, i) =>
        text(name, w21, w32, { dx: -16, dy: -8, fontSize: 14, fontWeight: 'bold', color: CATEGORIES[i] }),
      ),
      text('w21 w32 = s', s / (0.9 * size), 0.9 * size, { align: 'left', dx: 8, fontWeight: 'bold' }),
    ],
  };
}

/** Rows of one kind. */
const kind = (name: string): object => ({ filter: { field: 'kind', equal: name } });
