import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import type { Diagnostic } from '../engine/protocol';
import type { Position, SourceMaps } from './source-maps';

/** The content of Jupyter's `error` message. */
export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

const RED = '\u001b[31m';
const BOLD_RED = '\u001b[1;31m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';
const FRAME = /^\s+at (?:(async )?(.+?) \()?((?:file:\/\/)?[^()]*?|cell\[[^\]]*\]|silent\[\d+\]):(\d+):(\d+)\)?$/;
const CELL = /^(?:cell|silent)\[\d+\]$/;

/** Describes failures in terms of the reader's own code: no frames of the kernel, places in cells and library sources. */
export class Failures {
  readonly #maps: SourceMaps;
  readonly #root: string;
  /** the folder of the compiled kernel, whose frames are hidden */
  readonly #kernel = join(__dirname, '..') + sep;

  constructor(maps: SourceMaps, root: string) {
    this.#maps = maps;
    this.#root = root;
  }

  /** Describes anything that was thrown. */
  describe(thrown: unknown): Failure {
    if (!isError(thrown)) {
      const text = inspect(thrown);
      return { ename: 'Thrown', evalue: text, traceback: [`${BOLD_RED}Thrown${PLAIN}: ${text}`] };
    }
    const ename = String(thrown.name || 'Error');
    const evalue = String(thrown.message);
    return { ename, evalue, traceback: this.#traceback(thrown, 0) };
  }

  /** Describes what TypeScript found wrong in the cell called `label`. */
  diagnostics(found: readonly Diagnostic[], label: string, code: string): Failure {
    const head = ({ file, start, code: number, message }: Diagnostic): string =>
      `${file ?? label}:${start.line + 1}:${start.character + 1} - TS${number}: ${message}`;
    const lines = code.split('\n');
    const traceback = found.flatMap((one) => {
      const { file, start, end } = one;
      const line = file === undefined ? lines[start.line] : undefined;
      const shown = [`${BOLD_RED}${head(one)}${PLAIN}`];
      const length = end.line === start.line ? Math.max(1, end.character - start.character) : 1;
      if (line !== undefined) shown.push(...excerpt(line, start.line + 1, start.character + 1, '~'.repeat(length)));
      return shown;
    });
    return { ename: 'TypeScriptError', evalue: found.map(head).join('\n'), traceback };
  }

  #traceback(error: Error, depth: number): string[] {
    const lines = [`${BOLD_RED}${error.name || 'Error'}${PLAIN}: ${error.message}`];
    const frames = String(error.stack ?? '')
      .split('\n')
      .map((line) => this.#frame(line))
      .filter((frame) => frame !== undefined);
    const inCell = frames.find(({ place }) => CELL.test(place.file));
    if (inCell) {
      const { file, line, column } = inCell.place;
      const text = this.#maps.code(file)?.split('\n')[line - 1];
      if (text !== undefined) lines.push(...excerpt(text, line, column, '^'));
    }
    for (const { name, place } of frames) {
      const at = `${place.file}:${place.line}:${place.column}`;
      lines.push(`${DIM}    at ${name === '' ? at : `${name} (${at})`}${PLAIN}`);
    }
    const { cause, errors } = error as { cause?: unknown; errors?: unknown };
    if (depth < 4) {
      if (cause !== undefined) lines.push('caused by', ...this.#part(cause, depth));
      if (Array.isArray(errors)) for (const one of errors) lines.push('among them', ...this.#part(one, depth));
    }
    return lines;
  }

  #part(value: unknown, depth: number): string[] {
    return isError(value) ? this.#traceback(value, depth + 1) : [inspect(value)];
  }

  #frame(text: string): { name: string; place: Position } | undefined {
    const match = FRAME.exec(text);
    if (!match) return undefined;
    const [, async = '', name = '', file = '', line, column] = match;
    if (CELL.test(file)) {
      const place = this.#maps.inCell(file, Number(line), Number(column));
      return place && { name: cleanName(async + name), place };
    }
    const path = file.startsWith('file://') ? fileURLToPath(file) : file;
    if (!/^(\/|[A-Za-z]:\\)/.test(path) || path.startsWith(this.#kernel) || path.includes(join('tslab', 'dist')))
      return undefined;
    const found = this.#maps.inFile(path, Number(line), Number(column));
    const source = found.file === path ? path : join(dirname(path), found.file);
    const shown = relative(this.#root, source);
    return { name: cleanName(async + name), place: { ...found, file: shown.startsWith('..') ? source : shown } };
  }
}

/** Leaves out the names that V8 makes up for what is wrapped around a cell and for calls of imported functions. */
function cleanName(name: string): string {
  if (/^(async )?(Object\.)?<anonymous>$/.test(name)) return '';
  return name.replace(/\(0 , \w+\.(\w+)\)/, '$1').replace(/^(async )?Proxy\./, '$1');
}

function isError(value: unknown): value is Error {
  return typeof value === 'object' && value !== null && 'message' in value && 'name' in value;
}

/** A line of code with a mark under the place. */
function excerpt(line: string, number: number, column: number, mark: string): string[] {
  const gutter = `${number} | `;
  const before = line.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [`${gutter}${line}`, `${' '.repeat(gutter.length)}${before}${RED}${mark}${PLAIN}`];
}
