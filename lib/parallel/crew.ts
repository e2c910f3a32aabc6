import type { CancelSignal } from '../math/run';
import type { Failure } from './failure';
import type { Calls, Plan } from './team';

/** Some trials in a row, for one worker. */
export interface Chunk {
  readonly module: string;
  readonly name: string;
  readonly args: unknown;
  /** the seed stream's origin; undefined for trials that draw nothing */
  readonly origin: Int32Array | undefined;
  /** trials from `from` to `to - 1` */
  readonly from: number;
  readonly to: number;
}

/** What became of a chunk: all results, or those before the trial that failed. */
export interface Reply {
  readonly results: readonly unknown[];
  readonly failure?: Failure;
  /** why the task can't be run by workers */
  readonly refusal?: string;
}

/** A chunk that a worker works on, or will. */
export interface Work {
  /** rejects with `WorkerLost` or `NoWorkers` */
  readonly reply: Promise<Reply>;
  /** How far it is: a trial's number and the share of it that is done, e.g. 17.5. */
  position(): number;
  /** Asks it to end at its next report of progress. */
  stop(): void;
  /** Ends it wherever it is, and its worker with it. */
  end(): void;
}

/** The workers. They are hired when they are needed and let go when they were idle for a while. */
export interface Crew {
  /** Has a chunk worked on as soon as a worker is free. */
  run(chunk: Chunk): Work;
}

/** What differs between Node and a page. Imported as `#pool`, which lib/package.json resolves to `node.ts` or `page.ts`. */
export interface Pool {
  /** Number of workers where nobody says otherwise. @throws {ParameterError} on a malformed LECTURE_LAB_WORKERS */
  defaultWorkers(): number;
  /** @returns undefined where there can be no workers, and inside of a worker */
  hire(workers: number): Crew | undefined;
  /** Whether there can be a team: threads, and memory for them to share. */
  teams(): boolean;
  /**
   * Threads that go through a simulation together, as many as `defaultWorkers`, the caller's included.
   * @param call the kernel's functions in the caller's thread
   * @returns undefined where there can be none
   */
  team(plan: Plan, call: Calls): Team | undefined;
}

/** The threads of a simulation, led by the one that formed the team. */
export interface Team {
  /**
   * Does all phases of a step.
   * @throws {Error} if a thread was lost in the middle of its work; the signal's reason if it is aborted while one does
   * not get on
   */
  step(signal: CancelSignal): Promise<void>;
  /** Lets the helpers go. Has to be called in the end, also after an error. */
  leave(): void;
}

/** A worker that ended in the middle of its work. The message says how. */
export class WorkerLost extends Error {}

/** There are no workers here after all: they can't be started. */
export class NoWorkers extends Error {}

/** How long an idle worker is kept, in ms: a reader who tries values comes back sooner. */
export const KEEP = 60_000;

/** Lets at most `size` of those who wait for a turn have one at a time, in the order in which they came. */
export class Turns {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly size: number) {}

  async take(): Promise<void> {
    if (this.taken < this.size) this.taken++;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  give(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.taken--;
  }
}
