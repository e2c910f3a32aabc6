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
  return view;
}
