import { expect } from 'chai';
import type { Drawing } from 'lecture-lab/figure';
import { Painter } from 'lecture-lab/figure/painter';
import {
  CATEGORIES,
  complete,
  hoverPoints,
  linesBy,
  NEUTRAL,
  pointsBy,
  pointsOver,
  WIDTH,
} from 'lecture-lab/figure/theme';

const rows = [{ x: 1, y: 2, rule: 'a' }];
const drawing: Drawing = { description: 'd', mark: 'point' };

/** Contrast of two colours, 1 to 21, after the Web Content Accessibility Guidelines 2.1. */
function contrast(a: string, b: string): number {
  const luminance = (color: string): number => {
    const [r, g, b] = [1, 3, 5].map((i) => {
      const c = Number.parseInt(color.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

describe('figure theme', () => {
  it('completes a drawing; what the drawing says goes first', () => {
    const spec = complete('Title', drawing, rows);
    expect(spec.$schema).to.match(/vega-lite\/v5\.json$/);
    expect(spec).to.include({ title: 'Title', description: 'd', mark: 'point' });
    expect(spec['data']).to.deep.equal({ name: 'rows', values: rows });
    expect(complete('Title', { ...drawing, title: { text: 'Title', subtitle: 's' } }, rows)['title']).to.deep.equal({
      text: 'Title',
      subtitle: 's',
    });
  });

  it('shares the width among plots side by side, and leaves alone what has its own', () => {
    const views = complete('', { description: '', hconcat: [{ mark: 'point' }, { mark: 'line' }] }, rows).hconcat!;
    const widths = views.map((view) => view['width'] as number);
    expect(widths[0]).to.equal(widths[1]);
    expect(widths[0]! * 2).to.be.within(WIDTH - 80, WIDTH);
    const own = complete('', { description: '', hconcat: [{ width: 7 }, { vconcat: [] }] }, rows).hconcat!;
    expect(own).to.deep.equal([{ width: 7 }, { vconcat: [] }]);
  });

  it('leaves the colours of text and background to the page', () => {
    const config = JSON.stringify(complete('', drawing, rows)['config']);
    expect(config).to.not.match(/background|titleColor|labelColor|subtitleColor|guide-/);
  });

  it('gives a series the same colour as line and as point, doubled by dash and by shape', () => {
    const names = ['a', 'b', 'c'];
    const [lines, points] = [linesBy('rule', names), pointsBy('rule', names)] as Record<string, { scale: object }>[];
    expect(lines!['color']!.scale).to.deep.equal({ domain: names, range: CATEGORIES.slice(0, 3) });
    expect(points!['color']!.scale).to.deep.equal(lines!['color']!.scale);
    for (const channel of [lines!['strokeDash']!, points!['shape']!]) {
      const { domain, range } = channel.scale as { domain: string[]; range: unknown[] };
      expect(domain).to.deep.equal(names);
      expect(new Set(range.map((value) => JSON.stringify(value))).size).to.equal(3);
    }
    const over = pointsOver('rule', names)['shape'] as { value: string; condition: { value: string }[] };
    const shapes = (points!['shape']!.scale as unknown as { range: string[] }).range;
    expect([over.value, ...over.condition.map(({ value }) => value)]).to.deep.equal(shapes);
  });

  it('carries tooltips on points that cannot be seen, all or each n-th', async () => {
    const tooltip = [{ field: 'x', type: 'quantitative' }];
    const rows = Array.from({ length: 10 }, (_, x) => ({ x }));
    const drawing = (every?: number) => ({
      description: '',
      layer: [{ mark: 'line' }, hoverPoints(tooltip, every)],
      encoding: { x: { field: 'x', type: 'quantitative' }, y: { value: 1 } },
    });
    const tips = async (every?: number) =>
      (await new Painter().picture(complete('', drawing(every), rows))).tips.marks.map((tip) => tip[5]);
    expect([(await tips()).length, await tips(5)]).to.deep.equal([10, ['4', '9']]);
  });

  it('refuses more series than there are colours', () => {
    const names = Array.from({ length: 9 }, (_, i) => `series ${i}`);
    expect(() => linesBy('rule', names)).to.throw(RangeError, 'rule: more than 8 series');
  });

  it('has colours that differ from white and from a dark page', () => {
    // 3:1 is what the guidelines ask of graphics; Okabe and Ito's light colours don't reach it on white, hence the order
    for (const color of [...CATEGORIES.slice(0, 3), NEUTRAL]) {
      expect(contrast(color, '#ffffff'), `${color} on white`).to.be.at.least(3);
      expect(contrast(color, '#111111'), `${color} on dark`).to.be.at.least(3);
    }
    expect(new Set(CATEGORIES).size).to.equal(8);
  });
});
