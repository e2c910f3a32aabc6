/** A cell of a figure's table. */
export type Cell = number | string | boolean;
/** One row of a figure's table: one mark. */
export type Row = Readonly<Record<string, Cell>>;

/**
 * A Vega-Lite v5 view as our figures write it. Deliberately small: the union of Vega-Lite's own types costs the type
 * checker tens of milliseconds in every notebook cell. The tests check every spec against the real schema.
 */
export interface View {
  readonly mark?: unknown;
  readonly encoding?: Readonly<Record<string, unknown>>;
  readonly layer?: readonly View[];
  readonly hconcat?: readonly View[];
  readonly vconcat?: readonly View[];
  readonly facet?: unknown;
  readonly spec?: View;
  readonly [property: string]: unknown;
}

/** What a figure's `draw` returns: a view, without data (the table is put in), with its alternative text. */
export interface Drawing extends View {
  /** what the picture shows, for readers who can't see it: axes, curves, the point it makes */
  readonly description: string;
}

/** A complete Vega-Lite v5 specification with its data. */
export interface Spec extends Drawing {
  readonly $schema: string;
}
