import path from 'node:path';
import { expect } from 'chai';
import { findNotebooks, selectNotebooks } from '../../kernel-setup/notebook/find';
import { NotebookError, parseNotebook, readNotebook, remains } from '../../kernel-setup/notebook/format';
import { notebookJson, scratch } from './make';

describe('reading notebooks', () => {
  const good = JSON.parse(notebookJson([{ markdown: '# Title' }, { code: '1 + 1' }]));
  const refused = (change: (json: typeof good) => void): string => {
    const json = structuredClone(good);
    change(json);
    try {
      parseNotebook(JSON.stringify(json), 'x');
    } catch (error) {
      expect(error).to.be.instanceOf(NotebookError);
      return (error as Error).message;
    }
    throw new Error('was not refused');
  };

  it('gives cells, in order, and the kernel', () => {
    const notebook = parseNotebook(JSON.stringify(good), 'x');
    expect(notebook.kernel).to.equal('lecture-lab');
    expect(notebook.cells.map(({ type, source }) => [type, source])).to.deep.equal([
      ['markdown', '# Title'],
      ['code', '1 + 1'],
    ]);
  });

  it('joins a source that is stored in lines', () => {
    const json = structuredClone(good);
    json.cells[1].source = ['1 +\n', ' 1'];
    expect(parseNotebook(JSON.stringify(json), 'x').cells[1]!.source).to.equal('1 +\n 1');
  });

  it('refuses a file that is cut off, in one line with its name', () => {
    const message = (() => {
      try {
        parseNotebook(JSON.stringify(good).slice(0, -20), 'lecture/topic');
      } catch (error) {
        return (error as Error).message;
      }
    })();
    expect(message).to.match(/^lecture\/topic: not a notebook: [^\n]+$/);
  });

  it('refuses a missing file', () => {
    expect(() => readNotebook(path.join(__dirname, 'nothing.ipynb'), 'nothing')).to.throw(
      NotebookError,
      'nothing: no such notebook',
    );
  });

  it('refuses other versions and says how to convert', () => {
    expect(refused((json) => void (json.nbformat = 3))).to.match(
      /^x: notebook format 3\.5 is not supported: save it as/,
    );
    expect(refused((json) => void (json.nbformat_minor = 4))).to.include('format 4.4 is not supported');
    expect(refused((json) => void (json.nbformat = 5))).to.include('format 5.5 is not supported');
    expect(refused((json) => void delete json.nbformat)).to.include('nbformat is missing');
  });

  it('names the damaged cell', () => {
    expect(refused((json) => void (json.cells = {}))).to.include('cells must be a list');
    expect(refused((json) => void (json.cells[1] = 7))).to.include('cell 2 is not an object');
    expect(refused((json) => void (json.cells[1].source = null))).to.include('cell 2 has no text');
    expect(refused((json) => void (json.cells[1].id = json.cells[0].id))).to.include('cell 2 repeats the id cell-1');
    expect(refused((json) => void (json.cells[0].cell_type = 'heading'))).to.include('cell 1 has an unknown type');
    expect(refused((json) => void (json.cells[1].outputs = [{ output_type: '?' }]))).to.include(
      'cell 2 has a damaged output (number 1)',
    );
  });

  it('finds what remains of a run', () => {
    expect(remains(parseNotebook(JSON.stringify(good), 'x'))).to.deep.equal([]);
    const json = structuredClone(good);
    json.cells[1].outputs = [{ output_type: 'stream', name: 'stdout', text: '2' }];
    json.cells[1].execution_count = 7;
    json.cells[1].metadata = { execution: {} };
    json.metadata.widgets = {};
    json.metadata.language_info.version = '5.0';
    expect(remains(parseNotebook(JSON.stringify(json), 'x'))).to.deep.equal([
      "the notebook's metadata hold widgets",
      "the notebook's metadata hold the version of a kernel",
      'cell 2 holds outputs',
      'cell 2 holds an execution count',
      "cell 2's metadata hold execution",
    ]);
  });
});

describe('choosing notebooks by name', () => {
  const { folder, write, done } = scratch();
  for (const name of ['1-first/01-oja', '1-first/02-stdp', '5-deep/05-deep-linear-dynamics', '5-deep/06-depth'])
    write(`${name}.ipynb`, '{}');
  write('1-first/README.md', '# First');
  write('1-first/.ipynb_checkpoints/01-oja-checkpoint.ipynb', '{}');
  const places = findNotebooks(folder);
  const named = (...words: string[]): string[] => selectNotebooks(places, words).map(({ name }) => name);
  after(done);

  it('takes all of them in order without a word', () => {
    expect(named()).to.deep.equal([
      '1-first/01-oja',
      '1-first/02-stdp',
      '5-deep/05-deep-linear-dynamics',
      '5-deep/06-depth',
    ]);
  });

  it('understands paths, lectures, topics and their beginnings', () => {
    expect(named('deep-linear')).to.deep.equal(['5-deep/05-deep-linear-dynamics']);
    expect(named('02-stdp')).to.deep.equal(['1-first/02-stdp']);
    expect(named('1-first')).to.deep.equal(['1-first/01-oja', '1-first/02-stdp']);
    expect(named('notebooks/5-deep/06-depth.ipynb')).to.deep.equal(['5-deep/06-depth']);
    expect(named(path.join(folder, '5-deep/06-depth.ipynb'))).to.deep.equal(['5-deep/06-depth']);
    expect(named('5-deep/06-depth', 'oja')).to.deep.equal(['1-first/01-oja', '5-deep/06-depth']);
  });

  it('refuses a name that means none, and lists those that there are', () => {
    expect(() => named('boltzmann')).to.throw(
      NotebookError,
      /no notebook is called boltzmann \(there are: 1-first\/01-oja, /,
    );
  });
});
