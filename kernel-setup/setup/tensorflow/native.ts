import { existsSync } from 'node:fs';
import { readJson, sha256 } from '../files';
import type { Say, Summary, Tools } from '../tools';
import { bindingKey, bindingPlaces, nativeProblem, removeBinding } from './binding';
import { answers, installStock, stockAddress } from './stock';
import { findCompiler, forgetBinding, installFromWheel } from './wheel';

/** What set-up knows about native TensorFlow since it last looked. It stands inside the npm package and goes with it. */
interface Known {
  /** changes with what decides the outcome */
  readonly key: string;
  readonly backend: 'native' | 'wasm';
  readonly reason?: string;
}

/** The ways to get native TensorFlow, in their order; each throws with its reason. Tests put their own here. */
export interface Ways {
  readonly works: (tools: Tools) => Promise<string | undefined>;
  readonly stockAnswers: (tools: Tools) => Promise<boolean>;
  readonly stock: (tools: Tools) => Promise<void>;
  readonly wheel: (tools: Tools, say: Say) => Promise<void>;
  /** a word for what would have to change before another attempt makes sense */
  readonly circumstances: (tools: Tools) => Promise<string>;
}

export const WAYS: Ways = {
  works: nativeProblem,
  stockAnswers: (tools) => answers(stockAddress(tools.env), tools.env, tools.root),
  stock: installStock,
  wheel: installFromWheel,
  circumstances: async (tools) => (await findCompiler(tools)) ?? 'no compiler',
};

/**
 * Gets TensorFlow's native library to work: it already does; the package's own download; the library of the Python package with the binding
 * compiled here. If nothing leads there the project runs on WebAssembly, which one notice says.
 */
export async function tensorflowStep(tools: Tools, say: Say, retry = false, ways: Ways = WAYS): Promise<Summary> {
  const { stamp, package: folder } = bindingPlaces(tools.root);
  if (!existsSync(folder))
    throw new tools.SetupError('The npm package of TensorFlow is missing.', 'npm start -- --setup-only');
  const known = readJson(stamp) as Known | undefined;
  if (known?.backend === 'native' && known.key === bindingKey(tools.root)) return { idle: 'native' };
  if (known?.backend === 'wasm' && !retry && known.key === (await wasmKey(tools, ways))) {
    return { idle: `WebAssembly, because ${known.reason}` };
  }

  say('checking');
  const reasons: string[] = [];
  if ((await ways.works(tools)) === undefined) return settle(tools, 'it works already');

  if (await ways.stockAnswers(tools)) {
    say("the package's own download");
    if (await attempt(() => ways.stock(tools), 'the stock download')) return settle(tools, 'stock download');
  } else {
    reasons.push('the stock download does not answer');
  }

  if (await attempt(() => ways.wheel(tools, say), 'the library of the Python package'))
    return settle(tools, 'compiled here');
  removeBinding(tools.root);
  const reason = reasons.join('; ');
  const key = await wasmKey(tools, ways);
  tools.writeWhole(stamp, JSON.stringify({ key, backend: 'wasm', reason } satisfies Known));
  tools.progress.note(
    `Notice: TensorFlow runs on WebAssembly here, because ${reason}. The notebooks run all the same; cells that train networks take several times longer. After mending that: npm start -- --retry-native`,
  );
  return 'WebAssembly';

  async function attempt(install: () => Promise<void>, name: string): Promise<boolean> {
    try {
      await install();
    } catch (error) {
      if ((error as Error).name === 'Interrupted') throw error;
      reasons.push(`${name}: ${(error as Error).message}`);
      return false;
    }
    const problem = await ways.works(tools);
    if (problem === undefined) return true;
    reasons.push(`${name} was installed but does not work: ${problem}`);
    removeBinding(tools.root);
    // one that was compiled earlier may be at fault: the next attempt starts from its source
    forgetBinding(tools.cache);
    return false;
  }
}

function settle(tools: Tools, how: string): string {
  const known: Known = { key: bindingKey(tools.root), backend: 'native' };
  tools.writeWhole(bindingPlaces(tools.root).stamp, JSON.stringify(known));
  return `native (${how})`;
}

async function wasmKey(tools: Tools, ways: Ways): Promise<string> {
  return sha256(JSON.stringify([bindingKey(tools.root), process.versions.node, await ways.circumstances(tools)]));
}
