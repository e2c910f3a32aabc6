import { type Data, parse, type Spec, View } from 'vega';
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
  describe(host, spec);
  return view;
}

/** Rows of a picture's table. */
type Rows = readonly object[];

/** A picture as the worker sends it: the specification with an empty table, and the table. */
export interface Picture {
  readonly spec: Spec;
  readonly rows: Rows;
}

/** Takes a specification and its table `rows` apart; without such a table all of it is specification. */
export function apart(spec: Spec): Picture {
  const rows = (tableOf(spec) as { values?: Rows } | undefined)?.values ?? [];
  return { spec: withRows(spec, []), rows };
}

const tableOf = (spec: Spec): Data | undefined => spec.data?.find(({ name }) => name === 'rows');
const withRows = (spec: Spec, rows: Rows): Spec => ({
  ...spec,
  data: spec.data?.map((table) => (table.name === 'rows' ? ({ ...table, values: rows } as Data) : table)),
});

/** A place for one picture after the other. */
export class Chart {
  #view: View | undefined;
  #form: string | undefined;

  /** The picture that is there now. */
  get view(): View | undefined {
    return this.#view;
  }

  /**
   * Shows a picture in the place of the one before. Where only the numbers changed, they alone are put in, which takes a
   * fraction of the time; otherwise it is drawn aside first, so that nothing flickers.
   */
  async draw(area: HTMLElement, { spec, rows }: Picture): Promise<void> {
    const form = formOf(spec);
    if (this.#view && form !== undefined && form === this.#form) {
      await this.#view.data('rows', [...rows]).runAsync();
      describe(area, spec);
      return;
    }
    const host = document.createElement('div');
    const view = await drawPlot(host, withRows(spec, rows));
    area.replaceChildren(host);
    this.#view?.finalize();
    this.#view = view;
    this.#form = form;
  }
}

/** All of a picture but its numbers and their description; undefined where numbers can't be put in by themselves. */
function formOf(spec: Spec): string | undefined {
  const table = tableOf(spec);
  // what Vega would do to the numbers when it reads them with the specification
  if (!table || 'format' in table) return undefined;
  return JSON.stringify({ ...spec, description: undefined });
}

/** One picture with one description: a name for each of a thousand marks helps nobody. */
function describe(host: HTMLElement, { description }: Spec): void {
  const drawing = host.querySelector('svg');
  drawing?.setAttribute('role', 'img');
  drawing?.setAttribute('aria-label', String(description ?? ''));
}
