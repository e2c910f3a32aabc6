import type { Row, Spec } from './spec';

/**
 * A specification with what changes under a slider taken out. Two that have the same form are one drawing with other
 * tables and values: it need not be compiled anew.
 */
export interface Lifted {
  /** the specification with empty tables, names for its values, and no description */
  readonly form: Spec;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
  /** ends of axes and titles, by the names that stand for them */
  readonly values: Readonly<Record<string, unknown>>;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Takes the tables, the ends of quantitative axes and the titles out of a specification. Everything else that depends on
 * a parameter makes another form.
 */
export function lift(spec: Spec): Lifted {
  const lifter = new Lifter();
  const { description: _words, ...drawn } = spec;
  const view = lifter.view(drawn);
  const own = Array.isArray(view['params']) ? view['params'] : [];
  const params = Object.entries(lifter.values).map(([name, value]) => ({ name, value }));
  return {
    form: { ...view, params: [...own, ...params] } as unknown as Spec,
    tables: lifter.tables,
    values: lifter.values,
  };
}

/** What tells two forms apart, as text. */
export function keyOf({ form, values }: Lifted): string {
  const params = (form['params'] as readonly Json[]).map((param) =>
    Object.hasOwn(values, String(param['name'])) ? param['name'] : param,
  );
  return JSON.stringify({ ...form, params });
}

class Lifter {
  readonly tables: Record<string, readonly Row[]> = {};
  readonly values: Record<string, unknown> = {};
  /** one name for equal values: layers that share an axis must agree about its ends */
  private readonly names = new Map<string, string>();

  view(view: Json): Json {
    const out: Record<string, unknown> = { ...view };
    for (const parts of ['layer', 'hconcat', 'vconcat', 'concat'])
      if (Array.isArray(out[parts])) out[parts] = out[parts].map((part) => this.view(part as Json));
    if (isRecord(out['spec'])) out['spec'] = this.view(out['spec']);
    if (isRecord(out['data'])) out['data'] = this.table(out['data']);
    if (isRecord(out['encoding'])) out['encoding'] = this.encoding(out['encoding']);
    if (out['title'] !== undefined) out['title'] = this.title(out['title']);
    return out;
  }

  private table(data: Json): Json {
    const { values, name, ...rest } = data;
    if (!Array.isArray(values)) return data;
    const table = typeof name === 'string' ? name : `table${Object.keys(this.tables).length}`;
    this.tables[table] = values as Row[];
    return { ...rest, name: table, values: [] };
  }

  private encoding(encoding: Json): Json {
    const out: Record<string, unknown> = { ...encoding };
    for (const channel of ['x', 'y']) {
      const { type, scale } = (out[channel] ?? {}) as { readonly type?: unknown; readonly scale?: Json | null };
      const ends = scale?.['domain'];
      if (type !== 'quantitative' || !Array.isArray(ends) || !ends.every((end) => typeof end === 'number')) continue;
      out[channel] = { ...(out[channel] as Json), scale: { ...scale, domain: ends.map((end) => this.named(end)) } };
    }
    return out;
  }

  private title(title: unknown): unknown {
    // an empty title is none, and takes no room; one that has an expression does
    if (title === '' || (isRecord(title) && title['text'] === '')) return title;
    if (typeof title === 'string') return { text: this.named(title) };
    if (!isRecord(title)) return title;
    const lifted = ['text', 'subtitle'].filter((part) => typeof title[part] === 'string');
    return { ...title, ...Object.fromEntries(lifted.map((part) => [part, this.named(title[part])])) };
  }

  private named(value: unknown): { readonly expr: string } {
    const key = JSON.stringify(value);
    const name = this.names.get(key) ?? `lifted${this.names.size}`;
    this.names.set(key, name);
    this.values[name] = value;
    return { expr: name };
  }
}

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
