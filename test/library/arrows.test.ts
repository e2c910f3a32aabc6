import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';

const lib = join(__dirname, '..', '..', 'lib');

const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(?<!\.d|\.as)\.ts$/.test(file) && !/^(dist|node_modules)\//.test(file))
  .sort();

/** What a source file imports, types included: files of the library as paths within it, anything else as written. */
function imports(file: string): string[] {
  const text = readFileSync(join(lib, file), 'utf8');
  const found = text.matchAll(/(?:^|[\s;}])(?:from|import|require)\s*\(?\s*'([^']+)'/g);
  return [...found].map(([, name]) =>
    name!.startsWith('.') ? relative(lib, resolve(lib, dirname(file), name!)).replace(/\.js$/, '') : name!,
  );
}

type Room =
  | 'wasm'
  | 'math'
  | 'edge'
  | 'parallel'
  | 'data'
  | 'model'
  | 'figures'
  | 'figure'
  | 'check'
  | 'checks'
  | 'cli'
  | 'references';

/** The room that a file of the library (or a path imported from it) belongs to. */
function roomOf(file: string): Room {
  const name = file.replace(/\.ts$/, '');
  if (name.endsWith('.figures')) return 'figures';
  if (name.endsWith('.check')) return 'checks';
  const folder = name.split('/')[0]!;
  const rooms = ['wasm', 'math', 'edge', 'parallel', 'data', 'figure', 'check', 'cli', 'references'] as const;
  return rooms.find((room) => room === folder) ?? 'model';
}

/** A file that only figures import is a part of them: what they draw with. */
function isPartOfFigures(file: string): boolean {
  const users = sources.filter((user) => imports(user).includes(file.replace(/\.ts$/, '')));
  return users.length > 0 && users.every((user) => roomOf(user) === 'figures');
}

/** math and its hot loops <- data <- models <- figures; the rooms beside them know no model. */
const allowed: Readonly<Record<Room, readonly Room[]>> = {
  wasm: ['wasm', 'math'],
  math: ['math', 'wasm'],
  edge: ['edge'],
  parallel: ['parallel', 'math'],
  data: ['data', 'math', 'wasm', 'edge'],
  model: ['model', 'data', 'math', 'wasm', 'edge', 'parallel', 'references'],
  figures: ['figures', 'model', 'data', 'math', 'figure', 'parallel', 'references'],
  figure: ['figure', 'math', 'parallel', 'references'],
  check: ['check', 'figure'],
  checks: ['check', 'model', 'data', 'math'],
  cli: ['cli', 'figure', 'math', 'references'],
  references: [],
};

/** Files that run in Node alone. */
const nodeOnly =
  /^(cli\/|edge\/(tensorflow-)?node|parallel\/node|math\/blas\/node|figure\/(png|show|widget)$|figure\/(png|show|widget)\.ts$)/;

describe('the dependence arrows', () => {
  it('are read from the sources', () => {
    expect(sources).to.include.members(['figure/define.ts', 'math/run.ts', 'edge/node.ts']);
    expect(imports('figure/define.ts')).to.include.members(['math/errors', 'references', 'figure/landmark']);
    expect(imports('figure/show.ts')).to.include('#render');
  });

  it('point one way', () => {
    const wrong = sources.flatMap((file) =>
      imports(file)
        .map((name) =>
          name === '#edge' || name === '#tensorflow'
            ? 'edge/edge'
            : name === '#pool'
              ? 'parallel/crew'
              : name === '#render'
                ? 'figure/render'
                : name === '#widget'
                  ? 'figure/widget'
                  : name,
        )
        .filter((name) => sources.includes(`${name}.ts`) || sources.includes(`${name}/index.ts`))
        .filter((name) => !allowed[roomOf(file)].includes(roomOf(name)))
        .filter((name) => !(roomOf(name) === 'figure' && roomOf(file) === 'model' && isPartOfFigures(file)))
        .map((name) => `${file} imports ${name}`),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('leave Jupyter to show and explore', () => {
    const knowing = sources.filter((file) => /kernelHost\(|application\/vnd\.|text\/html/.test(source(file)));
    // panel/lab.ts is the part of a panel that runs in JupyterLab's page
    const known = ['explore.ts', 'host.ts', 'panel/lab.ts', 'show.ts', 'widget.ts'].map((file) => `figure/${file}`);
    expect(knowing).to.deep.equal(known);
    const asking = sources.filter((file) => /import \{[^}]*\bkernelHost\b/.test(source(file)));
    expect(asking).to.deep.equal(['figure/explore.ts', 'figure/show.ts']);
  });

  it('let no file of ours reach a Node built-in, but for the ones that run in Node alone', () => {
    const wrong = sources
      .filter((file) => !nodeOnly.test(file))
      .flatMap((file) =>
        imports(file)
          .filter(
            (name) =>
              name.startsWith('node:') ||
              /^(edge\/(tensorflow-)?node|parallel\/node|math\/blas\/node|figure\/(png|widget)|cli\/)/.test(name),
          )
          .map((name) => `${file} imports ${name}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('let only the edge load TensorFlow: a model takes it from there, or its types', () => {
    const wrong = sources
      .filter((file) => roomOf(file) !== 'edge')
      .filter((file) =>
        /import (?!type )[^;]*'@tensorflow|import\('@tensorflow|require\('@tensorflow/.test(source(file)),
      );
    expect(wrong).to.deep.equal([]);
  });
});

const source = (file: string): string => readFileSync(join(lib, file), 'utf8');
