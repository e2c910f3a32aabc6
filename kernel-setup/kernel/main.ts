import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { COMPLAINT } from './process/complaint';
import type * as Reports from './process/crash-report';

/**
 * Starts the kernel and stands by: `node main.js <connection file>`. When the kernel's process dies in the middle of a
 * cell, its supervisor tells Jupyter so; nobody else could.
 */
function supervise(connectionFile: string): void {
  const kernel = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning', // importing ES modules from cells
      '--expose-internals', // see interrupts/break-in.ts
      '--disable-warning=internal/test/binding',
      '--disable-warning=DEP0040', // punycode, in TensorFlow's dependencies
      ...process.execArgv,
      join(__dirname, 'kernel.js'),
      connectionFile,
    ],
    { stdio: ['ignore', 'inherit', 'pipe', 'pipe'], env: { ...process.env, LECTURE_LAB_SUPERVISED: '1' } },
  );
  // loaded while the kernel starts, not before
  const { CrashReport } = require('./process/crash-report') as typeof Reports;
  const report = new CrashReport(connectionFile);
  kernel.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    report.said(String(chunk));
  });
  (kernel.stdio[3] as NodeJS.ReadableStream).on('data', (chunk: Buffer) => report.noted(String(chunk)));
  kernel.on('close', (code, signal) => {
    report
      .send(code, signal)
      .catch((error: Error) => process.stderr.write(`${COMPLAINT}${error.message}\n`))
      .finally(() => process.exit(report.expected ? 0 : (code ?? 1)));
  });
  kernel.on('error', (error) => {
    process.stderr.write(`${COMPLAINT}cannot start: ${error.message}\n`);
    process.exit(1);
  });
  const end = (): void => {
    report.closing();
    kernel.kill('SIGKILL');
  };
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  process.on('SIGINT', () => undefined); // interrupts come as messages
  if (process.env['JPY_PARENT_PID'] !== undefined) endWithParent(end);
}

/** A kernel whose Jupyter has died would run for ever. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  const gone = (): boolean => {
    if (process.ppid !== parent) return true;
    try {
      process.kill(parent, 0);
      return false;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH';
    }
  };
  setInterval(() => {
    if (gone()) end();
  }, 1000).unref();
}

const file = process.argv[2];
if (file === undefined) {
  process.stderr.write('usage: node main.js <connection file>; Jupyter starts the kernel so\n');
  process.exit(2);
}
supervise(resolve(file));
