import { type Tips, tipAt } from 'lecture-lab/figure/tips';
import { Handler } from 'vega-tooltip';

const tooltip = new Handler({ disableDefaultStyle: true });
const say = (event: Event, words: unknown): void =>
  tooltip.call(undefined, event as MouseEvent, undefined as never, words);

/**
 * Shows what a finished picture says where the pointer is.
 * @param area holds the picture
 * @param tips of the picture that is there now
 */
export function hover(area: HTMLElement, tips: () => Tips): void {
  const look = (event: PointerEvent): void => {
    const toScreen = area.querySelector('svg')?.getScreenCTM();
    if (!toScreen) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(toScreen.inverse());
    say(event, tipAt(tips(), x, y));
  };
  area.addEventListener('pointermove', look);
  area.addEventListener('pointerdown', look);
  area.addEventListener('pointerleave', (event) => say(event, undefined));
}
