import type { PanelFigure, PanelValues } from 'lecture-lab/figure/panel/engine';
import { formatValue, parseText, parseValues, type Value } from 'lecture-lab/figure/parameters';
import { ParameterError } from 'lecture-lab/math/errors';

/** A figure of the page and settings for it, as the part of an address after the `#` says them. */
export interface Place {
  readonly figure: string;
  /** which of the page's figures with this id, from 1 */
  readonly nth: number;
  /** names and values as text, in order */
  readonly settings: readonly (readonly [name: string, text: string])[];
}

/**
 * Reads `deep-linear/modes?a0=0.02&seed=2`; `deep-linear/modes:2` is the second figure of that id on the page.
 * @param fragment without the `#`
 * @returns undefined if it leads to something else, e.g. a heading
 * @throws {ParameterError} if it leads to a figure and is malformed
 */
export function parseFragment(fragment: string): Place | undefined {
  const [, head = '', query] = /^([^?]*)(?:\?(.*))?$/s.exec(fragment) ?? [];
  const name = decoded(head) ?? head;
  if (!name.includes('/')) return undefined;
  const parts = /^([a-z0-9-]+\/[a-z0-9-]+)(?::([1-9]\d{0,3}))?$/.exec(name);
  if (!parts) throw new ParameterError(`"${shortened(name)}" is not the address of a figure, like topic/plot`);
  const settings: [string, string][] = [];
  for (const pair of query ? query.split('&') : []) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const key = decoded(pair.slice(0, Math.max(at, 0)));
    const text = decoded(pair.slice(at + 1));
    if (at < 1 || key === undefined || text === undefined)
      throw new ParameterError(`${parts[1]}: "${shortened(pair)}" is not a setting, like name=value`);
    if (settings.some(([other]) => other === key)) throw new ParameterError(`${parts[1]}: ${key} is given twice`);
    settings.push([key, text]);
  }
  return { figure: parts[1]!, nth: Number(parts[2] ?? 1), settings };
}

/**
 * The full set of values that a place asks for.
 * @param shown what the page shows: what the place does not name stays as it is there
 * @throws {ParameterError} on a name or a value that is not allowed
 */
export function valuesAt(figure: PanelFigure, { settings }: Place, shown: PanelValues): PanelValues {
  const { id, params, presets } = figure;
  const given: Record<string, Value> = {};
  for (const [name, text] of settings) {
    if (name === 'preset') continue;
    if (!Object.hasOwn(params, name))
      throw new ParameterError(`${id}: unknown parameter ${name} (it has ${Object.keys(params).join(', ') || 'none'})`);
    given[name] = parseText(id, name, params[name]!, text);
  }
  const preset = settings.find(([name]) => name === 'preset')?.[1];
  if (preset === undefined) return parseValues(id, params, { ...shown, ...given });
  if (!Object.hasOwn(presets, preset))
    throw new ParameterError(
      `${id}: preset must be one of ${Object.keys(presets).join(', ') || '(this figure has none)'} (got "${shortened(preset)}")`,
    );
  return parseValues(id, params, { ...presets[preset], ...given });
}

/** The fragment that leads to a figure with these values: only what differs from what the page shows is named. */
export function fragmentOf(id: string, nth: number, values: PanelValues, shown: PanelValues): string {
  const changed = Object.keys(values).filter((name) => text(values[name]) !== text(shown[name]));
  const query = changed.map((name) => `${encoded(name)}=${encoded(text(values[name]))}`).join('&');
  return `${id}${nth > 1 ? `:${nth}` : ''}${query ? `?${query}` : ''}`;
}

const text = (value: Value | undefined): string => (value === undefined ? '' : formatValue(value));
/** Encoded where it must be; commas and the like stay readable. */
const encoded = (word: string): string => encodeURIComponent(word).replace(/%2C/g, ',').replace(/%3A/g, ':');
const shortened = (word: string): string => (word.length > 60 ? `${word.slice(0, 60)}…` : word);

function decoded(word: string): string | undefined {
  try {
    return decodeURIComponent(word);
  } catch {
    return undefined;
  }
}
