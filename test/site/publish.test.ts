import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { isFresh, lastChange } from '../../kernel-setup/site/fresh';
import { beginDraft } from '../../kernel-setup/site/publish';
import { scratch } from '../notebooks/make';

/** Of a process that has ended: beyond what systems give out. */
const DEAD = 2 ** 22 + 1;

describe('a site that is being made', () => {
  const { folder, write, done } = scratch();
  after(done);
  const site = path.join(folder, 'site');
  const index = (): string => readFileSync(path.join(site, 'index.html'), 'utf8');

  it('stands beside the old one until it is published, whole', () => {
    write('site/index.html', 'old');
    write('site/gone.html', 'old');
    const draft = beginDraft(site);
    draft.write('a/b.html', 'new');
    draft.write('index.html', 'new');
    expect(index()).to.equal('old');
    draft.publish();
    expect(index()).to.equal('new');
    expect(existsSync(path.join(site, 'gone.html'))).to.equal(false);
    expect(readdirSync(folder)).to.deep.equal(['site']);
  });

  it('leaves nothing when it is discarded', () => {
    const draft = beginDraft(site);
    draft.write('index.html', 'half');
    draft.discard();
    expect(index()).to.equal('new');
    expect(readdirSync(folder)).to.deep.equal(['site']);
  });

  it('clears away what a crash left, and brings back a site that it had moved aside', () => {
    write(`site.${DEAD}.part/index.html`, 'half');
    write(`site.${process.ppid}.part/index.html`, 'of a program that runs');
    beginDraft(site).discard();
    expect(readdirSync(folder).sort()).to.deep.equal(['site', `site.${process.ppid}.part`]);

    const { folder: other, write: put, done: remove } = scratch();
    put(`site.${DEAD}.old/index.html`, 'moved aside');
    beginDraft(path.join(other, 'site')).discard();
    expect(readFileSync(path.join(other, 'site', 'index.html'), 'utf8')).to.equal('moved aside');
    remove();
  });
});

describe('whether a run is newer than what it was made from', () => {
  const { folder, write, done } = scratch();
  after(done);

  it('looks at files, folders and what is in them, not at compiled output', () => {
    const at = (seconds: number, ...files: string[]): void => {
      for (const file of files) utimesSync(path.join(folder, file), seconds, seconds);
    };
    const run = write('run.ipynb', '');
    write('lib/a/model.ts', '');
    write('lib/dist/a.js', '');
    at(1000, 'lib/a/model.ts', 'lib/a', 'lib');
    at(2000, 'run.ipynb');
    at(3000, 'lib/dist/a.js', 'lib/dist');
    const lib = path.join(folder, 'lib');
    expect(isFresh(run, lastChange([lib]))).to.equal(true);
    at(2500, 'lib/a/model.ts');
    expect(isFresh(run, lastChange([lib]))).to.equal(false);
    at(1000, 'lib/a/model.ts');
    expect(isFresh(run, lastChange([lib]))).to.equal(true);
    // a file that goes leaves its trace in the folder's date
    at(2600, 'lib/a');
    expect(isFresh(run, lastChange([lib]))).to.equal(false);
    expect(isFresh(path.join(folder, 'none.ipynb'), 0)).to.equal(false);
  });
});
