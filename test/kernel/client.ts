import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as zmq from 'zeromq';

export const root = join(__dirname, '..', '..');
const DELIMITER = '<IDS|MSG>';

export interface Message {
  readonly header: { readonly msg_id: string; readonly msg_type: string };
  readonly parent: { readonly msg_id?: string };
  readonly metadata: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read into contents of every shape
  readonly content: any;
}

/** What came back for one cell. */
export interface Answer {
  /** content of the execute_reply */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly reply: any;
  /** everything published under the cell, in order */
  readonly messages: readonly Message[];
}

/** A small Jupyter front-end: starts a kernel and talks to it. */
export class Client {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lecture-lab-kernel-'));
  readonly #key = randomBytes(16).toString('hex');
  readonly #session = randomUUID();
  readonly #sockets: { shell: zmq.Dealer; control: zmq.Dealer; iopub: zmq.Subscriber };
  readonly #listeners = new Set<() => void>();
  /** all that came on iopub, and all replies */
  readonly published: Message[] = [];
  readonly replies: Message[] = [];
  process!: ChildProcess;
  stderr = '';
  exited = false;

  private constructor() {
    const soon = { reconnectInterval: 2 }; // ms until the next attempt while the kernel is not there yet
    const identity = { routingId: this.#session, ...soon };
    this.#sockets = {
      shell: new zmq.Dealer(identity),
      control: new zmq.Dealer(identity),
      iopub: new zmq.Subscriber(soon),
    };
  }

  /**
   * Starts a kernel (KERNEL=stock: tslab's own) and waits until it answers.
   * @param options.argv more arguments for Node
   * @param options.command the program and its arguments, for another kernel than ours
   */
  static async start(
    options: {
      env?: NodeJS.ProcessEnv;
      argv?: string[];
      wait?: boolean;
      command?: (connectionFile: string) => string[];
    } = {},
  ): Promise<Client> {
    const client = new Client();
    const [shell, iopub, stdin, control, hb] = await freePorts(5);
    const connection = {
      transport: 'tcp',
      ip: '127.0.0.1',
      key: client.#key,
      signature_scheme: 'hmac-sha256',
      shell_port: shell,
      iopub_port: iopub,
      stdin_port: stdin,
      control_port: control,
      hb_port: hb,
    };
    const file = join(client.#folder, 'connection.json');
    writeFileSync(file, JSON.stringify(connection));
    const stock = [join(root, 'node_modules', 'tslab', 'bin', 'tslab'), 'kernel', `--config-path=${file}`];
    const ours = [join(root, 'kernel-setup', 'dist', 'kernel', 'main.js'), file];
    const node = [process.execPath, ...(options.argv ?? []), ...(isStock ? stock : ours)];
    const [program, ...args] = options.command?.(file) ?? node;
    client.process = spawn(program!, args, {
      cwd: isStock ? root : client.#folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    client.process.stderr?.on('data', (text) => (client.stderr += String(text)));
    client.process.on('exit', () => {
      client.exited = true;
      client.#wake();
    });
    const { shell: toShell, control: toControl, iopub: fromIopub } = client.#sockets;
    toShell.connect(`tcp://127.0.0.1:${shell}`);
    toControl.connect(`tcp://127.0.0.1:${control}`);
    fromIopub.connect(`tcp://127.0.0.1:${iopub}`);
    fromIopub.subscribe('');
    void client.#listen(toShell, client.replies);
    void client.#listen(toControl, client.replies);
    void client.#listen(fromIopub, client.published);
    if (options.wait !== false) await client.#ready();
    return client;
  }

  /** Until both shell and iopub answer: a subscription takes a moment. */
  async #ready(): Promise<void> {
    const deadline = Date.now() + 15_000;
    while (this.published.length === 0) {
      if (this.exited) throw new Error(`the kernel ended: ${this.stderr}`);
      if (Date.now() > deadline) throw new Error(`the kernel does not answer: ${this.stderr}`);
      const id = this.send('shell', 'kernel_info_request', {});
      await this.reply(id, 15_000);
      await this.until(() => this.published.length > 0, 200).catch(() => undefined);
    }
  }

  async #listen(socket: AsyncIterable<Buffer[]>, into: Message[]): Promise<void> {
    try {
      for await (const frames of socket) {
        const at = frames.findIndex((frame) => String(frame) === DELIMITER);
        const parts = frames.slice(at + 2, at + 6);
        if (this.#sign(parts.map(String)) !== String(frames[at + 1])) throw new Error('wrong signature');
        const [header, parent, metadata, content] = parts.map((part) => JSON.parse(String(part)));
        into.push({ header, parent, metadata, content });
        this.#wake();
      }
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') this.stderr += `client: ${(error as Error).message}\n`;
    }
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #sign(parts: readonly string[]): string {
    const hmac = createHmac('sha256', this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Resolves when the condition holds; looks whenever something arrives. */
  until<T>(condition: () => T | undefined | false, ms = 10_000, what = 'what was expected'): Promise<T> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = condition();
        if (found === undefined || found === false) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`${what} did not come within ${ms} ms; standard error: ${this.stderr}`));
      }, ms);
      const done = (): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** Sends a message and gives its id. */
  send(channel: 'shell' | 'control', type: string, content: object): string {
    const id = randomUUID();
    const header = {
      msg_id: id,
      msg_type: type,
      session: this.#session,
      username: 'test',
      date: new Date().toISOString(),
      version: '5.3',
    };
    const parts = [JSON.stringify(header), '{}', '{}', JSON.stringify(content)];
    void this.#sockets[channel].send([DELIMITER, this.#sign(parts), ...parts]);
    return id;
  }

  reply(id: string, ms = 10_000): Promise<Message> {
    return this.until(() => this.replies.find(({ parent }) => parent.msg_id === id), ms, 'the reply');
  }

  /** Sends a request and gives the content of its reply. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read into contents of every shape
  async ask(type: string, content: object, channel: 'shell' | 'control' = 'shell'): Promise<any> {
    return (await this.reply(this.send(channel, type, content))).content;
  }

  /** What was published under a request. */
  under(id: string): Message[] {
    return this.published.filter(({ parent }) => parent.msg_id === id);
  }

  sendCell(code: string, options: object = {}): string {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    return this.send('shell', 'execute_request', { ...content, ...options });
  }

  /** Waits for the answer to a cell: its reply and its `idle`. */
  async answer(id: string, ms = 10_000): Promise<Answer> {
    const { content } = await this.reply(id, ms);
    await this.until(() => this.under(id).some(({ content }) => content.execution_state === 'idle'), 3000, 'idle');
    return { reply: content, messages: this.under(id) };
  }

  run(code: string, options: object = {}, ms = 10_000): Promise<Answer> {
    return this.answer(this.sendCell(code, options), ms);
  }

  async interrupt(): Promise<void> {
    if (isStock) this.process.kill('SIGINT');
    else await this.ask('interrupt_request', {}, 'control');
  }

  /** Ends the kernel, however it is. */
  async stop(): Promise<void> {
    if (!this.exited) {
      this.process.kill('SIGTERM');
      await this.until(() => this.exited, 2000).catch(() => this.process.kill('SIGKILL'));
    }
    for (const socket of Object.values(this.#sockets)) socket.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** The same tests against tslab as it ships: `KERNEL=stock npx mocha test/kernel/faults.test.ts` shows which fail there. */
export const isStock = process.env['KERNEL'] === 'stock';

/** The text that a cell printed. */
export function printed({ messages }: Answer, name: 'stdout' | 'stderr' = 'stdout'): string {
  return messages
    .filter(({ header, content }) => header.msg_type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('');
}

/** The contents of the messages of a type. */
// biome-ignore lint/suspicious/noExplicitAny: tests read into contents of every shape
export function contents({ messages }: Answer, type: string): any[] {
  return messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}

/** The plain text of a cell's result. */
export function result(answer: Answer): string | undefined {
  const [shown] = contents(answer, 'execute_result');
  return isStock ? printed(answer).trimEnd() : shown?.data['text/plain']; // stock tslab prints results
}

/** A traceback without its colours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are
export const plain = (traceback: readonly string[]): string => traceback.join('\n').replace(/\u001b\[[\d;]*m/g, '');

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
