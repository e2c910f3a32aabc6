import type { PanelValues, Update } from 'lecture-lab/figure/panel/engine';
import type { Answer, PageResult, Request } from 'lecture-lab/figure/worker/protocol';

/** A Web Worker, as far as it is used here. */
export interface Hired {
  postMessage(message: Request): void;
  onmessage: ((event: { data: Answer }) => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  terminate(): void;
}

/** What a job tells: as `Update`, with results that are ready to be drawn. */
export type Told = Exclude<Update, { kind: 'result' }> | { readonly kind: 'result'; readonly result: PageResult };

interface Job {
  readonly figure: string;
  readonly values: PanelValues;
  readonly tell: (told: Told) => void;
  stopped: boolean;
  deadline?: ReturnType<typeof setTimeout>;
}

/** Longest wait for a stopped job to end by itself, in ms; then the worker is ended and the other jobs begin anew. */
const OBEDIENCE = 1000;

/** The page's one worker: computes the figures of all panels. It starts when it is first needed. */
export class Computer {
  #worker: Hired | undefined;
  #ready = false;
  #failure: string | undefined;
  #last = 0;
  readonly #jobs = new Map<number, Job>();

  /**
   * @param hire starts a worker
   * @param files the data files that the page carries, as base64
   */
  constructor(
    private readonly hire: () => Hired,
    private readonly files: () => Readonly<Record<string, string>>,
  ) {}

  /** Starts the worker before it is needed, so that the first computation does not wait for it. */
  start(): void {
    if (this.#worker || this.#failure !== undefined) return;
    this.#ready = false;
    try {
      const worker = this.hire();
      this.#worker = worker;
      worker.onmessage = ({ data }) => this.#hear(data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#lose(event.message ?? '');
      };
      worker.postMessage({ kind: 'files', files: this.files() });
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  /** Computes a figure; what becomes of it is told, ending with one result, error or stopped. */
  compute(figure: string, values: PanelValues, tell: (told: Told) => void): { stop(): void } {
    const id = ++this.#last;
    const job: Job = { figure, values, tell, stopped: false };
    this.#jobs.set(id, job);
    this.start();
    if (this.#failure !== undefined) this.#end(id, { kind: 'error', message: this.#failure });
    else this.#post(id, job);
    return { stop: () => this.#stop(id) };
  }

  #post(id: number, { figure, values, tell }: Job): void {
    this.#worker?.postMessage({ kind: 'compute', job: id, figure, values });
    tell({ kind: 'started', values });
  }

  #stop(id: number): void {
    const job = this.#jobs.get(id);
    if (!job || job.stopped) return;
    job.stopped = true;
    this.#worker?.postMessage({ kind: 'stop', job: id });
    job.deadline = setTimeout(() => this.#startAnew(), OBEDIENCE);
  }

  #hear(answer: Answer): void {
    if (answer.kind === 'ready') {
      this.#ready = true;
      return;
    }
    const { job: id, ...told } = answer;
    if (told.kind === 'progress') this.#jobs.get(id)?.tell(told);
    else this.#end(id, told);
  }

  #end(id: number, told: Told): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    clearTimeout(job.deadline);
    this.#jobs.delete(id);
    // what was stopped and came through all the same is not shown: the reader was told that it stops
    job.tell(job.stopped ? { kind: 'stopped' } : told);
  }

  /** A model that does not breathe can't be asked to stop. */
  #startAnew(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const [id, job] of this.#jobs) if (job.stopped) this.#end(id, { kind: 'stopped' });
    if (this.#jobs.size === 0) return;
    this.start();
    for (const [id, job] of this.#jobs) this.#post(id, job);
  }

  /** The worker is gone. One that never ran won't do so at the next try. */
  #lose(message: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    const words = `This page could not compute the figure${message ? ` (${message})` : ''}. The picture is the last one that was computed.`;
    if (!this.#ready) this.#failure = words;
    for (const id of [...this.#jobs.keys()]) this.#end(id, { kind: 'error', message: words });
  }
}
