import { expect } from 'chai';
import { buildSync } from 'esbuild';
import { explore } from 'lecture-lab/figure';
import { type Comm, KERNEL, type KernelHost, type MimeBundle } from 'lecture-lab/figure/host';
import type { PanelFigure, PanelResult, PanelValues } from 'lecture-lab/figure/panel/engine';
import { ParameterError } from 'lecture-lab/math/errors';
import { broken, decay, slow } from './example.figures';
import { rejection } from './rejection';

type Data = Readonly<Record<string, unknown>>;
type Options = NonNullable<Parameters<KernelHost['openComm']>[2]>;
interface Opened {
  readonly target: string;
  readonly data: { readonly state: Record<string, unknown> };
  readonly options: Options;
  readonly comm: Comm;
}
interface Sent {
  readonly update: { readonly kind: string; readonly message?: string; readonly values?: PanelValues };
  readonly result?: PanelResult;
}

const WIDGET = 'application/vnd.jupyter.widget-view+json';
const scope = globalThis as { [KERNEL]?: KernelHost };

describe('explore', () => {
  let shown: { data: MimeBundle; metadata?: MimeBundle }[];
  let opened: Opened[];
  let sent: Sent[];
  let controller: AbortController;

  beforeEach(() => {
    shown = [];
    opened = [];
    sent = [];
    controller = new AbortController();
    scope[KERNEL] = {
      display: (data, options) => void shown.push({ data, ...options }),
      clearOutput: () => expect.fail('an earlier output of the cell would be lost'),
      get signal() {
        return controller.signal;
      },
      openComm(target, data, options = {}) {
        const send = (message: Data): void => void sent.push((message as { state: unknown }).state as Sent);
        const comm: Comm = { id: `comm${opened.length}`, send, close: () => undefined };
        opened.push({ target, data: data as Opened['data'], options, comm });
        return comm;
      },
    };
  });
  afterEach(() => {
    delete scope[KERNEL];
  });

  /** what was told, without progress: that depends on the time things take */
  const kinds = (): string[] => sent.map(({ update }) => update.kind).filter((kind) => kind !== 'progress');
  const message = (content: unknown): Data => ({ method: 'custom', content });
  /** As the kernel does: the comm is told of a message when it comes, and handles it in its turn. */
  const say = (content: unknown): (() => Promise<void>) => {
    const { options, comm } = opened[0]!;
    const data = message(content);
    options.onArrival!(data);
    return async () => options.onMessage!(data, comm);
  };
  const request = (values: PanelValues): (() => Promise<void>) => say({ kind: 'request', values });

  it('shows one bundle: the panel, and for everybody else what show shows', async () => {
    await explore(decay, { tau: 20 });
    expect(shown).to.have.length(1);
    const [{ data, metadata }] = shown as [(typeof shown)[0]];
    expect(data[WIDGET]).to.deep.equal({ version_major: 2, version_minor: 1, model_id: 'comm0' });
    expect(Object.keys(data)).to.have.members([
      WIDGET,
      'application/vnd.vegalite.v5+json',
      'image/svg+xml',
      'text/plain',
    ]);
    expect(data['text/plain']).to.include('left after one time constant: theory 0.3679');
    expect(metadata).to.deep.equal({
      'lecture-lab': { figure: 'example/decay', settings: decay.values({ tau: 20 }) },
    });
  });

  it('opens a widget whose state is all that a panel needs, as JSON', async () => {
    await explore(decay, { tau: 20 });
    const [{ target, data, options }] = opened as [Opened];
    expect(target).to.equal('jupyter.widget');
    expect(options.metadata).to.deep.equal({ version: '2.1.0' });
    expect(options.state!()).to.equal(data.state);
    const state = JSON.parse(JSON.stringify(data.state)) as Record<string, unknown>;
    expect(state).to.deep.equal(data.state);
    expect(state).to.include({ _model_module: 'anywidget', _model_name: 'AnyModel', _view_name: 'AnyView' });
    const figure = state['figure'] as PanelFigure;
    expect(figure.params).to.deep.equal(decay.params);
    expect(figure.presets).to.deep.equal(decay.presets);
    const result = state['result'] as PanelResult;
    expect(result.values).to.deep.equal(decay.values({ tau: 20 }));
    expect(result.landmarks[0]).to.include({ name: 'left after one time constant', pass: true });
    expect(result.svg).to.match(/^<svg .*currentColor/s);
  });

  it('carries a module that is one file: it imports nothing and fetches nothing', async () => {
    await explore(decay);
    const text = String(opened[0]!.data.state['_esm']);
    expect(text).to.match(/export\s*\{[^}]*default/);
    const { metafile } = buildSync({ stdin: { contents: text }, bundle: true, write: false, metafile: true });
    expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports)).to.deep.equal([]);
    expect(text).not.to.match(/\b(eval|fetch|XMLHttpRequest|Function)\(/);
    expect(text.length).to.be.below(60_000);
  });

  it('computes what is asked for, and keeps it for a page that connects later', async () => {
    await explore(decay);
    const values = decay.values({ tau: 50 });
    await request(values)();
    expect(kinds()).to.deep.equal(['started', 'result']);
    expect(sent.at(-1)!.result!.values).to.deep.equal(values);
    const before = (opened[0]!.data.state['result'] as PanelResult).svg;
    const state = opened[0]!.options.state!();
    expect((state['result'] as PanelResult).values).to.deep.equal(values);
    await request(decay.values({ tau: 2 }))();
    expect((state['result'] as PanelResult).svg).to.not.equal(before);
  });

  it('computes of many settings that wait only the last', async () => {
    await explore(decay);
    const turns = [2, 3, 4, 5].map((tau) => request(decay.values({ tau })));
    for (const turn of turns) await turn();
    expect(kinds().filter((kind) => kind === 'started')).to.have.length(1);
    expect(sent.at(-1)!.result!.values['tau']).to.equal(5);
  });

  it('aborts what is stale, and computes the last', async () => {
    await explore(slow, { seconds: 0.1 });
    const first = request(slow.values({ seconds: 20 }))();
    const second = request(slow.values({ seconds: 0.2 }));
    await first; // long before 20 s
    await second();
    expect(kinds()).to.not.include('stopped');
    expect(sent.at(-1)!.result!.values['seconds']).to.equal(0.2);
  });

  it('stops, and says so', async () => {
    await explore(slow, { seconds: 0.1 });
    const turn = request(slow.values({ seconds: 20 }))();
    const stop = say({ kind: 'stop' });
    await turn;
    await stop();
    expect(kinds()).to.deep.equal(['started', 'stopped']);
    expect((opened[0]!.options.state!()['result'] as PanelResult).values['seconds']).to.equal(0.1);
  });

  it('takes an interrupt of the kernel as a stop, however the kernel had to do it', async () => {
    await explore(slow, { seconds: 0.1 });
    const turn = request(slow.values({ seconds: 20 }))();
    setTimeout(() => controller.abort(new Error('interrupted')), 50);
    await turn;
    opened[0]!.options.onInterrupt!();
    expect(kinds()).to.deep.equal(['started', 'stopped']);
  });

  it('says errors in the panel, not under the cell, and goes on', async () => {
    await explore(broken, { how: 'warns' });
    await request({ how: 'diverges' })();
    expect(sent.at(-1)!.update).to.include({ kind: 'error' });
    expect(sent.at(-1)!.update.message).to.match(/no longer finite/);
    await request({ how: 'nonsense' })();
    expect(sent.at(-1)!.update.message).to.match(/how must be one of/);
    await request({ how: 'off' })();
    expect(sent.at(-1)!.update).to.include({ kind: 'result' });
    expect(sent.at(-1)!.result!.landmarks[0]!.pass).to.equal(false);
  });

  it('passes over messages that are not its own', async () => {
    await explore(decay);
    const { options, comm } = opened[0]!;
    for (const data of [{ method: 'update', state: {} }, { method: 'custom' }, {}]) {
      options.onArrival!(data);
      await options.onMessage!(data, comm);
    }
    expect(sent).to.deep.equal([]);
  });

  it('fails as show does at its first settings, and shows nothing', async () => {
    expect(await rejection(explore(decay, { tau: -1 }))).to.be.instanceOf(ParameterError);
    expect(shown).to.deep.equal([]);
    expect(opened).to.deep.equal([]);
  });

  it('knows the types of the settings', () => {
    // @ts-expect-error a number is no text
    void (() => explore(decay, { tau: '20' }));
    // @ts-expect-error there is no such parameter
    void (() => explore(decay, { tua: 20 }));
  });

  it('prints the figure where there is no kernel', async () => {
    delete scope[KERNEL];
    const { log } = console;
    const lines: unknown[] = [];
    console.log = (...parts: unknown[]) => void lines.push(...parts);
    try {
      await explore(decay, { tau: 20 });
    } finally {
      console.log = log;
    }
    expect(lines.join('\n')).to.include('Charge leaks away exponentially').and.include('tau=20');
  });
});
