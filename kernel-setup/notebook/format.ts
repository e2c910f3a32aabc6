import { readFileSync } from 'node:fs';

/** Text as notebooks store it: one string, or its lines with their line ends. */
export type Lines = string | readonly string[];

/** One output of a code cell, as nbformat 4 stores it. */
export type Output =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: Lines }
  | {
      readonly output_type: 'display_data' | 'execute_result';
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata: Readonly<Record<string, unknown>>;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

interface AnyCell {
  readonly id: string;
  /** the whole text */
  readonly source: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly attachments?: Readonly<Record<string, Readonly<Record<string, Lines>>>>;
}
export interface CodeCell extends AnyCell {
  readonly type: 'code';
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
}
export interface TextCell extends AnyCell {
  readonly type: 'markdown' | 'raw';
}
export type NotebookCell = CodeCell | TextCell;

/** A notebook that was read and found well-formed. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** name of the kernel it asks for, e.g. `lecture-lab` */
  readonly kernel: string | undefined;
}

/** A notebook that can't be used, and why, in one line that starts with the file's name. */
export class NotebookError extends Error {
  override name = 'NotebookError';
}

/**
 * Reads a notebook of nbformat 4.5 or a later 4.x.
 * @param file where it is
 * @param name how messages call it
 * @throws {NotebookError} if the file is missing, is not JSON, has another version, or is not well-formed
 */
export function readNotebook(file: string, name: string = file): Notebook {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new NotebookError(`${name}: ${code === 'ENOENT' ? 'no such notebook' : `can't be read (${code})`}`);
  }
  return parseNotebook(text, name);
}

/** Reads a notebook from its text; see `readNotebook`. */
export function parseNotebook(text: string, name: string): Notebook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new NotebookError(`${name}: not a notebook: ${(error as Error).message}`);
  }
  const refuse = (why: string): never => {
    throw new NotebookError(`${name}: ${why}`);
  };
  if (!isRecord(json)) return refuse('not a notebook: its JSON is not an object');
  const { nbformat, nbformat_minor, cells, metadata } = json;
  if (nbformat === undefined) return refuse('not a notebook: nbformat is missing');
  if (nbformat !== 4 || typeof nbformat_minor !== 'number' || nbformat_minor < 5)
    return refuse(
      `notebook format ${String(nbformat)}.${String(nbformat_minor ?? '?')} is not supported: save it as 4.5 ` +
        '(open and save it in JupyterLab 4)',
    );
  if (!Array.isArray(cells)) return refuse('damaged notebook: cells must be a list');
  if (!isRecord(metadata)) return refuse('damaged notebook: metadata must be an object');
  const ids = new Set<string>();
  const read = cells.map((cell: unknown, i): NotebookCell => {
    const wrong = (why: string): never => refuse(`damaged notebook: cell ${i + 1} ${why}`);
    if (!isRecord(cell)) return wrong('is not an object');
    const { id, cell_type, source } = cell;
    if (typeof id !== 'string' || !/^[a-zA-Z0-9_-]{1,64}$/.test(id)) return wrong('has no valid id');
    if (ids.has(id)) return wrong(`repeats the id ${id}`);
    ids.add(id);
    if (!isText(source)) return wrong('has no text');
    if (!isRecord(cell['metadata'])) return wrong('has no metadata');
    const common = {
      id,
      source: joined(source),
      metadata: cell['metadata'],
      attachments: cell['attachments'] as AnyCell['attachments'],
    };
    if (cell_type === 'markdown' || cell_type === 'raw') return { ...common, type: cell_type };
    if (cell_type !== 'code') return wrong(`has an unknown type (${JSON.stringify(cell_type)})`);
    const { outputs, execution_count } = cell;
    if (!Array.isArray(outputs)) return wrong('has no list of outputs');
    const bad = outputs.findIndex((output) => !isOutput(output));
    if (bad >= 0) return wrong(`has a damaged output (number ${bad + 1})`);
    if (execution_count !== null && typeof execution_count !== 'number') return wrong('has no execution count');
    return { ...common, type: 'code', outputs: outputs as Output[], executionCount: execution_count };
  });
  const kernelspec = metadata['kernelspec'];
  const kernel = isRecord(kernelspec) && typeof kernelspec['name'] === 'string' ? kernelspec['name'] : undefined;
  return { cells: read, metadata, kernel };
}

/** What of a run, or of the machine it ran on, is still in a notebook; empty if it is as it should be in git. */
export function remains(notebook: Notebook): string[] {
  const found: string[] = [];
  const allowed = new Set(['kernelspec', 'language_info']);
  for (const key of Object.keys(notebook.metadata))
    if (!allowed.has(key)) found.push(`the notebook's metadata hold ${key}`);
  const info = notebook.metadata['language_info'];
  if (isRecord(info) && 'version' in info) found.push("the notebook's metadata hold the version of a kernel");
  for (const [i, cell] of notebook.cells.entries()) {
    if (cell.type === 'code' && cell.outputs.length > 0) found.push(`cell ${i + 1} holds outputs`);
    if (cell.type === 'code' && cell.executionCount !== null) found.push(`cell ${i + 1} holds an execution count`);
    for (const key of Object.keys(cell.metadata))
      if (!['tags', 'jupyter', 'slideshow', 'collapsed'].includes(key))
        found.push(`cell ${i + 1}'s metadata hold ${key}`);
  }
  return found;
}

/** The tags of a cell. */
export function tagsOf(cell: NotebookCell): readonly string[] {
  const tags = cell.metadata['tags'];
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : [];
}

/** Text that notebooks may store in lines. */
export function joined(text: Lines): string {
  return typeof text === 'string' ? text : text.join('');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is Lines {
  return typeof value === 'string' || (Array.isArray(value) && value.every((line) => typeof line === 'string'));
}

function isOutput(value: unknown): value is Output {
  if (!isRecord(value)) return false;
  switch (value['output_type']) {
    case 'stream':
      return isText(value['text']);
    case 'error':
      return typeof value['ename'] === 'string' && Array.isArray(value['traceback']);
    case 'display_data':
    case 'execute_result':
      return isRecord(value['data']) && isRecord(value['metadata']);
    default:
      return false;
  }
}
