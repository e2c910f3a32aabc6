// Runs the test suites one after the other and ends with the plain total: `N passed, N failed, N skipped`.
// Usage: node test/run.mjs [suite …]; without names all of them. Expects what `npm start -- --setup-only` makes.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

// Folders that make a suite of their own because they are slow or start other programs. Every other folder is a unit test.
const slow = {
  'kernel-setup': ['kernel-setup'],
  kernel: ['kernel'],
  notebooks: ['notebooks', 'handout', 'site'],
  browser: ['browser'],
};
const notUnit = new Set([...Object.values(slow).flat(), 'fixtures', 'support']);
const unit = readdirSync(here, { withFileTypes: true }).filter((e) => e.isDirectory() && !notUnit.has(e.name));
const suites = { unit: unit.map((e) => e.name), ...slow };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`unknown suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}

const scratch = mkdtempSync(join(tmpdir(), 'lecture-lab-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
let child;
process.on('SIGINT', () => child?.kill('SIGINT'));

for (const name of wanted.length > 0 ? wanted : Object.keys(suites)) {
  const files = suites[name].flatMap((folder) => testFiles(join(here, folder))).sort();
  if (files.length === 0) continue;
  const started = performance.now();
  console.log(`\n=== ${name}`);
  const { passed, failed, skipped } = await runSuite(name, files);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`=== ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped in ${seconds} s`);
}
rmSync(scratch, { recursive: true });
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file));
}

async function runSuite(name, files) {
  const totals = join(scratch, `${name}.json`);
  const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const reporter = join(here, 'support', 'totals-reporter.cjs');
  child = spawn(process.execPath, [mocha, '--reporter', reporter, ...files], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, LECTURE_LAB_TOTALS: totals },
  });
  const code = await new Promise((resolve) => child.once('exit', (status, signal) => resolve(signal ?? status)));
  if (!existsSync(totals)) {
    console.error(`the ${name} suite ended with ${code} before it was done`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const counts = JSON.parse(readFileSync(totals, 'utf8'));
  // an error outside any test (while a file is loaded, say) fails the run without failing a test
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}
