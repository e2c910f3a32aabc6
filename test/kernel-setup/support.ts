import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Progress, Run, Say, SetupErrorConstructor, Summary, Tools } from '../../kernel-setup/setup/tools';

export const PROJECT = join(__dirname, '..', '..');
export const FAKE_NPM = join(__dirname, 'fakes', 'npm-cli.cjs');
export const FAKE_PYTHON = join(__dirname, 'fakes', 'python.cjs');

// ---- the plain-JavaScript part, with types

interface StepTools {
  readonly root: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly run: Run;
  readonly progress: Progress;
}
interface Bootstrap {
  readonly errors: { SetupError: SetupErrorConstructor };
  readonly files: {
    cacheFolder(env: NodeJS.ProcessEnv): string;
    lastLines(text: string, count: number): string;
    writeWhole(file: string, text: string): void;
  };
  readonly programs: { run: Run };
  readonly progress: { progressPrinter(stream: { write(text: string): unknown }, quiet?: boolean): Progress };
  readonly 'npm-tree': {
    npmTreeProblems(root: string): string[];
    npmStep(tools: StepTools, say: Say): Promise<Summary>;
  };
  readonly build: {
    buildProblem(root: string, folder: string): string | undefined;
    buildStep(tools: StepTools, folder: string, say: Say, forgiving?: boolean): Promise<Summary>;
  };
}

/** A module of kernel-setup/bootstrap. */
export async function bootstrap<Name extends keyof Bootstrap>(name: Name): Promise<Bootstrap[Name]> {
  return (await import(
    pathToFileURL(join(PROJECT, 'kernel-setup', 'bootstrap', `${name}.mjs`)).href
  )) as Bootstrap[Name];
}

// ---- temporary folders

const made: string[] = [];

/** A new empty folder, removed after the test. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lecture-lab-setup-')));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function write(root: string, file: string, text: string | object): void {
  const path = join(root, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof text === 'string' ? text : JSON.stringify(text));
}

/** Every path under a folder, relative to it, links not followed. */
export function contents(folder: string): string[] {
  return existsSync(folder) ? (readdirSync(folder, { recursive: true }) as string[]).sort() : [];
}

// ---- tools

export interface TestTools extends Tools {
  readonly notes: string[];
  readonly said: string[];
  readonly say: Say;
}

/** The tools of a set-up step, real except for what is overridden; notes and steps are collected. */
export async function tools(overrides: Partial<Tools> = {}): Promise<TestTools> {
  const root = overrides.root ?? temporaryFolder();
  const cache = overrides.cache ?? join(root, 'cache');
  mkdirSync(cache, { recursive: true });
  const notes: string[] = [];
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const progress: Progress = {
    note: (text) => void notes.push(text),
    step: async (_name, work) => void (await work(say)),
  };
  const { lastLines, writeWhole } = await bootstrap('files');
  const { SetupError } = await bootstrap('errors');
  const { run } = await bootstrap('programs');
  return {
    root,
    cache,
    env: process.env,
    run,
    progress,
    SetupError,
    lastLines,
    writeWhole,
    ...overrides,
    notes,
    said,
    say,
  };
}

/** Runs what should fail and gives its message and its fix. */
export async function failure(work: () => unknown): Promise<{ message: string; fix: string }> {
  try {
    await work();
  } catch (error) {
    return error as { message: string; fix: string };
  }
  throw new Error('nothing was thrown');
}

/** Makes `.venv` of a project with the stand-in for Python in it. */
export function fakeVenv(root: string): void {
  mkdirSync(join(root, '.venv', 'bin'), { recursive: true });
  copyFileSync(FAKE_PYTHON, join(root, '.venv', 'bin', 'python'));
  chmodSync(join(root, '.venv', 'bin', 'python'), 0o755);
}

// ---- a whole project in small

/**
 * A project with the real set-up in it and next to nothing else: a library of one file, packages that the stand-in for npm lays down. It has
 * no TensorFlow to find, so set-up ends on WebAssembly.
 */
export function smallProject(): string {
  const root = temporaryFolder();
  for (const part of ['bootstrap', 'bootstrap.mjs', 'setup', 'doctor', 'python', 'tsconfig.json'])
    cpSync(join(PROJECT, 'kernel-setup', part), join(root, 'kernel-setup', part), { recursive: true });
  copyFileSync(join(PROJECT, 'tsconfig.json'), join(root, 'tsconfig.json'));
  copyFileSync(FAKE_NPM, join(root, 'npm-cli.js'));
  write(root, 'package.json', { name: 'small', type: 'commonjs' });
  write(root, 'lib/tsconfig.json', {
    extends: '../tsconfig.json',
    compilerOptions: { rootDir: '.', outDir: 'dist', declaration: true },
    include: ['**/*.ts'],
    exclude: ['dist'],
  });
  write(root, 'lib/cli/figure.ts', 'export const answer: number = 42;\n');
  const real = (name: string): string =>
    (JSON.parse(readFileSync(join(PROJECT, 'node_modules', name, 'package.json'), 'utf8')) as { version: string })
      .version;
  const names = ['typescript', '@types/node', 'undici-types', '@typescript/typescript-linux-x64'].filter((name) =>
    existsSync(join(PROJECT, 'node_modules', name)),
  );
  const packages = Object.fromEntries(names.map((name) => [`node_modules/${name}`, { version: real(name) }]));
  write(root, 'package-lock.json', {
    packages: { '': {}, ...packages, 'node_modules/@tensorflow/tfjs-node': { version: '4.22.0' } },
  });
  return root;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts a command of a project, by default with the stand-ins for npm and Python and with a home folder inside the project. */
export function startCommand(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  node: readonly string[] = [],
): Running {
  const home = env['HOME'] ?? join(root, 'home');
  mkdirSync(home, { recursive: true });
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|LECTURE_LAB|PIP_|JUPYTER|XDG_|HTTPS?_PROXY|https?_proxy)/.test(name),
    ),
  );
  const child = spawn(process.execPath, [...node, join(root, 'kernel-setup', 'bootstrap.mjs'), ...args], {
    cwd: root,
    env: {
      ...clean,
      HOME: home,
      npm_execpath: join(root, 'npm-cli.js'),
      REAL_MODULES: join(PROJECT, 'node_modules'),
      LECTURE_LAB_PYTHON: FAKE_PYTHON,
      // nothing listens there, and there is no such compiler
      TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:9/',
      CXX: join(root, 'no-compiler'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, out, err })));
  return { child, ended };
}

export async function command(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  node: readonly string[] = [],
): Promise<Ended> {
  return await startCommand(root, args, env, node).ended;
}

/** Waits until a file is there. */
export async function appears(file: string): Promise<void> {
  while (!existsSync(file)) await new Promise((done) => setTimeout(done, 20));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
