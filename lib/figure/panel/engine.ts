import type { JudgedLandmark } from '../landmark';
import type { Schema, Value } from '../parameters';
import type { Row, Spec } from '../spec';

/** A full set of values, by parameter name. */
export type PanelValues = Readonly<Record<string, Value>>;

/** What a panel knows of its figure: plain data, so that it can cross a comm or stand in a page. */
export interface PanelFigure {
  readonly id: string;
  readonly title: string;
  readonly params: Schema;
  readonly presets: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  /** how a notebook imports the figure, for `copy as code` */
  readonly origin: { readonly module: string; readonly name: string };
}

/** One computed picture. */
export interface PanelResult {
  /** the values that were computed */
  readonly values: PanelValues;
  readonly landmarks: readonly JudgedLandmark[];
  /** the picture; an engine gives one or both */
  readonly svg?: string;
  readonly spec?: Spec;
  readonly rows?: readonly Row[];
}

/** What an engine tells a panel. Times of a computation: started, then progress, then result, error or stopped. */
export type Update =
  | { readonly kind: 'started'; readonly values: PanelValues }
  | { readonly kind: 'progress'; readonly fraction: number; readonly note?: string }
  | { readonly kind: 'result'; readonly result: PanelResult }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'stopped' };

/**
 * Where a panel's figure is computed: the kernel behind a comm, or a worker of the page. An engine computes one setting
 * at a time; a new request aborts the running computation, and of several waiting ones only the latest counts.
 */
export interface Engine {
  request(values: PanelValues): void;
  stop(): void;
  /** Tells the panel; one listener. */
  listen(listener: (update: Update) => void): void;
}
