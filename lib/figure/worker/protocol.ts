import type { PanelResult, PanelValues, Update } from '../panel/engine';
import type { Row } from '../spec';
import type { Tips } from '../tips';

/** What a page asks of its worker. Jobs are numbered by the page; a number is never used twice. */
export type Request =
  /** the data files that the page carries, as base64; sent before the first job */
  | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> }
  | { readonly kind: 'compute'; readonly job: number; readonly figure: string; readonly values: PanelValues }
  | { readonly kind: 'stop'; readonly job: number };

/** One computed picture, drawn: drawing is the worker's work, so that the page stays quick. */
export interface PageResult extends PanelResult {
  /** in the page's ink */
  readonly svg: string;
  readonly tips: Tips;
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
