import type { Drawing, Row, Spec } from './spec';

/** Completes a drawing: schema, title, table, size, theme. */
export function complete(title: string, drawing: Drawing, rows: readonly Row[]): Spec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title,
    data: { name: 'rows', values: rows },
    ...drawing,
  };
}
