import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { NotebookError } from './format';

/** A notebook's place: `notebooks/<lecture>/<topic>.ipynb`. */
export interface Place {
  /** `5-deep-learning-theory/05-deep-linear-dynamics` */
  readonly name: string;
  /** folder, e.g. `5-deep-learning-theory` */
  readonly lecture: string;
  /** file without its ending, e.g. `05-deep-linear-dynamics` */
  readonly topic: string;
  readonly file: string;
}

/** The project's root folder, from wherever this code runs: its sources or its build. */
export function projectRoot(): string {
  for (let folder = __dirname; ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'package.json');
    if (existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).name === 'lecture-lab-notebooks') return folder;
    if (folder === path.dirname(folder)) throw new Error('the project folder was not found');
  }
}

/** Every notebook under a folder, in order. */
export function findNotebooks(folder: string): Place[] {
  if (!existsSync(folder)) return [];
  const places: Place[] = [];
  for (const lecture of readdirSync(folder, { withFileTypes: true }))
    if (lecture.isDirectory() && !lecture.name.startsWith('.'))
      for (const entry of readdirSync(path.join(folder, lecture.name)))
        if (entry.endsWith('.ipynb')) {
          const topic = entry.slice(0, -'.ipynb'.length);
          const file = path.join(folder, lecture.name, entry);
          places.push({ name: `${lecture.name}/${topic}`, lecture: lecture.name, topic, file });
        }
  return places.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * The notebooks that a reader means by a few words: a path, `lecture/topic`, a folder, or the start of a topic or of one
 * of its parts (`deep-linear` means `05-deep-linear-dynamics`). Without words: all.
 * @throws {NotebookError} if a word means none, listing those that there are
 */
export function selectNotebooks(places: readonly Place[], words: readonly string[]): Place[] {
  if (words.length === 0) return [...places];
  const chosen = new Set<Place>();
  for (const word of words) {
    const exact = places.filter((p) => path.resolve(word) === p.file || word === p.name || word === p.topic);
    const found = exact.length > 0 ? exact : places.filter((p) => means(word, p));
    if (found.length === 0)
      throw new NotebookError(
        `no notebook is called ${word} (there are: ${places.map((p) => p.name).join(', ') || 'none'})`,
      );
    for (const place of found) chosen.add(place);
  }
  return places.filter((p) => chosen.has(p));
}

function means(word: string, place: Place): boolean {
  const bare = word.replace(/^(\.\/)?notebooks\//, '').replace(/\.ipynb$|\/$/g, '');
  const starts = (name: string): boolean => name.startsWith(bare) || name.replace(/^\d+-/, '').startsWith(bare);
  return place.name === bare || place.lecture === bare || starts(place.topic) || starts(place.lecture);
}
