import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { references } from 'lecture-lab/references';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { type Notebook, readNotebook, remains } from '../../kernel-setup/notebook/format';
import { venvPython } from '../../kernel-setup/setup/places';
import { cellGlobals, exercisesOf, lessons, wordCount } from './lesson';
import { checkCells } from './program';

const MOST_LINES = 20;
const MOST_WORDS = 150;

/** What every lesson has, in this order. */
const PARTS: readonly [name: string, pattern: RegExp][] = [
  ['a title', /^# \S/m],
  ['what the reader will be able to do', /you will be able to/i],
  ['what to know before', /before you start/i],
  ['how long it runs', /runs in [\d.]+ s/i],
  ['a prediction', /\*\*predict/i],
  ['what to see in a figure', /what to see/i],
  ['what the slides get wrong', /^## .*\b(wrong|errata|slides?)\b/im],
  ['exercises', /^## exercises/im],
  ['sources', /^## where this comes from/im],
];

describe('all lessons', () => {
  it('are there', () => expect(lessons).not.to.deep.equal([]));

  it('are valid for Jupyter too', function () {
    this.timeout(60_000);
    const script = 'import nbformat, sys\nfor f in sys.argv[1:]: nbformat.validate(nbformat.read(f, as_version=4))';
    const files = lessons.map(({ file }) => file);
    execFileSync(venvPython(projectRoot()), ['-W', 'error', '-c', script, ...files], { stdio: 'pipe' });
  });
});

for (const { name, file } of lessons)
  describe(`lesson ${name}`, function () {
    this.timeout(30_000);
    let notebook: Notebook;
    let text: string;
    before(() => {
      notebook = readNotebook(file, name);
      text = notebook.cells.map((cell) => (cell.type === 'markdown' ? cell.source : '')).join('\n\n');
    });

    it('is stored without outputs, counts or traces of a machine, for our kernel', () => {
      expect(remains(notebook)).to.deep.equal([]);
      expect(notebook.metadata['kernelspec']).to.deep.equal({
        display_name: 'TypeScript (Lecture Lab)',
        language: 'typescript',
        name: 'lecture-lab',
      });
    });

    it('has the parts of a lesson in their order', () => {
      let from = 0;
      for (const [part, pattern] of PARTS) {
        const at = text.slice(from).search(pattern);
        expect(at, `${part}, after the part before it`).to.be.at.least(0);
        from += at;
      }
    });

    it('has no wall of code and no wall of text', () => {
      for (const [i, cell] of notebook.cells.entries())
        if (cell.type === 'code')
          expect(cell.source.split('\n').length, `lines of cell ${i + 1} (${cell.id})`).to.be.at.most(MOST_LINES);
        else expect(wordCount(cell.source), `words of cell ${i + 1} (${cell.id})`).to.be.at.most(MOST_WORDS);
    });

    it('follows every figure with words on what to see in it', () => {
      for (const [i, cell] of notebook.cells.entries())
        if (cell.type === 'code' && /\bawait (show|explore)\(/.test(cell.source)) {
          const words = notebook.cells.slice(Math.max(0, i - 2), i + 3).filter((other) => other.type === 'markdown');
          expect(words.length, `text beside the figure in cell ${i + 1} (${cell.id})`).to.be.above(0);
        }
    });

    it('type-checks as one strict module without a floating promise', () => {
      expect(checkCells(notebook, cellGlobals)).to.deep.equal([]);
    });

    it('has a self-check and a folded solution for every stub', () => {
      expect(exercisesOf(notebook)).not.to.deep.equal([]);
    });

    it('leads to files that exist', () => {
      // In formulas, brackets and parentheses are no link.
      const prose = text.replace(/\$\$[\s\S]*?\$\$|\$[^$]*\$/g, '');
      const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);
      for (const target of targets)
        if (!/^(https?|mailto|attachment|data):|^#/.test(target)) {
          const local = path.resolve(path.dirname(file), decodeURIComponent(target.split('#')[0]!));
          expect(existsSync(local), `${target} leads to a file`).to.equal(true);
        }
    });

    it('cites works that are in the bibliography, with their own DOI', () => {
      const sources = text.slice(text.search(/^## where this comes from/im));
      const keys = [...sources.matchAll(/[*`[(]([a-z]+\d{4}[a-z]?)[*`\])]/g)].map((match) => match[1]!);
      expect(keys, 'keys in the list of sources').not.to.deep.equal([]);
      for (const key of keys) expect(references, key).to.have.property(key);
      const known = new Set(Object.values(references).flatMap((r) => ('doi' in r ? [r.doi.toLowerCase()] : [])));
      // an address may hold parentheses, in pairs
      for (const [, doi] of text.matchAll(/\]\(https:\/\/doi\.org\/((?:[^()\s]|\([^()\s]*\))+)\)/g))
        expect(known, doi).to.include(doi!.toLowerCase());
    });

    it('is in the list of its lecture, with a run time', () => {
      const readme = path.join(path.dirname(file), 'README.md');
      expect(existsSync(readme), 'README.md beside it').to.equal(true);
      const line = readFileSync(readme, 'utf8')
        .split('\n')
        .find((row) => row.includes(`(${path.basename(file)})`));
      expect(line).to.match(/\d+ s\b/);
    });
  });
