import { expect } from 'chai';
import { NotebookError, parseNotebook } from '../../kernel-setup/notebook/format';
import { indexSymbols, plainSymbol, symbolsOf, wordsOfSymbol } from '../../kernel-setup/site/symbols';
import { notebookJson } from '../notebooks/make';
import { SYMBOLS } from './fixture';

const read = (markdown: string) => symbolsOf(parseNotebook(notebookJson([{ markdown }]), 'x'), 'x');

describe('the symbols of a lesson', () => {
  it('are read from its folded table', () => {
    expect(read(SYMBOLS)).to.deep.equal([
      { markdown: '$\\tau$', meaning: 'time constant', unit: 'ms', names: ['tau'] },
      { markdown: '$W^{21}$', meaning: 'first weights', unit: '–', names: ['W21'] },
      { markdown: '$a_0$', meaning: 'strength at the start', unit: '–', names: [] },
    ]);
    expect(read('| symbol | meaning |\n|---|---|\n| $x$ | of another table |')).to.deep.equal([]);
  });

  it('may have a bar in them', () => {
    expect(read(SYMBOLS.replace('$a_0$', '$\\|w\\|$'))[2]?.markdown).to.equal('$|w|$');
  });

  for (const [what, from, to, why] of [
    ['other columns', '| unit |', '| units |', 'needs the columns symbol, meaning, unit, in code'],
    ['a row that is too short', ' | `tau` |', ' |', 'has a row with 3 columns: $\\tau$'],
    ['a symbol that is no formula', '$a_0$', 'a0', 'has a symbol that is no formula: a0'],
    ['an empty unit', '| ms |', '| |', 'leaves a meaning or a unit empty: $\\tau$'],
  ] as const)
    it(`with ${what} are refused, naming the cell`, () => {
      expect(() => read(SYMBOLS.replace(from, to))).to.throw(
        NotebookError,
        `x: cell 1 (cell-1): the table of symbols ${why}`,
      );
    });

  it('are sorted by letter, Latin first, and one that means the same in two lessons is one', () => {
    const [tau, weights, start] = read(SYMBOLS) as [never, never, never];
    const index = indexSymbols([
      { lesson: 'a', symbols: [tau, weights] },
      { lesson: 'b', symbols: [{ ...(tau as object), names: ['time'] } as never, start] },
    ]);
    expect(index.map(({ plain, lessons, names }) => [plain, lessons, names])).to.deep.equal([
      ['a₀', ['b'], []],
      ['W²¹', ['a'], ['W21']],
      ['τ', ['a', 'b'], ['tau', 'time']],
    ]);
    expect(new Set(index.map(({ anchor }) => anchor)).size).to.equal(3);
  });

  it('that mean two things are two, with anchors of their own', () => {
    const tau = { markdown: '$\\tau$', unit: 'ms', names: [] };
    const index = indexSymbols([
      { lesson: 'a', symbols: [{ ...tau, meaning: 'of the membrane' }] },
      { lesson: 'b', symbols: [{ ...tau, meaning: 'of learning' }] },
    ]);
    expect(index.map(({ anchor }) => anchor).sort()).to.deep.equal(['tau', 'tau-2']);
  });

  it('can be written without formulas, and found by their names', () => {
    for (const [formula, plain] of [
      ['\\hat y', 'ŷ'],
      ['\\Sigma^{31}', 'Σ³¹'],
      ['t_{1/2}', 't_1/2'],
      ['\\mathcal L', 'L'],
      ['u^\\alpha', 'uᵅ'],
      ['W_{ij}', 'Wᵢⱼ'],
      ['y^*', 'y*'],
      ['I_\\infty', 'I_∞'],
      ['\\varepsilon', 'ε'],
    ])
      expect(plainSymbol(`$${formula}$`), formula).to.equal(plain);
    expect(wordsOfSymbol(read(SYMBOLS)[0]!)).to.deep.equal(['τ', 'tau', 'tau']);
  });
});
