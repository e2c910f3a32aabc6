/// <reference lib="dom" preserve="true" />

/**
 * The look of panels. The colours are the surroundings': those of a page (`--ink`, `--line`, …), of JupyterLab, or the
 * system's, light and dark.
 */
export const PANEL_STYLE = `
.lab-panel {
  --lab-ink: var(--ink, var(--jp-ui-font-color1, CanvasText));
  --lab-quiet: var(--quiet, var(--jp-ui-font-color2, color-mix(in srgb, CanvasText 70%, Canvas)));
  --lab-line: var(--line, var(--jp-border-color1, #8a8f98));
  --lab-ground: var(--tint, var(--jp-layout-color1, Canvas));
  --lab-accent: var(--link, var(--jp-brand-color1, #0072b2));
  --lab-warn: var(--warn, var(--jp-error-color0, light-dark(#a3260f, #ff9c87)));
  color: var(--lab-ink);
  font: 0.875rem/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  max-width: 60rem;
  container-type: inline-size;
}
.lab-panel-controls { display: grid; gap: 0.35rem 0.8rem; margin: 0.4rem 0; }
.lab-panel-row {
  display: grid;
  grid-template-columns: minmax(9rem, 17rem) minmax(8rem, 1fr) 6.5rem;
  gap: 0 0.8rem;
  align-items: center;
}
.lab-panel-label { overflow-wrap: anywhere; }
.lab-panel code { color: var(--lab-quiet); font-size: 0.85em; background: none; padding: 0; }
.lab-panel input, .lab-panel select, .lab-panel button { font: inherit; color: inherit; box-sizing: border-box; margin: 0; }
.lab-panel input[type="text"], .lab-panel select {
  width: 100%;
  min-width: 0;
  padding: 0.15rem 0.4rem;
  border: 1px solid var(--lab-line);
  border-radius: 0.3rem;
  background: var(--lab-ground);
}
.lab-panel option { background: var(--lab-ground); color: var(--lab-ink); }
.lab-panel input[type="range"] { width: 100%; accent-color: var(--lab-accent); }
.lab-panel input[type="radio"], .lab-panel input[type="checkbox"] { accent-color: var(--lab-accent); }
.lab-panel input[role="switch"] { justify-self: start; width: 1.05rem; height: 1.05rem; }
.lab-panel input[aria-invalid="true"] { border-color: var(--lab-warn); outline-color: var(--lab-warn); }
.lab-panel :focus-visible { outline: 2px solid var(--lab-accent); outline-offset: 2px; }
.lab-panel button {
  padding: 0.15rem 0.7rem;
  border: 1px solid var(--lab-line);
  border-radius: 0.3rem;
  background: var(--lab-ground);
  cursor: pointer;
}
.lab-panel button:hover { border-color: var(--lab-accent); }
.lab-panel-text input, .lab-panel-select select, .lab-panel-radios .lab-panel-choices { grid-column: 2 / -1; }
.lab-panel-seed { grid-template-columns: minmax(9rem, 17rem) minmax(6rem, 10rem) max-content; }
.lab-panel-choices { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; }
.lab-panel-choices label { cursor: pointer; }
.lab-panel-complaint, .lab-panel-error { grid-column: 1 / -1; margin: 0.15rem 0; color: var(--lab-warn); white-space: pre-wrap; }
.lab-panel-tools { min-height: 1.9rem; display: flex; flex-wrap: wrap; gap: 0.4rem 0.6rem; align-items: center; margin: 0.5rem 0; }
.lab-panel-tools label { display: flex; gap: 0.4rem; align-items: center; }
.lab-panel-tools select { width: auto; }
.lab-panel-status { display: flex; flex-wrap: wrap; gap: 0.3rem 0.6rem; align-items: center; color: var(--lab-quiet); }
.lab-panel-status progress { width: 12rem; accent-color: var(--lab-accent); }
.lab-panel [hidden] { display: none; }
.lab-panel-picture { max-width: 100%; overflow-x: auto; }
.lab-panel-picture svg { display: block; }
.lab-panel-landmarks { list-style: none; margin: 0.3rem 0; padding: 0; font-size: 0.93em; }
.lab-panel-landmarks li { margin: 0; }
.lab-panel-code { margin: 0.4rem 0; padding: 0.5rem 0.8rem; border: 1px solid var(--lab-line); border-radius: 0.3rem; overflow-x: auto; user-select: all; }
@container (max-width: 34rem) {
  .lab-panel-row, .lab-panel-seed { grid-template-columns: minmax(0, 1fr) 6.5rem; row-gap: 0.1rem; }
  .lab-panel-label { grid-column: 1 / -1; }
  .lab-panel-switch { grid-template-columns: minmax(0, 1fr) max-content; }
  .lab-panel-switch .lab-panel-label { grid-column: 1; }
  .lab-panel-text input, .lab-panel-select select, .lab-panel-radios .lab-panel-choices { grid-column: 1 / -1; }
}
@media print { .lab-panel-controls, .lab-panel-tools, .lab-panel-status { display: none; } }
`;

const SHEET: unique symbol = Symbol.for('lecture-lab.panel-style');

/**
 * Gives a document the style of panels; the sheet is made once, and holds what was given last. A sheet made by script is
 * allowed where a page's policy forbids inline styles.
 */
export function dress(document: Document): void {
  const page = document as { [SHEET]?: CSSStyleSheet };
  if (!page[SHEET]) {
    page[SHEET] = new CSSStyleSheet();
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, page[SHEET]];
  }
  page[SHEET].replaceSync(PANEL_STYLE);
}
