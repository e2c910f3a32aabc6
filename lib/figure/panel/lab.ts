/// <reference lib="dom" preserve="true" />

import { element, newId } from './element';
import type { Engine, PanelFigure, PanelResult, PanelValues, Update } from './engine';
import { createPanel } from './panel';
import { putSvg } from './picture';
import { sameValues } from './snippet';

/** The part of an anywidget's model that the panel uses. */
interface Model {
  get(key: string): unknown;
  send(content: unknown): void;
  on(event: string, listener: () => void): void;
  off(event: string, listener: () => void): void;
  readonly widget_manager?: { readonly rendermime?: Rendermime };
}

/** JupyterLab's renderers by MIME type. */
interface Rendermime {
  createRenderer(mime: string): Renderer;
  createModel(options: { readonly data: Readonly<Record<string, unknown>> }): unknown;
}
interface Renderer {
  readonly node: HTMLElement;
  renderModel(model: unknown): Promise<void>;
  dispose(): void;
}

const VEGA_LITE = 'application/vnd.vegalite.v5+json';

/** While an answer is due, settings are sent so many ms apart: a slider moves more often than anything is drawn. */
const PAUSE = 40;
/** How long the kernel may take to begin before the reader is told why that may be, in ms. */
const PATIENCE = 4000;
const UNANSWERED =
  'The kernel has not answered yet. Either it is busy with another cell, or it was restarted: then run this cell again.';
const GONE = 'The kernel that made this panel is gone: run this cell again.';

/** An engine that computes in the kernel: it sends settings as messages of a widget, and is told in the widget's state. */
class KernelEngine implements Engine {
  private listener: (update: Update) => void = () => undefined;
  /** asked for and not answered */
  private due: PanelValues | undefined;
  private unsent = false;
  private last = Number.NEGATIVE_INFINITY;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly model: Model) {}

  listen(listener: (update: Update) => void): void {
    this.listener = listener;
  }

  request(values: PanelValues): void {
    const quiet = this.due === undefined;
    this.due = values;
    this.unsent = true;
    this.patience ??= setTimeout(() => this.listener({ kind: 'error', message: UNANSWERED }), PATIENCE);
    if (quiet) this.send();
    else this.timer ??= setTimeout(() => this.send(), Math.max(0, this.last + PAUSE - performance.now()));
  }

  stop(): void {
    this.unsent = false;
    this.say({ kind: 'stop' });
  }

  /** The kernel has told something. */
  heard(update: Update): void {
    clearTimeout(this.patience);
    this.patience = undefined;
    if (update.kind === 'result' || update.kind === 'error' || update.kind === 'stopped') {
      if (this.unsent) this.send();
      else this.due = undefined;
    }
    this.listener(update);
  }

  /** Whether a result answers what this panel asked for; if not, another view of the same widget asked. */
  get asked(): boolean {
    return this.due !== undefined;
  }

  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.unsent || !this.due) return;
    this.unsent = false;
    this.last = performance.now();
    this.say({ kind: 'request', values: this.due });
  }

  say(content: object): void {
    try {
      this.model.send(content);
    } catch {
      this.heard({ kind: 'error', message: GONE });
    }
  }
}

/**
 * In command mode JupyterLab takes plain keys, arrows too, from everything that is not a field for text. Its listener is
 * a capturing one on the document, so this one is on the window. What a key does by itself, such as moving a slider, it
 * still does; keys with Ctrl, Alt or Meta, and Shift+Enter, still reach JupyterLab.
 */
function keepKeys(): void {
  const marked = window as { [KEYS]?: true };
  if (marked[KEYS]) return;
  marked[KEYS] = true;
  window.addEventListener(
    'keydown',
    (event) => {
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !(event.shiftKey && event.key === 'Enter');
      if (plain && event.target instanceof Element && event.target.closest('.lab-panel'))
        event.stopImmediatePropagation();
    },
    true,
  );
}
const KEYS = Symbol.for('lecture-lab.panel-keys');

/** Draws with JupyterLab's own Vega: slower than a finished picture, but alive, with tooltips and zoom. */
class LivePicture {
  private renderer: Renderer | undefined;

  constructor(private readonly rendermime: Rendermime) {}

  async draw(area: HTMLElement, spec: unknown): Promise<void> {
    this.renderer ??= this.rendermime.createRenderer(VEGA_LITE);
    await this.renderer.renderModel(this.rendermime.createModel({ data: { [VEGA_LITE]: spec } }));
    if (!this.renderer.node.isConnected) area.replaceChildren(this.renderer.node);
  }

  close(): void {
    this.renderer?.dispose();
    this.renderer = undefined;
  }
}

/** A switch between the finished picture and the live one. */
function liveSwitch(on: boolean, turn: (on: boolean) => void): HTMLElement {
  const input = element('input', { type: 'checkbox', id: newId(), checked: on }, { role: 'switch' });
  input.addEventListener('change', () => turn(input.checked));
  const title = 'Tooltips on the picture; dragging moves it, the wheel zooms it, a double click brings the whole back';
  return element('label', { htmlFor: input.id, title }, {}, [input, 'Tooltips and zoom']);
}

/** The anywidget module: a panel for the figure in the widget's state. */
const widget: { render(context: { model: unknown; el: HTMLElement }): () => void } = {
  render({ model: given, el }) {
    const model = given as Model;
    keepKeys();
    const engine = new KernelEngine(model);
    const result = model.get('result') as PanelResult;
    const rendermime = model.widget_manager?.rendermime;
    const live = rendermime && new LivePicture(rendermime);
    const panel = createPanel(el, model.get('figure') as PanelFigure, engine, {
      values: result.values,
      result,
      draw(area, { svg, spec }) {
        if (live && spec) return live.draw(area, spec);
        live?.close();
        if (svg !== undefined) putSvg(area, svg);
      },
      tools: live ? [liveSwitch(result.spec !== undefined, (on) => engine.say({ kind: 'live', on }))] : [],
    });
    const onUpdate = (): void => {
      const update = model.get('update') as Update | null;
      if (!update) return;
      if (update.kind !== 'result') {
        engine.heard(update);
        return;
      }
      const result = model.get('result') as PanelResult;
      if (!engine.asked && !sameValues(result.values, panel.values)) panel.show(result);
      engine.heard({ kind: 'result', result });
    };
    const update = model.get('update') as Update | null;
    if (update && update.kind !== 'result') engine.heard(update);
    model.on('change:update', onUpdate);
    return () => {
      model.off('change:update', onUpdate);
      panel.destroy();
      live?.close();
    };
  },
};
export default widget;
