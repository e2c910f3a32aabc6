import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { executeNotebook } from '../../kernel-setup/notebook/execute';
import { projectRoot } from '../../kernel-setup/notebook/find';
import { type CodeCell, type Notebook, type Output, readNotebook } from '../../kernel-setup/notebook/format';
import { exercisesOf, lessons, type StubbedExercise } from './lesson';
import { scratch } from './make';

/** A lesson should take less than this, in seconds on two cores. A longer run is reported, not failed: machines differ. */
const BUDGET = 60;

for (const { name, file } of lessons)
  describe(`running ${name}`, function () {
    this.timeout(600_000);
    const { write, done } = scratch();
    let notebook: Notebook;
    let exercises: StubbedExercise[];
    let executed: Notebook;
    let original: number;
    after(done);

    // One run serves all: the lesson as it stands, and after its last cell every exercise once more, solved.
    before(async () => {
      notebook = readNotebook(file, name);
      exercises = exercisesOf(notebook);
      const json = JSON.parse(readFileSync(file, 'utf8'));
      original = json.cells.length;
      const cell = (id: string, source: string): object => ({
        cell_type: 'code',
        id,
        metadata: {},
        source,
        outputs: [],
        execution_count: null,
      });
      for (const [i, { solution, check }] of exercises.entries())
        json.cells.push(cell(`solution-${i}`, solution), cell(`check-${i}`, check.source));
      const target = path.join(projectRoot(), 'build', 'test', 'executed', `${name}.ipynb`);
      const slow: string[] = [];
      const code = json.cells.flatMap((c: { cell_type: string; source: unknown; id: string }) =>
        c.cell_type === 'code' && String(c.source).trim() !== '' ? [c.id] : [],
      );
      const seconds = await executeNotebook({
        name,
        source: write(`${path.basename(file)}`, JSON.stringify(json)),
        target,
        onCell: (ready, _, took) => {
          if (took > 5) slow.push(`${code[ready - 1]} ${took.toFixed(1)} s`);
        },
      });
      executed = readNotebook(target, name);
      const claimed = /runs in ([\d.]+) s/i.exec(notebook.cells[0]?.source ?? '')?.[1];
      console.log(
        `      ${name}: ${seconds.toFixed(1)} s (it says ${claimed} s; budget ${BUDGET} s)${seconds > BUDGET ? ' OVER BUDGET' : ''}` +
          (slow.length > 0 ? `; slow cells: ${slow.join(', ')}` : ''),
      );
    });

    const outputsOf = (id: string): readonly Output[] =>
      (executed.cells.find((cell) => cell.id === id) as CodeCell | undefined)?.outputs ?? [];
    const wordsOf = (id: string): string => JSON.stringify(outputsOf(id));

    it('shows no error and no warning', () => {
      for (const cell of executed.cells)
        if (cell.type === 'code')
          for (const output of cell.outputs) {
            expect(output.output_type, `cell ${cell.id}`).not.to.equal('error');
            if (output.output_type === 'stream')
              expect(output.name, `cell ${cell.id}: ${output.text}`).to.equal('stdout');
          }
    });

    it('shows every figure alive, still and in words, with landmarks that hold', () => {
      const shown = notebook.cells.filter((cell) => cell.type === 'code' && /^\s*await show\(/m.test(cell.source));
      expect(shown).not.to.deep.equal([]);
      for (const { id } of shown) {
        const bundles = outputsOf(id).flatMap((output) => ('data' in output ? [output] : []));
        const figure = bundles.find(({ data }) => 'application/vnd.vegalite.v5+json' in data);
        expect(figure?.data, id).to.include.keys('image/svg+xml', 'text/plain');
        expect(figure?.metadata, id).to.have.nested.property('lecture-lab.figure');
        expect(JSON.stringify(bundles), `landmarks of ${id}`).not.to.include('✗');
      }
    });

    it('says of every stub that it is not implemented', () => {
      for (const exercise of exercises)
        expect(wordsOf(exercise.check.id), exercise.name).to.include('not implemented yet');
    });

    it('finds every folded solution right', () => {
      expect(executed.cells.length).to.equal(original + 2 * exercises.length);
      for (const [i, exercise] of exercises.entries())
        expect(wordsOf(`check-${i}`), exercise.name).to.include(`${exercise.name}: right`);
    });
  });
