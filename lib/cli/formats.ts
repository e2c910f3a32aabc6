import type { Evaluation } from '../figure/define';
import type { Spec } from '../figure/spec';

/** What a figure can be written as. */
export const FORMATS = ['json', 'csv', 'spec', 'svg', 'png', 'html'] as const;
export type Format = (typeof FORMATS)[number];

/** The format that a file's name asks for, if it does. */
export function formatOf(path: string): Format | undefined {
  if (path.endsWith('.vl.json')) return 'spec';
  return FORMATS.find((format) => path.toLowerCase().endsWith(`.${format}`));
}

/**
 * An evaluated figure in a format. What a format needs is loaded only when it is asked for.
 * @param onWarning told of everything that Vega warns of
 */
export async function encode(
  evaluation: Evaluation,
  format: Format,
  onWarning: (message: string) => void,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'json':
      return json(toJson(evaluation));
    case 'spec':
      return json(evaluation.spec);
    case 'csv': {
      const { csvFormat } = await import('d3-dsv');
      return `${csvFormat([...evaluation.rows], columns(evaluation.rows))}\n`;
    }
    case 'svg':
      return `${await svg(evaluation.spec, onWarning)}\n`;
    case 'png': {
      const { svgToPng } = await import('../figure/png.js');
      return svgToPng(await svg(evaluation.spec, onWarning));
    }
    case 'html': {
      const { page } = await import('./page.js');
      return page(evaluation, onWarning);
    }
  }
}

async function svg(spec: Spec, onWarning: (message: string) => void): Promise<string> {
  const { renderSvg } = await import('../figure/render.js');
  return renderSvg(spec, { onWarning });
}

/** The documented JSON form: every landmark has the same fields, `se` is null where there is none. */
function toJson({ id, title, params, landmarks, rows }: Evaluation): unknown {
  return {
    id,
    title,
    params,
    landmarks: landmarks.map(({ name, theory, measured, se, tolerance, source, unit, pass }) => ({
      name,
      theory,
      measured,
      se: se ?? null,
      tolerance,
      source,
      ...(unit === undefined ? {} : { unit }),
      pass,
    })),
    rows,
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 1)}\n`;

/** All columns of all rows, in order of appearance: tables of several series need not fill each one. */
function columns(rows: Evaluation['rows']): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}
