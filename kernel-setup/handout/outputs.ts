import { joined, type Lines, type Output, type TextCell } from '../notebook/format';
import { escapeHtml, type TextSetter } from './markdown';
import { isPlot, plotHtml } from './plots';

/**
 * The outputs of a cell as HTML: of each bundle the richest form that a page can show.
 * @param key starts the names of this cell's pictures, e.g. `plot-7`
 */
export async function outputsHtml(outputs: readonly Output[], key: string, text: TextSetter): Promise<string> {
  const parts: string[] = [];
  for (const [i, output] of merged(outputs).entries()) parts.push(await outputHtml(output, `${key}-${i + 1}`, text));
  return parts.filter((part) => part !== '').join('\n');
}

async function outputHtml(output: Output, key: string, text: TextSetter): Promise<string> {
  if (output.output_type === 'stream') return plain(joined(output.text), `stream ${output.name}`);
  if (output.output_type === 'error') {
    const trace = output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`;
    return plain(trace, 'error');
  }
  if (isPlot(output)) return plotHtml(output, key);
  const { data } = output;
  const has = (type: string): string | undefined =>
    data[type] === undefined ? undefined : joined(data[type] as Lines);
  const svg = has('image/svg+xml');
  if (svg !== undefined) return `<figure class="picture">${svg.replace(/^[\s\S]*?(?=<svg)/, '')}</figure>`;
  for (const type of ['image/png', 'image/jpeg']) {
    const picture = has(type);
    if (picture !== undefined) {
      const alt = escapeHtml(has('text/plain') ?? '');
      return `<figure class="picture"><img alt="${alt}" src="data:${type};base64,${picture.replace(/\s/g, '')}"></figure>`;
    }
  }
  const html = has('text/html');
  if (html !== undefined) return `<div class="result scroll">${html}</div>`;
  const markdown = has('text/markdown') ?? has('text/latex');
  if (markdown !== undefined) {
    const cell: TextCell = { type: 'markdown', id: key, source: markdown, metadata: {} };
    return `<div class="result">${text.set(cell, 0)}</div>`;
  }
  const words = has('text/plain');
  return words === undefined ? '' : plain(words, 'result');
}

function plain(text: string, kind: string): string {
  const shown = withoutColours(overwritten(text)).trimEnd();
  return shown === '' ? '' : `<pre class="output ${kind}" tabindex="0">${escapeHtml(shown)}</pre>`;
}

/** Neighbouring pieces of one stream are one text. */
function merged(outputs: readonly Output[]): Output[] {
  const out: Output[] = [];
  for (const output of outputs) {
    const last = out.at(-1);
    if (output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name)
      out[out.length - 1] = { ...last, text: joined(last.text) + joined(output.text) };
    else out.push(output);
  }
  return out;
}

/** What a terminal would show: text after a carriage return stands over the line so far. */
export function overwritten(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => {
      let shown = '';
      for (const part of line.split('\r')) shown = part + shown.slice(part.length);
      return shown;
    })
    .join('\n');
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours start with the escape character
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
