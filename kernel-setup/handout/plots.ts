import { Painter, type Picture } from 'lecture-lab/figure/painter';
import { measureText } from 'lecture-lab/figure/render';
import type { Row, Spec } from 'lecture-lab/figure/spec';
import { tipsOf } from 'lecture-lab/figure/tips';
import { parse, View } from 'vega';
import { isRecord, NotebookError, type Output } from '../notebook/format';
import { escapeHtml } from './markdown';

/** MIME types of pictures that Vega draws. */
export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
export const VEGA = 'application/vnd.vega.v5+json';

type Displayed = Extract<Output, { output_type: 'display_data' | 'execute_result' }>;
type VegaSpec = Parameters<typeof parse>[0];

/** Whether an output is a picture that Vega draws. */
export function isPlot(output: Displayed): boolean {
  return VEGA_LITE in output.data || VEGA in output.data;
}

/**
 * A picture in a page, and beside it what the page's script needs: what it says under the pointer, and its numbers.
 * @param key sets this picture's names apart from those of the others on the page
 * @throws {NotebookError} if Vega can't draw it
 */
export async function plotHtml(output: Displayed, key: string): Promise<string> {
  const lite = output.data[VEGA_LITE];
  const drawn = isRecord(lite) ? await inPageInk(lite as unknown as Spec) : await asIs(output);
  const { svg, tips, description, rows, paper } = drawn;
  const live = { tips, rows, ...figureOf(output) };
  return [
    `<figure class="plot${paper ? ' paper' : ''}" id="${key}"${live.figure ? ` data-figure="${escapeHtml(live.figure)}"` : ''}>`,
    `<div class="still" role="img" aria-label="${escapeHtml(description)}" tabindex="0">${apart(svg, key)}</div>`,
    `<script type="application/json">${JSON.stringify(live).replace(/</g, '\\u003c')}</script>`,
    '</figure>',
  ].join('');
}

interface Drawn extends Picture {
  readonly description: string;
  /** the figure's own table */
  readonly rows: readonly Row[];
  /** black on white whatever the page's colours */
  readonly paper: boolean;
}

/** Drawn in the ink of the page, light or dark. */
async function inPageInk(lite: Spec): Promise<Drawn> {
  const painter = new Painter({ ink: 'inherit', interpret: false });
  try {
    const { name, values } = (lite['data'] ?? {}) as { readonly name?: unknown; readonly values?: unknown };
    const rows = name === 'rows' && Array.isArray(values) ? (values as Row[]) : [];
    const description = String(lite.description ?? '');
    return { ...(await painter.picture({ ...lite, description })), description, rows, paper: false };
  } catch (error) {
    throw new NotebookError(`a picture can't be drawn: ${(error as Error).message}`);
  } finally {
    painter.close();
  }
}

/** A picture that is Vega already has colours of its own. */
async function asIs(output: Displayed): Promise<Drawn> {
  const spec = output.data[VEGA] as VegaSpec;
  measureText();
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    return { svg, tips: tipsOf(view), description: String(spec.description ?? ''), rows: [], paper: true };
  } catch (error) {
    throw new NotebookError(`a picture can't be drawn: ${(error as Error).message}`);
  } finally {
    view.finalize();
  }
}

/** Which figure of the library this is, and its parameters, if the kernel said so. */
function figureOf(output: Displayed): { figure?: string; settings?: unknown } {
  const said = output.metadata['lecture-lab'];
  return isRecord(said) && typeof said['figure'] === 'string'
    ? { figure: said['figure'], settings: said['settings'] }
    : {};
}

/** Names inside an SVG hold for the whole page: two pictures with a `clip0` each would clip one another. */
function apart(svg: string, key: string): string {
  return svg
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/\bid="([^"]+)"/g, `id="${key}-$1"`)
    .replace(/url\((["']?)#([^)"']+)\1\)/g, `url(#${key}-$2)`)
    .replace(/(xlink:href|href)="#([^"]+)"/g, `$1="#${key}-$2"`);
}
