import type { Value } from '../parameters';
import type { PanelFigure, PanelValues } from './engine';

/** Whether two values of one parameter are the same. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
  return Object.is(a, b);
}

/** Whether two settings are the same, parameter by parameter. */
export function sameValues(a: PanelValues, b: PanelValues): boolean {
  return Object.keys({ ...a, ...b }).every((name) => sameValue(a[name], b[name]));
}

/** The defaults of a figure. */
export function defaultsOf({ params }: PanelFigure): PanelValues {
  return Object.fromEntries(Object.entries(params).map(([name, p]) => [name, p.default]));
}

/** The values of a preset: what it changes, and the defaults. */
export function presetOf(figure: PanelFigure, name: string): PanelValues {
  return { ...defaultsOf(figure), ...figure.presets[name] };
}

/** Code for a notebook's cell that shows the figure with these values: imports, and only what differs from the defaults. */
export function snippet(figure: PanelFigure, values: PanelValues): string {
  const { module, name } = figure.origin;
  const settings = settingsText(figure, values);
  return [
    "import { show } from 'lecture-lab/figure';",
    ...(module ? [`import { ${name} } from ${quoted(module)};`] : []),
    '',
    `await show(${name}${settings ? `, ${settings}` : ''});`,
    '',
  ].join('\n');
}

function settingsText(figure: PanelFigure, values: PanelValues): string {
  const defaults = defaultsOf(figure);
  const changed = Object.keys(figure.params).filter((key) => !sameValue(values[key], defaults[key]));
  if (changed.length === 0) return '';
  const preset = Object.keys(figure.presets).find((key) => sameValues(values, presetOf(figure, key)));
  if (preset !== undefined) return `{ preset: ${quoted(preset)} }`;
  return `{ ${changed.map((key) => `${key}: ${literal(values[key]!)}`).join(', ')} }`;
}

function literal(value: Value): string {
  if (typeof value === 'string') return quoted(value);
  return typeof value === 'object' ? `[${value.join(', ')}]` : String(value);
}

/** A string in single quotes. */
function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
