import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Collector, type RenderOptions, toVega } from './compile';
import { labelled, measureText } from './render';
import type { Row, Spec } from './spec';

/**
 * Draws one figure again and again, as `renderSvg` does once. While only the rows change, as they mostly do under a
 * slider, the view of the last drawing is kept and gets the new rows: compiling the specification is most of the work.
 */
export class Painter {
  private readonly options: RenderOptions;
  private view: vega.View | undefined;
  private shape = '';
  private logger = new Collector();

  constructor(options: RenderOptions = {}) {
    this.options = options;
  }

  /**
   * Draws a specification as SVG.
   * @throws {Error} if Vega can't draw it
   */
  async draw(spec: Spec): Promise<string> {
    try {
      const shape = JSON.stringify({ ...spec, data: null });
      if (this.view && shape === this.shape) this.view.data('rows', rowsOf(spec));
      else this.begin(spec, shape);
      const svg = await this.view!.toSVG();
      this.logger.check();
      return labelled(svg, spec.description);
    } catch (error) {
      this.close(); // a view that failed is not drawn on
      throw error;
    }
  }

  /** Lets the view go; the next drawing makes a new one. */
  close(): void {
    this.view?.finalize();
    this.view = undefined;
  }

  private begin(spec: Spec, shape: string): void {
    this.close();
    measureText();
    this.logger = new Collector(this.options.onWarning);
    const { interpret = true } = this.options;
    const still = { ...spec, config: { ...(spec['config'] as object), aria: false } };
    const runtime = vega.parse(toVega(still, this.options), {}, { ast: interpret });
    const expr = interpret ? { expr: expressionInterpreter } : {};
    this.view = new vega.View(runtime, { renderer: 'none', logger: this.logger, ...expr });
    this.shape = shape;
  }
}

/** Vega marks the rows that it takes in, so it gets copies. */
const rowsOf = (spec: Spec): Row[] => (spec['data'] as { values: readonly Row[] }).values.map((row) => ({ ...row }));
