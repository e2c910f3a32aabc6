import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { choosePort, labArguments } from '../../kernel-setup/setup/jupyter';
import { jupyterFilesStep, kernelspecProblem } from '../../kernel-setup/setup/jupyter-files';
import { startOptions } from '../../kernel-setup/setup/options';
import { bootstrap, command, failure, smallProject, tools, write } from './support';

/** A server on a free port of the loopback address. */
async function listening<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    await new Promise((done) => server.close(done));
  }
}

describe('the options of npm start', () => {
  it('are read', async () => {
    const { SetupError } = await bootstrap('errors');
    expect(startOptions([], SetupError)).to.deep.equal({
      browser: true,
      port: undefined,
      setupOnly: false,
      retryNative: false,
    });
    expect(
      startOptions(['--no-browser', '--port', '9000', '--setup-only', '--retry-native'], SetupError),
    ).to.deep.equal({
      browser: false,
      port: 9000,
      setupOnly: true,
      retryNative: true,
    });
  });

  for (const args of [
    ['--port', 'x'],
    ['--port', '80'],
    ['--port', '65536'],
    ['--port', '8888.5'],
    ['--port'],
    ['--prot', '1'],
    ['extra'],
  ])
    it(`are refused with one line: ${args.join(' ')}`, async () => {
      const { SetupError } = await bootstrap('errors');
      const error = await failure(() => startOptions(args, SetupError));
      expect(error).to.be.instanceOf(SetupError);
      expect(error.message).to.match(/^[^\n]+$/);
      expect(error.message).to.contain(args[0] === 'extra' ? 'extra' : args[0] === '--prot' ? '--prot' : '--port');
    });
});

describe('the port', () => {
  it('asked for and in use is an error that names it', async () => {
    const { SetupError } = await bootstrap('errors');
    await listening(async (port) => {
      const { message, fix } = await failure(() => choosePort(port, SetupError));
      expect(message).to.match(new RegExp(`^Port ${port} is in use`));
      expect(fix).to.contain('npm start -- --port ');
    });
  });

  it('asked for and in use stops npm start before it sets anything up', async () => {
    const root = smallProject();
    await listening(async (port) => {
      const { code, err } = await command(root, ['start', '--no-browser', '--port', String(port)]);
      expect(code).to.equal(1);
      expect(err).to.contain(`Port ${port} is in use`);
      expect(err).to.not.contain('Python environment');
    });
  }).timeout(20_000);

  it('not asked for is 8888 or the next free one', async () => {
    const { SetupError } = await bootstrap('errors');
    expect(await choosePort(undefined, SetupError, async () => true)).to.equal(8888);
    expect(await choosePort(undefined, SetupError, async (port) => port > 8890)).to.equal(8891);
    const { message } = await failure(() => choosePort(undefined, SetupError, async () => false));
    expect(message).to.match(/8888 to 8937 are all in use/);
  });

  it('is opened on the loopback address only', () => {
    const args = labArguments('somewhere', 9000, false);
    expect(args).to.include.members([
      '--ServerApp.ip=127.0.0.1',
      '--ServerApp.port=9000',
      '--ServerApp.port_retries=0',
      '--no-browser',
    ]);
    expect(labArguments('somewhere', 9000, true)).to.not.include('--no-browser');
  });
});

describe('the registered kernel', () => {
  it('stands in .venv, with the settings that JupyterLab starts from', async () => {
    const own = await tools();
    expect(jupyterFilesStep(own)).to.equal('registered in .venv');
    const share = join(own.root, '.venv', 'share', 'jupyter');
    expect(JSON.parse(readFileSync(join(share, 'kernels', 'lecture-lab', 'kernel.json'), 'utf8'))).to.deep.include({
      argv: [process.execPath, join(own.root, 'kernel-setup', 'dist', 'kernel', 'main.js'), '{connection_file}'],
      display_name: 'TypeScript (Lecture Lab)',
      language: 'typescript',
      interrupt_mode: 'message',
      env: { LECTURE_LAB_ROOT: own.root },
    });
    const settings = JSON.parse(readFileSync(join(share, 'lab', 'settings', 'overrides.json'), 'utf8'));
    expect(settings['@jupyter-widgets/jupyterlab-manager:plugin']).to.deep.equal({ saveState: true });
    expect(settings['@jupyterlab/apputils-extension:notification'].fetchNews).to.equal('false');
    expect(jupyterFilesStep(own)).to.deep.equal({ idle: 'registered in .venv' });
  });

  it('is written again when another Node runs set-up or the file was damaged', async () => {
    const own = await tools();
    jupyterFilesStep(own);
    write(own.root, 'kernel-setup/dist/kernel/main.js', '');
    expect(kernelspecProblem(own.root)).to.equal(undefined);
    write(own.root, '.venv/share/jupyter/kernels/lecture-lab/kernel.json', '{"argv": [');
    expect(kernelspecProblem(own.root)).to.match(/another Node or another folder/);
    expect(jupyterFilesStep(own)).to.equal('registered in .venv');
    expect(kernelspecProblem(own.root)).to.equal(undefined);
  });
});
