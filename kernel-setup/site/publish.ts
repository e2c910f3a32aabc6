import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A site that is being made, beside the one that stands. */
export interface Draft {
  readonly folder: string;
  /** Writes a file, by its path from the site's top. */
  write(file: string, content: string): void;
  /** Puts it in the place of the one that stands. */
  publish(): void;
  discard(): void;
}

/**
 * Begins a site. What stands there stays until `publish`, and what a crash may have left is put right first: a site
 * that was moved aside comes back, drafts of programs that have ended go.
 */
export function beginDraft(site: string): Draft {
  tidy(site);
  const folder = `${site}.${process.pid}.part`;
  const aside = `${site}.${process.pid}.old`;
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    write: (file, content) => {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, content);
    },
    publish: () => {
      // a folder can't be renamed onto a full one: for a moment there is none
      const stood = existsSync(site);
      if (stood) renameSync(site, aside);
      try {
        renameSync(folder, site);
      } catch (error) {
        if (stood) renameSync(aside, site);
        throw error;
      }
      rmSync(aside, { recursive: true, force: true });
    },
    discard: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function tidy(site: string): void {
  const parent = path.dirname(site);
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const [, pid, kind] = /^\.(\d+)\.(part|old)$/.exec(name.slice(path.basename(site).length)) ?? [];
    if (!name.startsWith(path.basename(site)) || pid === undefined || isAlive(Number(pid))) continue;
    const left = path.join(parent, name);
    if (kind === 'old' && !existsSync(site)) renameSync(left, site);
    else rmSync(left, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
