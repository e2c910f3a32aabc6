import { utimesSync } from 'node:fs';
import path from 'node:path';
import { defineFigure, type Figure, number } from 'lecture-lab/figure';
import type { Output } from '../../kernel-setup/notebook/format';
import { main, type Sources } from '../../kernel-setup/site/main';
import { type Made, notebookJson, scratch } from '../notebooks/make';

const line = (id: string, title: string, name: string, paper?: 'saxe2014' | 'hodgkin1952'): Figure =>
  defineFigure({
    id,
    title,
    source: { lecture: 'deep-learning-theory', where: `The slide of ${id}`, paper },
    params: { [name]: number({ default: 2, min: 0, max: 9, unit: 'mV', doc: `slope of ${id}` }) },
    compute: (p) => p[name] as number,
    table: (slope) => [0, 1, 2].map((x) => ({ x, y: slope * x })),
    draw: () => ({
      description: `A straight line for ${id}.`,
      mark: 'line',
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
    }),
    landmarks: () => [],
  }) as unknown as Figure;

/** Three figures: one in a lesson at its defaults, one in a lesson at other settings, one in none. */
export const figures: ReadonlyMap<string, Figure> = new Map(
  [
    line('lines/first', 'A first line', 'tau', 'saxe2014'),
    line('lines/second', 'A second line', 'slope', 'hodgkin1952'),
    line('rest/third', 'A line in no lesson', 'a0'),
  ].map((figure) => [figure.id, figure]),
);

export const SYMBOLS = [
  '<details>\n<summary>Symbols</summary>\n',
  '| symbol | meaning | unit | in code |',
  '|---|---|---|---|',
  '| $\\tau$ | time constant | ms | `tau` |',
  '| $W^{21}$ | first weights | – | `W21` |',
  '| $a_0$ | strength at the start | – | |',
  '\n</details>',
].join('\n');

async function shown(id: string, settings: Record<string, number> = {}): Promise<Output> {
  const { spec, params } = await figures.get(id)!.evaluate(settings);
  const data = { 'application/vnd.vegalite.v5+json': spec, 'text/plain': id };
  return { output_type: 'display_data', data, metadata: { 'lecture-lab': { figure: id, settings: params } } };
}

/** A lesson with all that the site takes from one; without outputs as it would stand in git. */
async function lesson(title: string): Promise<{ stored: Made[]; executed: Made[] }> {
  const printed: Output[] = [{ output_type: 'stream', name: 'stdout', text: 'as printed 7, corrected 5\n' }];
  const executed: Made[] = [
    { markdown: `# ${title}\n\nWords. [The others](README.md), [next](02-next.ipynb).` },
    { markdown: 'Before.\n\n## One line at a time\n\nWords on $\\tau$.' },
    { code: 'await show(first);', outputs: [await shown('lines/first')] },
    { markdown: 'See it.\n\n### Deeper' },
    { code: 'await show(second, { slope: 3 });', outputs: [await shown('lines/second', { slope: 3 })] },
    { markdown: '## What the slide gets wrong\n\nIt prints $7$; [the line](#one-line-at-a-time) says $5$.' },
    { code: 'console.log("as printed 7, corrected 5");', outputs: printed },
    { markdown: 'So it is five.\n\n## How wrong may a teacher be?\n\nNot an erratum.' },
    { markdown: SYMBOLS },
    { markdown: '## Where this comes from\n\n- *saxe2014*: a paper.' },
  ];
  const stored = executed.map((cell) => ('code' in cell ? { code: cell.code } : cell));
  return { stored, executed };
}

/** A collection of two lessons in a folder of its own. */
export async function fixtureCollection() {
  const { folder, write, done } = scratch();
  const lecture = '5-deep-learning-theory';
  const sources: Sources = {
    notebooks: path.join(folder, 'notebooks'),
    executed: path.join(folder, 'executed'),
    figures: path.join(folder, 'figures'),
    site: path.join(folder, 'public', 'site'),
    code: [path.join(folder, 'code')],
    catalogue: () => figures,
  };
  write('code/model.ts', '');
  write(
    `notebooks/${lecture}/README.md`,
    '# Deep learning\n\nA lecture on *depth*.\n\n| notebook | what | runs in |\n|---|---|---|\n| [01](01-lines.ipynb) | About $\\tau$ | 4 s |\n',
  );
  const { stored, executed } = await lesson('Lines & slopes');
  write(`notebooks/${lecture}/01-lines.ipynb`, notebookJson(stored));
  write(`executed/${lecture}/01-lines.ipynb`, notebookJson(executed));
  const next = notebookJson([{ markdown: '# Next' }, { code: '1 + 1' }]);
  write(`notebooks/${lecture}/02-next.ipynb`, next);
  write(`executed/${lecture}/02-next.ipynb`, next);

  // clocks of file systems are coarse: what a run was made from is older by far
  for (const file of [
    `notebooks/${lecture}/01-lines.ipynb`,
    `notebooks/${lecture}/02-next.ipynb`,
    'code/model.ts',
    'code',
  ])
    utimesSync(path.join(folder, file), 1e9, 1e9);

  const site = (...args: string[]): ReturnType<typeof runSite> => runSite(sources, ...args);
  return { folder, lecture, sources, write, site, done };
}

/** Runs the command and gives its exit status and what it said. */
export async function runSite(sources: Sources, ...args: string[]): Promise<{ status: number; said: string }> {
  const original = process.stderr.write;
  let said = '';
  process.stderr.write = ((text: string) => {
    said += text;
    return true;
  }) as typeof original;
  try {
    return { status: await main(args, sources, new AbortController().signal), said };
  } finally {
    process.stderr.write = original;
  }
}
