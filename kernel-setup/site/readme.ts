import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../notebook/find';

function readme(folder: string): string {
  const file = path.join(folder, 'README.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** What a lecture's README says between its heading and its list of lessons, in Markdown. */
export function readmeIntro(folder: string): string {
  const [, below = ''] = /^#\s+.+\n([\s\S]*)/m.exec(readme(folder)) ?? [];
  return (below.split(/^(?:\||#)/m)[0] ?? '').trim();
}

/** A lesson's row in its lecture's README: what it is about, in Markdown, and how long it runs. */
export function readmeRow({ file, topic }: Place): { about?: string; runTime?: string } {
  const row = readme(path.dirname(file))
    .split('\n')
    .find((line) => line.startsWith('|') && line.includes(`](${topic}.ipynb)`));
  const [, about, runTime] =
    row
      ?.split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((field) => field.trim()) ?? [];
  return { about, runTime };
}
