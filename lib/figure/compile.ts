import type { LoggerInterface, Spec as VegaSpec } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { RenderOptions } from './render-options';
import type { Spec } from './spec';
import { INHERITED_INK } from './theme';

/**
 * Compiles a Vega-Lite specification to a Vega one.
 * @throws {Error} if it makes no sense to Vega-Lite
 */
export function toVega(spec: Spec, { ink = 'paper', onWarning }: RenderOptions = {}): VegaSpec {
  const logger = new Collector(onWarning);
  const config = ink === 'inherit' ? INHERITED_INK : {};
  const compiled = explained(() => compile(spec as unknown as TopLevelSpec, { config: config as never, logger })).spec;
  logger.check();
  return compiled;
}

/** Vega-Lite meets what it does not know with errors from deep inside: says at least whose they are. */
function explained<T>(compileSpec: () => T): T {
  try {
    return compileSpec();
  } catch (error) {
    throw new Error(`Vega-Lite can't read the figure's specification: ${(error as Error).message}`, { cause: error });
  }
}

/** Vega's name for the level at which warnings are told: its own constant would bring all of Vega along. */
const WARN = 2;

/** A Vega logger that hands on warnings and keeps the first error, which Vega itself would only print. */
export class Collector implements LoggerInterface {
  private first: string | undefined;
  constructor(private readonly onWarning: (message: string) => void = () => undefined) {}

  level(): number;
  level(value: number): this;
  level(value?: number): number | this {
    return value === undefined ? WARN : this;
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
