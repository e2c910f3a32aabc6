import { existsSync, readFileSync } from 'node:fs';
import { type Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { environment } from '../places';
import type { Tools } from '../tools';
import { bindingPlaces } from './binding';

const BUCKET = 'https://storage.googleapis.com/';

/** What the npm package's own installer would fetch first on this machine, from its vendor's storage. */
export function stockAddress(env: NodeJS.ProcessEnv): string {
  const base = env['TFJS_NODE_CDN_STORAGE'] || env['npm_config_TFJS_NODE_CDN_STORAGE'] || env['CDN_STORAGE'] || BUCKET;
  return `${base}tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz`;
}

/** Whether an address answers a HEAD request with success in time, through the proxy if one is set. Never throws. */
export async function answers(address: string, env: NodeJS.ProcessEnv, root: string, timeout = 8000): Promise<boolean> {
  return await new Promise<boolean>((done) => {
    let clock: NodeJS.Timeout | undefined;
    const settle = (answer: boolean): void => {
      clearTimeout(clock);
      done(answer);
    };
    try {
      const url = new URL(address);
      const secure = url.protocol === 'https:';
      const agent = secure ? proxyAgent(env, root) : undefined;
      // taken apart by hand: the agent replaces the function that makes requests by one that knows no URL objects
      const { hostname, port, pathname, search } = url;
      const target = { hostname, port, path: pathname + search, method: 'HEAD', agent };
      const request = (secure ? httpsRequest : httpRequest)(target, (response) => {
        response.resume();
        settle(response.statusCode !== undefined && response.statusCode < 400);
        request.destroy();
      });
      request.on('error', () => settle(false));
      clock = setTimeout(() => {
        settle(false);
        request.destroy();
      }, timeout);
      request.end();
    } catch {
      settle(false);
    }
  });
}

/** The proxy agent that the package's installer uses as well, so that our question takes the same way as its download. */
function proxyAgent(env: NodeJS.ProcessEnv, root: string): Agent | undefined {
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'] || env['HTTP_PROXY'] || env['http_proxy'];
  if (!proxy) return undefined;
  const requireThere = createRequire(join(bindingPlaces(root).package, 'package.json'));
  const HttpsProxyAgent = requireThere('https-proxy-agent') as new (proxy: string) => Agent;
  return new HttpsProxyAgent(proxy);
}

/** Runs the npm package's own install script: it downloads the library and a compiled binding. Throws with the reason if it fails. */
export async function installStock(tools: Tools): Promise<void> {
  const places = bindingPlaces(tools.root);
  const manifest = join(places.package, 'package.json');
  // the script rewrites this file for a moment
  const original = readFileSync(manifest, 'utf8');
  const bin = join(tools.root, 'node_modules', '.bin');
  const env = environment(tools);
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  env[pathName] = `${bin}${delimiter}${env[pathName] ?? ''}`;
  try {
    const result = await tools.run(process.execPath, [join('scripts', 'install.js'), 'cpu', 'download'], {
      cwd: places.package,
      env,
      timeout: 900_000,
    });
    if (result.code !== 0 || !existsSync(places.binding)) {
      throw new Error(`its install script failed: ${result.output.trim().split('\n').at(-1) ?? ''}`);
    }
  } finally {
    if (readFileSync(manifest, 'utf8') !== original) tools.writeWhole(manifest, original);
  }
}
