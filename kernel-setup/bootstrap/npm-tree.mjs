// Keeps node_modules in line with package-lock.json.
import { existsSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SetupError } from './errors.mjs';
import { lastLines, readJson, readText, sha256, writeWhole } from './files.mjs';

/** How the installed packages differ from package-lock.json: a list of lines, empty when they agree. */
export function npmTreeProblems(root) {
  const lock = readJson(join(root, 'package-lock.json'));
  if (!lock) return ['package-lock.json is missing or unreadable'];
  // npm writes this record last, so an installation that was cut off has none
  const installed = readJson(join(root, 'node_modules', '.package-lock.json'));
  if (!installed)
    return [existsSync(join(root, 'node_modules')) ? 'the installation is not complete' : 'nothing is installed'];
  return expectedPackages(lock)
    .map(([path, entry]) => packageProblem(root, path, entry, installed.packages[path]))
    .filter(Boolean);
}

function packageProblem(root, path, entry, there) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const folder = join(root, ...path.split('/'));
  if (entry.link) return existsSync(folder) ? undefined : `${name} is not linked`;
  if (!there) return `${name} ${entry.version} is missing`;
  if (there.version !== entry.version) return `${name} is ${there.version}, not ${entry.version}`;
  if (entry.integrity && there.integrity && entry.integrity !== there.integrity) return `${name} has another checksum`;
  const manifest = readJson(join(folder, 'package.json'));
  return manifest?.version === entry.version ? undefined : `${name} is damaged`;
}

/** The packages of the lock file that this machine must have, as [path in the tree, entry]. */
function expectedPackages(lock) {
  const { platform, arch } = process;
  return Object.entries(lock.packages ?? {}).filter(([path, entry]) => {
    if (!path.includes('node_modules/')) return false;
    // an optional package of another platform stays away
    return !entry.optional || (fits(entry.os, platform) && fits(entry.cpu, arch) && fits(entry.libc, libc()));
  });
}

/** npm's lists of platforms: names that are allowed, or names with ! that are not. */
function fits(list, value) {
  if (!list) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((name) => name.startsWith('!'));
}

let libcName;
function libc() {
  if (process.platform !== 'linux') return '';
  // without it the report looks up the names of network addresses, which can take seconds
  process.report.excludeNetwork = true;
  libcName ??= process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  return libcName;
}

/** Changes with the lock file, with npm's record of what it installed, and with the platform. */
function key(root) {
  const record = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  const lock = readText(join(root, 'package-lock.json'));
  return sha256(JSON.stringify([lock, record?.mtimeMs, record?.size, process.platform, process.arch]));
}

/** How to call npm: the one that called us, the one beside this Node, or the one on the PATH. */
function npmCommand(env) {
  const node = dirname(process.execPath);
  const script = [
    env.npm_execpath,
    join(node, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(node, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ].find((file) => file && basename(file) === 'npm-cli.js' && existsSync(file));
  if (script) return [process.execPath, script];
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm.cmd'] : ['npm'];
}

/** The set-up step: runs `npm ci` unless the packages are in line with the lock file already. */
export async function npmStep({ root, cache, env, run }, say) {
  // inside the tree, so that it goes when the tree goes
  const stamp = join(root, 'node_modules', '.lecture-lab.json');
  if (readJson(stamp)?.key === key(root)) return { idle: 'in line with package-lock.json' };
  if (npmTreeProblems(root).length > 0) {
    rmSync(stamp, { force: true });
    say('npm ci (a minute or two the first time)');
    const [npm, ...first] = npmCommand(env);
    const result = await run(npm, [...first, 'ci', '--no-progress', '--json=false', '--loglevel=error'], {
      cwd: root,
      env: { ...env, npm_config_cache: join(cache, 'npm') },
    });
    if (result.code !== 0) {
      throw new SetupError(
        `npm could not install the packages:\n${npmReason(result.output)}`,
        'read the lines above; behind a proxy: npm config set proxy URL, npm config set https-proxy URL; without a network try again later',
      );
    }
    const problems = npmTreeProblems(root);
    if (problems.length > 0) {
      throw new SetupError(
        `npm ended well, but the packages are not as the lock file says: ${problems.slice(0, 3).join('; ')}`,
        'delete the folder node_modules and run the same command again',
      );
    }
  }
  writeWhole(stamp, JSON.stringify({ key: key(root) }));
  return 'in line with package-lock.json';
}

/** What npm says before it prints how it is to be used. */
function npmReason(output) {
  const reason = output.split(/npm error (?:Clean install a project|A complete log)/)[0];
  const lines = reason.split(/\r?\n/).filter((line) => line.replace('npm error', '').trim() !== '');
  return lastLines(lines.slice(0, 12).join('\n'), 12);
}
