// The Python that runs the peers: made on demand in the cache folder, apart from the project's .venv.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256, stampHolds } from '../../kernel-setup/setup/files';
import { environment, venvFolder, venvPython } from '../../kernel-setup/setup/places';
import { findPython } from '../../kernel-setup/setup/python-environment';
import type { Tools } from '../../kernel-setup/setup/tools';
import type { Peer } from './row';

/**
 * The environments: one for most peers; Brian2 can't share it, because it needs an older numpy; torch shouldn't, because it takes gigabytes
 * and only some rows need it.
 */
const ENVIRONMENTS = {
  numeric: { file: 'numeric.txt', size: '0.6 GB' },
  brian2: { file: 'brian2.txt', size: '0.3 GB' },
  torch: { file: 'torch.txt', size: '2.5 GB to fetch, 4 GB on disk' },
} as const;
export type EnvironmentName = keyof typeof ENVIRONMENTS;
export const ENVIRONMENT_NAMES = Object.keys(ENVIRONMENTS) as EnvironmentName[];

/** The packages of an environment, as pip reads them. */
export function requirements(name: EnvironmentName): string {
  return readFileSync(join(__dirname, 'python', ENVIRONMENTS[name].file), 'utf8');
}

/** Why a peer can't run here. Its row says so in place of the peer's times. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The Python environments of the peers. */
export class PeerPython {
  readonly #settled = new Map<EnvironmentName, Promise<void>>();

  constructor(
    private readonly tools: Tools,
    private readonly say: (text: string) => void,
  ) {}

  /** What a peer's process finds in its environment variables. */
  get env(): NodeJS.ProcessEnv {
    return environment(this.tools);
  }

  /** The Python program for a peer, with what it needs installed. @throws Unavailable */
  async program(peer: Peer): Promise<string> {
    const missing = (peer.programs ?? []).filter((name) => spawnSync(name, ['--version']).error !== undefined);
    if (missing.length > 0) throw new Unavailable(`it needs ${missing.join(' and ')}`);
    const name = peer.needs ?? 'numeric';
    // tried once: a second peer fails for the same reason at once
    const settled = this.#settled.get(name) ?? this.#install(name);
    this.#settled.set(name, settled);
    await settled;
    return venvPython(this.#home(name));
  }

  #home(name: EnvironmentName): string {
    return join(this.tools.cache, 'bench', name);
  }

  async #install(name: EnvironmentName): Promise<void> {
    const home = this.#home(name);
    const { run, lastLines, writeWhole, SetupError } = this.tools;
    const venv = venvFolder(home);
    const stamp = join(venv, '.lecture-lab.json');
    const key = sha256(JSON.stringify([requirements(name), home]));
    if (stampHolds(stamp, key)) return;
    const release = await this.#lock(home);
    try {
      if (stampHolds(stamp, key)) return;
      const { file, size } = ENVIRONMENTS[name];
      this.say(`making the Python environment ${name} (${size})`);
      const { command, version } = await findPython(this.tools);
      const [program, ...args] = command;
      const { env } = this;
      const made = await run(program!, [...args, '-m', 'venv', '--clear', venv], { env });
      if (made.code !== 0)
        throw new Unavailable(`Python ${version} made no environment:\n${lastLines(made.output, 4)}`);
      const pip = ['-m', 'pip', 'install', '--no-deps', '--prefer-binary', '--progress-bar=off'];
      // gigabytes are not kept twice
      if (name === 'torch') pip.push('--no-cache-dir');
      const installed = await run(venvPython(home), [...pip, '-r', join(__dirname, 'python', file)], { env });
      if (installed.code !== 0)
        throw new Unavailable(`pip could not install its packages:\n${lastLines(installed.output, 4)}`);
      writeWhole(stamp, JSON.stringify({ key }));
    } catch (error) {
      if (error instanceof SetupError) throw new Unavailable(error.message);
      throw error;
    } finally {
      release();
    }
  }

  /** One bench at a time installs; another that started at the same time waits. */
  async #lock(home: string): Promise<() => void> {
    const file = join(home, 'installing');
    mkdirSync(home, { recursive: true });
    for (let waited = 0; ; waited++) {
      try {
        writeFileSync(file, String(process.pid), { flag: 'wx' });
        return () => rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      if (!alive(file)) rmSync(file, { force: true });
      else if (waited === 0) this.say('waiting: another bench is installing');
      await new Promise((later) => setTimeout(later, 500));
    }
  }
}

/** Whether the process that wrote the lock still runs. */
function alive(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return true;
  } catch {
    return false;
  }
}
