import type { Evaluation, Figure } from './define';
import { landmarkText } from './landmark';
import { formatValue, type Parameter, type Value } from './parameters';

/** A figure in words: what it shows and what can be set. */
export function describeFigure({ id, title, params, presets, limits }: Figure): string {
  const lines = Object.entries(params).map(
    ([name, p]) => `  ${name}=${formatValue(p.default)}  ${p.doc}${p.unit ? ` (${p.unit})` : ''}; ${allowed(p)}`,
  );
  const named = Object.entries(presets).map(([name, values]) => `  ${name}: ${settingsText(values, ' ')}`);
  return [
    `${id}: ${title}`,
    ...(lines.length > 0 ? ['parameters, with their defaults:', ...lines] : ['no parameters']),
    ...(named.length > 0 ? ['presets:', ...named] : []),
    ...(limits ? [`limits: ${limits}`] : []),
  ].join('\n');
}

/** A computed figure in words: title, parameters, landmarks. */
export function evaluationText({ title, params, landmarks }: Evaluation): string {
  const settings = settingsText(params, ', ');
  return [title, ...(settings ? [settings] : []), ...landmarks.map(landmarkText)].join('\n');
}

function settingsText(values: Readonly<Record<string, unknown>>, separator: string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${formatValue(value as Value)}`)
    .join(separator);
}

/** What a parameter may be, in words. */
function allowed(p: Parameter): string {
  switch (p.kind) {
    case 'flag':
      return 'true or false';
    case 'choice':
      return `one of ${p.values.join(', ')}`;
    case 'number':
      return `${p.min} to ${p.max}`;
    case 'integer':
      return `whole, ${p.min} to ${p.max}`;
    case 'numbers':
      return `${p.minLength} to ${p.maxLength} ${p.integer ? 'whole numbers' : 'numbers'}, ${p.min} to ${p.max}`;
  }
}
