import type * as render from './render';

/** In a page the page itself draws, with the Vega that it carries: `show` belongs to notebooks. */
export const renderSvg: typeof render.renderSvg = () =>
  Promise.reject(new Error('show works in a notebook; in a page, evaluate the figure and draw its spec'));
