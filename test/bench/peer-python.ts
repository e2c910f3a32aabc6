// The Python that runs the peers: made on demand in the cache folder, apart from the project's .venv.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, sha256 } from '../../kernel-setup/setup/files';
import { environment, venvFolder, venvPython } from '../../kernel-setup/setup/places';
import { findPython } from '../../kernel-setup/setup/python-environment';
import type { Tools } from '../../kernel-setup/setup/tools';
import type { Peer } from './row';

/** The packages of all peers, and torch: gigabytes, fetched only for a row that needs it. */
const SETS = { peers: 'requirements.txt', torch: 'requirements-torch.txt' } as const;
type PackageSet = keyof typeof SETS;

/** The lines of a set that name packages, without what restricts them. */
export function requirements(set: PackageSet): string {
  return readFileSync(join(__dirname, 'python', SETS[set]), 'utf8');
}

/** Why a peer can't run here. Its row says so in place of the peer's times. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** The Python environment of the peers. */
export class PeerPython {
  readonly #home: string;
  readonly #settled = new Map<PackageSet, Promise<void>>();

  constructor(
    private readonly tools: Tools,
    private readonly say: (text: string) => void,
  ) {
    this.#home = join(tools.cache, 'bench');
  }

  /** The Python program. */
  get program(): string {
    return venvPython(this.#home);
  }

  /** What a peer's process finds in its environment. */
  get env(): NodeJS.ProcessEnv {
    return environment(this.tools);
  }

  /** Installs what a peer needs, unless it is there. @throws Unavailable */
  async ready(peer: Peer): Promise<void> {
    const missing = (peer.programs ?? []).filter((name) => spawnSync(name, ['--version']).error !== undefined);
    if (missing.length > 0) throw new Unavailable(`it needs ${missing.join(' and ')}`);
    await this.#settle('peers');
    if (peer.needs) await this.#settle(peer.needs);
  }

  /** Tries once for each set: a peer after the first fails for the same reason at once. */
  #settle(set: PackageSet): Promise<void> {
    const settled = this.#settled.get(set) ?? this.#install(set);
    this.#settled.set(set, settled);
    return settled;
  }

  async #install(set: PackageSet): Promise<void> {
    const stamp = (name: PackageSet): string => join(venvFolder(this.#home), `${name}.json`);
    const key = (name: PackageSet): string => sha256(JSON.stringify([requirements(name), this.#home]));
    const holds = (name: PackageSet): boolean =>
      (readJson(stamp(name)) as { key?: string } | undefined)?.key === key(name);
    if (holds(set)) return;
    const release = await this.#lock();
    try {
      if (holds(set)) return;
      const env = this.env;
      if (set === 'peers') {
        this.say(`making the peers' Python environment (half a minute, 0.6 GB)`);
        const { command, version } = await findPython(this.tools);
        const [program, ...args] = command;
        const made = await this.tools.run(program!, [...args, '-m', 'venv', '--clear', venvFolder(this.#home)], {
          env,
        });
        if (made.code !== 0)
          throw new Unavailable(`Python ${version} made no environment:\n${this.tools.lastLines(made.output, 4)}`);
      } else {
        this.say('installing torch (2.5 GB to fetch, 4 GB on disk)');
        rmSync(stamp(set), { force: true });
      }
      const file = join(__dirname, 'python', SETS[set]);
      const install = ['-m', 'pip', 'install', '--no-deps', '--prefer-binary', '--progress-bar=off'];
      // gigabytes are not kept twice
      if (set === 'torch') install.push('--no-cache-dir');
      const installed = await this.tools.run(this.program, [...install, '-r', file], { env });
      if (installed.code !== 0)
        throw new Unavailable(`pip could not install its packages:\n${this.tools.lastLines(installed.output, 4)}`);
      this.tools.writeWhole(stamp(set), JSON.stringify({ key: key(set) }));
    } catch (error) {
      if (error instanceof this.tools.SetupError) throw new Unavailable(error.message);
      throw error;
    } finally {
      release();
    }
  }

  /** One bench at a time installs; another that started at the same time waits. */
  async #lock(): Promise<() => void> {
    const file = join(this.#home, 'installing');
    mkdirSync(this.#home, { recursive: true });
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
