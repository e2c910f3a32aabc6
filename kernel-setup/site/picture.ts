import { renderSvg } from 'lecture-lab/figure/render';

/** A still picture, to lie beside the pages that show it. */
export interface Picture {
  readonly svg: string;
  /** in pixels */
  readonly width: number;
  readonly height: number;
  /** alternative text */
  readonly description: string;
}

type Spec = Parameters<typeof renderSvg>[0];

/** A page's colour scheme reaches into the pictures that it shows: light ink on dark pages. */
const INK = '<style>svg{color:#1c1f23}@media(prefers-color-scheme:dark){svg{color:#e4e7ec}}</style>';

/**
 * Draws a Vega-Lite specification.
 * @throws {Error} if Vega can't draw it
 */
export async function drawPicture(spec: Readonly<Record<string, unknown>>): Promise<Picture> {
  const drawn = await renderSvg(spec as unknown as Spec, { ink: 'inherit', interpret: false });
  const [, width = '0', height = '0'] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(drawn) ?? [];
  return {
    svg: drawn.replace(/<svg\b[^>]*>/, (start) => start + INK),
    width: Math.round(Number(width)),
    height: Math.round(Number(height)),
    description: String(spec['description'] ?? ''),
  };
}
