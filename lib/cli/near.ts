/** Names that were probably meant: those that hold the word or a part of it, then those a few typing errors away. */
export function near(word: string, names: Iterable<string>, most: number = 3): string[] {
  const wanted = word.toLowerCase();
  return [...names]
    .map((name) => ({ name, cost: cost(wanted, name.toLowerCase()) }))
    .filter(({ name, cost }) => cost <= Math.max(2, name.length / 4))
    .sort((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

function cost(word: string, name: string): number {
  if (word === '') return Number.POSITIVE_INFINITY;
  if (name.split('/').includes(word)) return 0;
  if (word.length >= 3 && name.includes(word)) return 1;
  return distance(word, name);
}

/** Levenshtein's distance: insertions, deletions and replacements from one word to the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}
