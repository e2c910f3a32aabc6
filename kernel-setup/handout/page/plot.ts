import { parse, type Spec, View } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Handler } from 'vega-tooltip';

/** Draws a picture live. Expressions are interpreted, not compiled: the page's policy forbids making code from text. */
export async function drawPlot(host: HTMLElement, spec: Spec): Promise<View> {
  const view = new View(parse(spec, undefined, { ast: true }), {
    expr: expressionInterpreter,
    renderer: 'svg',
    container: host,
    hover: true,
  });
  view.tooltip(new Handler({ disableDefaultStyle: true }).call);
  await view.runAsync();
  // One picture with one description: a name for each of a thousand marks helps nobody.
  const drawing = host.querySelector('svg');
  drawing?.setAttribute('role', 'img');
  drawing?.setAttribute('aria-label', String(spec.description ?? ''));
  return view;
}

/** A place for one picture after the other. */
export class Chart {
  #view: View | undefined;

  /** The picture that is there now. */
  get view(): View | undefined {
    return this.#view;
  }

  /** Draws a picture aside and then puts it in the place of the one before, so that nothing flickers. */
  async draw(area: HTMLElement, spec: Spec): Promise<void> {
    const host = document.createElement('div');
    const view = await drawPlot(host, spec);
    area.replaceChildren(host);
    this.#view?.finalize();
    this.#view = view;
  }
}
