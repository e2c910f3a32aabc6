import { Socket } from 'node:net';
import type { Incoming } from '../channels/wire';

/** What the kernel tells its supervisor, one JSON text a line. */
export type SupervisorNote =
  | { readonly note: 'received'; readonly id: string; readonly ids: readonly string[]; readonly header: string }
  | { readonly note: 'started' | 'finished'; readonly id: string; readonly count: number }
  | { readonly note: 'closing' };

/** The kernel's end of the line to the supervisor. When the supervisor is gone, the kernel ends itself. */
export class SupervisorLine {
  readonly #socket: Socket | undefined;

  constructor(fd: number | undefined) {
    if (fd === undefined) return;
    this.#socket = new Socket({ fd, readable: true, writable: true });
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => process.kill(process.pid, 'SIGKILL'));
    this.#socket.resume();
  }

  received({ ids, header, headerText }: Incoming): void {
    this.#write({
      note: 'received',
      id: header.msg_id,
      ids: ids.map((id) => Buffer.from(id).toString('base64')),
      header: headerText,
    });
  }

  started(id: string, count: number): void {
    this.#write({ note: 'started', id, count });
  }

  finished(id: string, count: number): void {
    this.#write({ note: 'finished', id, count });
  }

  /** The kernel is going to end because it was asked to. */
  closing(): void {
    this.#write({ note: 'closing' });
  }

  #write(note: SupervisorNote): void {
    this.#socket?.write(`${JSON.stringify(note)}\n`);
  }
}
