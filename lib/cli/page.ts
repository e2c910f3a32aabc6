import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { toVega } from '../figure/compile';
import type { Evaluation } from '../figure/define';
import { landmarkText } from '../figure/landmark';
import { formatValue, type Value } from '../figure/parameters';
import { escapeXml, renderSvg } from '../figure/render';

/** Vega, its interpreter, which evaluates expressions without compiling code, and its tooltips. */
const modules = [
  'vega/build/vega.min.js',
  'vega-interpreter/build/vega-interpreter.min.js',
  'vega-tooltip/build/vega-tooltip.min.js',
];

const style = `
:root { color-scheme: light dark; }
body { font: 15px/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
figure { margin: 0; }
svg { max-width: 100%; height: auto; }
ul { list-style: none; padding: 0; }
code { overflow-wrap: anywhere; }
@media print { :root { color-scheme: only light; } body { margin: 0; } }
#vg-tooltip-element.vg-tooltip.custom-theme { background: Canvas; color: CanvasText; border: 1px solid GrayText; }
`;

/** Draws the picture anew, alive, in the place of the still one. */
const start = `
const runtime = vega.parse(JSON.parse(document.getElementById('spec').textContent), {}, { ast: true });
const container = document.getElementById('picture');
const still = container.innerHTML;
container.innerHTML = '';
new vega.View(runtime, {
  container, renderer: 'svg', hover: true, expr: vega.expressionInterpreter,
  tooltip: new vegaTooltip.Handler({ theme: 'custom' }).call,
}).runAsync().catch((error) => { container.innerHTML = still; console.error(error); });
`;

/**
 * One figure as a page that needs nothing else: it opens from disk, asks no network (its content policy forbids it),
 * follows the reader's light or dark setting, prints, and shows a still picture where scripts are off.
 */
export async function page(evaluation: Evaluation, onWarning: (message: string) => void): Promise<string> {
  const { id, title, params, landmarks, spec } = evaluation;
  const still = await renderSvg(spec, { ink: 'inherit', onWarning });
  const code = [...modules.map(readModule), start].map(inlinable);
  const policy = [
    "default-src 'none'",
    `script-src ${code.map(hash).join(' ')}`,
    "style-src 'unsafe-inline'",
    'img-src data:',
  ].join('; ');
  const items = landmarks.map((l) => `<li>${l.pass ? '✓' : '✗'} ${escapeXml(landmarkText(l))}</li>`);
  return `<!doctype html>
<html lang="en">
<!-- Vega and its interpreter and tooltips: copyright University of Washington Interactive Data Lab, BSD-3-Clause -->
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<figure>
<div id="picture">${still}</div>
<figcaption>
<p>${escapeXml(spec.description)}</p>
<ul>${items.join('')}</ul>
<p><code>${escapeXml(command(id, params))}</code></p>
</figcaption>
</figure>
<script type="application/json" id="spec">${JSON.stringify(toVega(spec, { ink: 'inherit', onWarning })).replaceAll('<', '\\u003c')}</script>
${code.map((text) => `<script>${text}</script>`).join('\n')}
</body>
</html>
`;
}

function readModule(name: string): string {
  return readFileSync(createRequire(__filename).resolve(name), 'utf8');
}

/** A script as it can stand in a page: nothing in it may look like the end of the element. */
function inlinable(script: string): string {
  return script
    .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--');
}

const hash = (script: string): string => `'sha256-${createHash('sha256').update(script).digest('base64')}'`;

/** The command that makes this figure's data again. */
function command(id: string, params: Readonly<Record<string, Value>>): string {
  const settings = Object.entries(params).map(([name, value]) => ` --set ${name}=${formatValue(value)}`);
  return `npm run figure -- ${id}${settings.join('')}`;
}
