import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Output } from '../../kernel-setup/notebook/format';

/** A cell of a notebook made for a test. */
export type Made =
  | { readonly markdown: string }
  | { readonly code: string; readonly outputs?: readonly Output[]; readonly tags?: readonly string[] };

/** The JSON of a notebook for our kernel. */
export function notebookJson(cells: readonly Made[], kernel = 'lecture-lab'): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: kernel, display_name: 'TypeScript (Lecture Lab)', language: 'typescript' },
      language_info: { name: 'typescript' },
    },
    cells: cells.map((cell, i) =>
      'markdown' in cell
        ? { cell_type: 'markdown', id: `cell-${i + 1}`, metadata: {}, source: cell.markdown }
        : {
            cell_type: 'code',
            id: `cell-${i + 1}`,
            metadata: cell.tags ? { tags: cell.tags } : {},
            source: cell.code,
            outputs: cell.outputs ?? [],
            execution_count: cell.outputs ? i + 1 : null,
          },
    ),
  });
}

/** A folder of its own for a test; `done` removes it. */
export function scratch(): { folder: string; write: (name: string, text: string) => string; done: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'lecture-lab-'));
  const write = (name: string, text: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return { folder, write, done: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
