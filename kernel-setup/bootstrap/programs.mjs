// Runs other programs so that they end together with us.
import { spawn } from 'node:child_process';
import { Interrupted, SetupError } from './errors.mjs';

const windows = process.platform === 'win32';
const KEPT_OUTPUT = 200_000;

const running = new Set();
let interruption;

/**
 * Runs a program to its end and gives `{ code, signal, output, timedOut }`; `output` holds both streams. It gets a process group of its own:
 * Ctrl-C reaches us first, and we end the whole tree. Rejects with `Interrupted` then, and with a `SetupError` if the program can't be
 * started. With `show` its streams are ours, and it stays in our group so that it may read from the terminal.
 */
export function run(command, args, { cwd, env = process.env, timeout, show = false, onText } = {}) {
  if (interruption) return Promise.reject(interruption);
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      detached: !windows && !show,
      windowsHide: true,
    });
    let output = '';
    let timedOut = false;
    let killer;
    const stop = (signal) => {
      end(child, signal, show);
      killer ??= setTimeout(() => end(child, 'SIGKILL', show), 3000);
    };
    const clock =
      timeout &&
      setTimeout(() => {
        timedOut = true;
        stop('SIGTERM');
      }, timeout);
    running.add(stop);
    const settle = () => {
      running.delete(stop);
      clearTimeout(clock);
      clearTimeout(killer);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-KEPT_OUTPUT);
        onText?.(text);
      });
    }
    child.once('error', (error) => {
      settle();
      fail(new SetupError(`${command} can't be started: ${error.message}`, `check that ${command} is installed`));
    });
    child.once('close', (code, signal) => {
      settle();
      if (interruption) fail(interruption);
      else done({ code: code ?? 1, signal, output, timedOut });
    });
  });
}

function end(child, signal, inOurGroup) {
  try {
    if (windows) spawn('taskkill', ['/pid', String(child.pid), '/T', '/F'], { stdio: 'ignore' });
    else if (inOurGroup) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // it has ended already
  }
}

/** From here on Ctrl-C and its relatives end the running programs, and `run` rejects. `giveUp(error)` is called if that takes too long. */
export function catchInterrupts(giveUp) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      if (interruption) return;
      interruption = new Interrupted(signal);
      for (const stop of running) stop(signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM');
      setTimeout(() => giveUp(interruption), 8000).unref();
    });
  }
}

export function throwIfInterrupted() {
  if (interruption) throw interruption;
}
