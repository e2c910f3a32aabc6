// The first thing that runs on a fresh clone: `node kernel-setup/bootstrap.mjs <command> [options]`.
// Plain JavaScript without dependencies, because TypeScript is not installed yet. It brings the npm packages in line with the lock file,
// compiles lib and kernel-setup, and hands over to what it compiled. No syntax newer than Node 12, so that an old Node gets a clear line.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const windows = process.platform === 'win32';

// ---- errors that a reader can act on

/** Something that the reader can mend: what is wrong, and the exact fix. */
export class SetupError extends Error {
  constructor(message, fix) {
    super(message);
    this.name = 'SetupError';
    this.fix = fix;
  }
}

/** Ctrl-C, or an end asked for from outside. */
export class Interrupted extends Error {
  constructor(signal) {
    super('interrupted');
    this.name = 'Interrupted';
    this.exitCode = signal === 'SIGINT' ? 130 : signal === 'SIGHUP' ? 129 : 143;
  }
}

// ---- Node

const NODE_RANGE = '20.19 or later, below 25';

/** What is wrong with this version of Node, or undefined. */
export function nodeProblem(version) {
  const parts = version.split('.').map(Number);
  const major = parts[0];
  const ok = (major === 20 && parts[1] >= 19) || (major > 20 && major < 25);
  if (ok) return undefined;
  return new SetupError(
    `Node ${version} can't run Lecture Lab: it needs Node ${NODE_RANGE}.`,
    'install Node 22 (from nodejs.org, your package manager or a version manager), open a new terminal and try again',
  );
}

// ---- places

/** The one folder outside the project that set-up writes to. */
export function cacheFolder(env) {
  if (env.LECTURE_LAB_CACHE) return resolve(env.LECTURE_LAB_CACHE);
  const home = homedir();
  if (windows) return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'lecture-lab');
  if (process.platform === 'darwin') return join(home, 'Library', 'Caches', 'lecture-lab');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'lecture-lab');
}

// ---- files

export function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (_error) {
    return undefined;
  }
}

function readJson(file) {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (_error) {
    return undefined;
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

// ---- child processes, ended together with us

const running = new Set();
let interruption;

/** Ends a child and everything it started. */
export function endTree(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else process.kill(-child.pid, signal || 'SIGTERM');
  } catch (_error) {
    // it has ended already
  }
}

/**
 * Runs a program to its end and gives its exit code and what it printed (both streams together). It has a process group of its own: Ctrl-C
 * reaches us first, and we end the whole tree. Rejects with `Interrupted` then; with a `SetupError` if the program can't be started.
 * Options: cwd, env, timeout (ms), show (its streams are ours), onText(chunk).
 */
export function run(command, args, options) {
  const o = options || {};
  if (interruption) return Promise.reject(interruption);
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd: o.cwd,
      env: o.env || process.env,
      stdio: o.show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // a program that owns the terminal stays in our group, so that it may read from it
      detached: !windows && !o.show,
      windowsHide: true,
    });
    const inGroup = windows || !o.show;
    const end = (signal) => (inGroup ? endTree(child, signal) : child.kill(signal));
    let output = '';
    let timedOut = false;
    let timer;
    let killer;
    const stop = () => {
      end('SIGTERM');
      killer = setTimeout(() => end('SIGKILL'), 3000);
    };
    if (o.timeout) {
      timer = setTimeout(() => {
        timedOut = true;
        stop();
      }, o.timeout);
    }
    const entry = { stop };
    running.add(entry);
    const settle = () => {
      running.delete(entry);
      clearTimeout(timer);
      clearTimeout(killer);
    };
    const collect = (chunk) => {
      output = (output + chunk).slice(-200000);
      if (o.onText) o.onText(String(chunk));
    };
    if (child.stdout) child.stdout.setEncoding('utf8').on('data', collect);
    if (child.stderr) child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', (error) => {
      settle();
      fail(new SetupError(`${command} can't be started: ${error.message}`, `check that ${command} is installed`));
    });
    child.once('close', (code, signal) => {
      settle();
      if (interruption) fail(interruption);
      else done({ code: code === null ? 1 : code, signal, output, timedOut });
    });
  });
}

/** From here on Ctrl-C and its relatives end the running children; `run` then rejects with `Interrupted`. */
function catchInterrupts() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (interruption) return;
      interruption = new Interrupted(signal);
      for (const entry of running) entry.stop();
      // whatever hangs must not keep the terminal
      setTimeout(() => leave(interruption), 8000).unref();
    });
  }
}

function stopIfInterrupted() {
  if (interruption) throw interruption;
}

// ---- progress

/**
 * Prints the steps of set-up with their times on standard error, which leaves standard output to what the command is for.
 * `quiet` shows only steps that had something to do.
 */
export function progressPrinter(stream, quiet) {
  const live = Boolean(stream.isTTY);
  const seconds = (from) => `${((performance.now() - from) / 1000).toFixed(1)} s`;
  const clear = () => (live ? '\r\u001b[K' : '');
  return {
    note(text) {
      stream.write(`${clear()}  ${text}\n`);
    },
    /** Runs one step. Its work gets `say(what is going on)` and gives a summary; `{ idle: summary }` says that nothing was to do. */
    async step(name, work) {
      stopIfInterrupted();
      const from = performance.now();
      let doing;
      const draw = () => stream.write(`${clear()}  … ${name}: ${doing} (${seconds(from)})`);
      const timer = live ? setInterval(() => doing && draw(), 1000) : undefined;
      const say = (text) => {
        doing = text;
        if (live) draw();
        else stream.write(`  … ${name}: ${text}\n`);
      };
      try {
        const result = await work(say);
        stopIfInterrupted();
        const idle = typeof result === 'object' && result !== null && 'idle' in result;
        if (!(idle && quiet)) {
          stream.write(`${clear()}  ok ${name}: ${idle ? result.idle : result} (${seconds(from)})\n`);
        }
      } catch (error) {
        stream.write(
          `${clear()}  -- ${name}: ${error instanceof Interrupted ? 'stopped' : 'failed'} (${seconds(from)})\n`,
        );
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

// ---- npm packages

/** The packages of the lock file that this machine must have: path in the tree to entry. */
function expectedPackages(lock) {
  const fits = (list, value) =>
    !list || (!list.includes(`!${value}`) && (list.every((x) => x[0] === '!') || list.includes(value)));
  return Object.entries(lock.packages || {}).filter(([path, entry]) => {
    if (!path.startsWith('node_modules/') && !path.includes('/node_modules/')) return false;
    // an optional package of another platform stays away; one that is optional and fits is needed as well
    return !(
      entry.optional && !(fits(entry.os, process.platform) && fits(entry.cpu, process.arch) && fits(entry.libc, libc()))
    );
  });
}

let libcName;
function libc() {
  if (libcName === undefined) {
    const header = process.platform === 'linux' && process.report ? process.report.getReport().header : {};
    libcName = process.platform !== 'linux' ? '' : header.glibcVersionRuntime ? 'glibc' : 'musl';
  }
  return libcName;
}

/** How the installed packages differ from package-lock.json: a list of lines, empty when they agree. */
export function npmTreeProblems(root) {
  const lock = readJson(join(root, 'package-lock.json'));
  if (!lock) return ['package-lock.json is missing or unreadable'];
  // npm writes this record last, so an install that was cut off has none
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (!installed)
    return [existsSync(join(root, 'node_modules')) ? 'the installation was not finished' : 'nothing is installed'];
  const problems = [];
  for (const [path, entry] of expectedPackages(lock)) {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const folder = join(root, ...path.split('/'));
    if (entry.link) {
      if (!existsSync(folder)) problems.push(`${name} is not linked`);
      continue;
    }
    const there = installed.packages[path];
    if (!there) problems.push(`${name} ${entry.version} is missing`);
    else if (there.version !== entry.version) problems.push(`${name} is ${there.version}, not ${entry.version}`);
    else if (entry.integrity && there.integrity && there.integrity !== entry.integrity)
      problems.push(`${name} has another checksum`);
    else if (!existsSync(join(folder, 'package.json'))) problems.push(`${name} is damaged: its package.json is gone`);
  }
  return problems;
}

function npmStampFile(root) {
  return join(root, 'node_modules', '.lecture-lab.json');
}

/** Changes with the lock file, with what npm says is installed, and with the platform. */
function npmKey(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  return sha256(
    JSON.stringify([
      readText(join(root, 'package-lock.json')),
      existsSync(record) ? [statSync(record).mtimeMs, statSync(record).size] : null,
      process.platform,
      process.arch,
    ]),
  );
}

/** How to call npm: the one that called us, the one beside this Node, or the one on the PATH. */
function npmCommand(env) {
  const beside = [
    env.npm_execpath,
    join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = beside.find((file) => file && basename(file) === 'npm-cli.js' && existsSync(file));
  if (script) return [process.execPath, [script]];
  return windows ? ['cmd.exe', ['/d', '/s', '/c', 'npm.cmd']] : ['npm', []];
}

export async function npmStep(tools, say) {
  const root = tools.root;
  const stamp = npmStampFile(root);
  const known = readJson(stamp);
  if (known && known.key === npmKey(root)) return { idle: 'in line with package-lock.json' };
  let problems = npmTreeProblems(root);
  if (problems.length > 0) {
    rmSync(stamp, { force: true });
    say('npm ci (a few minutes the first time)');
    const npm = npmCommand(tools.env);
    const env = Object.assign({}, tools.env, { npm_config_cache: join(tools.cache, 'npm') });
    const result = await tools.run(npm[0], npm[1].concat(['ci', '--no-progress', '--loglevel=error']), {
      cwd: root,
      env,
    });
    if (result.code !== 0) {
      throw new SetupError(
        `npm could not install the packages:\n${lastLines(result.output, 12)}`,
        'read the last lines above; behind a proxy set `npm config set proxy URL` and `https-proxy`, without a network try again later',
      );
    }
    problems = npmTreeProblems(root);
    if (problems.length > 0) {
      throw new SetupError(
        `npm finished, but ${problems.length} packages are not as the lock file says: ${problems.slice(0, 3).join('; ')}`,
        'delete the folder node_modules and run the same command again',
      );
    }
  }
  writeWhole(stamp, JSON.stringify({ key: npmKey(root) }));
  return 'in line with package-lock.json';
}

export function lastLines(text, count) {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .slice(-count)
    .map((line) => `    ${line}`)
    .join('\n');
}

// ---- compiling

/** The TypeScript sources of a folder, relative to it, sorted. */
function sources(folder) {
  const found = [];
  const visit = (at) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name === 'dist' || entry.name === 'node_modules') continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.name.endsWith('.ts')) found.push(relative(folder, path));
    }
  };
  visit(folder);
  return found.sort();
}

function buildState(root, folder) {
  const at = join(root, folder);
  const files = sources(at);
  const texts = files.map((file) => [file, readText(join(at, file))]);
  const settings = ['tsconfig.json', `${folder}/tsconfig.json`, 'node_modules/typescript/package.json'].map((file) =>
    readText(join(root, file)),
  );
  // kernel-setup reads the declarations of lib
  const below = folder === 'lib' ? null : buildState(root, 'lib').key;
  const outputs = files
    .filter((file) => !file.endsWith('.d.ts'))
    .map((file) => join(at, 'dist', file.replace(/\.ts$/, '.js')));
  return { key: sha256(JSON.stringify([texts, settings, below])), files, outputs };
}

function buildStampFile(root, folder) {
  return join(root, folder, 'dist', '.lecture-lab.json');
}

/** What keeps the compiled files of a folder from being current, or undefined. */
export function buildProblem(root, folder) {
  const state = buildState(root, folder);
  const known = readJson(buildStampFile(root, folder));
  if (!existsSync(join(root, folder, 'dist'))) return 'not built yet';
  if (!known || known.key !== state.key) return 'the sources changed since the last build';
  const missing = state.outputs.find((file) => !existsSync(file));
  return missing ? `${relative(root, missing)} is missing` : undefined;
}

export async function buildStep(tools, folder, say) {
  const root = tools.root;
  if (buildProblem(root, folder) === undefined) return { idle: 'up to date' };
  const stamp = buildStampFile(root, folder);
  const before = readJson(stamp);
  const state = buildState(root, folder);
  rmSync(stamp, { force: true });
  say('compiling');
  // not node_modules/.bin/tsc: that name belongs to the older compiler that tslab carries
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = await tools.run(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
    cwd: root,
    env: tools.env,
  });
  if (result.code !== 0) {
    throw new SetupError(
      `${folder} does not compile:\n${lastLines(result.output.split(/\r?\n/).slice(0, 15).join('\n'), 15)}`,
      'mend the places named above (`git status` shows which files you changed), then run the same command again',
    );
  }
  // what came from a source that is gone must not be found by an import
  const earlier = before ? before.files : [];
  for (const file of earlier) {
    if (state.files.includes(file)) continue;
    for (const end of ['.js', '.js.map', '.d.ts'])
      rmSync(join(root, folder, 'dist', file.replace(/\.ts$/, end)), { force: true });
  }
  writeWhole(stamp, JSON.stringify({ key: state.key, files: state.files }));
  return `${state.files.length} files compiled`;
}

// ---- commands

const HELP = `Lecture Lab. Run these from the project's folder:
  npm start                 set up what is missing and open JupyterLab on the notebooks
      -- --no-browser       do not open a browser
      -- --port N           use this port (default: 8888, or the next free one)
      -- --setup-only       set up, then stop
      -- --retry-native     try again to get native TensorFlow where it failed before
  npm test                  set up, then run all tests (-- unit: one suite)
  npm run doctor            check every link of the chain and print the fix for what is broken
  npm run handouts          export the notebooks to pages that work offline
  npm run figure -- --list  compute and draw one figure on the command line
  npm run build             compile lib and kernel-setup
Set-up writes to the project's folder and to one cache folder (LECTURE_LAB_CACHE moves it).
`;

const COMMANDS = ['start', 'test', 'doctor', 'handouts', 'figure', 'build'];

async function main(command, args) {
  const root = dirname(here);
  const cache = cacheFolder(process.env);
  const quiet = command === 'figure';
  const progress = progressPrinter(process.stderr, quiet);
  const tools = { root, cache, env: process.env, run, progress, SetupError, lastLines, writeWhole };
  const require = createRequire(import.meta.url);
  const compiled = (name) => require(join(root, 'kernel-setup', 'dist', name, 'main.js'));

  const ownCommand = (script, env) =>
    run(process.execPath, [script].concat(args), { cwd: process.cwd(), env, show: true }).then((result) => result.code);

  if (command === 'doctor') {
    const links = [
      { name: 'npm packages', problems: npmTreeProblems(root), fix: 'npm start -- --setup-only (it runs npm ci)' },
      { name: 'lib build', problems: [buildProblem(root, 'lib')].filter(Boolean), fix: 'npm run build' },
      {
        name: 'kernel-setup build',
        problems: [buildProblem(root, 'kernel-setup')].filter(Boolean),
        fix: 'npm run build',
      },
    ];
    let doctor;
    try {
      doctor = compiled('doctor').doctor;
    } catch (error) {
      return brokenDoctor(links, error);
    }
    return doctor(tools, links, args);
  }

  const needed = command === 'figure' ? ['lib'] : ['lib', 'kernel-setup'];
  await progress.step('npm packages', (say) => npmStep(tools, say));
  for (const folder of needed) await progress.step(`build of ${folder}`, (say) => buildStep(tools, folder, say));

  if (command === 'build') return 0;
  if (command === 'figure') return ownCommand(join(root, 'lib', 'dist', 'cli', 'figure.js'), process.env);

  const setup = compiled('setup');
  if (command === 'start') return setup.start(tools, args);
  const env = await setup.prepare(tools);
  if (command === 'handouts') return ownCommand(join(root, 'kernel-setup', 'dist', 'handout', 'main.js'), env);
  return ownCommand(join(root, 'test', 'run.mjs'), env);
}

/** Doctor's answer when its own compiled part can't be loaded. */
function brokenDoctor(links, error) {
  process.stdout.write(`ok      Node ${process.versions.node}\n`);
  for (const link of links) {
    const bad = link.problems.length > 0;
    process.stdout.write(
      `${bad ? 'BROKEN ' : 'ok     '} ${link.name}${bad ? `: ${link.problems.slice(0, 3).join('; ')}\n        fix: ${link.fix}` : ''}\n`,
    );
  }
  process.stdout.write(
    `BROKEN  doctor: the rest can't be checked, its compiled files don't load (${String(error.message).split('\n')[0]})\n`,
  );
  process.stdout.write('        fix: npm start -- --setup-only\n');
  return 1;
}

function leave(error) {
  if (error instanceof Interrupted) {
    process.stderr.write('\nStopped. Nothing is half-written: the same command goes on from here.\n');
    process.exit(error.exitCode);
  }
  if (typeof error.fix === 'string') process.stderr.write(`\n${error.message}\n  fix: ${error.fix}\n`);
  else process.stderr.write(`\n${error instanceof Error ? error.stack : error}\n`);
  process.exit(typeof error.exitCode === 'number' ? error.exitCode : 1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === realpathSync(fileURLToPath(import.meta.url))) {
  const problem = nodeProblem(process.versions.node);
  const command = process.argv[2];
  const args = process.argv.slice(3);
  const asksHelp = command === undefined || command === '--help' || (command === 'start' && args.includes('--help'));
  if (problem) {
    process.stderr.write(`${problem.message}\n  fix: ${problem.fix}\n`);
    process.exit(1);
  } else if (asksHelp) {
    process.stdout.write(HELP);
  } else if (!COMMANDS.includes(command)) {
    process.stderr.write(`Unknown command ${command}. There are: ${COMMANDS.join(', ')}.\n`);
    process.exit(2);
  } else {
    catchInterrupts();
    main(command, args).then((code) => {
      process.exitCode = code;
    }, leave);
  }
}
