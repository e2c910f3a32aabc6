import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import {
  type LibraryRecord,
  libraryFile,
  openblasStep,
  recordFile,
  recordProblem,
} from '../../kernel-setup/setup/openblas';
import { PROJECT, type TestTools, temporaryFolder, tools, write } from './support';

const PACKAGE = '.venv/lib/python3.11/site-packages/scipy_openblas64/lib';
const LIBRARY = `${PACKAGE}/libscipy_openblas64_.so`;

describe('OpenBLAS in set-up', function () {
  this.timeout(30_000);
  let own: TestTools;
  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip(); // the fake libraries have the form that Linux loads
    const root = temporaryFolder();
    write(root, 'package.json', {});
    mkdirSync(join(root, 'node_modules'));
    for (const name of ['koffi', '@koromix'])
      if (existsSync(join(PROJECT, 'node_modules', name)))
        symlinkSync(join(PROJECT, 'node_modules', name), join(root, 'node_modules', name));
    own = await tools({ root });
  });
  const step = () => openblasStep(own, own.say);
  const record = () => JSON.parse(readFileSync(recordFile(own.root), 'utf8')) as LibraryRecord;
  /** The real library in the place where pip would put it. */
  function install(this: void): void {
    const library = libraryFile(PROJECT);
    mkdirSync(join(own.root, dirname(LIBRARY)), { recursive: true });
    cpSync(library!, join(own.root, LIBRARY));
  }
  const installed = (): boolean => libraryFile(PROJECT) !== undefined;

  it('tries the library once and notes which file that was', async function () {
    if (!installed()) this.skip(); // a set-up project is needed to take the library from
    install();
    expect(recordProblem(own.root)).to.equal('set-up has not tried it yet');
    expect(await step()).to.equal('native');
    const { file, bytes, changed, sha256, platform } = record();
    const stat = statSync(join(own.root, LIBRARY));
    expect([file, bytes, changed]).to.deep.equal([LIBRARY, stat.size, Math.trunc(stat.mtimeMs)]);
    expect(sha256).to.match(/^[0-9a-f]{64}$/);
    expect(platform).to.equal(`${process.platform} ${process.arch}`);
    expect(await step()).to.deep.equal({ idle: 'native' });
    expect(own.notes).to.deep.equal([]);
    expect(recordProblem(own.root)).to.equal(undefined);
  });

  it('tries it again when the file was touched or replaced', async function () {
    if (!installed()) this.skip(); // a set-up project is needed to take the library from
    install();
    await step();
    utimesSync(join(own.root, LIBRARY), 1, 1);
    expect(recordProblem(own.root)).to.match(/was changed/);
    expect(await step()).to.equal('native');
    expect(record().changed).to.equal(1000);
  });

  for (const [what, spoil] of [
    ['a text', () => write(own.root, LIBRARY, 'this is no library')],
    ['an empty file', () => write(own.root, LIBRARY, '')],
    [
      'a cut-off library',
      () => {
        const whole = installed() ? readFileSync(libraryFile(PROJECT)!) : Buffer.from('x');
        write(own.root, LIBRARY, '');
        writeFileSync(join(own.root, LIBRARY), whole.subarray(0, whole.length / 2));
      },
    ],
  ] as const)
    it(`goes on with one notice that names the remedy, and asks once: ${what}`, async () => {
      spoil();
      expect(await step()).to.equal('TypeScript');
      expect(own.notes).to.have.length(1);
      expect(own.notes[0]).to.match(
        /^Notice: linear algebra runs in TypeScript here, because .* Remedy: npm run doctor$/,
      );
      expect(await step())
        .to.have.property('idle')
        .that.matches(/^TypeScript, because /);
      expect(own.notes).to.have.length(1);
      expect(recordProblem(own.root)).to.be.a('string');
    });

  it('uses a good library after a bad one', async function () {
    if (!installed()) this.skip(); // a set-up project is needed to take the library from
    write(own.root, LIBRARY, 'this is no library');
    await step();
    rmSync(join(own.root, LIBRARY));
    install();
    expect(await step()).to.equal('native');
  });

  it('says so when the package or koffi is missing', async () => {
    expect(await step()).to.equal('TypeScript');
    expect(own.notes[0]).to.contain('holds no library for this machine');
    write(own.root, LIBRARY, 'x');
    rmSync(join(own.root, 'node_modules'), { recursive: true });
    expect(await step()).to.equal('TypeScript');
    expect(own.notes[1]).to.contain('the npm package koffi, which calls the library, is not there');
  });
});
