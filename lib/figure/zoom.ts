import type { Spec, View } from './spec';

type Encoding = Readonly<Record<string, unknown>>;

/**
 * A specification whose plots can be moved by dragging and zoomed by the wheel, along those of their axes that are
 * continuous; a double click brings the whole back. For pictures that Vega draws alive.
 */
export function zoomable(spec: Spec): Spec {
  let plots = 0;
  const zoom = (axes: readonly string[]): object => ({
    name: `zoom${++plots}`,
    select: { type: 'interval', encodings: axes },
    bind: 'scales',
  });

  /** Layers share their axes: the first that has any carries the zoom of all. */
  const layered = (view: View, inherited: Encoding): View | undefined => {
    const encoding = { ...inherited, ...view.encoding };
    if (view.layer) {
      for (const [i, layer] of view.layer.entries()) {
        const zoomed = layered(layer, encoding);
        if (zoomed) return { ...view, layer: view.layer.map((other, j) => (j === i ? zoomed : other)) };
      }
      return undefined;
    }
    const axes = ['x', 'y'].filter((axis) => isContinuous(encoding[axis]));
    if (axes.length === 0) return undefined;
    const own = (view['params'] ?? []) as readonly object[];
    return { ...view, params: [...own, zoom(axes)] };
  };

  const visit = (view: View): View => {
    for (const parts of ['hconcat', 'vconcat', 'concat'] as const)
      if (Array.isArray(view[parts])) return { ...view, [parts]: (view[parts] as readonly View[]).map(visit) };
    if (view.spec) return { ...view, spec: visit(view.spec) };
    return whole(layered(view, {}) ?? view);
  };
  return visit(spec) as Spec;
}

/** Vega-Lite cuts what is zoomed at the edge of its plot; text that stands beside a plot would go with it. */
function whole(view: View): View {
  const out = view.layer ? { ...view, layer: view.layer.map(whole) } : view;
  const mark =
    typeof view.mark === 'string' ? { type: view.mark } : (view.mark as { readonly type?: string } | undefined);
  return mark?.type === 'text' ? { ...out, mark: { clip: false, ...mark } } : out;
}

function isContinuous(channel: unknown): boolean {
  if (typeof channel !== 'object' || channel === null) return false;
  const { field, type, bin, scale } = channel as Encoding;
  return field !== undefined && (type === 'quantitative' || type === 'temporal') && !bin && scale !== null;
}
