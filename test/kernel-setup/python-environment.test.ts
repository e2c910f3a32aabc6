import { chmodSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { environment } from '../../kernel-setup/setup/places';
import {
  findPython,
  pythonEnvironmentProblem,
  pythonEnvironmentStep,
} from '../../kernel-setup/setup/python-environment';
import { contents, FAKE_PYTHON, failure, PROJECT, temporaryFolder, tools, write } from './support';

const withPython = (extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  ...process.env,
  LECTURE_LAB_PYTHON: FAKE_PYTHON,
  ...extra,
});

describe('finding Python', () => {
  it('takes one that is new enough and can make environments', async () => {
    const own = await tools({ env: withPython() });
    expect(await findPython(own)).to.deep.equal({ command: [FAKE_PYTHON], version: '3.11.7' });
  });

  const unfit: [name: string, answer: string, message: RegExp, fix: RegExp][] = [
    [
      'too old',
      '3.9.18 -',
      /is Python 3\.9\.18, too old: 3\.10 or later is needed\./,
      /^install Python 3\.10 or later \(Debian/,
    ],
    ['Python 2', '2.7.18 venv,ensurepip', /is Python 2\.7\.18, too old/, /^install Python/],
    [
      'without venv',
      '3.12.1 ensurepip',
      /\(Python 3\.12\.1\) lacks its module ensurepip/,
      /sudo apt-get install python3-venv/,
    ],
    ['without both', '3.12.1 venv,ensurepip', /lacks its module venv and ensurepip/, /python3-venv/],
    ['something else', 'hello', /LECTURE_LAB_PYTHON names .* which does not run as a Python/, /^install Python/],
  ];
  for (const [name, answer, message, fix] of unfit)
    it(`explains what is wrong: ${name}`, async () => {
      const own = await tools({ env: withPython({ PYTHON_FAKE_VERSION: answer }) });
      const error = await failure(() => findPython(own));
      expect(error.message).to.match(message);
      expect(error.fix).to.match(fix);
    });

  it('explains that there is none', async () => {
    const own = await tools({ env: { PATH: temporaryFolder() } });
    const error = await failure(() => findPython(own));
    expect(error.message).to.equal('Python was not found.');
    expect(error.fix).to.match(/apt-get install python3 python3-venv.*brew.*winget/);
  });

  it('passes over an unfit one when a later one on the PATH fits', async () => {
    const folder = temporaryFolder();
    write(folder, 'python3', '#!/bin/sh\necho "3.8.1 -"\n');
    write(folder, 'python3.12', '#!/bin/sh\necho "3.12.4 -"\n');
    for (const name of ['python3', 'python3.12']) chmodSync(join(folder, name), 0o755);
    const own = await tools({ env: { PATH: folder } });
    expect((await findPython(own)).version).to.equal('3.12.4');
  });
});

describe('the Python environment', () => {
  async function project(extra: NodeJS.ProcessEnv = {}): ReturnType<typeof tools> {
    const root = temporaryFolder();
    write(root, 'kernel-setup/python/requirements.lock', 'jupyterlab==1.0\n');
    return await tools({ root, env: withPython(extra) });
  }

  it('is made once', async () => {
    const own = await project();
    expect(pythonEnvironmentProblem(own.root)).to.equal('not made yet');
    expect(await pythonEnvironmentStep(own, own.say)).to.equal('.venv made with Python 3.11.7');
    expect(await pythonEnvironmentStep(own, own.say)).to.deep.equal({ idle: 'in line with requirements.lock' });
    expect(readFileSync(join(own.root, 'pip-calls.log'), 'utf8').trim().split('\n')).to.have.length(1);
  });

  it('is made anew in a folder that was moved: it holds its own path', async () => {
    const own = await project();
    await pythonEnvironmentStep(own, own.say);
    const moved = join(temporaryFolder(), 'moved');
    renameSync(own.root, moved);
    expect(pythonEnvironmentProblem(moved)).to.match(/in another folder/);
    expect(await pythonEnvironmentStep({ ...own, root: moved }, own.say)).to.equal('.venv made with Python 3.11.7');
  });

  it('a package with a wrong checksum stops it, with the fix; nothing counts as finished', async () => {
    const own = await project({ PYTHON_FAKE: 'hash' });
    const { message, fix } = await failure(() => pythonEnvironmentStep(own, own.say));
    expect(message).to.match(/does not have the checksum that the lock file names, so it was not installed/);
    expect(fix).to.contain(join(own.cache, 'pip'));
    expect(existsSync(join(own.root, '.venv', '.lecture-lab.json'))).to.equal(false);
    // what the failed attempt left does not survive into the next one
    await pythonEnvironmentStep({ ...own, env: withPython() }, own.say);
    expect(pythonEnvironmentProblem(own.root)).to.equal(undefined);
  });

  it('every package of the lock file has a hash, and no host or path is in it', () => {
    const lock = readFileSync(join(PROJECT, 'kernel-setup', 'python', 'requirements.lock'), 'utf8');
    const entries = lock.split(/\n(?=\S)/).filter((entry) => entry.includes('=='));
    expect(entries.length).to.be.greaterThan(80);
    for (const entry of entries)
      expect(entry).to.match(/^[\w.-]+==[\w.]+(?: ; .+)? \\\n {4}--hash=sha256:[0-9a-f]{64}/);
    expect(lock).to.not.match(/:\/\/|--index|--find-links|@ file/);
  });
});

describe('where programs write', () => {
  it('is inside the project or the cache folder, whatever the reader has set', async () => {
    const own = await tools({
      env: { ...process.env, PYTHONPATH: '/elsewhere', JUPYTER_PATH: '/elsewhere', PIP_USER: '1' },
    });
    const env = environment(own);
    for (const [name, value] of Object.entries(env))
      if (/^(JUPYTER_|IPYTHONDIR|PIP_CACHE|npm_config_cache)/.test(name))
        expect(value, name).to.satisfy((v: string) => v.startsWith(own.cache));
    expect(env).to.include({ PIP_USER: '0', PYTHONNOUSERSITE: '1' });
    expect(env['PYTHONPATH']).to.equal(undefined);
  });

  it("Jupyter's own idea of its folders agrees, and a notebook leaves the home folder empty", async () => {
    const home = temporaryFolder();
    const own = await tools({ root: PROJECT, cache: temporaryFolder(), env: { ...process.env, HOME: home } });
    const env = environment(own);
    const python = join(PROJECT, '.venv', 'bin', 'python');
    const paths = await own.run(python, ['-m', 'jupyter', '--paths', '--json'], { env });
    const { config, data, runtime } = JSON.parse(paths.output) as Record<string, string[]>;
    for (const folder of [...config!, ...data!, ...runtime!]) expect(folder, folder).to.not.contain(home);
    expect(runtime).to.deep.equal([join(own.cache, 'jupyter', 'runtime')]);
    const cell = await own.run(python, [join(PROJECT, 'kernel-setup', 'python', 'one_cell.py'), 'lecture-lab'], {
      env,
      cwd: PROJECT,
    });
    expect(cell.output).to.contain('one cell ran');
    expect(contents(home)).to.deep.equal([]);
  }).timeout(60_000);
});
