import { mkdirSync } from 'node:fs';
import { choosePort, HOST, runLab } from './jupyter';
import { jupyterFilesStep } from './jupyter-files';
import { openblasStep } from './openblas';
import { startOptions } from './options';
import { environment } from './places';
import { pythonEnvironmentStep } from './python-environment';
import { tensorflowStep } from './tensorflow/native';
import type { Tools } from './tools';

/** Everything after the npm packages and the build: Python, OpenBLAS, TensorFlow, the kernel. Gives the environment to run the rest in. */
export async function prepare(tools: Tools, retryNative = false): Promise<NodeJS.ProcessEnv> {
  mkdirSync(tools.cache, { recursive: true });
  const { progress } = tools;
  await progress.step('Python environment', (say) => pythonEnvironmentStep(tools, say));
  await progress.step('OpenBLAS', (say) => openblasStep(tools, say));
  await progress.step('TensorFlow', (say) => tensorflowStep(tools, say, retryNative));
  await progress.step('kernel', () => jupyterFilesStep(tools));
  return environment(tools);
}

/** `npm start`: sets up what is missing, then runs JupyterLab. Gives the exit code. */
export async function start(tools: Tools, args: readonly string[]): Promise<number> {
  const options = startOptions(args, tools.SetupError);
  // asked for early: nobody should wait for a set-up only to hear that the port is taken
  if (options.port !== undefined && !options.setupOnly) await choosePort(options.port, tools.SetupError);
  await prepare(tools, options.retryNative);
  if (options.setupOnly) {
    tools.progress.note('Set-up is complete. `npm start` opens JupyterLab.');
    return 0;
  }
  const port = await choosePort(options.port, tools.SetupError);
  tools.progress.note(
    `JupyterLab on http://${HOST}:${port}, its address with the access token follows. Ctrl-C ends it.`,
  );
  return await runLab(tools, port, options.browser);
}
