import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client, contents, isStock, plain, result, root } from './client';

const main = join(root, 'kernel-setup', 'dist', 'kernel', 'main.js');

describe('the life of a kernel', function () {
  this.timeout(40_000);
  let kernel: Client | undefined;
  afterEach(async () => {
    await kernel?.stop();
    kernel = undefined;
  });

  it('stops a cell that fills the heap, says so, and keeps the state (stock: dies, the front-end waits)', async () => {
    kernel = await Client.start({ env: { NODE_OPTIONS: '--max-old-space-size=400' } });
    await kernel.run('const kept = 42;');
    for (const way of ['a.push({ x: Math.random(), y: [1, 2, 3] })', 'a.push(new Array(100_000).fill(1.5))']) {
      const answer = await kernel.run(`const a: unknown[] = []; while (true) ${way};`, {}, 25_000);
      const [error] = contents(answer, 'error');
      expect(error?.ename).to.equal('OutOfMemory');
      expect(error.evalue).to.match(/more memory than the kernel may use \(0\.\d GB\)/);
      expect(result(await kernel.run('kept'))).to.equal('42');
    }
  });

  it('reports a cell that fills the heap in one step (stock: dies, the front-end waits)', async () => {
    kernel = await Client.start({ env: { NODE_OPTIONS: '--max-old-space-size=150' } });
    const waiting = kernel.sendCell('const big = new Array(60_000_000).fill(0).map((_, i) => ({ i })); big.length');
    const next = kernel.sendCell('1');
    const answer = await kernel.answer(waiting, 20_000);
    const [error] = contents(answer, 'error');
    expect(error.ename).to.be.oneOf(['KernelDied', 'OutOfMemory']);
    expect(error.evalue).to.contain('memory');
    expect((await kernel.answer(next)).reply.status).to.equal('aborted');
  });

  it('reports a cell that takes the process down (stock: dies, the front-end waits)', async () => {
    kernel = await Client.start();
    const count = (await kernel.run('1')).reply.execution_count as number;
    const answer = await kernel.run("process.kill(process.pid, 'SIGKILL')");
    const [error] = contents(answer, 'error');
    expect(error.ename).to.equal('KernelDied');
    expect(error.evalue).to.contain('the system ended it (SIGKILL)').and.to.contain('All variables are gone');
    expect(answer.reply).to.include({ status: 'error', execution_count: count + 1 });
    await kernel.until(() => kernel!.exited, 5000, 'the end of the process');
  });

  for (const restart of [false, true]) {
    it(`ends when asked to, restart ${restart}, also in the middle of a loop (stock: not in a loop)`, async () => {
      kernel = await Client.start();
      kernel.sendCell('console.log("running"); while (true) {}');
      await kernel.until(() => kernel!.published.some(({ content }) => content.text === 'running\n'));
      expect(await kernel.ask('shutdown_request', { restart }, 'control')).to.deep.equal({ status: 'ok', restart });
      await kernel.until(() => kernel!.exited, 5000, 'the end of the process');
      expect(kernel.process.exitCode).to.equal(0);
      expect(kernel.stderr).to.equal('');
    });
  }

  it('ends when the Jupyter that started it has died (stock: runs for ever)', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = mkdtempSync(join(tmpdir(), 'lecture-lab-parent-'));
    const ports = { shell_port: 0, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0 };
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify({ ...ports, ip: '127.0.0.1', transport: 'tcp', key: 'k' }));
    // a parent that starts a kernel, says its process id, and is then killed
    const code = `const { spawn } = require('node:child_process');
      const kernel = spawn(process.execPath, ${JSON.stringify([main, file])}, { detached: true, stdio: 'ignore', env: { ...process.env, JPY_PARENT_PID: String(process.pid) } });
      console.log(kernel.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] });
    const pid = await new Promise<number>((resolve) => parent.stdout.on('data', (text) => resolve(Number(text))));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(alive(pid)).to.equal(true);
    parent.kill('SIGKILL');
    for (let i = 0; i < 80 && alive(pid); i++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alive(pid)).to.equal(false);
    rmSync(folder, { recursive: true });
  });

  it('starts from a snapshot once one is made, and on a thread where it is not good', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'lecture-lab-snapshot-'));
    const snapshots = (end: string): string[] =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter(
        (name) => name.startsWith(join('kernel', 'engine-')) && name.endsWith(end),
      );
    const start = (): Promise<Client> => Client.start({ env: { LECTURE_LAB_CACHE: cache } });
    try {
      kernel = await start();
      expect(result(await kernel.run('1 + 1', {}, 20_000))).to.equal('2');
      while (snapshots('.blob').length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      await kernel.stop();

      kernel = await start();
      const cell = "import { existsSync } from 'node:fs';\nconst here: boolean = existsSync('.');\nhere";
      expect(result(await kernel.run(cell, {}, 20_000))).to.equal('true');
      const wrong = await kernel.run('const n: number = "a";');
      expect(wrong.reply.evalue).to.contain('TS2322');
      expect(snapshots('.failed'), 'it was used').to.deep.equal([]);
      await kernel.stop();

      writeFileSync(join(cache, snapshots('.blob')[0]!), 'spoilt');
      kernel = await start();
      expect(result(await kernel.run('1 + 1', {}, 20_000))).to.equal('2');
      expect(snapshots('.blob'), 'it is out of the way').to.deep.equal([]);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  }).timeout(90_000);

  it('says in one line that the messaging library is missing', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lecture-lab-zmq-'));
    const preload = join(folder, 'no-zeromq.cjs');
    writeFileSync(
      preload,
      `const Module = require('node:module'); const load = Module._load;
       Module._load = function (id, ...rest) { if (id === 'zeromq') throw new Error('libzmq.so: cannot open'); return load.call(this, id, ...rest); };`,
    );
    const file = join(folder, 'connection.json');
    writeFileSync(
      file,
      JSON.stringify({ shell_port: 0, iopub_port: 0, stdin_port: 0, control_port: 0, hb_port: 0, key: '' }),
    );
    const { stderr, status } = spawnSync(process.execPath, [main, file], {
      encoding: 'utf8',
      timeout: 10_000,
      env: { ...process.env, NODE_OPTIONS: `--require ${preload}` },
    });
    expect(status).to.equal(1);
    expect(stderr.trim().split('\n')).to.have.length(1);
    expect(stderr)
      .to.contain('zeromq does not load')
      .and.to.contain('libzmq.so: cannot open')
      .and.to.contain('npm run doctor');
    rmSync(folder, { recursive: true });
  });

  it('says in one line that a port is taken', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lecture-lab-port-'));
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const ports = {
      shell_port: (server.address() as { port: number }).port,
      iopub_port: 0,
      stdin_port: 0,
      control_port: 0,
      hb_port: 0,
    };
    const file = join(folder, 'connection.json');
    writeFileSync(file, JSON.stringify({ ...ports, key: '' }));
    const { stderr, status } = spawnSync(process.execPath, [main, file], { encoding: 'utf8', timeout: 10_000 });
    server.close();
    expect(status).to.equal(1);
    expect(stderr).to.match(/^Lecture Lab kernel: .*in use.*\n$/);
    rmSync(folder, { recursive: true });
  });

  it('says in one line what is wrong with the connection file', () => {
    const missing = spawnSync(process.execPath, [main, join(tmpdir(), 'no-such-connection.json')], {
      encoding: 'utf8',
      timeout: 10_000,
    });
    expect(missing.status).to.equal(1);
    expect(missing.stderr.trim().split('\n')).to.have.length(1);
    expect(missing.stderr).to.contain('cannot read the connection file');
    const none = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 10_000 });
    expect(none.status).to.equal(2);
  });
});

describe('danfojs without native TensorFlow', function () {
  this.timeout(60_000);
  it('works in a cell (stock: cannot find the native library)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lecture-lab-danfo-'));
    const preload = join(folder, 'no-native.cjs');
    // as if the library had not been installed: neither there to be seen nor to be loaded
    writeFileSync(
      preload,
      `const fs = require('node:fs'); const Module = require('node:module');
       const missing = (file) => String(file).endsWith('tfjs_binding.node');
       const exists = fs.existsSync; fs.existsSync = (file) => !missing(file) && exists(file);
       const load = Module._extensions['.node'];
       Module._extensions['.node'] = (module, file) => { if (missing(file)) throw new Error('no native TensorFlow'); load(module, file); };`,
    );
    const kernel = await Client.start({ env: { NODE_OPTIONS: `--require ${preload}` } });
    const cell =
      "const danfo = require('danfojs-node'); new danfo.DataFrame({ a: [1, 2, 6] }).mean({ axis: 0 }).values";
    const answer = await kernel.run(cell, {}, 40_000).finally(() => kernel.stop());
    expect(result(answer), JSON.stringify(answer.reply)).to.equal('[ 3 ]');
    rmSync(folder, { recursive: true });
  });
});

describe('modules of the project', function () {
  this.timeout(40_000);
  let kernel: Client;
  let project: string;
  before(async function () {
    if (isStock) this.skip();
    project = mkdtempSync(join(tmpdir(), 'lecture-lab-project-'));
    mkdirSync(join(project, 'lib', 'dist'), { recursive: true });
    mkdirSync(join(project, 'node_modules', '@tensorflow', 'tfjs-node', 'dist'), { recursive: true });
    mkdirSync(join(project, 'node_modules', '@tensorflow', 'tfjs'), { recursive: true });
    writeFileSync(
      join(project, 'lib', 'package.json'),
      '{"name":"fresh","main":"dist/index.js","types":"dist/index.d.ts"}',
    );
    symlinkSync(join(project, 'lib'), join(project, 'node_modules', 'fresh'), 'junction');
    build('index', '1', 'number');
    kernel = await Client.start({ env: { LECTURE_LAB_ROOT: project } });
  });
  after(async () => {
    await kernel?.stop();
    if (project) rmSync(project, { recursive: true });
  });

  let builds = 0;
  const build = (name: string, value: string, type: string): void => {
    const dist = join(project, 'lib', 'dist', name);
    writeFileSync(`${dist}.js`, `exports.value = ${value};`);
    writeFileSync(`${dist}.d.ts`, `export declare const value: ${type};`);
    const time = Date.now() / 1000 + ++builds * 10; // file systems may count in whole seconds
    for (const file of [`${dist}.js`, `${dist}.d.ts`]) utimesSync(file, time, time);
  };

  it('takes a rebuilt library at the next import, code and types (stock: stays with the old one)', async () => {
    const cell = "import { value } from 'fresh'; const copy: number = value; copy";
    expect(result(await kernel.run(cell))).to.equal('1');
    build('index', '2', 'number');
    expect(result(await kernel.run(cell))).to.equal('2');
    build('index', '"text"', 'string');
    const wrong = await kernel.run(cell);
    expect(wrong.reply.evalue).to.contain("TS2322: Type 'string' is not assignable to type 'number'");
    expect(result(await kernel.run("import { value } from 'fresh'; value.toUpperCase()"))).to.equal("'TEXT'");
  });

  it('waits while a library is being written, and still knows what earlier cells imported', async () => {
    build('index', '4', 'number');
    expect(result(await kernel.run("import { value } from 'fresh'; value"))).to.equal('4');
    for (const file of ['index.js', 'index.d.ts']) writeFileSync(join(project, 'lib', 'dist', file), '');
    const cell = kernel.run('value + 1');
    setTimeout(() => build('index', '5', 'number'), 300);
    expect(result(await cell)).to.equal('5');
    expect(result(await kernel.run("import { value } from 'fresh'; value"))).to.equal('5');
  });

  it('finds a module that was missing before (stock: only after a restart)', async () => {
    const cell = "import { value } from 'fresh/dist/later'; value";
    expect((await kernel.run(cell)).reply.evalue).to.contain('TS2307');
    build('later', '3', 'number');
    expect(result(await kernel.run(cell))).to.equal('3');
  });

  it('gives plain TensorFlow.js to who asks for the native one where that is missing', async () => {
    const native = join(project, 'node_modules', '@tensorflow', 'tfjs-node');
    const plainTf = join(project, 'node_modules', '@tensorflow', 'tfjs');
    writeFileSync(join(native, 'package.json'), '{"name":"@tensorflow/tfjs-node","main":"dist/index.js"}');
    writeFileSync(join(native, 'dist', 'index.js'), 'exports.which = "native";');
    writeFileSync(join(plainTf, 'package.json'), '{"name":"@tensorflow/tfjs","main":"index.js"}');
    writeFileSync(join(plainTf, 'index.js'), 'exports.which = "plain";');
    const cell = "require('@tensorflow/tfjs-node').which";
    expect(result(await kernel.run(cell))).to.equal("'plain'");
    mkdirSync(join(native, 'lib', 'napi-v8'), { recursive: true });
    writeFileSync(join(native, 'lib', 'napi-v8', 'tfjs_binding.node'), '');
    writeFileSync(join(project, 'lib', 'dist', 'asks.js'), `exports.which = ${cell};`);
    expect(result(await kernel.run("require('./lib/dist/asks.js').which"))).to.equal("'native'");
  });

  it('shows places in the sources of compiled files', async () => {
    const file = join(project, 'lib', 'dist', 'broken');
    writeFileSync(
      `${file}.js`,
      'exports.fail = function fail() { throw new Error("inside"); };\n//# sourceMappingURL=broken.js.map',
    );
    writeFileSync(`${file}.d.ts`, 'export declare function fail(): void;');
    const payload = { version: 3, file: 'broken.js', sources: ['../src/broken.ts'], names: [], mappings: 'AAUI' };
    writeFileSync(`${file}.js.map`, JSON.stringify(payload));
    const { reply } = await kernel.run("import { fail } from 'fresh/dist/broken'; fail();");
    expect(plain(reply.traceback)).to.contain(`(${join('lib', 'src', 'broken.ts')}:11:5)`);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
