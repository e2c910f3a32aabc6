import { chmodSync, cpSync, mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { broken, type Finding, type Link, ok, optional, walk } from '../../kernel-setup/doctor/link';
import { LINKS } from '../../kernel-setup/doctor/links';
import { jupyterFilesStep } from '../../kernel-setup/setup/jupyter-files';
import { libraryFile, openblasStep } from '../../kernel-setup/setup/openblas';
import { pythonEnvironmentStep } from '../../kernel-setup/setup/python-environment';
import type { Tools } from '../../kernel-setup/setup/tools';
import { command, FAKE_PYTHON, PROJECT, startCommand, temporaryFolder, tools, write } from './support';

const SET_UP = 'npm start -- --setup-only';
/** The folder of OpenBLAS in a Python environment. */
const PACKAGE = '.venv/lib/python3.11/site-packages/scipy_openblas64/lib';

function link(name: string): Link {
  const found = LINKS.find((one) => one.name === name);
  if (!found) throw new Error(`doctor has no link ${name}`);
  return found;
}

/** What doctor prints for one link. */
async function report(name: string, own: Tools): Promise<string> {
  const lines: string[] = [];
  await walk([{ ...link(name), needs: [] }], own, (line) => void lines.push(line));
  return lines.join('\n');
}

/** A project with some of the real npm packages. */
function withPackages(...names: string[]): string {
  const root = temporaryFolder();
  write(root, 'package.json', {});
  write(root, 'lib/package.json', {});
  for (const name of names) {
    const path = join(root, 'node_modules', name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(realpathSync(join(PROJECT, 'node_modules', name)), path);
  }
  return root;
}

describe('doctor', () => {
  it('walks the whole chain of this project and finds it in order, with the home folder left alone', async () => {
    const { code, out } = await startCommand(PROJECT, ['doctor'], { HOME: temporaryFolder() }).ended;
    expect(code, out).to.equal(0);
    for (const name of [
      'Node',
      'npm packages',
      'lib',
      'kernel-setup',
      'Python environment',
      'kernel registration',
      'Vega',
      'a notebook of one cell',
    ])
      expect(out).to.match(new RegExp(`^ok {7}${name}: `, 'm'));
    expect(out).to.match(/Everything that is needed works\.\n$/);
  }).timeout(90_000);

  it('prints the fix, goes on behind a broken link, and leaves out what stands on it', async () => {
    const chain: Link[] = [
      { name: 'a', check: () => ok('fine') },
      { name: 'b', check: () => broken('torn', 'mend it') },
      { name: 'c', needs: ['b'], check: () => ok('never asked') },
      { name: 'd', needs: ['c'], check: () => ok('never asked') },
      { name: 'e', check: () => optional('not there', 'get it') },
      {
        name: 'f',
        check: (): Finding => {
          throw new Error('fell over');
        },
      },
    ];
    const lines: string[] = [];
    expect(await walk(chain, await tools(), (line) => void lines.push(line))).to.equal(4);
    expect(lines).to.deep.equal([
      'ok       a: fine',
      'BROKEN   b: torn',
      '         fix: mend it',
      '--       c: not checked, it needs: b',
      '--       d: not checked, it needs: c',
      'optional e: not there',
      '         fix: get it',
      'BROKEN   f: fell over',
      `         fix: ${SET_UP}`,
    ]);
  });
});

describe('doctor finds what is broken:', () => {
  it('npm packages, lib and kernel-setup, in a copy that lost a package and changed its sources', async () => {
    const root = withPackages('vega', 'vega-lite');
    cpSync(join(PROJECT, 'package-lock.json'), join(root, 'package-lock.json'));
    for (const part of ['bootstrap', 'bootstrap.mjs', 'dist', 'python'])
      cpSync(join(PROJECT, 'kernel-setup', part), join(root, 'kernel-setup', part), { recursive: true });
    write(root, 'node_modules/.package-lock.json', { packages: {} });
    write(root, 'lib/a.ts', '');
    write(root, 'lib/dist/a.js', '');
    write(root, 'kernel-setup/more.ts', '');
    const { code, out } = await command(root, ['doctor']);
    expect(code).to.equal(1);
    expect(out).to.match(new RegExp(`BROKEN {3}npm packages: .* is missing; .* and \\d+ more\\n {9}fix: ${SET_UP}\\n`));
    expect(out).to.contain('BROKEN   lib: the sources changed since they were compiled\n         fix: npm run build\n');
    expect(out).to.contain(
      'BROKEN   kernel-setup: the sources changed since they were compiled\n         fix: npm run build\n',
    );
    expect(out).to.contain('--       TensorFlow: not checked, it needs: npm packages\n');
    expect(out).to.contain(`BROKEN   Python environment: not made yet\n         fix: ${SET_UP}\n`);
    expect(out).to.contain('--       a notebook of one cell: not checked, it needs: kernel registration\n');
    expect(out).to.match(/\d+ links are broken\. Mend the first one, then run npm run doctor again\.\n$/);
  }).timeout(30_000);

  it('native TensorFlow, which WebAssembly replaces', async () => {
    const names = ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm'].map((name) => `@tensorflow/${name}`);
    const own = await tools({ root: withPackages(...names) });
    expect(await report('TensorFlow', own)).to.match(
      /^optional TensorFlow: WebAssembly works, native does not \(its compiled binding is not there\).*\n {9}fix: .*apt-get install g\+\+.*--retry-native$/,
    );
  }).timeout(20_000);

  it('TensorFlow altogether', async () => {
    const own = await tools({ root: withPackages('@tensorflow/tfjs-core') });
    expect(await report('TensorFlow', own)).to.match(
      /^BROKEN {3}TensorFlow: neither native .* nor WebAssembly works.*\n {9}fix: npm start/,
    );
  }).timeout(20_000);

  it('OpenBLAS, which TypeScript replaces: not installed, damaged, not tried, switched off', async () => {
    const own = await tools({ root: withPackages('koffi') });
    expect(await report('OpenBLAS', own)).to.match(
      /^optional OpenBLAS: not installed: linear algebra runs in TypeScript.*\n {9}fix: delete the folder \.venv, then npm start/,
    );
    if (process.platform !== 'linux') return;
    write(own.root, `${PACKAGE}/libscipy_openblas64_.so`, 'this is no library');
    expect(await report('OpenBLAS', own)).to.match(
      /^optional OpenBLAS: it does not work \(.*\).*\n {9}fix: delete the folder \.venv, then npm start/,
    );
    const library = libraryFile(PROJECT);
    if (!library) return;
    cpSync(library, join(own.root, PACKAGE, 'libscipy_openblas64_.so'));
    expect(await report('OpenBLAS', own)).to.equal(
      `optional OpenBLAS: it works, but is not in use: set-up has not tried it yet: linear algebra runs in TypeScript, large matrices take many times longer\n         fix: ${SET_UP}`,
    );
    await openblasStep(own, own.say);
    expect(await report('OpenBLAS', { ...own, env: { ...own.env, LECTURE_LAB_BLAS: 'on' } })).to.equal(
      'ok       OpenBLAS: native',
    );
    expect(await report('OpenBLAS', { ...own, env: { ...own.env, LECTURE_LAB_BLAS: 'off' } })).to.match(
      /switched off.*\n {9}fix: take LECTURE_LAB_BLAS=off out/,
    );
  }).timeout(30_000);

  it('the Python environment: missing, cut off, with other versions', async () => {
    const root = temporaryFolder();
    write(root, 'kernel-setup/python/requirements.lock', '');
    const own = await tools({ root, env: { ...process.env, LECTURE_LAB_PYTHON: FAKE_PYTHON } });
    expect(await report('Python environment', own)).to.equal(
      `BROKEN   Python environment: not made yet\n         fix: ${SET_UP}`,
    );
    await pythonEnvironmentStep(own, own.say);
    expect(await report('Python environment', own)).to.match(
      /BROKEN.*jupyterlab is 1\.0, not 4\.6\.6\n {9}fix: delete the folder \.venv/,
    );
    rmSync(join(root, '.venv', '.lecture-lab.json'));
    expect(await report('Python environment', own)).to.match(/BROKEN.*not finished/);
  });

  it('the kernel: not registered, registered for another folder, not compiled', async () => {
    const own = await tools();
    expect(await report('kernel registration', own)).to.equal(
      `BROKEN   kernel registration: the kernel is not registered in .venv\n         fix: ${SET_UP}`,
    );
    jupyterFilesStep(own);
    expect(await report('kernel registration', own)).to.match(/BROKEN.*the kernel is not compiled/);
    write(own.root, 'kernel-setup/dist/kernel/main.js', '');
    expect(await report('kernel registration', own)).to.match(/^ok/);
    write(own.root, '.venv/share/jupyter/kernels/lecture-lab/kernel.json', '{}');
    expect(await report('kernel registration', own)).to.match(/BROKEN.*belongs to another Node or another folder/);
  });

  it('Vega: not there, or drawing nothing', async () => {
    const missing = await tools({ root: withPackages() });
    expect(await report('Vega', missing)).to.match(/^BROKEN {3}Vega: Cannot find module 'vega-lite'/);
    const empty = await tools({ root: withPackages('vega-lite') });
    write(
      empty.root,
      'node_modules/vega/index.js',
      "exports.parse = () => ({}); exports.View = class { async toSVG() { return '<svg></svg>'; } finalize() {} };",
    );
    expect(await report('Vega', empty)).to.equal(
      `BROKEN   Vega: a chart of one bar was drawn without its bar\n         fix: ${SET_UP}`,
    );
  });

  it('a kernel that dies', async () => {
    const own = await tools();
    mkdirSync(join(own.root, '.venv', 'bin'), { recursive: true });
    cpSync(FAKE_PYTHON, join(own.root, '.venv', 'bin', 'python'));
    chmodSync(join(own.root, '.venv', 'bin', 'python'), 0o755);
    expect(await report('a notebook of one cell', own)).to.match(
      /^BROKEN.*it failed on the kernel: RuntimeError: Kernel died before replying to kernel_info\n {9}fix: npm run build/,
    );
  });

  it('a browser, without which JupyterLab still runs', async () => {
    const own = await tools({ env: { PATH: temporaryFolder() } });
    if (process.platform === 'linux')
      expect(await report('browser', own)).to.match(/^optional browser: none found.*\n {9}fix: .*chromium/);
  });
});
