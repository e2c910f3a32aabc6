import type { Drawing, Row, Spec, View } from './spec';

/** Width of a plot without its axes and legend, in pixels: readable in a notebook and half a printed page. */
export const WIDTH = 480;
const HEIGHT = 280;
/** Room between plots that stand side by side. */
const GAP = 56;

/**
 * Categories, after Okabe and Ito, in the order of use. Their black is replaced by grey, which shows on dark pages too,
 * and their yellow stands last because it is faint on paper.
 */
export const CATEGORIES: readonly string[] = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#808080',
  '#F0E442',
];
/** Dashes that double the categories, in the same order: the first is solid. */
const DASHES: readonly (readonly number[])[] = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [12, 5],
  [4, 2, 1, 2],
  [1, 3],
  [3, 1],
];
/** Shapes that double the categories, in the same order. */
const SHAPES: readonly string[] = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
  'triangle-left',
];

/** For reference lines, zero lines and other marks that belong to no series: shows on light and dark pages. */
export const NEUTRAL = '#808080';

/**
 * The look of every figure. No colour of text or background stands in it: a page or JupyterLab in its dark theme brings
 * its own, and what is grey here shows on both.
 */
const config = {
  view: { continuousWidth: WIDTH, continuousHeight: HEIGHT, stroke: null },
  axis: {
    labelFontSize: 12,
    titleFontSize: 13,
    titleFontWeight: 'normal',
    titlePadding: 8,
    labelLimit: 260,
    domainColor: NEUTRAL,
    tickColor: NEUTRAL,
    gridColor: NEUTRAL,
    gridOpacity: 0.2,
    labelFlush: false,
  },
  legend: {
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelLimit: 260,
    titleLimit: 260,
    symbolStrokeWidth: 2,
    rowPadding: 4,
  },
  header: { labelFontSize: 12, titleFontSize: 13, titleFontWeight: 'normal', labelLimit: 260 },
  title: { anchor: 'start', fontSize: 15, subtitleFontSize: 12, offset: 12 },
  line: { strokeWidth: 2 },
  trail: { strokeWidth: 2 },
  point: { filled: true, size: 40, opacity: 0.85 },
  circle: { size: 40 },
  rule: { color: NEUTRAL },
  area: { opacity: 0.3, line: false },
  text: { fontSize: 12, color: NEUTRAL },
  errorbar: { ticks: false },
  range: {
    category: CATEGORIES,
    heatmap: { scheme: 'viridis' },
    ramp: { scheme: 'viridis' },
    ordinal: { scheme: 'viridis' },
    diverging: { scheme: 'blueorange' },
  },
};

const INK = 'currentColor';
/**
 * Vega-Lite configuration for SVG inside a page: no background, and text in the colour of the page around it, so that
 * one picture serves light, dark and print.
 */
export const INHERITED_INK = {
  background: null,
  title: { color: INK, subtitleColor: INK },
  style: { 'guide-label': { fill: INK }, 'guide-title': { fill: INK }, 'group-title': { fill: INK } },
};

/** Completes a drawing: schema, title, table, sizes, theme. What the drawing itself says goes first. */
export function complete(title: string, drawing: Drawing, rows: readonly Row[]): Spec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title,
    data: { name: 'rows', values: rows },
    config,
    ...(drawing.hconcat ? { ...drawing, hconcat: sideBySide(drawing.hconcat) } : drawing),
  };
}

/** Plots side by side share the width, unless they say their own. */
function sideBySide(views: readonly View[]): View[] {
  const width = Math.floor((WIDTH - GAP * (views.length - 1)) / views.length);
  return views.map((view) => ('width' in view || isComposed(view) ? view : { ...view, width }));
}

const isComposed = (view: View): boolean => 'hconcat' in view || 'vconcat' in view || 'facet' in view;

/** Encoding channels of one series field, colour doubled by dash or shape. */
type Channels = Readonly<Record<string, unknown>>;

/**
 * Lines by series: colour and dash, one legend.
 * @param field the column that names the series
 * @param names all its values, in the order of the legend, at most 8; the n-th has the same colour in all three helpers
 * @param title of the legend; `null` for none
 */
export function linesBy(field: string, names: readonly string[], title: string | null = null): Channels {
  const legend = { symbolType: 'stroke', symbolSize: 500 };
  return {
    color: channel(field, names, title, CATEGORIES, legend),
    strokeDash: channel(field, names, title, DASHES, legend),
  };
}

/** Points by series: colour and shape, one legend. The parameters are those of `linesBy`. */
export function pointsBy(field: string, names: readonly string[], title: string | null = null): Channels {
  const legend = { symbolSize: 60 };
  return {
    color: channel(field, names, title, CATEGORIES, legend),
    shape: channel(field, names, title, SHAPES, legend),
  };
}

/** Points over the lines of `linesBy`, in a layer of the same view: its colours and legend, and a shape for each series. */
export function pointsOver(field: string, names: readonly string[]): Channels {
  return {
    color: { field, type: 'nominal' },
    // a condition and not a scale: a second scale over the same names would ask for a legend of its own
    shape: {
      condition: names.slice(1).map((name, i) => ({
        test: `datum[${JSON.stringify(field)}] === ${JSON.stringify(name)}`,
        value: SHAPES[i + 1],
      })),
      value: SHAPES[0],
    },
  };
}

/**
 * A layer that carries the tooltips of a line. The line's own tooltip would show its first value wherever it is touched;
 * these are points that can't be seen.
 * @param every take each n-th row only, where rows lie close
 */
export function hoverPoints(tooltip: readonly Channels[], every: number = 1): View {
  const thin = [{ window: [{ op: 'row_number', as: 'row' }] }, { filter: `datum.row % ${every} === 0` }];
  return {
    ...(every > 1 ? { transform: thin } : {}),
    mark: { type: 'point', size: 80, opacity: 0 },
    encoding: { tooltip },
  };
}

function channel(
  field: string,
  names: readonly string[],
  title: string | null,
  values: readonly unknown[],
  legend: Channels,
): Channels {
  if (names.length > values.length) throw new RangeError(`${field}: more than ${values.length} series in one plot`);
  return { field, type: 'nominal', scale: { domain: names, range: values.slice(0, names.length) }, title, legend };
}

/** A diverging scale: white at 0, blue below, orange above. */
export const diverging: Channels = { scheme: 'blueorange', domainMid: 0 };

/**
 * A horizontal dashed line across the whole plot, as one mark: an encoding by `datum` alone is drawn once for every row.
 * @param fields the fields of the position encodings that it inherits; rows without a number there would be dropped
 */
export function levelLine(level: number, fields: readonly string[]): View {
  return {
    transform: [{ aggregate: fields.map((field) => ({ op: 'min', field, as: field })) }],
    mark: { type: 'rule', strokeDash: [2, 2] },
    encoding: { x: { value: 0 }, x2: { value: 'width' }, y: { datum: level } },
  };
}
