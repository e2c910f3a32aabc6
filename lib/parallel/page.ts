import { type Chunk, type Crew, KEEP, NoWorkers, type Pool, type Reply, Turns, type Work, WorkerLost } from './crew';
import { type Answer, HAND, isHand, type World } from './page-job';

const world = globalThis as unknown as World;
/** A page with more workers than this needs more memory than it saves time. */
const MOST = 8;

export const defaultWorkers: Pool['defaultWorkers'] = () => Math.min(world.navigator?.hardwareConcurrency ?? 1, MOST);

let crew: PageCrew | undefined;

/** Only the page's own worker has others. They run the same script. */
export const hire: Pool['hire'] = (workers) => {
  if (!world.Worker || !world.lectureLabScript || isHand() || crew?.refused) return undefined;
  if (!crew || crew.size < workers) crew = new PageCrew(workers);
  return crew;
};

/** Shared memory is only for pages from servers that send special headers. */
export const teams: Pool['teams'] = () => false;
export const team: Pool['team'] = () => undefined;

let address: string | undefined;

/**
 * Where the script of this worker lies for workers that it starts. A page from disk gives each worker an origin of its
 * own, so the address from which it was started itself is closed to it.
 */
function ownAddress(): string {
  const script = `self.lectureLabScript=${world.lectureLabScript};self.lectureLabScript()`;
  return (address ??= world.URL.createObjectURL(new world.Blob([script], { type: 'text/javascript' })));
}

/** A worker and what it does. */
interface Hand {
  readonly worker: InstanceType<NonNullable<World['Worker']>>;
  readonly hear: { tell: (answer: Answer) => void; lose: (message: string) => void };
  ready: boolean;
  idle: unknown;
}

/** Workers that the page's worker starts of itself. */
class PageCrew implements Crew {
  readonly #idle: Hand[] = [];
  readonly #turns: Turns;
  /** workers can't be started here */
  refused = false;

  constructor(readonly size: number) {
    this.#turns = new Turns(size);
  }

  run(chunk: Chunk): Work {
    let position = chunk.from;
    let hand: Hand | undefined;
    let ended = false;
    let end = (): void => {
      ended = true;
    };
    const work = async (): Promise<Reply> => {
      await this.#turns.take();
      try {
        if (ended) throw new WorkerLost('the worker was ended');
        const hired = (hand = this.#idle.pop() ?? this.#start());
        world.clearTimeout(hired.idle);
        const reply = await new Promise<Reply>((resolve, reject) => {
          end = () => {
            hired.worker.terminate();
            reject(new WorkerLost('the worker was ended'));
          };
          hired.hear.lose = (message) => {
            hired.worker.terminate();
            this.refused ||= !hired.ready;
            reject(hired.ready ? new WorkerLost(`the worker broke down: ${message}`) : new NoWorkers(message));
          };
          hired.hear.tell = (answer) => {
            hired.ready = true;
            if (answer.kind === 'at') position = answer.position;
            if (answer.kind === 'reply') resolve(answer.reply);
          };
          hired.worker.postMessage({ kind: 'work', chunk });
        });
        this.#rest(hired);
        return reply;
      } finally {
        hand = undefined;
        this.#turns.give();
      }
    };
    return {
      reply: work(),
      position: () => position,
      stop: () => hand?.worker.postMessage({ kind: 'stop' }),
      end: () => end(),
    };
  }

  #start(): Hand {
    let worker: Hand['worker'];
    try {
      worker = new world.Worker!(ownAddress(), { name: HAND });
    } catch (error) {
      this.refused = true;
      throw new NoWorkers(String(error));
    }
    const hear: Hand['hear'] = { tell: () => undefined, lose: () => undefined };
    worker.onmessage = ({ data }) => hear.tell(data);
    worker.onerror = (event) => {
      event.preventDefault();
      hear.lose(event.message ?? '');
    };
    worker.postMessage({ kind: 'files', files: world.lectureLabData });
    return { worker, hear, ready: false, idle: undefined };
  }

  #rest(hand: Hand): void {
    this.#idle.push(hand);
    hand.idle = setTimeout(() => {
      this.#idle.splice(this.#idle.indexOf(hand), 1);
      hand.worker.terminate();
    }, KEEP);
  }
}
