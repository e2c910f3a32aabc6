import { join, relative, sep } from 'node:path';
import { buildSync } from 'esbuild';
import type { CancelSignal } from '../math/run';
import { createRun } from '../math/run';
import type { Evaluation, Figure } from './define';
import type { Comm, KernelHost, MimeBundle } from './host';
import { Painter } from './painter';
import type { PanelFigure, PanelResult, PanelValues, Update } from './panel/engine';
import { type Progress, Stopped, Turns } from './panel/turns';
import { zoomable } from './zoom';

/** The MIME type of a widget's view. */
export const WIDGET_VIEW = 'application/vnd.jupyter.widget-view+json';

/** Time between two reports of progress, in ms. */
const PAUSE = 100;

/**
 * What the front-end says: `request` with values, `stop`, or whether it draws alive and so needs specifications. Its
 * other messages are JupyterLab's own.
 */
type Said =
  | { readonly kind: 'request'; readonly values: PanelValues }
  | { readonly kind: 'stop' }
  | { readonly kind: 'live'; readonly on: boolean };

/**
 * The kernel's end of a panel in JupyterLab: an anywidget whose module is the panel and whose state is the last picture.
 * Every setting that the reader chooses arrives as a message and is computed while that message is being handled, so
 * that JupyterLab shows the kernel as busy and can interrupt it.
 */
export class Widget {
  private readonly state: Record<string, unknown>;
  private readonly turns: Turns;
  private readonly painter: Painter;
  private readonly comm: Comm;
  private updates = 0;
  /** whether the front-end draws from the specification, with JupyterLab's own Vega */
  private live = false;
  private last: Evaluation;

  /** @param evaluation what is shown first */
  static async open(host: KernelHost, figure: Figure, evaluation: Evaluation): Promise<Widget> {
    const painter = newPainter();
    return new Widget(host, figure, painter, evaluation, await painter.draw(evaluation.spec));
  }

  private constructor(
    private readonly host: KernelHost,
    private readonly figure: Figure,
    painter: Painter,
    evaluation: Evaluation,
    svg: string,
  ) {
    this.painter = painter;
    this.last = evaluation;
    this.turns = new Turns(
      (values, signal, report) => this.compute(values, signal, report),
      (update) => this.tell(update),
    );
    this.state = {
      ...ANYWIDGET,
      _esm: panelModule(),
      figure: panelFigure(figure),
      result: this.resultOf(svg),
      update: null,
    };
    this.comm = host.openComm(
      'jupyter.widget',
      { state: this.state, buffer_paths: [] },
      {
        metadata: { version: '2.1.0' },
        state: () => this.state,
        onArrival: (data) => this.arrived(saidBy(data)),
        onMessage: (data) => this.take(saidBy(data)),
        onInterrupt: () => this.turns.ended(),
      },
    );
  }

  /** The view for a display bundle. */
  get view(): MimeBundle {
    return { [WIDGET_VIEW]: { version_major: 2, version_minor: 1, model_id: this.comm.id } };
  }

  private arrived(said: Said | undefined): void {
    if (said?.kind === 'request') this.turns.arrived(said.values);
    else if (said?.kind === 'stop') this.turns.stop();
  }

  private async take(said: Said | undefined): Promise<void> {
    if (said?.kind === 'request') await this.turns.take(said.values);
    else if (said?.kind === 'live') {
      this.live = said.on;
      this.tell({ kind: 'result', result: this.resultOf(await this.painter.draw(this.last.spec)) });
    }
  }

  private async compute(values: PanelValues, signal: CancelSignal, report: Progress): Promise<PanelResult> {
    const interrupt = this.host.signal;
    const either: CancelSignal = {
      get aborted() {
        return signal.aborted || interrupt.aborted;
      },
      get reason() {
        return signal.aborted ? signal.reason : interrupt.reason;
      },
      throwIfAborted() {
        signal.throwIfAborted();
        if (interrupt.aborted) throw new Stopped();
      },
    };
    let last = Number.NEGATIVE_INFINITY;
    const run = createRun(either, (fraction, note) => {
      const now = performance.now();
      if (now - last < PAUSE) return;
      last = now;
      report(fraction, note);
    });
    const evaluation = await this.figure.evaluate(values, run);
    const svg = await this.painter.draw(evaluation.spec);
    either.throwIfAborted();
    this.last = evaluation;
    return this.resultOf(svg);
  }

  private resultOf(svg: string): PanelResult {
    const { params, landmarks, spec } = this.last;
    return { values: params, landmarks, svg, ...(this.live ? { spec: zoomable(spec) } : {}) };
  }

  private tell(update: Update): void {
    // numbered, so that two alike are still two changes of the state
    const changed =
      update.kind === 'result'
        ? { result: update.result, update: { kind: 'result', number: ++this.updates } }
        : { update: { ...update, number: ++this.updates } };
    Object.assign(this.state, changed);
    this.comm.send({ method: 'update', state: changed, buffer_paths: [] });
  }
}

/** What makes a comm an anywidget. */
const ANYWIDGET = {
  _model_module: 'anywidget',
  _model_name: 'AnyModel',
  _model_module_version: '~0.11.0',
  _view_module: 'anywidget',
  _view_name: 'AnyView',
  _view_module_version: '~0.11.0',
  _view_count: null,
  _anywidget_id: 'lecture-lab.panel',
};

function saidBy(data: Readonly<Record<string, unknown>>): Said | undefined {
  return data['method'] === 'custom' ? (data['content'] as Said | undefined) : undefined;
}

let lastPainter: Painter | undefined;
/**
 * A painter that draws in the ink of JupyterLab, light or dark. Only the last one that drew keeps its view. What Vega
 * warns of is said once, when the still picture is drawn.
 */
function newPainter(): Painter {
  const painter = new Painter({ ink: 'inherit', interpret: false });
  const draw = painter.draw.bind(painter);
  painter.draw = (spec) => {
    if (lastPainter !== painter) lastPainter?.close();
    lastPainter = painter;
    return draw(spec);
  };
  return painter;
}

/** What a panel knows of a figure. */
export function panelFigure(figure: Figure): PanelFigure {
  const { id, title, params, presets } = figure;
  return { id, title, params, presets: presets as PanelFigure['presets'], origin: originOf(figure) };
}

/** The library's module that exports a figure, and its name there; a figure of the reader's own has no module. */
function originOf(figure: Figure): PanelFigure['origin'] {
  for (const [file, module] of Object.entries(require.cache)) {
    if (!file.endsWith('.figures.js')) continue;
    for (const [name, value] of Object.entries((module?.exports ?? {}) as Record<string, unknown>)) {
      if (value !== figure) continue;
      const path = relative(join(__dirname, '..'), file).replace(/\.js$/, '').split(sep).join('/');
      return { module: path.startsWith('..') ? '' : `lecture-lab/${path}`, name };
    }
  }
  return { module: '', name: 'figure' };
}

let bundled: string | undefined;
/** The text of the panel's module, with all it imports: it is bundled when the first panel is shown. */
function panelModule(): string {
  bundled ??= buildSync({
    stdin: { contents: "export { default } from './lab';", resolveDir: join(__dirname, 'panel') },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'silent',
  }).outputFiles[0]!.text;
  return bundled;
}
