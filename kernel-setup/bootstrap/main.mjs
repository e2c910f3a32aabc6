// The commands behind the npm scripts: what each needs, and where it goes on.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProblem, buildStep } from './build.mjs';
import { Interrupted, SetupError } from './errors.mjs';
import { cacheFolder, lastLines, writeWhole } from './files.mjs';
import { npmStep, npmTreeProblems } from './npm-tree.mjs';
import { catchInterrupts, run } from './programs.mjs';
import { progressPrinter } from './progress.mjs';

const HELP = `Lecture Lab. From the project's folder:

  npm start                    set up what is missing, then open JupyterLab on the notebooks
    npm start -- --no-browser    without opening a browser
    npm start -- --port N        on this port (otherwise 8888 or the next free one)
    npm start -- --setup-only    set up, then stop
    npm start -- --retry-native  try again to get native TensorFlow where that failed before
  npm test                     set up, then run all tests
  npm run doctor               check every link of the chain and print the fix for what is broken
  npm run handouts             export the notebooks to pages that work offline
  npm run site                 the whole collection as a website that any host can serve
  npm run figure -- --list     the figures; each can be computed and drawn from here
  npm run bench -- --list      the models timed against their Python peers
  npm run build                compile lib and kernel-setup

Set-up writes to the project's folder and to one cache folder (LECTURE_LAB_CACHE names another).
`;

const COMMANDS = ['start', 'test', 'doctor', 'handouts', 'site', 'figure', 'bench', 'build'];

/** Runs a command of the project and sets the exit code. */
export async function main(command, args) {
  if (command === undefined || command === '--help' || (command === 'start' && args.includes('--help'))) {
    process.stdout.write(HELP);
    return;
  }
  if (!COMMANDS.includes(command)) {
    process.stderr.write(`There is no command ${command}; there are ${COMMANDS.join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  catchInterrupts(leave);
  try {
    process.exitCode = await execute(command, args);
  } catch (error) {
    leave(error);
  }
}

async function execute(command, args) {
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const progress = progressPrinter(process.stderr, command === 'figure' || command === 'bench');
  const tools = {
    root,
    cache: cacheFolder(process.env),
    env: process.env,
    run,
    progress,
    SetupError,
    lastLines,
    writeWhole,
  };
  const require = createRequire(import.meta.url);
  const compiled = (part) => require(join(root, 'kernel-setup', 'dist', part, 'main.js'));
  const goOn = async (script, env = process.env, node = []) =>
    (await run(process.execPath, [...node, script, ...args], { env, show: true })).code;

  if (command === 'doctor') {
    const links = firstLinks(root);
    let doctor;
    try {
      ({ doctor } = compiled('doctor'));
    } catch (error) {
      return withoutDoctor(links, error);
    }
    return await doctor(tools, links);
  }

  const forgiving = command === 'start';
  await progress.step('npm packages', (say) => npmStep(tools, say));
  await progress.step('lib', (say) => buildStep(tools, 'lib', say, forgiving));
  if (command === 'figure') return await goOn(join(root, 'lib', 'dist', 'cli', 'figure.js'));
  if (command === 'bench') {
    const tsx = require.resolve('tsx/cjs');
    return await goOn(join(root, 'test', 'bench', 'main.ts'), process.env, ['--require', tsx]);
  }
  await progress.step('kernel-setup', (say) => buildStep(tools, 'kernel-setup', say, forgiving));
  if (command === 'build') return 0;

  const { start, prepare } = compiled('setup');
  if (command === 'start') return await start(tools, args);
  const env = await prepare(tools);
  const exporter = { handouts: 'handout', site: 'site' }[command];
  if (exporter) return await goOn(join(root, 'kernel-setup', 'dist', exporter, 'main.js'), env);
  return await goOn(join(root, 'test', 'run.mjs'), env);
}

/** The links of the chain that can be checked before anything is compiled. */
function firstLinks(root) {
  const packages = npmTreeProblems(root);
  const link = (name, problem, fix) => ({ name, problem, fix });
  const more = packages.length > 3 ? ` and ${packages.length - 3} more` : '';
  return [
    link('Node', undefined, ''),
    link(
      'npm packages',
      packages.length > 0 ? packages.slice(0, 3).join('; ') + more : undefined,
      'npm start -- --setup-only',
    ),
    link('lib', buildProblem(root, 'lib'), 'npm run build'),
    link('kernel-setup', buildProblem(root, 'kernel-setup'), 'npm run build'),
  ];
}

/** Doctor's report when its own compiled part does not load. */
function withoutDoctor(links, error) {
  for (const { name, problem, fix } of links) {
    process.stdout.write(problem ? `BROKEN   ${name}: ${problem}\n         fix: ${fix}\n` : `ok       ${name}\n`);
  }
  const reason = String(error.message).split('\n')[0];
  process.stdout.write(
    `BROKEN   the other links can't be checked: ${reason}\n         fix: npm start -- --setup-only\n`,
  );
  return 1;
}

function leave(error) {
  if (error instanceof Interrupted) {
    process.stderr.write('\nStopped. Nothing is left half-written; the same command goes on from here.\n');
    process.exit(error.exitCode);
  }
  process.stderr.write(
    error instanceof SetupError ? `\n${error.message}\n  fix: ${error.fix}\n` : `\n${error.stack}\n`,
  );
  process.exit(1);
}
