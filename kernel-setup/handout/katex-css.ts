import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Face {
  readonly family: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly file: string;
}

/**
 * KaTeX's style sheet with only those fonts that a page's formulas use, put in as data. Empty if it has no formulas.
 * @param html the page's text
 */
export function katexCss(html: string): string {
  if (!html.includes('class="katex')) return '';
  const folder = path.dirname(require.resolve('katex/dist/katex.min.css'));
  const css = readFileSync(path.join(folder, 'katex.min.css'), 'utf8');
  const used = new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap((match) => match[1]!.split(/\s+/)));

  // Which families, weights and slopes the rules ask for whose classes are on the page.
  const families = new Set(['KaTeX_Main']);
  let bold = false;
  let italic = false;
  const rules = css.replace(/@font-face\{[^}]*\}/g, '');
  for (const [, selectors, body] of rules.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const matched = selectors!.split(',').some((selector) => {
      const classes = [...selector.matchAll(/\.([\w-]+)/g)].map((match) => match[1]!);
      return classes.length > 0 && classes.every((name) => used.has(name));
    });
    if (!matched) continue;
    for (const [family] of body!.matchAll(/KaTeX_\w+/g)) families.add(family);
    if (/font-weight:(700|bold)|font:[^;]*(700|bold)/.test(body!)) bold = true;
    if (/font-style:italic|font:[^;]*italic/.test(body!)) italic = true;
  }
  return css.replace(/@font-face\{[^}]*\}/g, (block) => {
    const face = faceOf(block);
    const wanted =
      face &&
      families.has(face.family) &&
      (!face.bold || bold) &&
      (!face.italic || italic || face.family === 'KaTeX_Math');
    if (!wanted) return '';
    const data = readFileSync(path.join(folder, face.file)).toString('base64');
    const style = `font-style:${face.italic ? 'italic' : 'normal'};font-weight:${face.bold ? 700 : 400}`;
    return `@font-face{font-family:${face.family};${style};src:url(data:font/woff2;base64,${data}) format("woff2")}`;
  });
}

function faceOf(block: string): Face | undefined {
  const family = /font-family:"?(\w+)"?/.exec(block)?.[1];
  const file = /url\((fonts\/[\w-]+\.woff2)\)/.exec(block)?.[1];
  if (!family || !file) return undefined;
  return { family, file, bold: /font-weight:(700|bold)/.test(block), italic: /font-style:italic/.test(block) };
}
