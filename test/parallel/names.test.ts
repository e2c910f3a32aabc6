import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { definedTasks, type Task } from 'lecture-lab/parallel/task';

const dist = join(__dirname, '..', '..', 'lib', 'dist');

describe('the tasks of the library', () => {
  it('stand in the modules that they name, under the names that they have', () => {
    const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    const before = new Set(definedTasks());
    const modules = files
      .filter(
        (file) => /\bdefineTask\)?\(/.test(readFileSync(join(dist, file), 'utf8')) && !file.startsWith('parallel'),
      )
      .map((file) => ({ file, exported: require(join(dist, file)) as Readonly<Record<string, unknown>> }));
    const there = new Map(
      modules.flatMap(({ file, exported }) =>
        Object.entries(exported).map(([name, value]) => [
          value,
          `${file.replace(/\.js$/, '').replaceAll('\\', '/')} ${name}`,
        ]),
      ),
    );
    const defined = definedTasks().filter((task) => !before.has(task));
    const said = ({ module, name }: Task<never, unknown>): string => `${module} ${name}`;
    expect(defined.map((task) => there.get(task))).to.deep.equal(defined.map(said));
  });
});
