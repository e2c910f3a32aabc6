import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { appears, command, contents, isAlive, smallProject, startCommand, write } from './support';

const SETUP = ['start', '--setup-only'];

describe('Ctrl-C in set-up', () => {
  it('while npm installs: ends npm, leaves no stamp, and the next run goes on', async () => {
    const root = smallProject();
    const { child, ended } = startCommand(root, SETUP, { NPM_FAKE: 'hang' });
    await appears(join(root, 'hanging'));
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).to.equal(130);
    expect(err).to.match(
      /npm packages: stopped .*\n\nStopped\. Nothing is left half-written; the same command goes on from here\.\n$/,
    );
    expect(isAlive(Number(readFileSync(join(root, 'hanging'), 'utf8')))).to.equal(false);
    expect(existsSync(join(root, 'node_modules', '.lecture-lab.json'))).to.equal(false);

    const again = await command(root, SETUP);
    expect(again.code, again.err).to.equal(0);
  }).timeout(40_000);

  it('while pip installs: ends pip, the environment counts as unfinished and is made anew', async () => {
    const root = smallProject();
    const { child, ended } = startCommand(root, SETUP, { PYTHON_FAKE: 'hang' });
    await appears(join(root, 'hanging'));
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).to.equal(130);
    expect(err).to.contain('Python environment: stopped');
    expect(isAlive(Number(readFileSync(join(root, 'hanging'), 'utf8')))).to.equal(false);
    expect(existsSync(join(root, '.venv', '.lecture-lab.json'))).to.equal(false);

    const again = await command(root, SETUP);
    expect(again.code, again.err).to.equal(0);
    expect(again.err).to.contain('ok npm packages: in line with package-lock.json');
    expect(readFileSync(join(root, 'npm-calls.log'), 'utf8').split('\n'), 'npm ran once').to.have.length(2);
    expect(existsSync(join(root, '.venv', '.lecture-lab.json'))).to.equal(true);
  }).timeout(40_000);

  it('SIGTERM does the same with its own exit code', async () => {
    const root = smallProject();
    const { child, ended } = startCommand(root, SETUP, { NPM_FAKE: 'hang' });
    await appears(join(root, 'hanging'));
    child.kill('SIGTERM');
    expect((await ended).code).to.equal(143);
  }).timeout(20_000);
});

describe('set-up as a whole', () => {
  it('goes through with a notice each where OpenBLAS and TensorFlow are not to be had, then has nothing left to do, and stays in its folders', async () => {
    const root = smallProject();
    const first = await command(root, SETUP);
    expect(first.code, first.err).to.equal(0);
    expect(first.out).to.equal('');
    expect(first.err.match(/Notice:/g), first.err).to.have.length(2);
    expect(first.err).to.contain('linear algebra runs in TypeScript here, because the Python package scipy-openblas64');
    expect(first.err).to.contain('TensorFlow runs on WebAssembly here, because the stock download does not answer;');
    for (const step of [
      'npm packages',
      'lib',
      'kernel-setup',
      'Python environment',
      'OpenBLAS',
      'TensorFlow',
      'kernel',
    ])
      expect(first.err).to.match(new RegExp(`  ok ${step}: .*\\(\\d+\\.\\d s\\)\\n`));

    const made = contents(root).filter((path) => !path.startsWith('node_modules'));
    const second = await command(root, SETUP);
    expect(second.code).to.equal(0);
    expect(second.err).to.not.contain('Notice');
    expect(second.err).to.not.contain('…');
    expect(contents(root).filter((path) => !path.startsWith('node_modules'))).to.deep.equal(made);
    expect(made.filter((path) => path.endsWith('.tmp'))).to.deep.equal([]);

    // the home folder holds the cache folder and nothing else
    const strays = contents(join(root, 'home')).filter((path) => !/^\.cache(\/lecture-lab(\/.*)?)?$/.test(path));
    expect(strays).to.deep.equal([]);
    const pip = readFileSync(join(root, 'pip-calls.log'), 'utf8');
    expect(pip).to.match(
      /^-m pip install --require-hashes .*requirements\.lock cache=.*home\/\.cache\/lecture-lab\/pip\n$/,
    );
  }).timeout(40_000);

  it('makes the Python environment anew when the lock file changes', async () => {
    const root = smallProject();
    await command(root, SETUP);
    write(root, 'kernel-setup/python/requirements.lock', '# another\n');
    const second = await command(root, SETUP);
    expect(second.err).to.match(/ok Python environment: \.venv made/);
  }).timeout(40_000);

  it('doctor reports the first links even when nothing is installed, and exits with 1', async () => {
    const root = smallProject();
    const { code, out } = await command(root, ['doctor']);
    expect(code).to.equal(1);
    expect(out).to.contain('BROKEN   npm packages: nothing is installed\n         fix: npm start -- --setup-only\n');
    expect(out).to.contain('BROKEN   lib: not compiled yet\n         fix: npm run build\n');
    expect(out).to.match(/BROKEN {3}the other links can't be checked: .*\n {9}fix: npm start -- --setup-only\n$/);
    expect(existsSync(join(root, 'node_modules')), 'doctor changes nothing').to.equal(false);
  });
});
