import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { kernelspecProblem } from '../setup/jupyter-files';
import { libraryFile, recordProblem, trial } from '../setup/openblas';
import { environment, KERNEL_NAME, venvPython } from '../setup/places';
import { pythonEnvironmentProblem } from '../setup/python-environment';
import { nativeProblem } from '../setup/tensorflow/binding';
import type { Tools } from '../setup/tools';
import { broken, type Finding, type Link, ok, optional, SET_UP } from './link';

/** The links of the chain after the ones that bootstrap looked at: see environment.md. */
export const LINKS: readonly Link[] = [
  { name: 'TensorFlow', needs: ['npm packages'], check: tensorflow },
  { name: 'Python environment', check: pythonEnvironment },
  { name: 'OpenBLAS', needs: ['npm packages', 'Python environment'], check: openblas },
  { name: 'kernel registration', needs: ['Python environment'], check: kernelRegistration },
  { name: 'Vega', needs: ['npm packages'], check: vega },
  { name: 'a notebook of one cell', needs: ['kernel registration'], check: oneCell },
  { name: 'browser', check: browser },
];

const lastLine = (output: string): string => output.trim().split('\n').at(-1)?.trim() ?? '';

async function tensorflow(tools: Tools): Promise<Finding> {
  const problem = await nativeProblem(tools);
  if (problem === undefined) return ok('native');
  const wasm = await tools.run(process.execPath, ['-e', WASM_PROBE], {
    cwd: tools.root,
    env: environment(tools),
    timeout: 60_000,
  });
  if (wasm.code !== 0 || !wasm.output.includes('wasm works')) {
    return broken(`neither native (${problem}) nor WebAssembly works: ${lastLine(wasm.output)}`, SET_UP);
  }
  return optional(
    `WebAssembly works, native does not (${problem}): training takes longer`,
    'install a C++ compiler if there is none (Debian, Ubuntu: sudo apt-get install g++), then npm start -- --retry-native',
  );
}

const WASM_PROBE = `
const path = require('node:path');
const { createRequire } = require('node:module');
const fromLib = createRequire(path.resolve('lib', 'package.json'));
const tf = fromLib('@tensorflow/tfjs-core');
require(fromLib.resolve('@tensorflow/tfjs-backend-cpu'));
const wasm = fromLib('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(path.dirname(fromLib.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm')) + path.sep);
tf.setBackend('wasm').then((worked) => {
  const product = tf.matMul(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[5, 6], [7, 8]])).dataSync();
  if (!worked || product.join() !== '19,22,43,50') throw new Error('matMul gave ' + product.join());
  console.log('wasm works');
});
`;

/** OpenBLAS comes with a Python package and is called through koffi; TypeScript replaces it, so it counts as optional. */
async function openblas(tools: Tools): Promise<Finding> {
  const absent = (what: string, fix: string): Finding =>
    optional(`${what}: linear algebra runs in TypeScript, large matrices take many times longer`, fix);
  const file = libraryFile(tools.root);
  if (!file) return absent('not installed', `delete the folder .venv, then ${SET_UP}`);
  const problem = await trial(tools, file);
  if (problem) return absent(`it does not work (${problem})`, `delete the folder .venv, then ${SET_UP}`);
  const noted = recordProblem(tools.root);
  if (noted) return absent(`it works, but is not in use: ${noted}`, SET_UP);
  if (tools.env['LECTURE_LAB_BLAS'] === 'off')
    return absent('it works, but is switched off', 'take LECTURE_LAB_BLAS=off out of the environment');
  return ok('native');
}

async function pythonEnvironment(tools: Tools): Promise<Finding> {
  const problem = pythonEnvironmentProblem(tools.root);
  if (problem) return broken(problem, SET_UP);
  const folder = join(tools.root, 'kernel-setup', 'python');
  const result = await tools.run(
    venvPython(tools.root),
    [join(folder, 'versions.py'), join(folder, 'requirements.in')],
    {
      env: environment(tools),
      timeout: 60_000,
    },
  );
  if (result.code !== 0)
    return broken(lastLine(result.output), 'delete the folder .venv, then npm start -- --setup-only');
  return ok(lastLine(result.output));
}

function kernelRegistration({ root }: Tools): Finding {
  const problem = kernelspecProblem(root);
  return problem ? broken(problem, SET_UP) : ok(`"TypeScript (Lecture Lab)" in .venv`);
}

interface VegaLite {
  compile(spec: object): { spec: object };
}
interface Vega {
  version: string;
  parse(spec: object): unknown;
  View: new (runtime: unknown, options: object) => { toSVG(): Promise<string>; finalize(): void };
}

async function vega({ root }: Tools): Promise<Finding> {
  const fromLib = createRequire(join(root, 'lib', 'package.json'));
  const vegaLite = fromLib('vega-lite') as VegaLite;
  const engine = fromLib('vega') as Vega;
  const { spec } = vegaLite.compile({
    data: { values: [{ name: 'a', height: 1 }] },
    mark: 'bar',
    encoding: { x: { field: 'name', type: 'nominal' }, y: { field: 'height', type: 'quantitative' } },
  });
  const view = new engine.View(engine.parse(spec), { renderer: 'none' });
  try {
    const svg = await view.toSVG();
    if (!/<path[^>]*aria-roledescription="bar"/.test(svg))
      return broken('a chart of one bar was drawn without its bar', SET_UP);
    return ok(`vega ${engine.version} draws a bar`);
  } finally {
    view.finalize();
  }
}

async function oneCell(tools: Tools): Promise<Finding> {
  const script = join(tools.root, 'kernel-setup', 'python', 'one_cell.py');
  const result = await tools.run(venvPython(tools.root), [script, KERNEL_NAME], {
    cwd: tools.root,
    env: environment(tools),
    timeout: 150_000,
  });
  if (result.code === 0 && result.output.includes('one cell ran')) return ok('it ran on the kernel');
  const why = result.timedOut ? 'it did not end in time' : lastLine(result.output);
  return broken(
    `it failed on the kernel: ${why}`,
    'npm run build; if that changes nothing, environment.md says how to see what the kernel prints',
  );
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'firefox', 'microsoft-edge'];

function browser({ env }: Tools): Finding {
  if (process.platform !== 'linux') return ok('the one that the system opens');
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const found = BROWSERS.find((name) => folders.some((folder) => existsSync(join(folder, name))));
  if (found) return ok(found);
  return optional(
    'none found on this machine; open the address that npm start prints in a browser of another kind, or through a tunnel',
    'Debian: sudo apt-get install chromium (the tests of JupyterLab and of the handouts need it)',
  );
}
