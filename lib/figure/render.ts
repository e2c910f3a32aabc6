import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Spec } from './spec';
import { textWidth } from './text-width';
import { INHERITED_INK } from './theme';

/** How a picture is drawn. */
export interface RenderOptions {
  /**
   * `paper` (the default): black on white. `inherit`: no background, and text in the colour of the page around, so that
   * one picture serves light, dark and print.
   */
  readonly ink?: 'paper' | 'inherit';
  /**
   * Whether Vega's expressions are interpreted (the default), as a page with a strict content policy needs, or compiled
   * to functions, which the kernel may do and which halves the time of large figures. The picture is the same.
   */
  readonly interpret?: boolean;
  /** told of everything that Vega and Vega-Lite warn of */
  readonly onWarning?: (message: string) => void;
}

/**
 * Compiles a Vega-Lite specification to a Vega one.
 * @throws {Error} if it makes no sense to Vega-Lite
 */
export function toVega(spec: Spec, { ink = 'paper', onWarning }: RenderOptions = {}): vega.Spec {
  const logger = new Collector(onWarning);
  const config = ink === 'inherit' ? INHERITED_INK : {};
  const compiled = explained(() => compile(spec as unknown as TopLevelSpec, { config: config as never, logger })).spec;
  logger.check();
  return compiled;
}

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
    return labelled(svg, spec.description);
  } finally {
    view.finalize();
  }
}

/** Vega-Lite meets what it does not know with errors from deep inside: says at least whose they are. */
function explained<T>(compileSpec: () => T): T {
  try {
    return compileSpec();
  } catch (error) {
    throw new Error(`Vega-Lite can't read the figure's specification: ${(error as Error).message}`, { cause: error });
  }
}

/** Without a canvas Vega takes every letter for 0.8 of the font size, which leaves half of a legend empty. */
function measureText(): void {
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

/** One image with one alternative text. */
function labelled(svg: string, description: string): string {
  return svg.replace('<svg ', () => `<svg role="img" aria-label="${escapeXml(description)}" `);
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ENTITIES[c]!);
}

/** A Vega logger that hands on warnings and keeps the first error, which Vega itself would only print. */
class Collector implements vega.LoggerInterface {
  private first: string | undefined;
  constructor(private readonly onWarning: (message: string) => void = () => undefined) {}

  level(): number;
  level(value: number): this;
  level(value?: number): number | this {
    return value === undefined ? vega.Warn : this;
  }
  error(...parts: readonly unknown[]): this {
    this.first ??= parts.map(String).join(' ');
    return this;
  }
  warn(...parts: readonly unknown[]): this {
    this.onWarning(parts.map(String).join(' '));
    return this;
  }
  info(): this {
    return this;
  }
  debug(): this {
    return this;
  }
  check(): void {
    if (this.first !== undefined) throw new Error(this.first);
  }
}
