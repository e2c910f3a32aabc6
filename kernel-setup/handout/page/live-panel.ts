import type { PanelFigure, PanelResult, PanelValues } from 'lecture-lab/figure/panel/engine';
import { createPanel, type Panel } from 'lecture-lab/figure/panel/panel';
import { formatValue, parseValues } from 'lecture-lab/figure/parameters';
import type { PageResult } from 'lecture-lab/figure/worker/protocol';
import type { Spec } from 'vega';
import type { Computer } from './computer';
import { downloads } from './downloads';
import type { Live } from './figures';
import { PageEngine } from './page-engine';
import { apart, Chart } from './plot';

/** A figure of the page with its controls. */
export interface LivePanel {
  readonly figure: PanelFigure;
  /** which of the page's figures with its id, from 1 */
  readonly nth: number;
  /** the values of the notebook's picture */
  readonly shown: PanelValues;
  readonly panel: Panel;
}

/** A figure in the page before it is alive. */
export interface Dormant {
  readonly element: HTMLElement;
  readonly still: HTMLElement;
  readonly live: Live;
  readonly declared: PanelFigure;
  readonly nth: number;
}

/**
 * Puts a figure with its controls in the place of the still picture. It begins with the notebook's numbers: nothing is
 * computed before the reader changes something.
 * @throws {ParameterError} if the notebook's settings are no longer allowed; {Error} if the picture can't be drawn
 */
export async function livePanel(
  { element, still, live, declared, nth }: Dormant,
  computer: Computer,
  changed: (panel: LivePanel) => void,
): Promise<LivePanel> {
  const shown = parseValues(declared.id, declared.params, live.settings ?? {}) as PanelValues;
  const begin = apart(live.spec);
  const first = { values: shown, landmarks: [], vega: begin.spec, rows: begin.rows as PageResult['rows'] };
  // the notebook's landmarks stand below its picture, until there are others
  const landmarks = element.nextElementSibling?.querySelector(':scope > ul.landmarks')?.parentElement;
  const settings = document.createElement('p');
  settings.className = 'settings';
  const root = document.createElement('div');
  root.className = 'live panel';
  const chart = new Chart();

  let panel!: Panel;
  await new Promise<void>((resolve, reject) => {
    panel = createPanel(root, declared, new PageEngine(computer, declared.id), {
      values: shown,
      result: first,
      tools: downloads(() => chart.view, element.id),
      draw: async (area, result) => {
        try {
          const { vega, rows } = result as PageResult;
          await chart.draw(area, { spec: vega as Spec, rows });
        } catch (error) {
          reject(error);
          throw error;
        }
      },
      onValues: () => changed(own),
      onResult: (result) => {
        if (result === first) resolve();
        else show(result);
      },
    });
  });
  const own: LivePanel = { figure: declared, nth, shown, panel };
  const show = ({ values }: PanelResult): void => {
    landmarks?.remove();
    settings.textContent = `${declared.id}: ${settingsText(values)}`;
  };
  // wide pictures scroll, by keyboard too
  panel.area.tabIndex = 0;
  if (landmarks) panel.area.after(landmarks);
  panel.area.after(settings);
  still.replaceWith(root);
  computer.start();
  return own;
}

const settingsText = (values: PanelValues): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} = ${formatValue(value)}`)
    .join(', ');
