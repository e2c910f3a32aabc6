import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Catalogued } from './catalogue';
import { forPages, librarySources } from './library';

/** What a page carries so that its figures can be computed in it. */
export interface WorkerBundle {
  /** the script of the worker */
  readonly script: string;
  /** data files by name, as base64 */
  readonly files: Readonly<Record<string, string>>;
  /** whether it runs WebAssembly, which the page's policy must then allow */
  readonly wasm: boolean;
}

/** The binary of TensorFlow that pages run: every browser since 2023 has SIMD, and pages from disk have no threads. */
const TENSORFLOW_BINARY = 'tfjs-backend-wasm-simd.wasm';

/**
 * Bundles figures, their models and what computes them into one script for a Web Worker. Data files go with it whose
 * names stand in it.
 */
export async function bundleWorker(figures: readonly Catalogued[]): Promise<WorkerBundle> {
  const lib = librarySources();
  const names = figures.map((_, i) => `figure${i}`);
  const entry = [
    `import { serveFigures } from 'lecture-lab/figure/worker/serve';`,
    ...figures.map(({ module, name }, i) => `import { ${name} as ${names[i]} } from '${module}';`),
    `serveFigures([${names.join(', ')}], self);`,
  ].join('\n');
  const { outputFiles, metafile } = await build({
    stdin: { contents: entry, resolveDir: lib, sourcefile: 'worker.ts', loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: ['es2022'],
    // a function, so that the script can start workers of itself: it knows its own text (lib/parallel/page.ts)
    banner: { js: 'self.lectureLabScript=function(){' },
    footer: { js: '};self.lectureLabScript()' },
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [forPages],
  });
  const script = outputFiles[0]!.text;
  const inputs = Object.keys(metafile.inputs);
  const tensorflow = inputs.some((input) => input.includes('@tensorflow/tfjs-backend-wasm'));
  const wasm = tensorflow || inputs.some((input) => input.endsWith('.wasm.js'));
  const files = new Map<string, string>();
  if (tensorflow) files.set(TENSORFLOW_BINARY, base64(tensorflowBinary()));
  for (const [name, file] of dataFiles(lib)) if (script.includes(name)) files.set(name, base64(file));
  return { script, files: Object.fromEntries(files), wasm };
}

/** The data files of the library. */
function dataFiles(lib: string): [name: string, file: string][] {
  const folder = path.join(lib, 'data');
  const data = readdirSync(folder).filter((name) => /\.(bin|json|csv)(\.gz)?$/.test(name));
  return data.map((name) => [name, path.join(folder, name)]);
}

function tensorflowBinary(): string {
  const file = require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${TENSORFLOW_BINARY}`);
  if (!existsSync(file)) throw new Error(`${TENSORFLOW_BINARY} is missing: run npm ci`);
  return file;
}

const base64 = (file: string): string => readFileSync(file).toString('base64');
