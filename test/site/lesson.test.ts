import path from 'node:path';
import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import { references } from 'lecture-lab/references';
import { readNotebook } from '../../kernel-setup/notebook/format';
import { aliveIn, cutAtHeadings, readLesson } from '../../kernel-setup/site/lesson';
import { lessons } from '../notebooks/lesson';
import { fixtureCollection } from './fixture';

const keys = Object.keys(references);

describe('what the site takes from a lesson', () => {
  it('are its figures with the section above each, its errata, symbols and citations', async () => {
    const { sources, lecture, done } = await fixtureCollection();
    const place = {
      name: `${lecture}/01-lines`,
      lecture,
      topic: '01-lines',
      file: path.join(sources.notebooks, lecture, '01-lines.ipynb'),
    };
    const read = readLesson(readNotebook(path.join(sources.executed, `${place.name}.ipynb`)), place, keys, '');
    expect(read.title).to.equal('Lines & slopes');
    expect(read.lecture).to.equal('Deep learning');
    expect(read.figures.map(({ id, settings, spot }) => [id, settings, spot.anchor, spot.heading])).to.deep.equal([
      ['lines/first', { tau: 2 }, 'one-line-at-a-time', 'One line at a time'],
      ['lines/second', { slope: 3 }, 'deeper', 'Deeper'],
    ]);
    expect(read.errata).to.have.length(1);
    expect(read.errata[0]!.spot.anchor).to.equal('what-the-slide-gets-wrong');
    expect(read.errata[0]!.cells.map(({ source }) => source.trim())).to.deep.equal([
      'It prints $7$; [the line](#one-line-at-a-time) says $5$.',
      'console.log("as printed 7, corrected 5");',
      'So it is five.',
    ]);
    expect(read.symbols).to.have.length(3);
    expect(read.citations).to.deep.equal([
      { key: 'saxe2014', spot: { anchor: 'where-this-comes-from', heading: 'Where this comes from' } },
    ]);
    done();
  });

  it('knows which figures its page can compute anew', () => {
    const figures = [
      { id: 'a/b', title: 'T', params: {} },
      { id: 'a/slow', still: 'takes too long' },
    ];
    const page = `<p>x</p><script type="application/json" id="lab-figures">${JSON.stringify(figures)}</script>`;
    expect([...aliveIn(page)]).to.deep.equal(['a/b']);
    expect([...aliveIn('<p>none</p>')]).to.deep.equal([]);
  });

  it('is cut at headings, not at what looks like one in code', () => {
    expect(cutAtHeadings('a\n## One\nb\n```sh\n## no\n```\n### deeper\n## Two')).to.deep.equal([
      'a',
      'b\n```sh\n## no\n```\n### deeper',
      '',
    ]);
    expect(cutAtHeadings('## One\nb')).to.deep.equal(['', 'b']);
  });
});

const figures = allFigures();
for (const place of lessons)
  describe(`lesson ${place.name}, as the site needs it`, () => {
    const notebook = readNotebook(place.file, place.name);
    const lesson = readLesson(notebook, place, keys, '');
    const code = notebook.cells.flatMap((cell) => (cell.type === 'code' ? cell.source : [])).join('\n');

    it('has a section on what the slides get wrong, with words', () => {
      expect(lesson.errata).to.have.length(1);
      expect(lesson.errata[0]!.cells.filter(({ type }) => type === 'markdown')).not.to.deep.equal([]);
    });

    it('lists its symbols, each once, by names that its code or a figure has', () => {
      expect(lesson.symbols).not.to.deep.equal([]);
      const symbols = lesson.symbols.map(({ markdown }) => markdown);
      expect(new Set(symbols).size).to.equal(symbols.length);
      const parameters = new Set([...figures.values()].flatMap(({ params }) => Object.keys(params)));
      for (const { names, markdown } of lesson.symbols)
        for (const name of names)
          expect(parameters.has(name) || new RegExp(`\\b${name}\\b`).test(code), `${markdown}: ${name}`).to.equal(true);
    });

    it('uses every symbol that it lists', () => {
      const text = notebook.cells
        .filter((cell) => cell.type === 'markdown' && !cell.source.includes('<summary>Symbols'))
        .map(({ source }) => source.replace(/[\s{}]/g, ''))
        .join('\n');
      for (const { markdown } of lesson.symbols) {
        const letter = markdown.replace(/^\$|\$$|[\s{}]/g, '').split(/[_^]/)[0]!;
        expect(text, markdown).to.include(letter);
      }
    });
  });
