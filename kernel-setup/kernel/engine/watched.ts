import { statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import type { Ts, TypeScript } from './typescript';

type FileCallback = TypeScript.FileWatcherCallback;
type FolderCallback = TypeScript.DirectoryWatcherCallback;

/**
 * Replaces TypeScript's file watchers by a look at the files before each cell: a rebuilt library is then seen by the
 * very next cell, and no operating system watcher is spent on the thousands of files under node_modules.
 */
export class WatchedFiles {
  readonly #ts: Ts;
  readonly #files = new Map<string, { stamp: string; calls: Set<FileCallback> }>();
  readonly #folders = new Map<string, Set<FolderCallback>>();
  #retry = false;

  constructor(ts: Ts) {
    this.#ts = ts;
    ts.sys.watchFile = (path, call) => {
      const entry = this.#files.get(path) ?? { stamp: stampOf(path), calls: new Set() };
      this.#files.set(path, entry);
      entry.calls.add(call);
      return {
        close: () => {
          entry.calls.delete(call);
          if (entry.calls.size === 0) this.#files.delete(path);
        },
      };
    };
    ts.sys.watchDirectory = (path, call) => {
      const calls = this.#folders.get(path) ?? new Set();
      this.#folders.set(path, calls);
      calls.add(call);
      return { close: () => calls.delete(call) };
    };
  }

  /** A module was not found: the next look asks again, for it may have been built meanwhile. */
  moduleWasMissing(): void {
    this.#retry = true;
  }

  /**
   * Tells TypeScript about every project file that changed. Installed packages don't change while a kernel runs.
   * @returns whether anything changed
   */
  look(): boolean {
    let changed = this.#retry;
    for (const [path, entry] of [...this.#files]) {
      if (path.includes('/node_modules/')) continue;
      const stamp = stampOf(path);
      if (stamp === entry.stamp) continue;
      const kind = this.#ts.FileWatcherEventKind[stamp === '' ? 'Deleted' : entry.stamp === '' ? 'Created' : 'Changed'];
      changed = true;
      entry.stamp = stamp;
      for (const call of [...entry.calls]) call(path, kind);
      for (const call of this.#folders.get(dirname(path)) ?? []) call(path);
    }
    if (!this.#retry) return changed;
    this.#retry = false;
    for (const [path, calls] of [...this.#folders]) for (const call of [...calls]) call(path.replaceAll(sep, '/'));
    return true;
  }
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs} ${found.size}` : '';
}
