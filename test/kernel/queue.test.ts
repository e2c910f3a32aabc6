import { expect } from 'chai';
import type { Request } from '../../kernel-setup/kernel/channels/messages';
import { Queue } from '../../kernel-setup/kernel/execution/queue';

/** A request as far as a queue looks at it. */
const request = (type: string, name: string): Request =>
  ({
    channel: 'shell',
    ids: [],
    headerText: JSON.stringify({ name }),
    header: { msg_type: type, msg_id: name },
    content: { comm_id: name, data: {} },
  }) as unknown as Request;

describe('the queue', () => {
  it('answers one request at a time, in order, also when the first is a message of a widget', async () => {
    const told: string[] = [];
    let done: () => void;
    const all = new Promise<void>((resolve) => (done = resolve));
    const handler = async ({ header }: Request): Promise<object> => {
      told.push(`${header.msg_id} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      told.push(`${header.msg_id} ends`);
      if (header.msg_id === 'third') done();
      return { status: 'ok' };
    };
    const output = { post: () => undefined } as never;
    const queue = new Queue(
      { direct: {}, inTurn: { comm_msg: handler, execute_request: handler } },
      output,
      { running: undefined } as never,
      () => Promise.resolve(),
    );
    // a front-end asks for the state of its widgets, and sends its cells without waiting
    queue.push(request('comm_msg', 'widget'));
    for (const name of ['first', 'second', 'third']) queue.push(request('execute_request', name));
    await all;
    expect(told).to.deep.equal(
      ['widget', 'first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
  });
});
