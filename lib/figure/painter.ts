import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Collector, toVega } from './compile';
import { keyOf, type Lifted, lift } from './lift';
import { finished, measureText } from './render';
import type { RenderOptions } from './render-options';
import type { Spec } from './spec';
import { type Tips, tipsOf } from './tips';

/** A finished picture, and what it says under the pointer. */
export interface Picture {
  readonly svg: string;
  readonly tips: Tips;
}

/**
 * Draws one figure again and again, as `renderSvg` does once. While only numbers and titles change, as they mostly do
 * under a slider, the view of the last drawing is kept and gets the new ones: nothing is compiled anew.
 */
export class Painter {
  private readonly options: RenderOptions;
  private view: vega.View | undefined;
  private form = '';
  private logger = new Collector();
  private last: Promise<unknown> = Promise.resolve();

  constructor(options: RenderOptions = {}) {
    this.options = options;
  }

  /**
   * Draws a specification as SVG.
   * @throws {Error} if Vega can't draw it
   */
  async draw(spec: Spec): Promise<string> {
    return this.inTurn(spec, (svg) => svg);
  }

  /**
   * Draws a specification as SVG, and reads its tooltips.
   * @throws {Error} if Vega can't draw it
   */
  async picture(spec: Spec): Promise<Picture> {
    return this.inTurn(spec, (svg, view) => ({ svg, tips: tipsOf(view) }));
  }

  /** Lets the view go; the next drawing makes a new one. */
  close(): void {
    this.view?.finalize();
    this.view = undefined;
  }

  /** There is one view: a drawing waits for the one before. */
  private inTurn<T>(spec: Spec, take: (svg: string, view: vega.View) => T): Promise<T> {
    const turn = this.last.then(() => this.paint(spec, take));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async paint<T>(spec: Spec, take: (svg: string, view: vega.View) => T): Promise<T> {
    try {
      const lifted = lift(spec);
      const form = keyOf(lifted);
      const view = this.view && form === this.form ? this.view : this.begin(lifted, form);
      // Vega marks the rows that it takes in, so it gets copies
      for (const [name, rows] of Object.entries(lifted.tables))
        view.data(
          name,
          rows.map((row) => ({ ...row })),
        );
      for (const [name, value] of Object.entries(lifted.values)) view.signal(name, value);
      // a picture that has shrunk keeps its old size unless it is told
      const svg = await view.resize().toSVG();
      this.logger.check();
      return take(finished(svg, spec.description), view);
    } catch (error) {
      this.close(); // a view that failed is not drawn on
      throw error;
    }
  }

  private begin({ form }: Lifted, key: string): vega.View {
    this.close();
    measureText();
    this.logger = new Collector(this.options.onWarning);
    const { interpret = true } = this.options;
    const still = { ...form, config: { ...(form['config'] as object), aria: false } };
    const runtime = vega.parse(toVega(still, this.options), {}, { ast: interpret });
    const expr = interpret ? { expr: expressionInterpreter } : {};
    this.view = new vega.View(runtime, { renderer: 'none', logger: this.logger, ...expr });
    this.form = key;
    return this.view;
  }
}
