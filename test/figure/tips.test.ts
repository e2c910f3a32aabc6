import { expect } from 'chai';
import type { Row, View } from 'lecture-lab/figure';
import { Painter, type Picture } from 'lecture-lab/figure/painter';
import { complete } from 'lecture-lab/figure/theme';
import { tipAt } from 'lecture-lab/figure/tips';

describe('what a finished picture says under the pointer', () => {
  const rows: Row[] = Array.from({ length: 11 }, (_, i) => ({ x: i, y: 10 - i, name: i < 5 ? 'low' : 'high' }));
  const axis = (field: string): object => ({ field, type: 'quantitative', scale: { domain: [0, 10] } });
  const draw = (view: View): Promise<Picture> =>
    new Painter().picture(
      complete(
        '',
        { description: '', width: 200, height: 100, encoding: { x: axis('x'), y: axis('y') }, ...view },
        rows,
      ),
    );
  const tooltip = [{ field: 'x', type: 'quantitative', title: 'time (s)', format: '.1f' }, { field: 'name' }];
  /** Where the plot begins in the picture, from its transformations. */
  const corner = (svg: string): [number, number] => {
    const [, x, y] = /translate\(([\d.]+),([\d.]+)\)/.exec(svg)!;
    return [Number(x), Number(y)];
  };

  it('is the mark that is drawn there', async () => {
    const { svg, tips } = await draw({ mark: 'point', encoding: { x: axis('x'), y: axis('y'), tooltip } });
    const [left, top] = corner(svg);
    expect(tips.marks).to.have.length(11);
    for (const i of [0, 5, 10])
      expect(tipAt(tips, left + 20 * i, top + 10 * i)).to.deep.equal({
        'time (s)': `${i}.0`,
        name: i < 5 ? 'low' : 'high',
      });
    expect(tipAt(tips, left + 200, top)).to.equal(undefined);
  });

  it('is each corner of a line, and not the first one alone', async () => {
    const { svg, tips } = await draw({
      mark: 'line',
      encoding: { x: axis('x'), y: axis('y'), tooltip: { field: 'x' } },
    });
    const [left, top] = corner(svg);
    expect(tipAt(tips, left + 20 * 7 + 3, top + 10 * 7 - 3)).to.equal('7');
  });

  it('fills bars, and nothing above them', async () => {
    const { svg, tips } = await draw({
      mark: { type: 'bar', orient: 'vertical' },
      encoding: { x: axis('x'), y: axis('y'), tooltip: { field: 'y' } },
    });
    const [left, top] = corner(svg);
    expect(tipAt(tips, left + 20 * 2, top + 99)).to.equal('8');
    expect(tipAt(tips, left + 20 * 2, top + 25)).to.equal('8');
    expect(tipAt(tips, left + 20 * 2, top + 2)).to.equal(undefined);
    expect(tipAt(tips, left + 20 * 9 + 1, top + 95)).to.equal('1');
  });

  it('holds in plots beside one another, but not for what lies outside of a clipped plot', async () => {
    const encoding = { x: { ...axis('x'), scale: { domain: [0, 5] } }, y: axis('y'), tooltip: { field: 'x' } };
    const one: View = { width: 100, height: 100, mark: { type: 'point', clip: true }, encoding };
    const { tips } = await draw({ width: undefined, height: undefined, encoding: undefined, hconcat: [one, one] });
    expect(tips.marks).to.have.length(12);
    const [first, second] = [tips.marks[0]!, tips.marks[6]!];
    expect(second[0] - first[0]).to.be.above(100);
    expect(tipAt(tips, (second[0] + second[2]) / 2, (second[1] + second[3]) / 2)).to.equal('0');
  });

  it('carries marks that can not be seen, which the picture leaves out', async () => {
    const seen = await draw({ mark: 'point' });
    const unseen = await draw({
      mark: { type: 'point', opacity: 0 },
      encoding: { x: axis('x'), y: axis('y'), tooltip },
    });
    const shapes = ({ svg }: Picture): number => svg.match(/<path/g)!.length;
    expect(shapes(seen) - shapes(unseen)).to.equal(11);
    expect(unseen.tips.marks).to.have.length(11);
  });
});
