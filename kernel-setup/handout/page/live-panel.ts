import type { PanelFigure, PanelValues } from 'lecture-lab/figure/panel/engine';
import { createPanel, type Panel } from 'lecture-lab/figure/panel/panel';
import { putSvg } from 'lecture-lab/figure/panel/picture';
import { formatValue, parseValues } from 'lecture-lab/figure/parameters';
import type { PageResult } from 'lecture-lab/figure/worker/protocol';
import type { Computer } from './computer';
import { downloads } from './downloads';
import type { Live } from './figures';
import { hover } from './hover';
import { PageEngine } from './page-engine';

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
 * Puts a figure with its controls around the still picture. It begins with the notebook's numbers: nothing is computed or
 * drawn before the reader changes something.
 * @throws {ParameterError} if the notebook's settings are no longer allowed
 */
export function livePanel(
  { element, still, live, declared, nth }: Dormant,
  computer: Computer,
  changed: (panel: LivePanel) => void,
): LivePanel {
  const shown = parseValues(declared.id, declared.params, live.settings ?? {}) as PanelValues;
  const picture = still.querySelector('svg');
  if (!picture) throw new Error('its picture is missing');
  const first: PageResult = { values: shown, landmarks: [], svg: '', tips: live.tips, rows: live.rows };
  let now = first;
  // the notebook's landmarks stand below its picture, until there are others
  const landmarks = element.nextElementSibling?.querySelector(':scope > ul.landmarks')?.parentElement;
  const settings = document.createElement('p');
  settings.className = 'settings';
  const root = document.createElement('div');
  root.className = 'live panel';

  const panel = createPanel(root, declared, new PageEngine(computer, declared.id), {
    values: shown,
    result: first,
    tools: downloads({ picture: () => panel.area.querySelector('svg'), rows: () => now.rows }, element.id),
    draw: (area, result) => {
      now = result as PageResult;
      if (now === first) area.replaceChildren(picture);
      else putSvg(area, now.svg);
    },
    onValues: () => changed(own),
    onResult: ({ values }) => {
      if (now === first) return;
      landmarks?.remove();
      settings.textContent = `${declared.id}: ${settingsText(values)}`;
    },
  });
  const own: LivePanel = { figure: declared, nth, shown, panel };
  hover(panel.area, () => now.tips);
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
