// The first thing that runs on a fresh clone: `node kernel-setup/bootstrap.mjs <command> [options]`, which the npm scripts call.
// This file keeps to old syntax, so that a Node that is too old reads it and says so; bootstrap/ is plain JavaScript without dependencies,
// because TypeScript is not installed yet.
const OLDEST = [20, 19];
const TOO_NEW = 25;

const version = process.versions.node.split('.').map(Number);
const tooOld = version[0] < OLDEST[0] || (version[0] === OLDEST[0] && version[1] < OLDEST[1]);
if (tooOld || version[0] >= TOO_NEW) {
  process.stderr.write(
    `Lecture Lab needs Node ${OLDEST.join('.')} or later, below ${TOO_NEW}; this is Node ${process.versions.node}.\n` +
      '  fix: install Node 22 (nodejs.org, your package manager or a version manager), open a new terminal, try again\n',
  );
  process.exit(1);
} else {
  void import('./bootstrap/main.mjs').then((bootstrap) => bootstrap.main(process.argv[2], process.argv.slice(3)));
}
