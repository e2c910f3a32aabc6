import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Collector, toVega } from './compile';
import type { RenderOptions } from './render-options';
import type { Spec } from './spec';
import { textWidth } from './text-width';

// nothing of Vega's own types: reading them takes a cell that imports this file a third of a second
export type { RenderOptions } from './render-options';

/**
 * Draws a figure as SVG, with its description as the alternative text. Needs neither canvas nor DOM, so it works in the
 * kernel, in a worker and in a page.
 * @throws {Error} if Vega can't draw the specification
 */
export async function renderSvg(spec: Spec, options: RenderOptions = {}): Promise<string> {
  measureText();
  const logger = new Collector(options.onWarning);
  const { interpret = true } = options;
  // the image has one text that describes it; without this every mark would carry one
  const still = { ...spec, config: { ...(spec['config'] as object), aria: false } };
  const runtime = vega.parse(toVega(still, options), {}, { ast: interpret });
  const expr = interpret ? { expr: expressionInterpreter } : {};
  const view = new vega.View(runtime, { renderer: 'none', logger, ...expr });
  try {
    const svg = await view.toSVG();
    logger.check();
    return finished(svg, spec.description);
  } finally {
    view.finalize();
  }
}

/** Without a canvas Vega takes every letter for 0.8 of the font size, which leaves half of a legend empty. */
export function measureText(): void {
  const metrics = (vega as unknown as { textMetrics: TextMetrics }).textMetrics;
  if (metrics.width !== metrics.estimateWidth) return;
  metrics.width = (item, text) => {
    const bold = item.fontWeight === 'bold' || Number(item.fontWeight) >= 600;
    return textWidth(lineOf(text), metrics.height(item), bold);
  };
}

interface TextItem {
  readonly fontWeight?: string | number;
}
interface TextMetrics {
  width: (item: TextItem, text: unknown) => number;
  readonly estimateWidth: (item: TextItem, text: unknown) => number;
  readonly height: (item: TextItem) => number;
}

const lineOf = (text: unknown): string => (text === null || text === undefined ? '' : String(text));

/**
 * One image with one alternative text. Coordinates end at a hundredth of a pixel, which halves the text, and marks that
 * can't be seen, which only carry tooltips, are left out.
 */
export function finished(svg: string, description: string): string {
  return svg
    .replace(/<path(?=[^>]* opacity="0")[^>]*\/>/g, '')
    .replace(/ (?:d|transform|opacity|[xy][12]?)="[^"]*"/g, (attribute) =>
      attribute.replace(/(\.\d\d)\d+(?!\d|e)/g, '$1'),
    )
    .replace('<svg ', () => `<svg role="img" aria-label="${escapeXml(description)}" `);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ENTITIES[c]!);
}
