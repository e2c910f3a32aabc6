import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Exercise } from 'lecture-lab/check';
import { projectRoot } from '../../kernel-setup/notebook/find';

const dist = path.join(projectRoot(), 'lib', 'dist');
const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.check.js'));

it('there are self-checks', () => expect(files).not.to.deep.equal([]));

for (const file of files.sort())
  describe(`self-checks of ${file.replace('.check.js', '')}`, function () {
    this.timeout(60_000);
    const exported = require(path.join(dist, file)) as Record<string, unknown>;
    for (const [key, exercise] of Object.entries(exported).filter(isExercise)) {
      const { definition } = exercise;

      it(`${key}: the solution is right`, () => {
        expect(exercise(definition.solution).message).to.equal('right');
      });

      it(`${key}: every anticipated mistake gets its own hint`, () => {
        expect(definition.mistakes).not.to.deep.equal([]);
        const hints = definition.mistakes.map((mistake) => mistake.hint);
        expect(new Set([...hints, definition.otherwise]).size).to.equal(hints.length + 1);
        for (const mistake of definition.mistakes) {
          const verdict = exercise(mistake.attempt);
          expect(verdict.right, mistake.hint).to.equal(false);
          expect(verdict.message).to.equal(mistake.hint);
        }
      });

      it(`${key}: a stub is not implemented yet`, () => {
        const stub = (): never => {
          throw new Error(`${definition.name}: not implemented`);
        };
        expect(exercise(stub).message).to.equal('not implemented yet');
      });
    }
  });

function isExercise(entry: [string, unknown]): entry is [string, Exercise<unknown>] {
  return typeof entry[1] === 'function' && 'definition' in entry[1];
}
