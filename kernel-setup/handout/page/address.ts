import { ParameterError } from 'lecture-lab/math/errors';
import type { Figures } from './figures';
import { fragmentOf, parseFragment, valuesAt } from './fragment';
import type { LivePanel } from './live-panel';
import { notice } from './notice';

/** Browsers allow an address to be changed some hundred times in half a minute: a drag waits until it rests, in ms. */
const REST = 250;

/** Keeps the part of the page's address after the `#` and its figures in step. */
export class Address {
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** set while the values of a figure come from the address */
  #following = false;

  /** Writes a figure's values into the address, without a step in the browser's history. */
  readonly write = ({ figure, nth, panel, shown }: LivePanel): void => {
    if (this.#following) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      try {
        history.replaceState(history.state, '', `#${fragmentOf(figure.id, nth, panel.values, shown)}`);
      } catch {
        // an address that can't be changed (a page within a page) harms nobody
      }
    }, REST);
  };

  /** Does what the address says, now and whenever it changes. */
  follow(figures: Figures): void {
    const read = (): void => void this.#read(figures);
    window.addEventListener('hashchange', read);
    read();
  }

  async #read(figures: Figures): Promise<void> {
    clearTimeout(this.#timer);
    try {
      await this.#goTo(figures);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      notice(`The address of this page asks for what is not possible. ${error.message}`);
    }
  }

  async #goTo(figures: Figures): Promise<void> {
    const place = parseFragment(location.hash.slice(1));
    notice(undefined);
    if (!place) return;
    const { element, count } = figures.find(place.figure, place.nth);
    if (!element)
      throw new ParameterError(
        count === 0
          ? `This page has no figure ${place.figure}.`
          : `This page shows ${place.figure} ${count === 1 ? 'once' : `${count} times`}: there is no number ${place.nth}.`,
      );
    const alive = await figures.bringToLife(element);
    element.scrollIntoView({ block: 'start' });
    if (!alive) {
      if (place.settings.length > 0)
        throw new ParameterError(`The parameters of ${place.figure} can't be changed in this page.`);
      return;
    }
    const values = valuesAt(alive.figure, place, alive.shown);
    this.#following = true;
    try {
      alive.panel.set(values);
    } finally {
      this.#following = false;
    }
  }
}
