import { expect } from 'chai';
import { Client, contents, isStock, plain, printed, result } from './client';

/**
 * One test for each fault of tslab as it ships; the names say what stock tslab does. `KERNEL=stock npx mocha
 * test/kernel/faults.test.ts` runs them against it.
 */
describe(isStock ? 'faults, on stock tslab' : 'faults of stock tslab, repaired', function () {
  this.timeout(30_000);
  let kernel: Client;
  before(async () => {
    kernel = await Client.start();
    await kernel.run('1');
  });
  after(() => kernel.stop());

  const fails = async (
    code: string,
    options?: object,
  ): Promise<{ ename: string; evalue: string; traceback: string[] }> => {
    const answer = await kernel.run(code, options);
    const [error] = contents(answer, 'error');
    expect(error, `no error message for ${code}`).to.be.an('object');
    expect(answer.reply.status).to.equal('error');
    return error;
  };

  it('keeps all of 2,000 printed lines (stock: about 500 arrive, and the cell is ok)', async () => {
    const answer = await kernel.run('for (let i = 0; i < 2000; i++) console.log("line " + i);');
    expect(answer.reply.status).to.equal('ok');
    expect(printed(answer).trimEnd().split('\n')).to.deep.equal(Array.from({ length: 2000 }, (_, i) => `line ${i}`));
  });

  it('finds variables of earlier cells in short properties (stock: ReferenceError)', async () => {
    await kernel.run('const mu = 0.1; let nu = 1; import { sep } from "node:path";');
    const read = await kernel.run(
      'const found = []; for (const s of [2]) found.push({ mu, s, sep }); JSON.stringify({ found, nu })',
    );
    expect(result(read)).to.equal(`'{"found":[{"mu":0.1,"s":2,"sep":"/"}],"nu":1}'`);
    const written = await kernel.run('({ nu = 5 } = {} as { nu?: number }); nu');
    expect(result(written)).to.equal('5');
  });

  it('answers 200 cells sent at once, each with its idle (stock: idle is lost after about 168)', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => kernel.sendCell(`console.log(${i})`));
    const answers = [];
    for (const id of ids) answers.push(await kernel.answer(id, 20_000));
    expect(answers.map((answer) => printed(answer))).to.deep.equal(ids.map((_, i) => `${i}\n`));
  });

  it('runs a cell sent right after an error, also with stop_on_error (stock: skips what arrives within 200 ms)', async () => {
    await kernel.run('throw new Error("first")');
    expect(printed(await kernel.run('console.log("at once")'))).to.equal('at once\n');
    await kernel.run('throw new Error("first")', { stop_on_error: false });
    const answer = await kernel.run('console.log("ran")');
    expect(answer.reply.status).to.equal('ok');
    expect(printed(answer)).to.equal('ran\n');
  });

  it('runs the waiting cells after an error without stop_on_error (stock: skips them)', async () => {
    const [first, second] = [
      kernel.sendCell('throw new Error("first")', { stop_on_error: false }),
      kernel.sendCell('console.log("second")'),
    ];
    expect((await kernel.answer(first)).reply.status).to.equal('error');
    expect(printed(await kernel.answer(second))).to.equal('second\n');
  });

  it('answers the waiting cells as aborted after an error with stop_on_error (stock: "abort", which is no status)', async () => {
    const ids = ['throw new Error("first")', 'console.log("second")', '3'].map((code) => kernel.sendCell(code));
    const [first, ...others] = await Promise.all(ids.map((id) => kernel.answer(id)));
    expect(first!.reply.status).to.equal('error');
    for (const other of others) {
      expect(other.reply).to.deep.equal({ status: 'aborted' });
      expect(other.messages.map(({ content }) => content.execution_state)).to.deep.equal(['busy', 'idle']);
    }
  });

  it('publishes an error message with name, value and traceback (stock: plain text on stderr)', async () => {
    const error = await fails('throw new RangeError("too far")');
    expect(error).to.include({ ename: 'RangeError', evalue: 'too far' });
    expect(plain(error.traceback)).to.contain('RangeError: too far');
  });

  it('publishes the input of a cell (stock: no execute_input)', async () => {
    const answer = await kernel.run('const shown = 1');
    expect(contents(answer, 'execute_input')).to.deep.equal([
      { code: 'const shown = 1', execution_count: answer.reply.execution_count },
    ]);
  });

  it('publishes the value of the last line as execute_result (stock: prints it)', async () => {
    const answer = await kernel.run('6 * 7');
    expect(contents(answer, 'execute_result')).to.deep.equal([
      { execution_count: answer.reply.execution_count, data: { 'text/plain': '42' }, metadata: {} },
    ]);
    expect(printed(answer)).to.equal('');
  });

  it('shows no frames of the kernel in a traceback, and the lines of the cells (stock: its own frames)', async () => {
    await kernel.run('function deep(x: { y?: { z: number } }): number {\n  // a comment\n  return x.y!.z;\n}');
    const { reply } = await kernel.run('\nawait null;\ndeep({});');
    const text = plain(reply.traceback ?? []);
    const count = reply.execution_count as number;
    expect(text).to.contain(`at deep (cell[${count - 1}]:3:15)`);
    expect(text).to.contain(`at cell[${count}]:3:1`);
    expect(text).to.contain('3 |   return x.y!.z;');
    expect(text).not.to.match(/node:|tslab|kernel-setup|evalmachine/);
  });

  it('makes an un-awaited rejected promise the error of its cell (stock: the cell is ok)', async () => {
    const error = await fails('void (async () => { await null; throw new Error("nobody waits") })(); 1');
    expect(error).to.include({ ename: 'Error', evalue: 'nobody waits' });
  });

  it('shows MIME bundles of a value that displays itself, also later (stock: inspects the object)', async () => {
    const code = `({ async [Symbol.for('Jupyter.display')]() { return { 'text/plain': 'me', 'application/vnd.x+json': { a: [1] } }; } })`;
    const [shown] = contents(await kernel.run(code), 'execute_result');
    expect(shown?.data).to.deep.equal({ 'text/plain': 'me', 'application/vnd.x+json': { a: [1] } });
  });

  it('has a display function for bundles with metadata, identity and update (stock: one MIME type at a time)', async () => {
    const answer = await kernel.run(`
      await display({ 'text/html': '<b>1</b>', 'text/plain': '1' }, { metadata: { isolated: true }, displayId: 'one' });
      await display({ 'text/plain': '2' }, { displayId: 'one', update: true });`);
    expect(contents(answer, 'display_data')).to.deep.equal([
      {
        data: { 'text/html': '<b>1</b>', 'text/plain': '1' },
        metadata: { isolated: true },
        transient: { display_id: 'one' },
      },
    ]);
    expect(contents(answer, 'update_display_data')).to.deep.equal([
      { data: { 'text/plain': '2' }, metadata: {}, transient: { display_id: 'one' } },
    ]);
  });

  it('awaits an expression in parentheses (stock: takes await for a function)', async () => {
    expect(result(await kernel.run('await (async () => 5)()'))).to.equal('5');
    expect(result(await kernel.run('const six = await (Promise.resolve(6));\nsix'))).to.equal('6');
  });

  it('has for await at the top level (stock: a syntax error)', async () => {
    const answer = await kernel.run(
      'async function* two() { yield 1; yield 2; }\nfor await (const x of two()) console.log(x);',
    );
    expect(printed(answer)).to.equal('1\n2\n');
  });

  it('checks types strictly (stock: null passes for a number)', async () => {
    const { ename, evalue } = await fails('const strict: number = null;');
    expect(ename).to.equal('TypeScriptError');
    expect(evalue).to.match(/^cell\[\d+\]:1:7 - TS2322: Type 'null' is not assignable to type 'number'\.$/);
  });

  it('points at the right column, also behind await ( (stock: prints its own frames)', async () => {
    const { evalue, traceback } = await fails('await (async () => 1)(); const name: string = await (async () => 2)();');
    expect(evalue).to.match(/:1:32 - TS2322/);
    expect(plain(traceback).split('\n').at(-1)).to.equal(`${' '.repeat(4 + 31)}~~~~`);
    const thrown = await fails('await (async () => 1)(); null!.x;\n'.replace('null!', '(null as unknown as { x: 1 })'));
    expect(plain(thrown.traceback)).to.match(/at cell\[\d+\]:1:56/);
  });

  it('lets a later cell change a variable that an earlier function reads (stock: the function keeps the old value)', async () => {
    await kernel.run('let eta = 0.1; const step = () => eta * 2;');
    expect(result(await kernel.run('eta = 0.5; step()'))).to.equal('1');
    await kernel.run('let eta = 3;');
    expect(result(await kernel.run('[eta, step()]'))).to.equal('[ 3, 1 ]');
  });

  it('finds the library and the project by name, whatever folder Jupyter runs in (stock: only from the project)', async () => {
    const code = "import { isMain } from 'lecture-lab/nowhere';";
    const { evalue } = await fails(code);
    expect(evalue).to.contain('lecture-lab/nowhere');
    expect(result(await kernel.run("import { defineFigure } from 'lecture-lab/figure'; typeof defineFigure"))).to.equal(
      "'function'",
    );
    expect(
      result(await kernel.run("import * as fs from 'node:fs'; fs.existsSync('notebooks') || fs.existsSync('lib')")),
    ).to.equal('true');
  });

  it('reports process.exit as the error of the cell and goes on (stock: the kernel is gone, the front-end waits)', async () => {
    if (isStock) {
      // the kernel would be gone for the tests below
      const victim = await Client.start();
      const answer = await victim.run('process.exit(3)', {}, 3000).finally(() => victim.stop());
      expect(answer.reply.status).to.equal('error');
    }
    const error = await fails('process.exit(3)');
    expect(error.ename).to.equal('ExitRefused');
    expect(error.evalue).to.contain('process.exit(3)');
    expect(result(await kernel.run('1 + 1'))).to.equal('2');
  });

  it('refuses input() with a clear message (stock: not defined)', async () => {
    const error = await fails('input("your name?")');
    expect(error.evalue).to.contain('input() is not available');
  });

  it('answers comm_info_request with its own type of reply (stock: complete_reply)', async () => {
    const reply = await kernel.reply(kernel.send('shell', 'comm_info_request', { target_name: 'jupyter.widget' }));
    expect(reply.header.msg_type).to.equal('comm_info_reply');
    expect(reply.content).to.deep.equal({ status: 'ok', comms: {} });
  });

  it('evaluates user expressions (stock: ignores them)', async () => {
    const { reply } = await kernel.run('const base = 20;', { user_expressions: { good: 'base + 1', bad: 'nothing' } });
    expect(reply.user_expressions?.good).to.deep.equal({ status: 'ok', data: { 'text/plain': '21' }, metadata: {} });
    expect(reply.user_expressions?.bad).to.include({ status: 'error', ename: 'TypeScriptError' });
  });

  it('runs silent cells silently (stock: counts them)', async () => {
    const before = (await kernel.run('1')).reply.execution_count as number;
    const silent = await kernel.run('7', { silent: true });
    expect(silent.messages.map(({ header }) => header.msg_type)).to.deep.equal(['status', 'status']);
    await kernel.run('8', { store_history: false });
    expect((await kernel.run('1')).reply.execution_count).to.equal(before + 1);
  });
});
