import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { readText, sha256, sha256OfFile } from '../files';
import { environment, venvPython } from '../places';
import type { Say, Tools } from '../tools';
import { bindingPlaces, removeBinding } from './binding';

/** The release whose C library the npm package is compiled against, and the checksums of the wheel and of the two libraries in it. */
export interface TensorflowRelease {
  readonly requirement: string;
  readonly python: string;
  readonly platform: string;
  readonly wheel: string;
  readonly libraries: Readonly<Record<string, string>>;
}

export const RELEASE: TensorflowRelease = {
  requirement: 'tensorflow-cpu==2.13.1',
  python: '311',
  platform: 'manylinux2014_x86_64',
  wheel: '87be6e61314b2c0fa062f71e26e41d6a17e162ffe4da72c820fe8f1fc94d97fe',
  libraries: {
    'libtensorflow_cc.so.2': 'c73a13d68637302841ff4f4cad74a5f0c47d367432671a8ac64311acebaf9089',
    'libtensorflow_framework.so.2': 'a3891f913794521cbf2ccee52545da1af6f00523a1042ff7a7947274f8cf7537',
  },
};

/** Why this machine can't use the library of the wheel at all, or undefined. */
export function platformProblem(platform: string, arch: string, glibc: string | undefined): string | undefined {
  if (platform !== 'linux' || arch !== 'x64')
    return `there is no library for ${platform} ${arch} among the Python packages`;
  if (!glibc) return 'the library needs a Linux with glibc';
  return undefined;
}

/** The C++ compiler's command: CXX, or the first usual one that answers. */
export async function findCompiler(tools: Tools): Promise<string | undefined> {
  const named = tools.env['CXX'];
  for (const command of named ? [named] : ['g++', 'c++', 'clang++']) {
    try {
      const result = await tools.run(command, ['--version'], { env: environment(tools), timeout: 20_000 });
      if (result.code === 0) return command;
    } catch (error) {
      if (!(error instanceof tools.SetupError)) throw error;
    }
  }
  return undefined;
}

/** Where the unpacked library is kept: outside node_modules, under its checksum. */
export function libraryFolder(cache: string, release: TensorflowRelease = RELEASE): string {
  return join(cache, 'tensorflow', release.wheel);
}

/** Makes the unpacked library stand in the cache folder, from there or from the wheel. Throws with the reason if it can't. */
export async function provideLibrary(tools: Tools, say: Say, release: TensorflowRelease = RELEASE): Promise<string> {
  const folder = libraryFolder(tools.cache, release);
  if (existsSync(folder)) {
    const damaged = await damagedLibrary(folder, release);
    if (damaged === undefined) return folder;
    tools.progress.note(`${damaged} in the cache folder has a wrong checksum: it is thrown away and fetched again`);
    rmSync(folder, { recursive: true, force: true });
  }
  const scratch = `${folder}.${process.pid}.tmp`;
  rmSync(scratch, { recursive: true, force: true });
  try {
    const wheel = await fetchWheel(tools, say, join(scratch, 'wheel'), release);
    say('unpacking the TensorFlow library');
    const unpacked = join(scratch, 'unpacked');
    const script = join(tools.root, 'kernel-setup', 'python', 'unpack_wheel.py');
    const result = await tools.run(venvPython(tools.root), [script, wheel, unpacked], { env: environment(tools) });
    if (result.code !== 0) throw new Error(`the library could not be unpacked: ${lastLine(result.output)}`);
    const damaged = await damagedLibrary(unpacked, release);
    if (damaged !== undefined) throw new Error(`${damaged} has a wrong checksum after unpacking`);
    try {
      renameSync(unpacked, folder);
    } catch (error) {
      // another set-up was faster
      if (!existsSync(folder)) throw error;
    }
    return folder;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function damagedLibrary(folder: string, release: TensorflowRelease): Promise<string | undefined> {
  for (const [name, checksum] of Object.entries(release.libraries)) {
    const file = join(folder, 'lib', name);
    if (!existsSync(file) || (await sha256OfFile(file)) !== checksum) return name;
  }
  return undefined;
}

/** Downloads the wheel and checks it; a wrong one is deleted and fetched once more. */
async function fetchWheel(tools: Tools, say: Say, into: string, release: TensorflowRelease): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    mkdirSync(into, { recursive: true });
    say(attempt === 1 ? 'downloading the TensorFlow library (187 MB)' : 'downloading the TensorFlow library again');
    const result = await tools.run(
      venvPython(tools.root),
      // not kept by pip as well: what is unpacked from it is kept
      // biome-ignore format: one option per word
      ['-m', 'pip', 'download', '--no-cache-dir', '--no-deps', '--only-binary=:all:', '--progress-bar=off', '--implementation', 'cp',
        '--python-version', release.python, '--abi', `cp${release.python}`, '--platform', release.platform, '-d', into, release.requirement],
      { env: environment(tools) },
    );
    if (result.code !== 0)
      throw new Error(`the Python package index did not give ${release.requirement}: ${lastLine(result.output)}`);
    const name = readdirSync(into).find((file) => file.endsWith('.whl'));
    if (!name) throw new Error(`pip ended without a wheel of ${release.requirement}`);
    const wheel = join(into, name);
    const checksum = await sha256OfFile(wheel);
    if (checksum === release.wheel) return wheel;
    rmSync(into, { recursive: true, force: true });
    const wrong = `the downloaded ${name} has the wrong checksum (${checksum.slice(0, 12)}… instead of ${release.wheel.slice(0, 12)}…)`;
    if (attempt === 2) throw new Error(`${wrong}, twice; both files were deleted`);
    tools.progress.note(`${wrong}; it was deleted`);
  }
}

function glibcVersion(): string | undefined {
  if (process.platform !== 'linux') return undefined;
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork?: boolean };
  // without it the report looks up the names of network addresses, which can take seconds
  report.excludeNetwork = true;
  return (report.getReport() as { header?: { glibcVersionRuntime?: string } }).header?.glibcVersionRuntime;
}

/** Compiles the binding that the npm package ships as source, or takes the one compiled before, and puts both parts where Node finds them. */
export async function installFromWheel(tools: Tools, say: Say, release: TensorflowRelease = RELEASE): Promise<void> {
  const unfit = platformProblem(process.platform, process.arch, glibcVersion());
  if (unfit) throw new Error(unfit);
  const compiler = await findCompiler(tools);
  if (!compiler && !existsSync(keptBinding(tools, release)))
    throw new Error('there is no C++ compiler (Debian, Ubuntu: sudo apt-get install g++)');
  const folder = await provideLibrary(tools, say, release);
  const compiled = await compileBinding(tools, say, compiler, folder, keptBinding(tools, release));

  const places = bindingPlaces(tools.root);
  removeBinding(tools.root);
  const deps = `${places.deps}.${process.pid}.tmp`;
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(join(deps, 'lib'), { recursive: true });
  for (const file of readdirSync(join(folder, 'lib'))) symlinkSync(join(folder, 'lib', file), join(deps, 'lib', file));
  renameSync(deps, places.deps);
  mkdirSync(join(places.lib, 'napi-v8'), { recursive: true });
  // the binding comes last: without it nothing looks for the libraries
  copyFileSync(compiled, `${places.binding}.tmp`);
  renameSync(`${places.binding}.tmp`, places.binding);
}

// biome-ignore format: one option per word
const OPTIONS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding',
  '-DBUILDING_NODE_EXTENSION', '-Wl,-rpath,$ORIGIN/../../deps/lib'];

function bindingSources(root: string): string[] {
  return ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(bindingPlaces(root).package, 'binding', name));
}

/** Where the compiled binding is kept beside the library, under a key of its sources. */
function keptBinding({ root, cache }: Tools, release: TensorflowRelease): string {
  const key = sha256(JSON.stringify([OPTIONS, bindingSources(root).map(readText)])).slice(0, 16);
  return join(libraryFolder(cache, release), 'binding', `tfjs_binding-${key}.node`);
}

async function compileBinding(
  tools: Tools,
  say: Say,
  compiler: string | undefined,
  library: string,
  kept: string,
): Promise<string> {
  if (existsSync(kept)) return kept;
  // only a library that was just fetched again has lost its binding
  if (!compiler) throw new Error('there is no C++ compiler');
  say(`compiling the binding with ${compiler}`);
  const places = bindingPlaces(tools.root);
  const headers = join(tools.root, 'node_modules', 'node-api-headers', 'include');
  mkdirSync(join(library, 'binding'), { recursive: true });
  const beside = `${kept}.${process.pid}.tmp`;
  try {
    const result = await tools.run(
      compiler,
      // biome-ignore format: grouped by meaning
      [...OPTIONS, `-I${join(library, 'include')}`, `-I${headers}`, `-I${join(places.package, '..')}`, ...bindingSources(tools.root),
        `-L${join(library, 'lib')}`, '-ltensorflow', '-ltensorflow_framework', '-o', beside],
      { env: environment(tools), timeout: 600_000 },
    );
    if (result.code !== 0) throw new Error(`${compiler} could not compile the binding: ${firstError(result.output)}`);
    renameSync(beside, kept);
  } finally {
    rmSync(beside, { force: true });
  }
  return kept;
}

/** Throws away the compiled binding that is kept, so that the next attempt compiles it again. */
export function forgetBinding(cache: string, release: TensorflowRelease = RELEASE): void {
  rmSync(join(libraryFolder(cache, release), 'binding'), { recursive: true, force: true });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() ?? '';
}

function firstError(output: string): string {
  return /^.*error.*$/im.exec(output)?.[0].trim() ?? lastLine(output);
}
