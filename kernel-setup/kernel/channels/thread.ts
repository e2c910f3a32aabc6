import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { Stopper } from '../interrupts/stopper';
import { SupervisorLine } from '../process/supervisor-line';
import type { ChannelsData, ToChannels, ToKernel } from './messages';
import { Signer } from './signing';
import { loadZeroMq, openSockets, type Sockets } from './sockets';
import { StreamJoiner } from './streams';
import { decode, encode, type Incoming } from './wire';

/**
 * The thread that owns the sockets: it answers kernel_info, heartbeats, interrupts and shutdowns by itself, whatever
 * the main thread does, and passes everything else on.
 */
const data = workerData as ChannelsData;
const kernel = parentPort as MessagePort;
const signer = new Signer(data.connection);
const tell = (message: ToKernel): void => kernel.postMessage(message);

type Outgoing = Exclude<ToChannels, { kind: 'sync' }>;

/** Time that the last messages get to leave, ms. */
const FAREWELL = 50;

async function run(): Promise<void> {
  const sockets = await openSockets(loadZeroMq(), data.connection);
  const supervisor = new SupervisorLine(data.supervisor);
  const stopper = new Stopper(data.flags, data.heapLimit, (reason, turn) => tell({ kind: 'stop', reason, turn }));
  const send = sender(sockets);
  kernel.on('message', (message: ToChannels) => {
    if (message.kind !== 'sync') send(message, supervisor);
    else setImmediate(() => setImmediate(() => tell({ kind: 'synced' }))); // reads the sockets once more
  });
  tell({ kind: 'ready' });

  const answer = (channel: 'shell' | 'control', request: Incoming, type: string, content: string): void =>
    send({ kind: 'reply', channel, ids: request.ids, type, content, parent: request.headerText }, supervisor);
  const status = (state: 'busy' | 'idle', request: Incoming): void =>
    send(
      {
        kind: 'publish',
        type: 'status',
        content: JSON.stringify({ execution_state: state }),
        parent: request.headerText,
      },
      supervisor,
    );

  const onControl = async (request: Incoming): Promise<void> => {
    status('busy', request);
    if (request.header.msg_type === 'interrupt_request') {
      await stopper.stop('interrupt');
      answer('control', request, 'interrupt_reply', '{"status":"ok"}');
    } else if (request.header.msg_type === 'kernel_info_request') {
      answer('control', request, 'kernel_info_reply', data.info);
    } else if (request.header.msg_type === 'shutdown_request') {
      shutdown(request, 'control');
    }
    status('idle', request);
  };
  const shutdown = (request: Incoming, channel: 'shell' | 'control'): void => {
    answer(
      channel,
      request,
      'shutdown_reply',
      JSON.stringify({ status: 'ok', restart: request.content['restart'] === true }),
    );
    supervisor.closing();
    // at once and whatever the main thread does: ended more gently, zeromq aborts the process
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), FAREWELL);
  };

  void each(sockets.shell, async (request) => {
    const type = request.header.msg_type;
    if (type === 'kernel_info_request') {
      status('busy', request);
      answer('shell', request, 'kernel_info_reply', data.info);
      status('idle', request);
    } else if (type === 'shutdown_request') {
      status('busy', request);
      shutdown(request, 'shell');
      status('idle', request);
    } else {
      if (type === 'execute_request') supervisor.received(request);
      tell({ kind: 'request', request: { ...request, channel: 'shell' } });
    }
  });
  void each(sockets.control, onControl);
  void heartbeat(sockets);
  void welcome(sockets);
}

/** Sends messages in the order in which they were handed over. */
function sender(sockets: Sockets): (message: Outgoing, supervisor: SupervisorLine) => void {
  const put = (socket: 'iopub' | 'shell' | 'control', frames: (string | Uint8Array)[]): void => {
    sockets[socket].send(frames).catch((error: Error) => process.stderr.write(`kernel: ${socket}: ${error.message}\n`));
  };
  const streams = new StreamJoiner((name, text, parent) =>
    put('iopub', encode(['stream'], 'stream', JSON.stringify({ name, text }), parent, '', signer)),
  );
  return (message, supervisor) => {
    if (message.kind === 'stream') return streams.write(message.name, message.text, message.parent);
    if (message.kind === 'note') return supervisor[message.what](message.id, message.count);
    streams.flush();
    const { type, content, parent } = message;
    if (message.kind === 'publish') put('iopub', encode([type], type, content, parent, message.metadata ?? '', signer));
    else put(message.channel, encode(message.ids, type, content, parent, '', signer));
  };
}

async function each(socket: Sockets['shell'], handle: (request: Incoming) => Promise<void>): Promise<void> {
  for await (const frames of socket) {
    const request = decode(frames, signer);
    if (request) handle(request).catch((error: Error) => process.stderr.write(`kernel: ${error.stack}\n`));
  }
}

async function heartbeat({ heartbeat: socket }: Sockets): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}

/** Tells every new subscriber of iopub that it is connected: from then on it misses nothing. */
async function welcome({ iopub }: Sockets): Promise<void> {
  for await (const [frame] of iopub) {
    if (frame?.[0] !== 1) continue; // 1: subscribes, 0: unsubscribes
    const topic = frame.subarray(1);
    await iopub.send(encode([topic], 'iopub_welcome', JSON.stringify({ subscription: String(topic) }), '', '', signer));
  }
}

run().catch((error: Error) => tell({ kind: 'failed', message: error.message }));
