import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const root = join(__dirname, '..', '..');
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');

/** Runs a program in the project and returns what it printed if it failed, else nothing. */
async function complaints(program: string, ...args: string[]): Promise<string> {
  try {
    await run(program, args, { cwd: root, maxBuffer: 1 << 26 });
    return '';
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return `${stdout}${stderr}`;
  }
}

async function trackedFiles(): Promise<string[]> {
  const { stdout } = await run('git', ['ls-files', '-z'], { cwd: root });
  return stdout.split('\0').filter((file) => file !== '');
}

describe('the repository', () => {
  for (const project of ['lib', 'lib/tsconfig.page.json', 'kernel-setup', 'test'])
    it(`${project} compiles strictly`, async () => {
      expect(await complaints(process.execPath, tsc, '--noEmit', '-p', project)).to.equal('');
    }).timeout(120_000);

  it('is formatted and lint-free, floating promises included', async () => {
    const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    expect(await complaints(process.execPath, biome, 'ci', '--colors=off', '.')).to.equal('');
  }).timeout(120_000);

  it('tracks no file over 2 MB, and none that is made', async () => {
    for (const file of await trackedFiles()) {
      expect(statSync(join(root, file)).size, file).to.be.at.most(2_000_000);
      expect(file).to.not.match(/(^|\/)(node_modules|dist|build|\.venv|\.ipynb_checkpoints)\//);
    }
  });

  it('names no absolute path and no registry host', async () => {
    const absolute = /(^|[^A-Za-z0-9_.-])\/(root|home|Users|work|tmp)\/[A-Za-z0-9_.-]+/m;
    const hosts = /registry\.npmjs\.org|pypi\.org|files\.pythonhosted\.org|repo1?\.maven/;
    for (const file of await trackedFiles()) {
      if (['.gz', '.png', '.woff2'].includes(extname(file)) || file === 'test/repository/static.test.ts') continue;
      const text = readFileSync(join(root, file), 'utf8');
      expect(text, file).to.not.match(absolute);
      expect(text, file).to.not.match(hosts);
    }
  });

  it('pins every npm package to one version', () => {
    for (const file of ['package.json', 'lib/package.json']) {
      const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, file), 'utf8'));
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
        expect(version, `${file}: ${name}`).to.match(/^(npm:[^@]+@)?\d+\.\d+\.\d+$/);
    }
  });
});
