import type { PanelResult, PanelValues, Update } from '../panel/engine';
import type { Row } from '../spec';

/** What a page asks of its worker. Jobs are numbered by the page; a number is never used twice. */
export type Request =
  /** the data files that the page carries, as base64; sent before the first job */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'compute'; readonly job: number; readonly figure: string; readonly values: PanelValues }
  | { readonly kind: 'stop'; readonly job: number };

/** One computed picture, ready to be drawn: compiling Vega-Lite is the worker's work, so that the page stays quick. */
export interface PageResult extends PanelResult {
  /** the specification as Vega, in the page's ink, with an empty table `rows` */
  readonly vega: object;
  readonly rows: readonly Row[];
}

/** What the worker answers. Every job ends with exactly one of result, error and stopped. */
export type Answer =
  /** sent once, when the worker's script has run */
  | { readonly kind: 'ready' }
  | ({ readonly job: number } & (
      | Exclude<Update, { kind: 'result' | 'started' }>
      | { readonly kind: 'result'; readonly result: PageResult }
    ));

/** Either end of the connection, as far as both need it. */
export interface Port<Out, In> {
  postMessage(message: Out): void;
  onmessage: ((event: { readonly data: In }) => void) | null;
}
