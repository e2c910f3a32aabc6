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
    ...(browser ? [] : ['--no-browser']),
    // in a container one is often root; the server answers this machine only, and asks for its token
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
}

/** Runs JupyterLab until it ends or Ctrl-C is pressed; gives the exit code. */
export async function runLab(tools: Tools, port: number, browser: boolean): Promise<number> {
  const env = environment(tools);
  for (const name of ['JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR'])
    mkdirSync(env[name]!, { recursive: true });
  // A group of its own: the terminal's Ctrl-C reaches only us. Jupyter is asked to end by SIGTERM, on which it ends its kernels too;
  // without a terminal of its own SIGINT would make it drop them.
  const child = spawn(venvPython(tools.root), labArguments(tools.root, port, browser), {
    cwd: tools.root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  let asked = false;
  const stop = (): void => {
    child.kill('SIGTERM');
    if (!asked) setTimeout(() => child.kill('SIGKILL'), 15_000).unref();
    asked = true;
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, stop);
  }
  return await new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(asked ? 0 : (code ?? 1)));
  });
}
