import { expect } from 'chai';
import { Client, type Message, plain, printed } from './client';

const OPEN = `
const host = (globalThis as any)[Symbol.for('lecture-lab.kernel')];
const seen: unknown[] = [];
let value = 1;
const comm = host.openComm('jupyter.widget', { state: { _model_name: 'AnyModel', _model_module: 'anywidget', _model_module_version: '1', value }, buffer_paths: [] }, {
  metadata: { version: '2.1.0' },
  state: () => ({ _model_name: 'AnyModel', _model_module: 'anywidget', _model_module_version: '1', value }),
  onMessage: async (data: any, self: any) => {
    if (data.method === 'custom') throw new Error('bad message');
    seen.push(data.state.value);
    value = data.state.value;
    const until = performance.now() + 30; while (performance.now() < until) {}
    console.log('handled');
    self.send({ method: 'update', state: { twice: 2 * value } });
  },
  onClose: () => { console.log('closed'); },
});`;

describe('comms (stock tslab: "comm is not supported")', function () {
  this.timeout(30_000);
  let kernel: Client;
  let cell: string;
  let id: string;
  before(async () => {
    kernel = await Client.start();
    cell = kernel.sendCell(OPEN);
    const { reply, messages } = await kernel.answer(cell);
    expect(reply.status, JSON.stringify(reply)).to.equal('ok');
    const open = messages.find(({ header }) => header.msg_type === 'comm_open')!;
    expect(open.metadata).to.deep.equal({ version: '2.1.0' });
    expect(open.content).to.deep.include({ target_name: 'jupyter.widget' });
    expect(open.content.data.state.value).to.equal(1);
    id = open.content.comm_id;
  });
  after(() => kernel.stop());

  const states = (msg: string): string[] => kernel.under(msg).flatMap(({ content }) => content.execution_state ?? []);
  const idle = (msg: string): Promise<unknown> => kernel.until(() => states(msg).includes('idle'));
  const update = (value: number): string =>
    kernel.send('shell', 'comm_msg', { comm_id: id, data: { method: 'update', state: { value }, buffer_paths: [] } });
  const sent = (msg: string): Message[] => kernel.under(msg).filter(({ header }) => header.msg_type === 'comm_msg');

  it('lists its comms', async () => {
    expect((await kernel.ask('comm_info_request', { target_name: 'jupyter.widget' })).comms).to.deep.equal({
      [id]: { target_name: 'jupyter.widget' },
    });
    expect((await kernel.ask('comm_info_request', { target_name: 'other' })).comms).to.deep.equal({});
  });

  it('passes a message to its handler, between busy and idle; output goes under the cell that opened it', async () => {
    const msg = update(4);
    await idle(msg);
    expect(states(msg)).to.deep.equal(['busy', 'idle']);
    expect(sent(msg).map(({ content }) => content)).to.deep.equal([
      { comm_id: id, data: { method: 'update', state: { twice: 8 } } },
    ]);
    expect(printed({ reply: {}, messages: kernel.under(cell) })).to.equal('handled\n');
  });

  it('joins 200 updates that wait: the latest wins, each has its busy and idle', async () => {
    await kernel.run('seen.length = 0;');
    const messages = Array.from({ length: 200 }, (_, i) => update(i));
    for (const one of messages) await idle(one);
    for (const one of messages) expect(states(one)).to.deep.equal(['busy', 'idle']);
    const answer = await kernel.run('console.log(JSON.stringify(seen));');
    const seen = JSON.parse(printed(answer)) as number[];
    expect(seen.at(-1)).to.equal(199);
    expect(seen.length).to.be.below(40);
  });

  it('gives all states to a page that connects again', async () => {
    const control = 'c0ffee';
    kernel.send('shell', 'comm_open', { comm_id: control, target_name: 'jupyter.widget.control', data: {} });
    const msg = kernel.send('shell', 'comm_msg', { comm_id: control, data: { method: 'request_states' } });
    await idle(msg);
    const [answer] = sent(msg);
    expect(answer!.content.comm_id).to.equal(control);
    expect(answer!.content.data).to.include({ method: 'update_states' });
    expect(answer!.content.data.states[id]).to.deep.include({
      model_name: 'AnyModel',
      model_module: 'anywidget',
      model_module_version: '1',
    });
    expect(answer!.content.data.states[id].state.value).to.equal(199);
    const single = kernel.send('shell', 'comm_msg', { comm_id: id, data: { method: 'request_state' } });
    await idle(single);
    expect(sent(single)[0]!.content.data.state.value).to.equal(199);
  });

  it('prints the error of a handler under the cell and goes on', async () => {
    await idle(kernel.send('shell', 'comm_msg', { comm_id: id, data: { method: 'custom' } }));
    expect(plain([printed({ reply: {}, messages: kernel.under(cell) }, 'stderr')])).to.contain('Error: bad message');
    await idle(update(5));
  });

  it('tells a comm of a message at once, and of an interrupt of its handler', async () => {
    const open = kernel.sendCell(`
const told: string[] = [];
const busy = host.openComm('lecture-lab.test', {}, {
  onArrival: (data: any) => { told.push('arrived ' + data.n); },
  onMessage: async (data: any, self: any) => {
    told.push('begun ' + data.n);
    self.send({});
    for (let i = 0; i < 400 && !told.includes('arrived 2'); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    if (data.n === 2) while (true) {}
    told.push('done ' + data.n);
  },
  onInterrupt: () => { told.push('interrupted'); },
});`);
    const { messages } = await kernel.answer(open);
    const busy = messages.find(({ header }) => header.msg_type === 'comm_open')!.content.comm_id;
    const say = (n: number): string => kernel.send('shell', 'comm_msg', { comm_id: busy, data: { n } });
    const first = say(1);
    await kernel.until(() => sent(first).length > 0);
    const second = say(2);
    await idle(first);
    await kernel.until(() => sent(second).length > 0);
    kernel.send('control', 'interrupt_request', {});
    await idle(second);
    const answer = await kernel.run("busy.close(); console.log(told.join(', '));");
    expect(printed(answer)).to.equal('arrived 1, begun 1, arrived 2, done 1, begun 2, interrupted\n');
    expect(printed({ reply: {}, messages: kernel.under(open) }, 'stderr')).to.equal('');
  });

  it('closes a comm whose target it does not know', async () => {
    const msg = kernel.send('shell', 'comm_open', { comm_id: 'stranger', target_name: 'nobody', data: {} });
    await idle(msg);
    expect(kernel.under(msg).find(({ header }) => header.msg_type === 'comm_close')!.content.comm_id).to.equal(
      'stranger',
    );
  });

  it('hears when the front-end closes', async () => {
    await idle(kernel.send('shell', 'comm_close', { comm_id: id, data: {} }));
    expect((await kernel.ask('comm_info_request', {})).comms).to.deep.equal({});
    expect(printed({ reply: {}, messages: kernel.under(cell) })).to.match(/closed\n$/);
  });
});
