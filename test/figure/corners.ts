import type { Figure } from 'lecture-lab/figure';
import { formatValue, type Parameter, type Schema, type Value } from 'lecture-lab/figure/parameters';

/** Settings at an end of a range, and what to call them. */
export interface Corner {
  readonly name: string;
  readonly settings: Readonly<Record<string, Value>>;
}

/**
 * The ends of every parameter's range, each with the others at their defaults; then all lower and all upper ends
 * together. A figure with `quick` settings has them instead of the defaults, and of the parameters named there only the
 * lower ends are taken.
 */
export function corners<S extends Schema>(figure: Figure<S>): Corner[] {
  const quick = (figure.quick ?? {}) as Readonly<Record<string, Value>>;
  const params = Object.entries<Parameter>(figure.params);
  const single = params.flatMap(([name, parameter]) => {
    const values = ends(parameter);
    return (name in quick ? values.slice(0, 1) : values).map((value) => ({
      name: `${name}=${label(value)}`,
      settings: { ...quick, [name]: value },
    }));
  });
  if (figure.quick || params.length < 2) return single;
  const all = (end: 0 | -1) => Object.fromEntries(params.map(([name, p]) => [name, ends(p).at(end)!]));
  return [
    ...single,
    { name: 'every parameter at its lower end', settings: all(0) },
    { name: 'every parameter at its upper end', settings: all(-1) },
  ];
}

function ends(p: Parameter): Value[] {
  switch (p.kind) {
    case 'flag':
      return [false, true];
    case 'choice':
      return [...p.values];
    case 'numbers': {
      const spread = (count: number) =>
        Array.from({ length: count }, (_, i) => p.min + ((p.max - p.min) * i) / Math.max(1, count - 1));
      const longest = spread(p.maxLength).map((x) => (p.integer ? Math.round(x) : x));
      return [Array(p.minLength).fill(p.min), Array(p.minLength).fill(p.max), longest];
    }
    default:
      return [p.min, p.max];
  }
}

function label(value: Value): string {
  const text = formatValue(value);
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}
