// Stands for npm: `npm ci` lays down the packages in two halves and writes npm's record last, as the real one does.
// NPM_FAKE: "hang" stops between the halves until it is ended; "fail" prints npm's kind of error.
const fs = require('node:fs');
const path = require('node:path');

fs.appendFileSync('npm-calls.log', `${process.argv.slice(2).join(' ')} cache=${process.env.npm_config_cache}\n`);
if (process.env.NPM_FAKE === 'fail') {
  console.error(
    'npm error code ENOTFOUND\nnpm error network no such host\nnpm error A complete log of this run is there',
  );
  process.exit(1);
}
fs.rmSync('node_modules', { recursive: true, force: true });
const lock = JSON.parse(fs.readFileSync('package-lock.json', 'utf8'));
const entries = Object.entries(lock.packages).filter(([name]) => name !== '');
const lay = ([name, { version }]) => {
  fs.mkdirSync(name, { recursive: true });
  // the compiler and its types are the real ones
  const real = path.join(process.env.REAL_MODULES, name.slice('node_modules/'.length));
  if (name.includes('typescript') || name.includes('types')) {
    fs.rmSync(name, { recursive: true });
    fs.symlinkSync(real, name);
  } else fs.writeFileSync(path.join(name, 'package.json'), JSON.stringify({ version }));
};
const half = Math.floor(entries.length / 2);
entries.slice(0, half).forEach(lay);
if (process.env.NPM_FAKE === 'hang') {
  fs.writeFileSync('hanging', String(process.pid));
  setInterval(() => {}, 1000);
} else {
  entries.slice(half).forEach(lay);
  const { '': _root, ...packages } = lock.packages;
  fs.writeFileSync(path.join('node_modules', '.package-lock.json'), JSON.stringify({ packages }));
}
