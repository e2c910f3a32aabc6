import { expect } from 'chai';
import { Client, contents, plain, printed, result } from './client';

describe('the Jupyter protocol', function () {
  this.timeout(30_000);
  let kernel: Client;
  before(async () => {
    kernel = await Client.start();
    await kernel.run('/** The learning rate. */\nconst learningRate = 0.1;');
  });
  after(() => kernel.stop());

  it('says what it is', async () => {
    const info = await kernel.ask('kernel_info_request', {});
    expect(info.status).to.equal('ok');
    expect(info.language_info).to.include({ name: 'typescript', file_extension: '.ts' });
    expect(Number(info.protocol_version)).to.be.at.least(5.3);
  });

  it('welcomes a subscriber of iopub', () => {
    expect(kernel.published.some(({ header }) => header.msg_type === 'iopub_welcome')).to.equal(true);
  });

  const completeness: [string, string][] = [
    ['1 + 1', 'complete'],
    ['await (async () => 1)()', 'complete'],
    ['function f() {', 'incomplete'],
    ['const s = `a', 'incomplete'],
    ['/* a', 'incomplete'],
    ['f(1,', 'incomplete'],
    ['const = 3', 'invalid'],
    [')', 'invalid'],
    ['const s = "a', 'invalid'],
  ];
  for (const [code, status] of completeness) {
    it(`finds ${JSON.stringify(code)} ${status}`, async () => {
      expect((await kernel.ask('is_complete_request', { code })).status).to.equal(status);
    });
  }

  it('indents after an opening brace', async () => {
    expect(await kernel.ask('is_complete_request', { code: '  if (true) {' })).to.deep.equal({
      status: 'incomplete',
      indent: '    ',
    });
  });

  it('completes names of earlier cells and members, behind characters outside the basic plane too', async () => {
    const code = "const face = '😀'; learningR";
    const found = await kernel.ask('complete_request', { code, cursor_pos: [...code].length });
    expect(found).to.deep.include({ status: 'ok', matches: ['learningRate'], cursor_start: 18, cursor_end: 27 });
    const member = await kernel.ask('complete_request', { code: '[1].redu', cursor_pos: 8 });
    expect(member.matches).to.deep.equal(['reduce', 'reduceRight']);
  });

  it('answers a completion inside a string too', async () => {
    expect((await kernel.ask('complete_request', { code: "import 'lecture-", cursor_pos: 16 })).status).to.equal('ok');
  });

  it('inspects: type and documentation', async () => {
    for (const cursor_pos of [3, 12]) {
      const found = await kernel.ask('inspect_request', { code: 'learningRate', cursor_pos, detail_level: 0 });
      expect(found.found).to.equal(true);
      expect(found.data['text/plain']).to.contain('learningRate').and.to.contain('The learning rate.');
    }
    expect(await kernel.ask('inspect_request', { code: '  ', cursor_pos: 1 })).to.include({
      found: false,
      status: 'ok',
    });
  });

  it('answers completions while a cell awaits', async () => {
    const id = kernel.sendCell('await new Promise((r) => setTimeout(r, 1500));');
    await kernel.ask('complete_request', { code: 'learningR', cursor_pos: 9 });
    expect(kernel.replies.some(({ parent }) => parent.msg_id === id)).to.equal(false);
    await kernel.answer(id);
  });

  it('remembers the session: tail, range, search', async () => {
    const { reply } = await kernel.run('"one".length');
    const line = reply.execution_count as number;
    await kernel.run('"two".length');
    const ask = async (content: object): Promise<unknown> =>
      (await kernel.ask('history_request', { raw: true, session: 0, ...content })).history;
    expect(await ask({ hist_access_type: 'tail', n: 2, output: false })).to.deep.equal([
      [1, line, '"one".length'],
      [1, line + 1, '"two".length'],
    ]);
    expect(await ask({ hist_access_type: 'range', start: line, stop: line + 1, output: true })).to.deep.equal([
      [1, line, ['"one".length', '3']],
    ]);
    expect(await ask({ hist_access_type: 'search', pattern: '*two*', output: false, unique: true })).to.deep.equal([
      [1, line + 1, '"two".length'],
    ]);
  });

  it('ignores messages with a wrong signature', async () => {
    const forged = await Client.start({ wait: false }); // another key
    await forged.stop();
    expect(result(await kernel.run('2'))).to.equal('2');
  });

  it('keeps the order of prints, displays and results', async () => {
    const answer = await kernel.run(`
      console.log('a'); console.error('b'); await display({ 'text/plain': 'c' }); console.log('d'); clearOutput(true); 'e'`);
    const shown = answer.messages
      .filter(({ header }) => !['status', 'execute_input'].includes(header.msg_type))
      .map(({ header, content }) => content.text ?? content.data?.['text/plain'] ?? header.msg_type);
    expect(shown).to.deep.equal(['a\n', 'b\n', 'c', 'd\n', 'clear_output', "'e'"]);
  });

  it('loses none of 100,000 printed lines and joins them into few messages', async () => {
    const answer = await kernel.run('for (let i = 0; i < 100_000; i++) console.log(i);', {}, 20_000);
    const lines = printed(answer).split('\n');
    expect(lines.length).to.equal(100_001);
    expect(lines.every((line, i) => line === (i === 100_000 ? '' : String(i)))).to.equal(true);
    expect(contents(answer, 'stream').length).to.be.below(1000);
  });

  it('shows what is printed at once, also in a cell that never returns to the event loop', async () => {
    const id = kernel.sendCell('console.log("a"); console.log("b"); while (true) {}');
    await kernel.until(() => printed({ reply: {}, messages: kernel.under(id) }) === 'a\nb\n');
    await kernel.interrupt();
    await kernel.answer(id);
  });

  it('prints late output under the cell that prints it', async () => {
    const first = await kernel.run('setTimeout(() => console.log("late"), 100);');
    const id = kernel.published.find(({ content }) => content.execution_count === first.reply.execution_count)!.parent
      .msg_id!;
    const second = await kernel.run('await new Promise((r) => setTimeout(r, 300));');
    expect(printed(second)).to.equal('');
    expect(printed({ reply: {}, messages: kernel.under(id) })).to.equal('late\n');
  });

  it('reports a promise that is rejected after its cell, under that cell and under the running one', async () => {
    const first = await kernel.run(
      'let goOn: () => void = () => {};\n' +
        'void (async () => { await new Promise<void>((r) => { goOn = r; }); throw new Error("too late"); })();',
    );
    expect(first.reply.status).to.equal('ok');
    const id = kernel.published.find(({ content }) => content.execution_count === first.reply.execution_count)!.parent
      .msg_id!;
    const second = await kernel.run('goOn(); await new Promise((r) => setTimeout(r, 100));');
    const late = printed({ reply: {}, messages: kernel.under(id) }, 'stderr');
    expect(plain([late])).to.match(/^Not awaited, failed after cell\[\d+\] had finished:\nError: too late\n/);
    expect(printed(second, 'stderr')).to.match(
      /^Something that cell\[\d+\] started and did not await has failed: Error: too late\n$/,
    );
  });

  it('attributes a rejection to its own cell while another one runs', async () => {
    await kernel.run('const slow = (ms: number) => new Promise((r) => setTimeout(r, ms));');
    await kernel.run('void slow(50).then(() => { throw new Error("of the first"); });');
    expect((await kernel.run('await slow(200); "fine"')).reply.status).to.equal('ok');
  });

  it('reports an error thrown in a callback as the error of the running cell', async () => {
    const { reply } = await kernel.run('setTimeout(() => { throw new Error("in a timer"); }, 10); await slow(100);');
    expect(reply).to.include({ status: 'error', evalue: 'in a timer' });
  });

  it('shows the causes of an error', async () => {
    const { reply } = await kernel.run('throw new Error("outer", { cause: new RangeError("inner") });');
    expect(plain(reply.traceback)).to.match(/Error: outer[\s\S]*caused by\nRangeError: inner/);
  });

  it('reports values that are no errors, and a display method that throws', async () => {
    expect((await kernel.run('throw { code: 7 };')).reply).to.include({ ename: 'Thrown', evalue: '{ code: 7 }' });
    const broken = await kernel.run(`({ [Symbol.for('Jupyter.display')]() { throw new Error('cannot draw'); } })`);
    expect(broken.reply).to.include({ status: 'error', evalue: 'cannot draw' });
    const odd = await kernel.run(`({ [Symbol.for('Jupyter.display')]() { return { html: 'x' }; } })`);
    expect(odd.reply.evalue).to.contain('a MIME bundle is an object such as');
  });

  it('forgets what a failed cell declared, and keeps what was there before', async () => {
    await kernel.run('const solid = 1;');
    expect((await kernel.run('const solid = "other"; throw new Error("no");')).reply.status).to.equal('error');
    const answer = await kernel.run('solid + 1');
    expect(result(answer), JSON.stringify(answer.reply)).to.equal('2');
  });

  it('passes bytes as base64', async () => {
    const answer = await kernel.run("await display({ 'image/png': new Uint8Array([1, 2, 3]) });");
    expect(contents(answer, 'display_data')[0].data).to.deep.equal({ 'image/png': 'AQID' });
  });

  it('ignores requests that it does not know', async () => {
    kernel.send('shell', 'no_such_request', {});
    expect(result(await kernel.run('3'))).to.equal('3');
  });
});
