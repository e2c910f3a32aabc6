import { expect } from 'chai';
import { show } from 'lecture-lab/figure';
import { KERNEL, type KernelHost, type MimeBundle } from 'lecture-lab/figure/host';
import { DivergenceError, ParameterError } from 'lecture-lab/math/errors';
import { broken, decay, slow } from './example.figures';
import { rejection } from './rejection';

interface Shown {
  readonly data: MimeBundle;
  readonly metadata?: MimeBundle;
  readonly displayId?: string;
  readonly update?: boolean;
}
const VEGALITE = 'application/vnd.vegalite.v5+json';
const scope = globalThis as { [KERNEL]?: KernelHost };

describe('show', () => {
  let shown: Shown[];
  let controller: AbortController;

  beforeEach(() => {
    shown = [];
    controller = new AbortController();
    scope[KERNEL] = {
      display: (data, options) => void shown.push({ data, ...options }),
      clearOutput: () => expect.fail('an earlier output of the cell would be lost'),
      signal: controller.signal,
      openComm: () => expect.fail('no widget is asked for'),
    };
  });
  afterEach(() => {
    delete scope[KERNEL];
  });

  it('shows one bundle: live, still and in words, and the landmarks under it', async () => {
    await show(decay, { tau: 20 });
    expect(shown).to.have.length(2);
    const figure = shown[0]!.data;
    expect(Object.keys(figure)).to.deep.equal([VEGALITE, 'image/svg+xml', 'text/plain']);
    expect(figure[VEGALITE]).to.be.an('object').with.property('description');
    expect(figure['image/svg+xml']).to.match(/^<svg /);
    expect(figure['text/plain']).to.equal(
      'Charge leaks away exponentially\n' +
        'tau=20, points=21, starts=1,2,4, shape=exponential, noisy=false, seed=1\n' +
        'left after one time constant: theory 0.3679, here 0.3679',
    );
    expect(shown[0]!.metadata).to.deep.equal({
      'lecture-lab': { figure: 'example/decay', settings: decay.values({ tau: 20 }) },
    });
    expect(shown[0]!.displayId, 'quick work has nothing to replace').to.equal(undefined);
  });

  it('says in words and by a sign which landmark fails, and escapes what could be markup', async () => {
    await show(broken, { how: 'off' });
    await show(broken, { how: 'warns' });
    const [failed, passed] = [shown[1]!.data, shown[3]!.data];
    expect(failed['text/plain']).to.equal('✗ a < b & c: theory 1 mV, here 2 ± 0.01 mV (off by more than 0.05)');
    expect(failed['text/html']).to.include('✗ a &lt; b &amp; c: theory 1 mV').and.include('off by more than');
    expect(passed['text/plain']).to.equal('✓ a < b & c: theory 1 mV, here 1 ± 0.01 mV');
    expect(passed['text/html']).to.include('✓').and.not.include('off by more than').and.not.include('<strong>');
  });

  it('shows no landmark line when none applies', async () => {
    await show(decay, { shape: 'linear' });
    expect(shown).to.have.length(1);
  });

  it('hands on errors as they are, and shows nothing', async () => {
    expect(await rejection(show(decay, { tau: -1 }))).to.be.instanceOf(ParameterError);
    expect(await rejection(show(broken, { how: 'diverges' }))).to.be.instanceOf(DivergenceError);
    expect(shown).to.deep.equal([]);
  });

  it('shows a bar for long work, which the figure then replaces', async () => {
    await show(slow, { seconds: 2 });
    const bars = shown.slice(0, -1);
    expect(bars.length).to.be.at.least(1);
    expect(bars[0]!.update).to.equal(false);
    expect(bars[0]!.data['text/html']).to.match(
      /<progress value="0\.\d+" max="1"><\/progress> \d+ %.*counting &lt;sheep/,
    );
    expect(bars[0]!.data['text/plain']).to.match(/^Takes its time: \d+ %/);
    const figure = shown.at(-1)!;
    expect(figure.data).to.have.property(VEGALITE);
    expect(figure.update).to.equal(true);
    expect(figure.metadata).to.have.nested.property('lecture-lab.figure', 'example/slow');
    expect(new Set(shown.map(({ displayId }) => displayId)).size, 'one place in the notebook').to.equal(1);
  });

  it('stops when the cell is interrupted, and says so where the bar was', async () => {
    scope[KERNEL] = {
      ...scope[KERNEL]!,
      display: (data, options) => {
        shown.push({ data, ...options });
        controller.abort(new Error('interrupted'));
      },
    };
    expect((await rejection(show(slow))).message).to.equal('interrupted');
    expect(shown).to.have.length(2);
    expect(shown[1]!.update).to.equal(true);
    expect(shown[1]!.data).to.have.all.keys('text/plain');
    expect(shown[1]!.data['text/plain']).to.match(/^Takes its time: stopped at \d+ %$/);
  });

  it('never uses a place twice', async () => {
    await Promise.all([show(slow, { seconds: 2 }), show(slow, { seconds: 2 })]);
    expect(new Set(shown.map(({ displayId }) => displayId)).size).to.equal(2);
  });

  it('prints the figure in words where there is no kernel', async () => {
    delete scope[KERNEL];
    const lines: string[] = [];
    const log = console.log;
    console.log = (line: string) => lines.push(line);
    try {
      await show(decay, { points: 3 });
    } finally {
      console.log = log;
    }
    expect(lines.join('\n')).to.match(/^Charge leaks away exponentially\ntau=10, points=3.*\nleft after one/);
  });
});

describe('a figure as the last value of a cell', () => {
  const displayed = (value: object) => (value as { [key: symbol]: () => MimeBundle })[Symbol.for('Jupyter.display')]!();

  it('says what can be set', () => {
    const text = displayed(decay)['text/plain'];
    expect(text).to.include('example/decay: Charge leaks away').and.include('tau=10  time constant (ms); 1 to 100');
    expect(text).to.include('shape=exponential  form of the decay; one of exponential, linear');
    expect(text).to.include('paper: points=101 tau=20');
  });

  it('in its computed form says its landmarks instead of its rows', async () => {
    const evaluation = await decay.evaluate();
    expect(displayed(evaluation)['text/plain']).to.include('left after one time constant: theory 0.3679');
    expect(Object.keys(evaluation)).to.deep.equal(['id', 'title', 'params', 'landmarks', 'rows', 'spec']);
  });
});
