import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { environment, KERNEL_NAME, venvPython } from './places';
import type { Tools } from './tools';

export const HOST = '127.0.0.1';
const FIRST_PORT = 8888;
const PORTS_TO_TRY = 50;

/** Whether nothing listens on this port of the loopback address. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => done(true)));
  });
}

/** The port asked for, or the first free one from 8888 on. Throws a `SetupError` that names a port in use. */
export async function choosePort(
  asked: number | undefined,
  SetupError: Tools['SetupError'],
  isFree: (port: number) => Promise<boolean> = portIsFree,
): Promise<number> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked;
    throw new SetupError(
      `Port ${asked} is in use: another program listens there, perhaps a JupyterLab that still runs.`,
      `end that program, or choose another port: npm start -- --port ${asked === 65535 ? 8900 : asked + 1}`,
    );
  }
  for (let port = FIRST_PORT; port < FIRST_PORT + PORTS_TO_TRY; port++) if (await isFree(port)) return port;
  throw new SetupError(
    `The ports ${FIRST_PORT} to ${FIRST_PORT + PORTS_TO_TRY - 1} are all in use.`,
    'choose a free one: npm start -- --port N',
  );
}

/** The arguments after `python` that start JupyterLab on the notebooks, reachable from this machine only. */
export function labArguments(root: string, port: number, browser: boolean): string[] {
  return [
    '-m',
    'jupyterlab',
    `--ServerApp.root_dir=${join(root, 'notebooks')}`,
    `--ServerApp.ip=${HOST}`,
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--MultiKernelManager.default_kernel_name=${KERNEL_NAME}`,
    // one Ctrl-C ends it, without a question
    '--JupyterApp.answer_yes=True',
    ...(browser ? [] : ['--no-browser']),
  ];
}

/** Runs JupyterLab until it ends or Ctrl-C is pressed; gives the exit code. */
export async function runLab(tools: Tools, port: number, browser: boolean): Promise<number> {
  const env = environment(tools);
  for (const name of ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR'])
    mkdirSync(env[name]!, { recursive: true });
  const posix = process.platform !== 'win32';
  // a group of its own, so that the terminal's Ctrl-C reaches only us and Jupyter gets it once
  const child = spawn(venvPython(tools.root), labArguments(tools.root, port, browser), {
    cwd: tools.root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: posix,
  });
  let asked = 0;
  const stop = (): void => {
    asked++;
    child.kill(asked === 1 && posix ? 'SIGINT' : 'SIGTERM');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  return await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(asked > 0 ? 0 : (code ?? 1)));
  });
}
