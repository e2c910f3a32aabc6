import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readText, sha256, stampHolds } from './files';
import { environment, venvFolder, venvPython } from './places';
import type { Say, Summary, Tools } from './tools';

/** The oldest Python that the lock file was resolved for. */
export const OLDEST_PYTHON: readonly [number, number] = [3, 10];

export interface Python {
  readonly command: readonly string[];
  /** e.g. 3.11.7 */
  readonly version: string;
}

const PROBE = `
import sys
missing = []
for name in ("venv", "ensurepip"):
    try:
        __import__(name)
    except ImportError:
        missing.append(name)
print("%d.%d.%d %s" % (sys.version_info[0], sys.version_info[1], sys.version_info[2], ",".join(missing) or "-"))
`;

const INSTALL_PYTHON = `install Python ${OLDEST_PYTHON.join('.')} or later (Debian, Ubuntu: sudo apt-get install python3 python3-venv; Fedora: sudo dnf install python3; macOS: brew install python; Windows: winget install Python.Python.3.12), or name one in LECTURE_LAB_PYTHON`;

function candidates(env: NodeJS.ProcessEnv): (readonly string[])[] {
  const named = env['LECTURE_LAB_PYTHON'];
  if (named) return [[named]];
  const usual: (readonly string[])[] = [
    ['python3'],
    ['python'],
    ['python3.13'],
    ['python3.12'],
    ['python3.11'],
    ['python3.10'],
  ];
  return process.platform === 'win32' ? [['py', '-3'], ...usual] : usual;
}

/** The first Python on this machine that can make an environment. Throws a `SetupError` that says what is wrong with those it found. */
export async function findPython(tools: Tools): Promise<Python> {
  let tooOld: string | undefined;
  let withoutVenv: string | undefined;
  for (const command of candidates(tools.env)) {
    const [program, ...args] = command;
    let output: string;
    try {
      const result = await tools.run(program!, [...args, '-c', PROBE], { env: environment(tools), timeout: 20_000 });
      if (result.code !== 0) continue;
      output = result.output;
    } catch (error) {
      if (error instanceof tools.SetupError) continue;
      throw error;
    }
    const match = /^(\d+)\.(\d+)\.(\d+) (\S+)$/m.exec(output);
    if (!match) continue;
    const version = `${match[1]}.${match[2]}.${match[3]}`;
    const [major, minor] = [Number(match[1]), Number(match[2])];
    if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
      tooOld ??= `${program} is Python ${version}`;
    } else if (match[4] !== '-') {
      withoutVenv ??= `${program} (Python ${version}) lacks its module ${match[4]!.split(',').join(' and ')}`;
    } else {
      return { command, version };
    }
  }
  if (withoutVenv) {
    throw new tools.SetupError(
      `${withoutVenv}, which is needed to make the project's Python environment.`,
      'Debian, Ubuntu: sudo apt-get install python3-venv; elsewhere install Python from python.org or name another one in LECTURE_LAB_PYTHON',
    );
  }
  if (tooOld)
    throw new tools.SetupError(`${tooOld}, too old: ${OLDEST_PYTHON.join('.')} or later is needed.`, INSTALL_PYTHON);
  const named = tools.env['LECTURE_LAB_PYTHON'];
  throw new tools.SetupError(
    named ? `LECTURE_LAB_PYTHON names ${named}, which does not run as a Python.` : 'Python was not found.',
    INSTALL_PYTHON,
  );
}

export function lockFile(root: string): string {
  return join(root, 'kernel-setup', 'python', 'requirements.lock');
}

function stampFile(root: string): string {
  return join(venvFolder(root), '.lecture-lab.json');
}

/** Changes with the lock file and with the folder: an environment holds its own path and can't be moved. */
function stampKey(root: string): string {
  return sha256(JSON.stringify([readText(lockFile(root)), root]));
}

/** What keeps the Python environment from being current, or undefined. */
export function pythonEnvironmentProblem(root: string): string | undefined {
  const python = venvPython(root);
  if (!existsSync(venvFolder(root))) return 'not made yet';
  if (!stampHolds(stampFile(root), stampKey(root)))
    return 'not finished, or made from another lock file or in another folder';
  if (!existsSync(python)) return 'its Python is gone (was the system Python upgraded or removed?)';
  return undefined;
}

/** Makes `.venv` hold just what the lock file says. */
export async function pythonEnvironmentStep(tools: Tools, say: Say): Promise<Summary> {
  const { root } = tools;
  if (pythonEnvironmentProblem(root) === undefined) return { idle: 'in line with requirements.lock' };
  const python = await findPython(tools);
  const env = environment(tools);
  const venv = venvFolder(root);
  // the stamp goes first: from here on the environment counts as unfinished
  rmSync(stampFile(root), { force: true });
  say(`making .venv with Python ${python.version}`);
  const [program, ...args] = python.command;
  const made = await tools.run(program!, [...args, '-m', 'venv', '--clear', venv], {
    cwd: root,
    env,
    timeout: 300_000,
  });
  if (made.code !== 0) {
    throw new tools.SetupError(
      `The Python environment .venv could not be made:\n${tools.lastLines(made.output, 8)}`,
      'Debian, Ubuntu: sudo apt-get install python3-venv; then delete the folder .venv and run the same command again',
    );
  }
  say('installing JupyterLab and its packages (half a minute the first time)');
  const installed = await tools.run(
    venvPython(root),
    ['-m', 'pip', 'install', '--require-hashes', '--prefer-binary', '--progress-bar=off', '-r', lockFile(root)],
    { cwd: root, env },
  );
  if (installed.code !== 0) throw pipError(tools, installed.output);
  tools.writeWhole(stampFile(root), JSON.stringify({ key: stampKey(root), python: realpathSync(venvPython(root)) }));
  return `.venv made with Python ${python.version}`;
}

function pipError(tools: Tools, output: string): Error {
  const wrongHash = /DO NOT MATCH THE HASHES/i.test(output);
  if (wrongHash) {
    return new tools.SetupError(
      `A Python package does not have the checksum that the lock file names, so it was not installed:\n${tools.lastLines(output, 8)}`,
      `delete the folder ${join(tools.cache, 'pip')} and run the same command again; if it stays, the package server or a proxy changes files`,
    );
  }
  return new tools.SetupError(
    `pip could not install the Python packages:\n${tools.lastLines(output, 8)}`,
    'read the last lines above; behind a proxy set HTTPS_PROXY or `pip config set global.index-url URL`, without a network try again later',
  );
}
