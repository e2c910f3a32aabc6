import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../kernel/client';

/** A kernel to measure, and what the cells say in its language. */
export interface Kernel {
  readonly name: string;
  readonly command: (connectionFile: string) => string[];
  /** the first import of the library with which figures are made */
  readonly firstImport?: string;
  /** three learning curves, from the model to a picture in SVG */
  readonly figure?: { readonly prepare: string; readonly cell: (a0: number) => string };
  /** the n-th cell of a long session: it declares something and uses it */
  readonly step: (n: number) => string;
}

const PEERS = join(root, 'build', 'bench', 'peers');
const DENO = '2.9.6';
const PYTHON = ['numpy==2.3.5', 'altair==6.0.0', 'vl-convert-python==1.9.0.post1'];

export const ours: Kernel = {
  name: 'ours',
  command: (file) => [process.execPath, join(root, 'kernel-setup', 'dist', 'kernel', 'main.js'), file],
  firstImport: "import { modeStrength } from 'lecture-lab/deep-linear/dynamics';",
  figure: {
    prepare:
      "import type { Drawing } from 'lecture-lab/figure/spec';\nimport { renderSvg } from 'lecture-lab/figure/render';",
    cell: (a0) => `
const rows = [3, 2, 1].flatMap((s) => Array.from({ length: 200 }, (_, i) => {
  const time = (4 * i) / 199;
  return { time, strength: modeStrength({ s, a0: ${a0}, tau: 1 }, time), mode: String(s) };
}));
const view: Drawing = {
  description: 'learning curves of three modes',
  width: 480,
  height: 300,
  mark: { type: 'line' },
  encoding: {
    x: { field: 'time', type: 'quantitative', title: 'time (τ)' },
    y: { field: 'strength', type: 'quantitative', title: 'strength' },
    color: { field: 'mode', type: 'nominal' },
  },
};
const spec = { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', ...view, data: { values: rows } };
await display({
  'application/vnd.vegalite.v5+json': spec,
  'image/svg+xml': await renderSvg(spec, { interpret: false }),
});`,
  },
  step: (n) =>
    `const a${n} = [${n}, 2, 3].map((x) => 2 * x);\nfunction f${n}(x: number): number { return x + ${n}; }\nf${n}(a${n}[0])`,
};

export const ipykernel: Kernel = {
  name: 'ipykernel',
  command: (file) => [join(root, '.venv', 'bin', 'python'), '-m', 'ipykernel_launcher', '-f', file],
  firstImport: `import sys; sys.path.insert(0, ${JSON.stringify(join(PEERS, 'kernel-python'))})\nimport numpy as np`,
  figure: {
    prepare: 'import altair as alt, vl_convert as vlc\nfrom IPython.display import display',
    cell: (a0) => `
t = np.linspace(0, 4, 200)
rows = []
for s in (3, 2, 1):
    growth = np.exp(2 * s * t)
    strength = s * growth / (growth - 1 + s / ${a0})
    rows += [{'time': x, 'strength': y, 'mode': str(s)} for x, y in zip(t.tolist(), strength.tolist())]
chart = alt.Chart(alt.Data(values=rows), width=480, height=300).mark_line().encode(
    x=alt.X('time:Q', title='time (τ)'), y=alt.Y('strength:Q', title='strength'), color='mode:N')
spec = chart.to_dict()
svg = vlc.vegalite_to_svg(spec)
display({'application/vnd.vegalite.v5+json': spec, 'image/svg+xml': svg}, raw=True)`,
  },
  step: (n) => `a${n} = [2 * x for x in (${n}, 2, 3)]\ndef f${n}(x: float) -> float: return x + ${n}\nf${n}(a${n}[0])`,
};

export const deno: Kernel = {
  name: 'deno',
  command: (file) => [denoProgram(), 'jupyter', '--kernel', '--conn', file],
  step: ours.step,
};

function denoProgram(): string {
  const folder = join(PEERS, 'deno', 'node_modules', '@deno');
  const platform = existsSync(folder) ? readdirSync(folder)[0] : undefined;
  return join(folder, platform ?? 'missing', 'deno');
}

/** Fetches what is compared with and is no part of the project: Deno, and the Python packages of the figure. */
export function fetchPeers(): void {
  mkdirSync(PEERS, { recursive: true });
  inPlace(join(PEERS, 'deno'), (folder) =>
    run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `deno@${DENO}`]),
  );
  inPlace(join(PEERS, 'kernel-python'), (folder) =>
    run(join(root, '.venv', 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--target', folder, ...PYTHON]),
  );
}

/** Fills a folder wholly or not at all. */
function inPlace(folder: string, fill: (folder: string) => void): void {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial);
  fill(partial);
  renameSync(partial, folder);
}

function run(program: string, args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
}
