import type { View } from 'lecture-lab/figure';

type Channels = Readonly<Record<string, unknown>>;

/** The position channels that show a field on an axis without an axis title, as `where: channel`. */
export function untitledAxes(view: View, inherited: Channels = {}, where = 'view'): string[] {
  const encoding = { ...inherited, ...view.encoding };
  const parts = ['layer', 'hconcat', 'vconcat', 'concat'].flatMap((kind) =>
    ((view[kind] as readonly View[] | undefined) ?? []).map((part, i) => ({ part, name: `${where}.${kind}[${i}]` })),
  );
  if (view.spec) parts.push({ part: view.spec, name: `${where}.spec` });
  if (parts.length === 0) return untitled(encoding).map((channel) => `${where}: ${channel}`);
  const below = parts.flatMap(({ part, name }) => untitledAxes(part, encoding, name));
  if (!view.layer) return below;
  // layers share their axes: it is enough that one of them gives the title
  const titled = (channel: string) =>
    view.layer!.some((part) => {
      const all = { ...encoding, ...part.encoding };
      return channel in all && untitled({ [channel]: all[channel] }).length === 0;
    });
  return below.filter((name) => !titled(name.split(': ').at(-1)!));
}

function untitled(encoding: Channels): string[] {
  return ['x', 'y'].filter((channel) => {
    const definition = encoding[channel] as { field?: string; title?: unknown; axis?: { title?: unknown } | null };
    if (!definition?.field || definition.axis === null) return false;
    return !('title' in definition) && !(definition.axis && 'title' in definition.axis);
  });
}
