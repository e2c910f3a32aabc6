import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What every figure needs, and what takes a tenth of a second to load. */
const PACKAGES = ['vega-lite', 'vega'];
/** How long nothing has to happen before one of them is loaded, ms. */
const QUIET = 300;

/** Loads the drawing packages while the reader reads, so that the first figure comes as fast as the others. */
export class Preload {
  readonly #busy: () => boolean;
  readonly #require: NodeJS.Require;
  readonly #left = [...PACKAGES];
  #timer: NodeJS.Timeout | undefined;

  constructor(root: string, busy: () => boolean) {
    this.#busy = busy;
    this.#require = createRequire(join(root, 'lib', 'package.json'));
  }

  /** Something happens: what is still to be loaded waits. */
  wait(): void {
    if (this.#left.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), QUIET);
  }

  #load(): void {
    if (!this.#busy()) {
      try {
        this.#require(this.#left.shift()!);
      } catch {
        // the figure that needs it will say so
      }
    }
    this.wait();
  }
}
