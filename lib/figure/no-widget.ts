/** In the place of `widget.ts` where there is no JupyterLab: pages have panels of their own. */
export const Widget = {
  open(): never {
    throw new Error('explore() works in notebooks only');
  },
};
