import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from './client';

/** The project's Python; LECTURE_LAB_PYTHON names another one that has jupyter_kernel_test. */
const local = process.platform === 'win32' ? ['.venv', 'Scripts', 'python.exe'] : ['.venv', 'bin', 'python'];
const python = process.env['LECTURE_LAB_PYTHON'] ?? join(root, ...local);

/** The tests of jupyter_kernel_test 0.7. */
const TESTS = [
  'test_clear_output',
  'test_completion',
  'test_display_data',
  'test_error',
  'test_execute_result',
  'test_execute_stderr',
  'test_execute_stdout',
  'test_history',
  'test_inspect',
  'test_is_complete',
  'test_kernel_info',
  'test_recv_iopub_welcome_msg',
];
/** Does not apply: the kernel has no pager. */
const NOT_APPLICABLE = ['test_pager'];

interface Outcome {
  readonly test: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  readonly detail: string;
}

describe("the Jupyter project's conformance suite", function () {
  this.timeout(90_000);
  let outcomes: readonly Outcome[];
  let told = '';

  before(() => {
    expect(existsSync(python), `${python} is missing: \`npm start -- --setup-only\` makes it`).to.equal(true);
    const folder = mkdtempSync(join(tmpdir(), 'lecture-lab-conformance-'));
    const kernel = join(folder, 'kernels', 'lecture-lab');
    mkdirSync(kernel, { recursive: true });
    const spec = {
      argv: [process.execPath, join(root, 'kernel-setup', 'dist', 'kernel', 'main.js'), '{connection_file}'],
      env: { LECTURE_LAB_ROOT: root },
      display_name: 'TypeScript (Lecture Lab)',
      language: 'typescript',
      interrupt_mode: 'message',
    };
    writeFileSync(join(kernel, 'kernel.json'), JSON.stringify(spec));
    const env = { ...process.env, JUPYTER_PATH: folder, JUPYTER_RUNTIME_DIR: join(folder, 'runtime') };
    const { stdout, stderr } = spawnSync(python, [join(__dirname, 'conformance.py')], {
      encoding: 'utf8',
      env,
      timeout: 80_000,
    });
    told = stderr;
    const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
    outcomes = lines.map((line) => JSON.parse(line) as Outcome).filter(({ test }) => test !== undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  for (const test of TESTS) {
    it(test, () => {
      const found = outcomes.filter((one) => one.test === test);
      expect(found.length, `it did not run: ${told}`).to.be.greaterThan(0);
      for (const { outcome, detail } of found) expect(outcome, detail).to.equal('ok');
    });
  }

  it('has no other tests, and skips only what does not apply', () => {
    expect([...new Set(outcomes.map(({ test }) => test))].sort()).to.deep.equal([...TESTS, ...NOT_APPLICABLE].sort());
    expect(outcomes.filter(({ outcome }) => outcome === 'skipped').map(({ test }) => test)).to.deep.equal(
      NOT_APPLICABLE,
    );
  });
});
