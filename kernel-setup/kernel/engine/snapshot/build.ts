// Run by `node --build-snapshot`: loads the engine, lets it check a few cells, and leaves the rest to V8, which writes the whole heap to
// a file. Such a script can import nothing but Node's own modules, so it brings its own way to load files; the functions that it makes
// must come from `new Function`, for V8 can't write those of Node's loader. It has `require`, but no `exports`: see snapshot.ts.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { startupSnapshot } from 'node:v8';
import type { EngineData, Operations } from '../protocol';
import type { Answer, Call } from '../serve';

interface Loaded {
  exports: unknown;
}
const loaded: Record<string, Loaded> = {};

function load(file: string): unknown {
  const known = loaded[file];
  if (known) return known.exports;
  const module: Loaded = { exports: {} };
  loaded[file] = module;
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.json')) module.exports = JSON.parse(text);
  else {
    const own = (request: string): unknown => {
      const found = find(request, dirname(file));
      return found === undefined ? require(request) : load(found);
    };
    const requireFrom = Object.assign(own, {
      cache: loaded,
      resolve: (request: string) => find(request, dirname(file)),
    });
    const body = new Function('exports', 'require', 'module', '__filename', '__dirname', text);
    body(module.exports, requireFrom, module, file, dirname(file));
  }
  return module.exports;
}

/** The file that a request means, undefined for a module of Node's. */
function find(request: string, folder: string): string | undefined {
  if (/^\.{0,2}\//.test(request)) return fileAt(resolve(folder, request));
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const found = fileAt(join(at, 'node_modules', request));
    if (found !== undefined) return found;
  }
  return undefined;
}

function fileAt(path: string): string | undefined {
  const description = join(path, 'package.json');
  if (existsSync(description)) {
    const { main = 'index.js' } = JSON.parse(readFileSync(description, 'utf8')) as { main?: string };
    return fileAt(join(path, main));
  }
  return ['', '.js', '.json'].map((end) => path + end).find((file) => existsSync(file) && statSync(file).isFile());
}

const data = JSON.parse(process.env['LECTURE_LAB_ENGINE']!) as EngineData;
const engineFolder = resolve(process.env['LECTURE_LAB_ENGINE_CODE']!);
process.chdir(data.root);
loaded[join(engineFolder, 'code-cache.js')] = {
  exports: { loadThroughCache: (file: string) => ({ exports: load(file), save: () => undefined }) },
};
const { Converter } = load(join(engineFolder, 'converter.js')) as {
  Converter: new (data: EngineData) => Operations & { warmUp(): void };
};
const { serve } = load(join(engineFolder, 'serve.js')) as { serve(engine: Operations, call: Call): Answer };
const engine = new Converter(data);
engine.warmUp();

startupSnapshot.setDeserializeMainFunction(() => {
  const tell = (answer: Answer): void => void process.send!(answer);
  process.on('SIGINT', () => undefined); // interrupts of the kernel's terminal
  process.on('disconnect', () => process.exit()); // the kernel has ended
  process.on('message', (call: Call) => tell(serve(engine, call)));
  tell({ ready: true });
});
