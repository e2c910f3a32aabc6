import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import type { Conversion } from '../engine/protocol';

export interface Position {
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** from 1 */
  readonly column: number;
}

/** tslab puts this line before a cell, and its executor this text before the emitted code. */
const LINES_BEFORE_CELL = 1;
const WRAPPERS = { sync: '(function(exports, require) { ', async: '(async function(exports, require) { ' };

interface Cell {
  readonly code: string;
  readonly async: boolean;
  /** of the emitted code */
  readonly lines: number;
  readonly maps: readonly [string, string];
  parsed?: readonly [SourceMap, SourceMap];
}

/** Knows the text of the cells that ran, and finds the place in it (or in the library's sources) of a place in emitted code. */
export class SourceMaps {
  readonly #cells = new Map<string, Cell>();
  readonly #files = new Map<string, SourceMap | undefined>();

  addCell(label: string, code: string, conversion: Conversion): void {
    const { hasToplevelAwait, output, maps } = conversion;
    this.#cells.set(label, { code, async: hasToplevelAwait, lines: output.split('\n').length, maps });
  }

  code(label: string): string | undefined {
    return this.#cells.get(label)?.code;
  }

  /** The place in a cell; undefined when the place belongs to code that was generated around it. */
  inCell(label: string, line: number, column: number): Position | undefined {
    const cell = this.#cells.get(label);
    if (!cell || line > cell.lines) return undefined; // behind it: the call of the wrapper
    const wrapper = line === 1 ? WRAPPERS[cell.async ? 'async' : 'sync'].length : 0;
    cell.parsed ??= [new SourceMap(JSON.parse(cell.maps[0])), new SourceMap(JSON.parse(cell.maps[1]))];
    const module = find(cell.parsed[1], line, column - wrapper);
    const place = module && find(cell.parsed[0], module.line, module.column);
    if (!place || place.line <= LINES_BEFORE_CELL) return undefined;
    return { file: label, line: place.line - LINES_BEFORE_CELL, column: place.column };
  }

  /** The place in the source of a compiled file that has a source map beside it, else the place itself. */
  inFile(file: string, line: number, column: number): Position {
    if (!this.#files.has(file)) this.#files.set(file, readMap(file));
    const map = this.#files.get(file);
    const place = map && find(map, line, column);
    return place ?? { file, line, column };
  }

  /** Forgets the map of a file that was compiled anew. */
  forget(file: string): void {
    this.#files.delete(file);
  }
}

function find(map: SourceMap, line: number, column: number): Position | undefined {
  const entry = map.findEntry(line - 1, Math.max(0, column - 1));
  if (!('originalLine' in entry) || entry.originalSource === undefined) return undefined;
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

function readMap(file: string): SourceMap | undefined {
  try {
    const payload = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as ConstructorParameters<typeof SourceMap>[0];
    return new SourceMap(payload);
  } catch {
    return undefined;
  }
}
