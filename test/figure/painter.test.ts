import { expect } from 'chai';
import { allFigures } from 'lecture-lab/cli/catalogue';
import type { Figure } from 'lecture-lab/figure';
import { Painter } from 'lecture-lab/figure/painter';
import { gridOf } from 'lecture-lab/figure/panel/grid';
import type { Value } from 'lecture-lab/figure/parameters';
import { renderSvg } from 'lecture-lab/figure/render';
import { decay } from './example.figures';
import { rejection } from './rejection';

/**
 * Vega numbers clipping paths and colour gradients through the life of a process: here they are numbered in each picture.
 * And the ticks of an axis that moved stand in the order of their coming: here they are sorted.
 */
function settled(svg: string): string {
  const names = new Map<string, string>();
  return svg
    .replace(/\b(clip|gradient_)\d+\b/g, (name, kind) => {
      if (!names.has(name)) names.set(name, `${kind}-${names.size}`);
      return names.get(name)!;
    })
    .replace(
      /(<g class="mark-\w+ role-axis-[^>]*>)(.*?)<\/g>/g,
      (_, open, ticks) =>
        `${open}${ticks
          .split(/(?=<line|<text)/)
          .sort()
          .join('')}</g>`,
    );
}

/** Settings as a slider would run through them: a number at its default, then at a stop beside it. */
function moves(figure: Figure): Record<string, Value>[] {
  const quick = (figure.quick ?? {}) as Record<string, Value>;
  for (const [name, p] of Object.entries(figure.params)) {
    if ((p.kind !== 'number' && p.kind !== 'integer') || name in quick || name === 'seed') continue;
    const near = gridOf(p).filter(
      (value) => value > 0.8 * p.default && value < 1.25 * p.default && value !== p.default,
    );
    if (near.length > 0) return [quick, { ...quick, [name]: near.at(-1)! }];
  }
  return [quick, quick];
}

describe('drawing again', function () {
  this.timeout(60_000);

  for (const [id, figure] of new Map([...allFigures(), [decay.id, decay as unknown as Figure]]))
    it(`${id}: gives the picture that drawing afresh gives`, async () => {
      const painter = new Painter({ interpret: false });
      for (const settings of moves(figure)) {
        const { spec } = await figure.evaluate(settings);
        expect(settled(await painter.draw(spec))).to.equal(settled(await renderSvg(spec, { interpret: false })));
      }
      painter.close();
    });

  it('takes a figure whose form changes, and one that comes back after it was closed', async () => {
    const painter = new Painter();
    const specs = await Promise.all(
      [{}, { starts: [1, 2] }, { shape: 'linear' as const }, {}].map((settings) => decay.evaluate(settings)),
    );
    for (const { spec } of specs) expect(settled(await painter.draw(spec))).to.equal(settled(await renderSvg(spec)));
    painter.close();
    expect(settled(await painter.draw(specs[0]!.spec))).to.equal(settled(await renderSvg(specs[0]!.spec)));
  });

  it('recovers from a picture that can not be drawn', async () => {
    const painter = new Painter();
    const { spec } = await decay.evaluate();
    await painter.draw(spec);
    expect(await rejection(painter.draw({ ...spec, layer: undefined, mark: 'nonsense' }))).to.be.instanceOf(Error);
    expect(settled(await painter.draw(spec))).to.equal(settled(await renderSvg(spec)));
  });

  it('leaves the rows as they are', async () => {
    const painter = new Painter();
    const { spec, rows } = await decay.evaluate();
    const before = JSON.stringify(rows);
    await painter.draw(spec);
    await painter.draw(spec);
    expect(JSON.stringify(rows)).to.equal(before);
  });
});
