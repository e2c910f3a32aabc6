import { toPageVega } from 'lecture-lab/figure/compile';
import { renderSvg } from 'lecture-lab/figure/render';
import { parse, View } from 'vega';
import { isRecord, joined, type Lines, NotebookError, type Output } from '../notebook/format';
import { escapeHtml } from './markdown';

/** MIME types of pictures that Vega draws. */
export const VEGA_LITE = 'application/vnd.vegalite.v5+json';
export const VEGA = 'application/vnd.vega.v5+json';

type Displayed = Extract<Output, { output_type: 'display_data' | 'execute_result' }>;
type LiteSpec = Parameters<typeof toPageVega>[0];
type VegaSpec = ReturnType<typeof toPageVega>;

/** Whether an output is a picture that the page can bring to life. */
export function isPlot(output: Displayed): boolean {
  return VEGA_LITE in output.data || VEGA in output.data;
}

/**
 * A picture in a page: the still one, to be seen without scripts, and what the page's script needs to draw it live.
 * @param key sets this picture's names apart from those of the others on the page
 * @throws {NotebookError} if Vega can't draw it
 */
export async function plotHtml(output: Displayed, key: string): Promise<string> {
  const lite = output.data[VEGA_LITE];
  const { spec, still, paper } = isRecord(lite) ? await inPageInk(lite as unknown as LiteSpec) : await asIs(output);
  const description = String(spec.description ?? '');
  const live = { spec, ...figureOf(output) };
  return [
    `<figure class="plot${paper ? ' paper' : ''}" id="${key}"${live.figure ? ` data-figure="${escapeHtml(live.figure)}"` : ''}>`,
    `<div class="still" role="img" aria-label="${escapeHtml(description)}" tabindex="0">${apart(still, key)}</div>`,
    `<script type="application/json">${JSON.stringify(live).replace(/</g, '\\u003c')}</script>`,
    '</figure>',
  ].join('');
}

interface Drawn {
  readonly spec: VegaSpec;
  readonly still: string;
  /** black on white whatever the page's colours */
  readonly paper: boolean;
}

/**
 * Drawn in the ink of the page, light or dark. Vega-Lite's compiler stays out of the page: it would be a third of its
 * script.
 */
async function inPageInk(lite: LiteSpec): Promise<Drawn> {
  try {
    const spec = toPageVega(lite);
    return { spec, still: await renderSvg(lite, { ink: 'inherit' }), paper: false };
  } catch (error) {
    throw new NotebookError(`a picture can't be drawn: ${(error as Error).message}`);
  }
}

/** A picture that is Vega already has colours of its own. */
async function asIs(output: Displayed): Promise<Drawn> {
  const spec = output.data[VEGA] as VegaSpec;
  const given = output.data['image/svg+xml'];
  if (given !== undefined) return { spec, still: joined(given as Lines), paper: true };
  const view = new View(parse(spec), { renderer: 'none' });
  try {
    return { spec, still: await view.toSVG(), paper: true };
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
