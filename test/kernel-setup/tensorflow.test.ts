import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { bindingPlaces, nativeProblem } from '../../kernel-setup/setup/tensorflow/binding';
import { tensorflowStep, type Ways } from '../../kernel-setup/setup/tensorflow/native';
import { answers, installStock, stockAddress } from '../../kernel-setup/setup/tensorflow/stock';
import {
  libraryFolder,
  platformProblem,
  provideLibrary,
  RELEASE,
  type TensorflowRelease,
} from '../../kernel-setup/setup/tensorflow/wheel';
import { contents, failure, fakeVenv, PROJECT, temporaryFolder, tools, write } from './support';

/** A project whose tfjs-node package has no binding yet. */
async function project(env: NodeJS.ProcessEnv = {}): ReturnType<typeof tools> {
  const root = temporaryFolder();
  const cache = join(root, 'cache');
  write(root, 'node_modules/@tensorflow/tfjs-node/package.json', { name: '@tensorflow/tfjs-node', main: 'index.js' });
  fakeVenv(root);
  return await tools({ root, cache, env: { ...process.env, LECTURE_LAB_CACHE: cache, ...env } });
}

/** Ways that note their order. `working` is the way after which the binding works; the ways before it fail. */
function ways(working: 'already' | 'stock' | 'wheel' | 'none', answering = true): { ways: Ways; tried: string[] } {
  const tried: string[] = [];
  let works = working === 'already';
  return {
    tried,
    ways: {
      works: async () => {
        tried.push('check');
        return works ? undefined : 'no binding';
      },
      stockAnswers: async () => {
        tried.push('ask');
        return answering;
      },
      stock: async () => {
        tried.push('stock');
        works = working === 'stock';
        if (!works) throw new Error('the download broke off');
      },
      wheel: async () => {
        tried.push('wheel');
        works = working === 'wheel';
        if (!works) throw new Error('there is no C++ compiler');
      },
      circumstances: async () => 'as always',
    },
  };
}

describe('getting native TensorFlow', () => {
  const orders: [Parameters<typeof ways>, string, string][] = [
    [['already'], 'check', 'native (it works already)'],
    [['stock'], 'check ask stock check', 'native (stock download)'],
    [['wheel'], 'check ask stock wheel check', 'native (compiled here)'],
    [['wheel', false], 'check ask wheel check', 'native (compiled here)'],
    [['none', false], 'check ask wheel', 'WebAssembly'],
  ];
  for (const [args, order, summary] of orders)
    it(`in order, as far as needed: ${order}`, async () => {
      const own = await project();
      const { ways: these, tried } = ways(...args);
      expect(await tensorflowStep(own, own.say, false, these)).to.equal(summary);
      expect(tried.join(' ')).to.equal(order);
    });

  it('is remembered', async () => {
    const own = await project();
    await tensorflowStep(own, own.say, false, ways('stock').ways);
    const { ways: these, tried } = ways('stock');
    expect(await tensorflowStep(own, own.say, false, these)).to.deep.equal({ idle: 'native' });
    expect(tried).to.deep.equal([]);
  });

  it('is checked again when the binding was replaced', async () => {
    const own = await project();
    await tensorflowStep(own, own.say, false, ways('already').ways);
    write(own.root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', 'another');
    const { ways: these, tried } = ways('already');
    await tensorflowStep(own, own.say, false, these);
    expect(tried).to.deep.equal(['check']);
  });

  it('is checked again when the cache folder with its libraries was emptied', async () => {
    const own = await project();
    const lib = join(bindingPlaces(own.root).deps, 'lib');
    write(own.cache, 'libtensorflow.so', 'library');
    mkdirSync(lib, { recursive: true });
    symlinkSync(join(own.cache, 'libtensorflow.so'), join(lib, 'libtensorflow.so'));
    await tensorflowStep(own, own.say, false, ways('already').ways);
    rmSync(own.cache, { recursive: true });
    const { ways: these, tried } = ways('wheel', false);
    expect(await tensorflowStep(own, own.say, false, these)).to.equal('native (compiled here)');
    expect(tried.join(' ')).to.equal('check ask wheel check');
  });

  it('gives one notice with the reasons when nothing works, and leaves no half of a binding', async () => {
    const own = await project();
    write(own.root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', 'half');
    write(own.root, 'node_modules/@tensorflow/tfjs-node/deps/lib/libtensorflow.so', 'half');
    await tensorflowStep(own, own.say, false, ways('none').ways);
    expect(own.notes).to.have.length(1);
    expect(own.notes[0]).to.match(
      /^Notice: TensorFlow runs on WebAssembly here, because the stock download: the download broke off; the library of the Python package: there is no C\+\+ compiler\. .*npm start -- --retry-native$/,
    );
    expect(existsSync(bindingPlaces(own.root).lib)).to.equal(false);
    expect(existsSync(bindingPlaces(own.root).deps)).to.equal(false);
  });

  it('that failed is tried again only when asked for or when something changed', async () => {
    const own = await project();
    await tensorflowStep(own, own.say, false, ways('none').ways);

    const same = ways('none');
    const idle = await tensorflowStep(own, own.say, false, same.ways);
    expect(idle)
      .to.have.property('idle')
      .that.matches(/^WebAssembly, because .*no C\+\+ compiler$/);
    expect(same.tried).to.deep.equal([]);
    expect(own.notes).to.have.length(1);

    const asked = ways('wheel', false);
    expect(await tensorflowStep(own, own.say, true, asked.ways)).to.equal('native (compiled here)');
    const other = await project();
    await tensorflowStep(other, other.say, false, ways('none').ways);
    const changed = { ...ways('wheel', false).ways, circumstances: async () => 'a compiler came' };
    expect(await tensorflowStep(other, other.say, false, changed)).to.equal('native (compiled here)');
  });

  it('that installs but does not work goes on to the next way', async () => {
    const own = await project();
    const { ways: these, tried } = ways('wheel');
    expect(
      await tensorflowStep(own, own.say, false, { ...these, stock: async () => void tried.push('stock') }),
    ).to.equal('native (compiled here)');
    expect(tried.join(' ')).to.equal('check ask stock check wheel check');
  });

  it('stops for Ctrl-C instead of falling back', async () => {
    const own = await project();
    const interrupted = Object.assign(new Error('interrupted'), { name: 'Interrupted' });
    const these = { ...ways('none').ways, stock: () => Promise.reject(interrupted) };
    expect(await failure(() => tensorflowStep(own, own.say, false, these))).to.equal(interrupted);
    expect(existsSync(bindingPlaces(own.root).stamp)).to.equal(false);
  });
});

describe('checking native TensorFlow', () => {
  const packages: [name: string, code: string, problem: RegExp][] = [
    [
      'a binding that throws',
      "throw new Error('libtensorflow.so.2: cannot open shared object file')",
      /cannot open shared object file/,
    ],
    ['a library that ends the process', 'process.abort()', /^it ended the process that loaded it \(SIGABRT\)$/],
    ['wrong numbers', 'exports.matMul = () => ({ dataSync: () => [1, 2, 3, 4] })', /matMul gave 1,2,3,4/],
  ];
  for (const [name, code, problem] of packages)
    it(`survives ${name}`, async () => {
      const own = await project();
      write(own.root, 'node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node', '');
      write(own.root, 'node_modules/@tensorflow/tfjs-node/index.js', code);
      expect(await nativeProblem(own)).to.match(problem);
    });

  it('says that there is none', async () => {
    expect(await nativeProblem(await project())).to.equal('its compiled binding is not there');
  });
});

describe('the stock download', () => {
  async function serving<T>(
    handle: Parameters<typeof createServer>[1],
    work: (address: string) => Promise<T>,
  ): Promise<T> {
    const server = createServer(handle!);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    } finally {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  it('is used only if its server answers a HEAD request in time', async () => {
    const methods: (string | undefined)[] = [];
    const answer = (status: number) =>
      serving(
        (request, response) => {
          methods.push(request.method);
          response.writeHead(status).end();
        },
        (address) => answers(address, {}, PROJECT),
      );
    expect(await answer(200)).to.equal(true);
    expect(await answer(404)).to.equal(false);
    expect(await answer(403)).to.equal(false);
    expect(methods).to.deep.equal(['HEAD', 'HEAD', 'HEAD']);
    const silent = await serving(
      () => undefined,
      (address) => answers(address, {}, PROJECT, 100),
    );
    expect(silent).to.equal(false);
    expect(await answers('http://127.0.0.1:9/', {}, PROJECT)).to.equal(false);
    expect(await answers('not an address', {}, PROJECT)).to.equal(false);
  });

  it('asks the proxy where one is set', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer();
    server.on('connect', (request, socket) => {
      asked.push(request.url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await answers('https://storage.invalid/file', { HTTPS_PROXY: proxy }, PROJECT, 2000)).to.equal(false);
    await new Promise((done) => server.close(done));
    expect(asked).to.deep.equal(['storage.invalid:443']);
  });

  it('honours a mirror that the package knows', () => {
    expect(stockAddress({ TFJS_NODE_CDN_STORAGE: 'http://mirror/' })).to.match(
      /^http:\/\/mirror\/tensorflow\/libtensorflow\//,
    );
  });

  it('that fails leaves the package as it was', async () => {
    const own = await project();
    const manifest = join(own.root, 'node_modules/@tensorflow/tfjs-node/package.json');
    const before = readFileSync(manifest, 'utf8');
    write(
      own.root,
      'node_modules/@tensorflow/tfjs-node/scripts/install.js',
      "require('fs').writeFileSync('package.json', '{}'); process.exit(1)",
    );
    const { message } = await failure(() => installStock(own));
    expect(message).to.match(/^its install script failed/);
    expect(readFileSync(manifest, 'utf8')).to.equal(before);
  });
});

describe('the library of the Python package', () => {
  const checksum = (text: string): string => createHash('sha256').update(text).digest('hex');
  const release: TensorflowRelease = {
    ...RELEASE,
    wheel: checksum('right'),
    libraries: { 'libfake.so': checksum('right') },
  };
  const downloads = (cache: string): number => Number(readFileSync(join(cache, 'downloads'), 'utf8'));

  it('is fetched once, and kept in the cache folder under its checksum', async () => {
    const own = await project({ PYTHON_FAKE_WHEELS: 'right' });
    const folder = await provideLibrary(own, own.say, release);
    expect(folder).to.equal(libraryFolder(own.cache, release));
    expect(folder).to.contain(checksum('right'));
    expect(readFileSync(join(folder, 'lib', 'libfake.so'), 'utf8')).to.equal('right');
    await provideLibrary(own, own.say, release);
    expect(downloads(own.cache)).to.equal(1);
    expect(readdirSync(join(own.cache, 'tensorflow')), 'the wheel itself is not kept').to.deep.equal([release.wheel]);
  });

  it('with a wrong checksum is deleted, fetched again, then given up with a clear error; nothing of it stays', async () => {
    const own = await project({ PYTHON_FAKE_WHEELS: 'wrong' });
    const { message } = await failure(() => provideLibrary(own, own.say, release));
    expect(message).to.equal(
      `the downloaded tensorflow-fake.whl has the wrong checksum (${checksum('wrong').slice(0, 12)}… instead of ${checksum('right').slice(0, 12)}…), twice; both files were deleted`,
    );
    expect(downloads(own.cache)).to.equal(2);
    expect(contents(join(own.cache, 'tensorflow'))).to.deep.equal([]);
  });

  it('with a wrong checksum once is replaced by a right one', async () => {
    const own = await project({ PYTHON_FAKE_WHEELS: 'wrong|right' });
    await provideLibrary(own, own.say, release);
    expect(own.notes).to.have.length(1);
    expect(own.notes[0]).to.match(/has the wrong checksum .*; it was deleted$/);
    expect(downloads(own.cache)).to.equal(2);
  });

  it('that was damaged in the cache folder is fetched again', async () => {
    const own = await project({ PYTHON_FAKE_WHEELS: 'right' });
    const folder = await provideLibrary(own, own.say, release);
    write(folder, 'lib/libfake.so', 'rigth');
    await provideLibrary(own, own.say, release);
    expect(own.notes).to.deep.equal([
      'libfake.so in the cache folder has a wrong checksum: it is thrown away and fetched again',
    ]);
    expect(readFileSync(join(folder, 'lib', 'libfake.so'), 'utf8')).to.equal('right');
  });

  it('is for Linux on x86-64 with glibc', () => {
    expect(platformProblem('linux', 'x64', '2.36')).to.equal(undefined);
    expect(platformProblem('linux', 'arm64', '2.36')).to.equal(
      'there is no library for linux arm64 among the Python packages',
    );
    expect(platformProblem('darwin', 'arm64', undefined)).to.match(/darwin arm64/);
    expect(platformProblem('linux', 'x64', undefined)).to.match(/glibc/);
  });
});
