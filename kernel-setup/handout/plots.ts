import { parse, type Spec as VegaSpec, View } from 'vega';
import { compile } from 'vega-lite';
import { isRecord, joined, type Lines, type Output } from '../notebook/format';
import { escapeHtml } from './markdown';

/** MIME types of pictures that Vega draws. */
export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
export const VEGA = 'application/vnd.vega.v5+json';

type Displayed = Extract<Output, { output_type: 'display_data' | 'execute_result' }>;

/** Whether an output is a picture that the page can bring to life. */
export function isPlot(output: Displayed): boolean {
  return VEGA_LITE in output.data || VEGA in output.data;
}

/**
 * A picture in a page: the still one, to be seen without scripts, and what the page's script needs to draw it live.
 * @param key sets this picture's names apart from those of the others on the page
 */
export async function plotHtml(output: Displayed, key: string): Promise<string> {
  const lite = output.data[VEGA_LITE];
  // Vega-Lite's compiler stays out of the page: it would be a third of its script.
  const spec = (lite === undefined ? output.data[VEGA] : compile(lite as never).spec) as VegaSpec;
  const given = output.data['image/svg+xml'];
  const still = apart(given === undefined ? await drawn(spec) : joined(given as Lines), key);
  const description = String(spec.description ?? (isRecord(lite) ? lite['description'] : undefined) ?? '');
  const live = { spec, ...source(output) };
  return [
    `<figure class="plot" id="${key}">`,
    `<div class="still" role="img" aria-label="${escapeHtml(description)}">${still}</div>`,
    `<script type="application/json">${JSON.stringify(live).replace(/</g, '\\u003c')}</script>`,
    '</figure>',
  ].join('');
}

/** Which figure of the library this is, and its parameters, if the kernel said so. */
function source(output: Displayed): { figure?: string; settings?: unknown } {
  const said = output.metadata['lecture-lab'];
  return isRecord(said) && typeof said['figure'] === 'string'
    ? { figure: said['figure'], settings: said['settings'] }
    : {};
}

async function drawn(spec: VegaSpec): Promise<string> {
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/** Names inside an SVG hold for the whole page: two pictures with a `clip0` each would clip one another. */
function apart(svg: string, key: string): string {
  return svg
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/\bid="([^"]+)"/g, `id="${key}-$1"`)
    .replace(/url\((["']?)#([^)"']+)\1\)/g, `url(#${key}-$2)`)
    .replace(/(xlink:href|href)="#([^"]+)"/g, `$1="#${key}-$2"`);
}
