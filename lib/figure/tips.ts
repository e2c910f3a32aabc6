import type { View } from 'vega';

/** What a finished picture says under the pointer, without Vega: each mark's place and its words. */
export interface Tips {
  /** the names of values, one list for each kind of mark */
  readonly names: readonly (readonly string[])[];
  readonly marks: readonly Tip[];
}

/** Left, top, right and bottom in pixels of the picture, which list of names, and the values under these names. */
export type Tip = readonly [x1: number, y1: number, x2: number, y2: number, names: number, ...values: string[]];

/** Vega's scenegraph, as far as it is read here. */
interface Mark {
  readonly marktype: string;
  readonly interactive?: boolean;
  readonly clip?: unknown;
  readonly items: readonly Item[];
}
interface Item {
  readonly x?: number;
  readonly y?: number;
  readonly x2?: number;
  readonly y2?: number;
  readonly width?: number;
  readonly height?: number;
  readonly bounds: { readonly x1: number; readonly y1: number; readonly x2: number; readonly y2: number };
  readonly defined?: boolean;
  readonly tooltip?: unknown;
  /** in a group */
  readonly items?: readonly Mark[];
}

/** Reads the tooltips of a drawn view. */
export function tipsOf(view: View): Tips {
  const names: string[][] = [];
  const known = new Map<string, number>();
  const marks: Tip[] = [];
  const nameList = (keys: string[]): number => {
    const key = JSON.stringify(keys);
    const at = known.get(key) ?? names.push(keys) - 1;
    known.set(key, at);
    return at;
  };
  const visit = (mark: Mark, left: number, top: number, group: Item): void => {
    for (const item of mark.items) {
      if (mark.marktype === 'group') {
        for (const inner of item.items ?? []) visit(inner, left + (item.x ?? 0), top + (item.y ?? 0), item);
        continue;
      }
      if (item.tooltip === undefined || item.tooltip === null || item.tooltip === '') continue;
      if (mark.interactive === false || item.defined === false) continue;
      const [x1, y1, x2, y2] = placeOf(mark.marktype, item);
      if (mark.clip && !(overlaps(x1, x2, group.width) && overlaps(y1, y2, group.height))) continue;
      const pairs: [string, string][] =
        typeof item.tooltip === 'object'
          ? Object.entries(item.tooltip).map(([name, value]) => [name, String(value)])
          : [['', String(item.tooltip)]];
      marks.push([
        rounded(left + x1),
        rounded(top + y1),
        rounded(left + x2),
        rounded(top + y2),
        nameList(pairs.map(([name]) => name)),
        ...pairs.map(([, value]) => value),
      ]);
    }
  };
  const [x, y] = view.origin();
  const padding = view.padding() as { left: number; top: number };
  const { root } = view.scenegraph() as unknown as { readonly root: Mark };
  visit(root, x + padding.left, y + padding.top, root as unknown as Item);
  return { names, marks };
}

/** Where the pointer meets a mark: a corner of a line has a place of its own, a slanted rule its middle. */
function placeOf(type: string, { x = 0, y = 0, x2 = x, y2 = y, bounds }: Item): [number, number, number, number] {
  if (type === 'line' || type === 'trail') return [x, y, x, y];
  if (type === 'area') return [Math.min(x, x2), Math.min(y, y2), Math.max(x, x2), Math.max(y, y2)];
  if (type === 'rule' && x !== x2 && y !== y2) return [(x + x2) / 2, (y + y2) / 2, (x + x2) / 2, (y + y2) / 2];
  return [bounds.x1, bounds.y1, bounds.x2, bounds.y2];
}

const overlaps = (from: number, to: number, size: number = Number.POSITIVE_INFINITY): boolean =>
  to >= 0 && from <= size;
const rounded = (x: number): number => Math.round(10 * x) / 10;

/** How near the pointer must be to a mark, in pixels. */
const REACH = 10;

/** What stands nearest to a place in the picture, by name; undefined where nothing is near. */
export function tipAt(
  { names, marks }: Tips,
  x: number,
  y: number,
): Readonly<Record<string, string>> | string | undefined {
  let best: Tip | undefined;
  let least = REACH;
  let leastFromMiddle = 0;
  for (const tip of marks) {
    const [x1, y1, x2, y2] = tip;
    const away = Math.hypot(Math.max(x1 - x, 0, x - x2), Math.max(y1 - y, 0, y - y2));
    if (away > least) continue;
    const fromMiddle = Math.hypot(x - (x1 + x2) / 2, y - (y1 + y2) / 2);
    // of marks that lie above one another the one whose middle is nearest, and then the one that is drawn last
    if (away === least && best && fromMiddle > leastFromMiddle) continue;
    [best, least, leastFromMiddle] = [tip, away, fromMiddle];
  }
  if (!best) return undefined;
  const [, , , , list, ...values] = best;
  const keys = names[list]!;
  return keys.length === 1 && keys[0] === '' ? values[0] : Object.fromEntries(keys.map((key, i) => [key, values[i]!]));
}
