import type { Chunk, Reply } from './crew';
import type { Answer, Order, World } from './page-job';
import { findTask } from './task';
import { type Floor, sendReply, work } from './work';

/** Time between two breaths, in which a worker hears that it should stop, and between two reports, in ms. */
const BREATH = 25;

/** The other end of a worker that works for another. */
export interface HandPort {
  postMessage(answer: Answer, given: ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: Order }) => void) | null;
}

/** Works on the chunks that are sent. The tasks are those of the modules in the page's script. */
export function serveTrials(port: HandPort): void {
  const world = globalThis as unknown as World;
  const seen = new WeakSet<object>();
  const breathe = breather(world);
  let stop = new AbortController();

  port.onmessage = ({ data }) => {
    if (data.kind === 'files') world.lectureLabData = data.files;
    else if (data.kind === 'stop') stop.abort(new Error('stopped'));
    else {
      stop = new AbortController();
      void serve(data.chunk, stop.signal);
    }
  };

  async function serve(chunk: Chunk, signal: Floor['signal']): Promise<void> {
    let last = performance.now();
    const floor: Floor = {
      signal,
      report(position) {
        signal.throwIfAborted();
        if (performance.now() - last < BREATH) return undefined;
        port.postMessage({ kind: 'at', position }, []);
        return breathe().then(() => {
          last = performance.now();
          signal.throwIfAborted();
        });
      },
    };
    const answer = (reply: Reply, given: ArrayBuffer[] = []): void => port.postMessage({ kind: 'reply', reply }, given);
    const task = findTask(chunk.module, chunk.name);
    if (!task) {
      answer({
        results: [],
        refusal: `this page does not carry the task ${chunk.name} of ${chunk.module}: export it again`,
      });
      return;
    }
    try {
      sendReply(chunk, await work(chunk, task, floor, seen), answer);
    } catch (error) {
      if (!signal.aborted) throw error;
      answer({ results: [] });
    }
  }
}

/** A turn of the event loop. A message to itself comes at once, where a timer in a page waits for 4 ms. */
function breather({ MessageChannel }: World): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return () =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
}
