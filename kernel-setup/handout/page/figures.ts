import type { Spec, View } from 'vega';
import { downloads } from './downloads';
import { drawPlot } from './plot';

/** What the exporter puts beside every picture. */
export interface Live {
  readonly spec: Spec;
  /** id of the library's figure, where it is one */
  readonly figure?: string;
  readonly settings?: unknown;
}

/** Puts the live picture in the place of the still one. */
export async function bringToLife(figure: HTMLElement): Promise<View | undefined> {
  const data = figure.querySelector('script[type="application/json"]');
  const still = figure.querySelector<HTMLElement>('.still');
  if (!data?.textContent || !still || figure.dataset['state']) return undefined;
  figure.dataset['state'] = 'drawing';
  const host = document.createElement('div');
  host.className = 'live';
  // wide pictures scroll, by keyboard too
  host.tabIndex = 0;
  try {
    const { spec } = JSON.parse(data.textContent) as Live;
    const view = await drawPlot(host, spec);
    // One picture with one description: a name for each of a thousand marks helps nobody.
    const drawing = host.querySelector('svg');
    drawing?.setAttribute('role', 'img');
    drawing?.setAttribute('aria-label', still.getAttribute('aria-label') ?? '');
    still.replaceWith(host);
    figure.append(downloads(view, figure.id));
    figure.dataset['state'] = 'live';
    return view;
  } catch (error) {
    // The still picture stays; the reason is for whoever looks.
    figure.dataset['state'] = 'still';
    console.error(`figure ${figure.id}:`, error);
    return undefined;
  }
}

/** Brings pictures to life shortly before they come into sight: a page of many opens as fast as one of few. */
export function bringAllToLife(): void {
  const figures = document.querySelectorAll<HTMLElement>('figure.plot');
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries)
        if (isIntersecting) {
          seen.unobserve(target);
          void bringToLife(target as HTMLElement);
        }
    },
    { rootMargin: '600px' },
  );
  for (const figure of figures) seen.observe(figure);
}
