#!/usr/bin/env node
// Stands for Python: it answers set-up's question for its version, makes environments that hold a copy of itself, and logs what pip is
// asked to install. PYTHON_FAKE_VERSION is what it answers; PYTHON_FAKE=hang stops in the middle of pip, =hash fails as pip does.
const fs = require('node:fs');
const path = require('node:path');

const args = process.argv.slice(2);
if (args[0] === '-c') {
  console.log(process.env.PYTHON_FAKE_VERSION ?? '3.11.7 -');
} else if (args[1] === 'venv') {
  const folder = args.at(-1);
  if (args.includes('--clear')) fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
  fs.copyFileSync(__filename, path.join(folder, 'bin', 'python'));
  fs.chmodSync(path.join(folder, 'bin', 'python'), 0o755);
} else if (args[1] === 'pip' && args[2] === 'install') {
  fs.appendFileSync('pip-calls.log', `${args.join(' ')} cache=${process.env.PIP_CACHE_DIR}\n`);
  fs.writeFileSync(path.join(path.dirname(__filename), 'half-installed'), '');
  if (process.env.PYTHON_FAKE === 'hang') {
    fs.writeFileSync('hanging', String(process.pid));
    setInterval(() => {}, 1000);
  }
  if (process.env.PYTHON_FAKE === 'hash') {
    console.error('ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.');
    process.exit(1);
  }
} else if (args[1] === 'pip' && args[2] === 'download') {
  // PYTHON_FAKE_WHEELS: texts separated by |, one for each download
  const into = args[args.indexOf('-d') + 1];
  const count = path.join(process.env.LECTURE_LAB_CACHE, 'downloads');
  const done = fs.existsSync(count) ? Number(fs.readFileSync(count, 'utf8')) : 0;
  fs.writeFileSync(count, String(done + 1));
  const wheels = (process.env.PYTHON_FAKE_WHEELS ?? '').split('|');
  fs.writeFileSync(path.join(into, 'tensorflow-fake.whl'), wheels[Math.min(done, wheels.length - 1)]);
} else if (args[0]?.endsWith('unpack_wheel.py')) {
  // a fake wheel's text is its one library
  const lib = path.join(args[2], 'lib');
  fs.mkdirSync(lib, { recursive: true });
  fs.copyFileSync(args[1], path.join(lib, 'libfake.so'));
} else if (args[0]?.endsWith('versions.py')) {
  console.log('jupyterlab is 1.0, not 4.6.6');
  process.exit(1);
} else if (args[0]?.endsWith('one_cell.py')) {
  console.log('RuntimeError: Kernel died before replying to kernel_info');
  process.exit(1);
} else {
  console.error(`the stand-in for Python does not know ${args.join(' ')}`);
  process.exit(1);
}
