import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { bootstrap, command, contents, failure, PROJECT, smallProject, temporaryFolder, tools, write } from './support';

describe('bootstrap', () => {
  for (const version of ['18.20.4', '20.18.3', '25.0.0'])
    it(`refuses Node ${version} with one clear line and the fix`, async () => {
      const root = smallProject();
      write(
        root,
        'pretend.cjs',
        `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`,
      );
      const { code, out, err } = await command(root, ['start'], {}, ['-r', join(root, 'pretend.cjs')]);
      expect(code).to.equal(1);
      expect(out).to.equal('');
      expect(err).to.match(
        new RegExp(`^Lecture Lab needs Node 20.19 or later, below 25; this is Node ${version}\\.\\n {2}fix: `),
      );
      expect(contents(join(root, 'node_modules'))).to.deep.equal([]);
    });

  it('names its commands for an unknown one, and prints help', async () => {
    const root = smallProject();
    const wrong = await command(root, ['begin']);
    expect(wrong.code).to.equal(2);
    expect(wrong.err).to.equal(
      'There is no command begin; there are start, test, doctor, handouts, site, figure, bench, build.\n',
    );
    const help = await command(root, ['start', '--help']);
    expect(help.code).to.equal(0);
    for (const option of ['--no-browser', '--port', '--setup-only', '--retry-native'])
      expect(help.out).to.contain(option);
  });

  it('figure prints nothing of its own on standard output, and nothing at all the second time', async () => {
    const root = smallProject();
    write(root, 'lib/cli/figure.ts', "declare const console: { log(x: unknown): void };\nconsole.log('{}');\n");
    const first = await command(root, ['figure']);
    expect(first).to.include({ code: 0, out: '{}\n' });
    expect(first.err).to.contain('npm packages');
    expect(await command(root, ['figure'])).to.deep.equal({ code: 0, out: '{}\n', err: '' });
  }).timeout(30_000);

  it('hands on the exit code of the command it calls', async () => {
    const root = smallProject();
    write(root, 'lib/cli/figure.ts', 'declare const process: { exitCode: number };\nprocess.exitCode = 2;\n');
    expect((await command(root, ['figure', '--', 'x'])).code).to.equal(2);
  }).timeout(30_000);
});

describe('npm packages', () => {
  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/a/node_modules/b': { version: '2.0.0' },
      'node_modules/elsewhere': { version: '3.0.0', optional: true, os: ['no-such-system'] },
      'node_modules/room': { resolved: 'room', link: true },
      room: { version: '0.1.0' },
    },
  };

  async function installed(): Promise<string> {
    const root = temporaryFolder();
    write(root, 'package-lock.json', lock);
    write(root, 'node_modules/a/package.json', { version: '1.0.0' });
    write(root, 'node_modules/a/node_modules/b/package.json', { version: '2.0.0' });
    mkdirSync(join(root, 'room'));
    symlinkSync(join(root, 'room'), join(root, 'node_modules', 'room'));
    const { '': _root, 'node_modules/elsewhere': _elsewhere, ...there } = lock.packages;
    write(root, 'node_modules/.package-lock.json', { packages: there });
    return root;
  }

  const damages: [name: string, damage: (root: string) => void, problem: string][] = [
    ['no packages', (root) => rmSync(join(root, 'node_modules'), { recursive: true }), 'nothing is installed'],
    [
      'an installation cut off',
      (root) => rmSync(join(root, 'node_modules/.package-lock.json')),
      'the installation is not complete',
    ],
    [
      'a damaged record',
      (root) => write(root, 'node_modules/.package-lock.json', '{"pack'),
      'the installation is not complete',
    ],
    [
      'a package removed',
      (root) => rmSync(join(root, 'node_modules/a/node_modules/b'), { recursive: true }),
      'b is damaged',
    ],
    [
      'a package of another version',
      (root) => write(root, 'node_modules/a/package.json', { version: '1.0.1' }),
      'a is damaged',
    ],
    ['the workspace not linked', (root) => rmSync(join(root, 'node_modules/room')), 'room is not linked'],
    ['a lock file that went on', (root) => relock(root, 'version', '1.2.0'), 'a is 1.0.0, not 1.2.0'],
    ['another checksum', (root) => relock(root, 'integrity', 'sha512-z'), 'a has another checksum'],
    ['no lock file', (root) => rmSync(join(root, 'package-lock.json')), 'package-lock.json is missing or unreadable'],
  ];
  const relock = (root: string, key: string, value: string): void => {
    const a = { ...lock.packages['node_modules/a'], [key]: value };
    write(root, 'package-lock.json', { packages: { ...lock.packages, 'node_modules/a': a } });
  };

  it('agree with the lock file, packages of other systems left out', async () => {
    const { npmTreeProblems } = await bootstrap('npm-tree');
    expect(npmTreeProblems(await installed())).to.deep.equal([]);
  });

  for (const [name, damage, problem] of damages)
    it(`are found out of line: ${name}`, async () => {
      const { npmTreeProblems } = await bootstrap('npm-tree');
      const root = await installed();
      damage(root);
      expect(npmTreeProblems(root)).to.deep.equal([problem]);
    });

  it('are taken as they are when somebody installed them already, and looked at once', async () => {
    const { npmStep } = await bootstrap('npm-tree');
    const root = await installed();
    const own = await tools({ root, run: () => Promise.reject(new Error('npm was called')) });
    expect(await npmStep(own, own.say)).to.equal('in line with package-lock.json');
    expect(await npmStep(own, own.say)).to.deep.equal({ idle: 'in line with package-lock.json' });
  });

  it('are installed by npm ci with its cache in the cache folder', async () => {
    const root = smallProject();
    expect((await command(root, ['build'])).code).to.equal(0);
    expect(readFileSync(join(root, 'npm-calls.log'), 'utf8')).to.match(
      /^ci .*--loglevel=error cache=.*home\/\.cache\/lecture-lab\/npm\n$/,
    );
    expect((await command(root, ['build'])).code).to.equal(0);
    expect(readFileSync(join(root, 'npm-calls.log'), 'utf8').split('\n')).to.have.length(2);
    expect(contents(join(root, 'home'))).to.deep.equal([]);
  }).timeout(30_000);

  it("a failure gives npm's reason and a fix, and the next run tries again", async () => {
    const root = smallProject();
    const { code, out, err } = await command(root, ['build'], { NPM_FAKE: 'fail' });
    expect(code).to.equal(1);
    expect(out).to.equal('');
    expect(err).to.contain('npm error network no such host\n  fix: ');
    expect(err).to.not.contain('complete log');
    expect((await command(root, ['build'])).code).to.equal(0);
  }).timeout(30_000);
});

describe('the build', () => {
  function project(): string {
    const root = temporaryFolder();
    write(root, 'tsconfig.json', { compilerOptions: { module: 'node20', types: [], strict: true } });
    write(root, 'lib/tsconfig.json', {
      extends: '../tsconfig.json',
      compilerOptions: { rootDir: '.', outDir: 'dist' },
      include: ['**/*.ts'],
      exclude: ['dist'],
    });
    write(root, 'lib/package.json', { type: 'commonjs' });
    write(root, 'lib/a.ts', 'export const a: number = 1;\n');
    write(root, 'lib/b.ts', 'export const b: number = 2;\n');
    mkdirSync(join(root, 'node_modules'));
    symlinkSync(join(PROJECT, 'node_modules', 'typescript'), join(root, 'node_modules', 'typescript'));
    return root;
  }

  it('happens once, and again for every change', async () => {
    const { buildProblem, buildStep } = await bootstrap('build');
    const root = project();
    const own = await tools({ root });
    expect(buildProblem(root, 'lib')).to.equal('not compiled yet');
    expect(await buildStep(own, 'lib', own.say)).to.equal('2 files compiled');
    expect(await buildStep(own, 'lib', own.say)).to.deep.equal({ idle: 'up to date' });

    write(root, 'lib/a.ts', 'export const a: number = 3;\n');
    expect(buildProblem(root, 'lib')).to.equal('the sources changed since they were compiled');
    await buildStep(own, 'lib', own.say);
    expect(readFileSync(join(root, 'lib/dist/a.js'), 'utf8')).to.contain('exports.a = 3');

    rmSync(join(root, 'lib/dist/b.js'));
    expect(buildProblem(root, 'lib')).to.equal(join('lib', 'dist', 'b.js is missing'));
    await buildStep(own, 'lib', own.say);
    expect(buildProblem(root, 'lib')).to.equal(undefined);

    rmSync(join(root, 'lib/b.ts'));
    await buildStep(own, 'lib', own.say);
    expect(existsSync(join(root, 'lib/dist/b.js')), 'the output of a source that is gone').to.equal(false);
  }).timeout(30_000);

  it('compiles WebAssembly kernels before what imports them, and again when what they share changes', async () => {
    const { buildProblem, buildStep } = await bootstrap('build');
    const root = project();
    const own = await tools({ root });
    symlinkSync(join(PROJECT, 'node_modules', 'assemblyscript'), join(root, 'node_modules', 'assemblyscript'));
    const options = { rootDir: '.', rootDirs: ['.', 'dist'], outDir: 'dist' };
    const settings = { extends: '../tsconfig.json', include: ['**/*.ts'], exclude: ['dist', '**/*.as.ts'] };
    write(root, 'lib/tsconfig.json', { ...settings, compilerOptions: options });
    write(root, 'lib/wasm/shared/base.as.ts', readFileSync(join(PROJECT, 'lib/wasm/shared/base.as.ts'), 'utf8'));
    write(root, 'lib/wasm/shared/two.as.ts', 'export function two(): f64 { return 2; }\n');
    const twice = "import { two } from './shared/two.as';\nexport function twice(x: f64): f64 { return two() * x; }\n";
    write(root, 'lib/wasm/twice.as.ts', twice);
    write(root, 'lib/use.ts', "import kernel from './wasm/twice.wasm';\nexport const name: string = kernel.name;\n");
    const kernel = join(root, 'lib/dist/wasm/twice.wasm.js');
    const bytes = (): string => /base64: "(.*)"/.exec(readFileSync(kernel, 'utf8'))![1]!;

    await buildStep(own, 'lib', own.say);
    expect(readFileSync(join(root, 'lib/dist/wasm/twice.wasm.d.ts'), 'utf8')).to.contain('twice(x: number): number;');
    const exports = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(bytes(), 'base64')), {
      env: { memory: new WebAssembly.Memory({ initial: 1 }) },
    }).exports as { twice(x: number): number };
    expect(exports.twice(21)).to.equal(42);
    expect(await buildStep(own, 'lib', own.say)).to.deep.equal({ idle: 'up to date' });

    const before = bytes();
    write(root, 'lib/wasm/shared/two.as.ts', 'export function two(): f64 { return 3; }\n');
    await buildStep(own, 'lib', own.say);
    expect(bytes()).to.not.equal(before);

    rmSync(kernel);
    expect(buildProblem(root, 'lib')).to.equal('lib/wasm is not compiled (twice)');
    await buildStep(own, 'lib', own.say);
    expect(buildProblem(root, 'lib')).to.equal(undefined);

    write(root, 'lib/wasm/twice.as.ts', 'export function twice(x: f64): f64 { return y; }\n');
    const { message } = await failure(() => buildStep(own, 'lib', own.say));
    expect(message).to.match(/^lib\/wasm does not compile:.*Cannot find name 'y'.*twice\.as\.ts\(1,/s);
    expect(buildProblem(root, 'lib')).to.be.a('string');

    rmSync(join(root, 'lib/wasm/twice.as.ts'));
    rmSync(join(root, 'lib/use.ts'));
    await buildStep(own, 'lib', own.say);
    expect(existsSync(kernel), 'the output of a kernel that is gone').to.equal(false);
  }).timeout(60_000);

  it('stops at a mistake and names the place; npm start goes on with a notice', async () => {
    const { buildProblem, buildStep } = await bootstrap('build');
    const root = project();
    const own = await tools({ root });
    write(root, 'lib/a.ts', "export const a: number = 'one';\n");
    const { message, fix } = await failure(() => buildStep(own, 'lib', own.say));
    expect(message).to.match(/^lib does not compile:\n {4}lib\/a\.ts\(1,14\): error TS2322/);
    expect(fix).to.contain('mend the places');
    expect(await buildStep(own, 'lib', own.say, true)).to.equal('compiled with 1 mistakes (npm run build shows them)');
    expect(own.notes.join()).to.match(/^Notice: lib has mistakes in its types, the first one: lib\/a\.ts/);
    expect(buildProblem(root, 'lib'), 'a build with mistakes has no stamp').to.be.a('string');
  }).timeout(30_000);
});

describe('running programs', () => {
  it('gives what they print and their exit code', async () => {
    const { run } = await bootstrap('programs');
    const result = await run(process.execPath, ['-e', "console.log('out'); console.error('err'); process.exit(3)"]);
    expect(result.code).to.equal(3);
    expect(result.output.split('\n').sort().join(' ').trim()).to.equal('err out');
  });

  it('says when one is not there', async () => {
    const { run } = await bootstrap('programs');
    const { message, fix } = await failure(() => run(join(temporaryFolder(), 'nothing'), []));
    expect(message).to.match(/nothing can't be started/);
    expect(fix).to.match(/^check that .* is installed$/);
  });

  it('ends one that takes too long, with what it started', async () => {
    const { run } = await bootstrap('programs');
    const script = `const { spawn } = require('node:child_process');
      console.log(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid);
      setInterval(() => {}, 1000);`;
    // both hold the output open: the promise settles only when the grandchild is gone too
    const result = await run(process.execPath, ['-e', script], { timeout: 1500 });
    expect(result.timedOut).to.equal(true);
    expect(result.output).to.match(/^\d+\n$/);
  }).timeout(15_000);
});

describe('progress', () => {
  it('shows steps with their time, and none that was idle where only work is shown', async () => {
    const { progressPrinter } = await bootstrap('progress');
    const lines = async (quiet: boolean): Promise<string> => {
      let text = '';
      const progress = progressPrinter({ write: (more) => (text += more) }, quiet);
      await progress.step('first', () => ({ idle: 'nothing to do' }));
      await progress.step('second', (say) => {
        say('working');
        return 'done';
      });
      return text.replace(/\d+\.\d/g, 'T');
    };
    expect(await lines(false)).to.equal(
      '  ok first: nothing to do (T s)\n  … second: working\n  ok second: done (T s)\n',
    );
    expect(await lines(true)).to.equal('  … second: working\n  ok second: done (T s)\n');
  });
});
