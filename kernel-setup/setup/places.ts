import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Tools } from './tools';

type Place = Pick<Tools, 'root' | 'cache' | 'env'>;

export const KERNEL_NAME = 'lecture-lab';

/** The project-local Python environment. */
export function venvFolder(root: string): string {
  return join(root, '.venv');
}

/** The Python of the project-local environment. */
export function venvPython(root: string): string {
  return process.platform === 'win32'
    ? join(venvFolder(root), 'Scripts', 'python.exe')
    : join(venvFolder(root), 'bin', 'python');
}

/** Where the kernel is registered: inside the project's Python environment and nowhere else. */
export function kernelspecFolder(root: string): string {
  return join(venvFolder(root), 'share', 'jupyter', 'kernels', KERNEL_NAME);
}

/** The program that Jupyter starts as our kernel. */
export function kernelProgram(root: string): string {
  return join(root, 'kernel-setup', 'dist', 'kernel', 'main.js');
}

/**
 * The environment of every program that we start: whatever Jupyter, pip, npm and IPython would write into the home folder goes to the
 * cache folder, and Python sees nothing but the project's packages.
 */
export function environment({ root, cache, env }: Place): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...env };
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'JUPYTER_PATH', 'JUPYTER_CONFIG_PATH', 'JUPYTERLAB_DIR'])
    delete own[name];
  // pip asks rustc for its version, and rustup answers by making a folder in the home of whoever has none
  if (!own['RUSTUP_HOME'] && !existsSync(join(homedir(), '.rustup'))) own['RUSTUP_HOME'] = join(cache, 'rustup');
  return {
    ...own,
    LECTURE_LAB_ROOT: root,
    LECTURE_LAB_CACHE: cache,
    npm_config_cache: join(cache, 'npm'),
    PIP_CACHE_DIR: join(cache, 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_USER: '0',
    PYTHONNOUSERSITE: '1',
    JUPYTER_CONFIG_DIR: join(cache, 'jupyter', 'config'),
    JUPYTER_DATA_DIR: join(cache, 'jupyter', 'data'),
    JUPYTER_RUNTIME_DIR: join(cache, 'jupyter', 'runtime'),
    IPYTHONDIR: join(cache, 'ipython'),
  };
}
