import { expect } from 'chai';
import { parseNotebook } from '../../kernel-setup/notebook/format';
import { type Made, notebookJson } from './make';
import { type Complaint, checkCells } from './program';

describe('checking the cells of a notebook together', () => {
  const check = (...cells: Made[]): Complaint[] => checkCells(parseNotebook(notebookJson(cells), 'x'), []);

  it('accepts a notebook whose cells use one another, the library and await', () => {
    expect(
      check(
        { markdown: 'text is *not* code' },
        { code: "import { defineFigure, show } from 'lecture-lab/figure';\nconst a = 2;" },
        { code: 'const later = async (): Promise<number> => a;\nconst b: number = await later();' },
        { code: 'void later();\na + b' },
      ),
    ).to.deep.equal([]);
  });

  it('names cell and line of a type error', () => {
    const [only, ...rest] = check({ code: 'const a = 2;' }, { markdown: '# Text' }, { code: '\nconst b: string = a;' });
    expect(rest).to.deep.equal([]);
    expect(only).to.deep.equal({ cell: 3, line: 2, message: "Type 'number' is not assignable to type 'string'." });
  });

  it('is strict', () => {
    expect(check({ code: 'const f = (x) => x;' })[0]?.message).to.include("implicitly has an 'any' type");
    expect(check({ code: 'const xs: number[] = [];\nxs.at(0).toFixed();' })[0]?.message).to.include('possibly');
  });

  it('knows the types of the library', () => {
    const [only] = check({ code: "import { seed } from 'lecture-lab/figure';\nseed('one');" });
    expect(only).to.include({ cell: 1, line: 2 });
  });

  it('refuses promises that nobody waits for, wherever they hide', () => {
    const later = { code: 'const later = async (): Promise<number> => 1;\nconst yes: boolean = Math.cos(0) > 0;' };
    for (const code of [
      'later();',
      'later().then(() => 1);',
      'yes && later();',
      'yes ? later() : 0;',
      '(later(), 1);',
      '[1, 2].forEach(async () => { await later(); });',
      'function f(): void { later(); }',
    ]) {
      const complaints = check(later, { code });
      expect(complaints, code).to.have.length(1);
      expect(complaints[0]!.cell, code).to.equal(2);
      expect(complaints[0]!.message, code).to.include('nobody waits for this promise');
    }
  });

  it('leaves promises alone that someone waits for', () => {
    const later = { code: 'const later = async (): Promise<number> => 1;\nlet kept: Promise<number>;' };
    for (const code of [
      'await later();',
      'void later();',
      'kept = later();',
      'await Promise.all([1].map(async () => later()));',
    ])
      expect(check(later, { code }), code).to.deep.equal([]);
  });
});
