import { Signer } from '../channels/signing';
import { loadZeroMq, openSockets, type Sockets } from '../channels/sockets';
import { encode } from '../channels/wire';
import { readConnection } from '../connection';
import { COMPLAINT } from './complaint';
import type { SupervisorNote } from './supervisor-line';

type Received = Extract<SupervisorNote, { note: 'received' }>;

/** How long front-ends get to connect to the supervisor, ms. */
const PATIENCE = 3000;

/** Remembers what the kernel is doing, and tells Jupyter about it when the kernel's process dies. */
export class CrashReport {
  readonly #file: string;
  readonly #open = new Map<string, Received>();
  #running: { id: string; count: number } | undefined;
  #said = '';
  #rest = '';
  #closing = false;

  constructor(connectionFile: string) {
    this.#file = connectionFile;
  }

  /** The end of the kernel is wanted. */
  closing(): void {
    this.#closing = true;
  }

  get expected(): boolean {
    return this.#closing;
  }

  /** Takes what the kernel writes to its standard error: V8 says there why it gave up. */
  said(text: string): void {
    this.#said = (this.#said + text).slice(-10_000);
  }

  /** Takes what the kernel notes on the supervisor's line. */
  noted(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#note(JSON.parse(line) as SupervisorNote);
  }

  #note(note: SupervisorNote): void {
    if (note.note === 'received') this.#open.set(note.id, note);
    else if (note.note === 'started') this.#running = { id: note.id, count: note.count };
    else if (note.note === 'closing') this.#closing = true;
    else {
      this.#open.delete(note.id);
      if (this.#running?.id === note.id) this.#running = undefined;
    }
  }

  /** Answers the cells that the dead kernel has left unanswered. */
  async send(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#closing || this.#open.size === 0) return;
    const connection = readConnection(this.#file);
    const signer = new Signer(connection);
    const sockets = await openSockets(loadZeroMq(), connection);
    const publish = (type: string, content: object, parent: string): Promise<void> =>
      sockets.iopub.send(encode([type], type, JSON.stringify(content), parent, '', signer));
    await subscriber(sockets);
    for (const { id, ids, header } of this.#open.values()) {
      const running = this.#running?.id === id ? this.#running : undefined;
      const failure = { ename: 'KernelDied', ...this.#reason(code, signal) };
      if (running) await publish('error', failure, header);
      const reply = running ? { status: 'error', execution_count: running.count, ...failure } : { status: 'aborted' };
      const to = ids.map((one) => Buffer.from(one, 'base64'));
      await sendToPeer(sockets, encode(to, 'execute_reply', JSON.stringify(reply), header, '', signer));
      await publish('status', { execution_state: 'idle' }, header);
    }
    await pause(300); // the messages leave
  }

  #reason(code: number | null, signal: NodeJS.Signals | null): { evalue: string; traceback: string[] } {
    const memory = /heap out of memory|Allocation failed|Array buffer allocation/.test(this.#said);
    const complaint = this.#said.split('\n').find((line) => line.startsWith(COMPLAINT));
    const how = memory
      ? 'it ran out of memory'
      : complaint
        ? complaint.slice(COMPLAINT.length)
        : signal === 'SIGKILL'
          ? 'the system ended it (SIGKILL), most likely because the machine ran out of memory'
          : signal
            ? `it crashed in native code (${signal})`
            : `it exited with code ${code}`;
    const evalue = `this cell ended the kernel: ${how}. All variables are gone; the kernel starts anew`;
    return { evalue, traceback: [`\u001b[1;31mKernelDied\u001b[0m: ${evalue}`] };
  }
}

/** Waits until somebody listens on iopub, or long enough. */
async function subscriber({ iopub }: Sockets): Promise<void> {
  iopub.receiveTimeout = PATIENCE;
  await iopub.receive().catch(() => undefined);
  await pause(100); // others reconnect at about the same time
}

/** The peer reconnects by itself under its old identity; until then the socket refuses. */
async function sendToPeer({ shell }: Sockets, frames: (string | Uint8Array)[]): Promise<void> {
  shell.mandatory = true;
  for (let waited = 0; waited < PATIENCE; waited += 20) {
    try {
      return await shell.send(frames);
    } catch {
      await pause(20);
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
