import { expect } from 'chai';
import type { Spec, View } from 'lecture-lab/figure';
import { complete } from 'lecture-lab/figure/theme';
import { zoomable } from 'lecture-lab/figure/zoom';
import { parse, View as VegaView } from 'vega';
import { compile } from 'vega-lite';

describe('zooming', () => {
  const number = (field: string): object => ({ field, type: 'quantitative' });
  const name = (field: string): object => ({ field, type: 'nominal' });
  const rows = [0, 1, 2].map((x) => ({ x, y: x ** 2, kind: `kind ${x}` }));
  const spec = (view: View): Spec => complete('', { description: '', ...view }, rows);
  /** The axes that each plot can be zoomed along. */
  const zooms = (view: unknown): string[] =>
    [...JSON.stringify(view).matchAll(/"encodings":\[([^\]]*)\]/g)].map(([, axes]) => axes!.replaceAll('"', ''));

  it('goes along continuous axes and no others', () => {
    const of = (x: object, y: object): string[] => zooms(zoomable(spec({ mark: 'point', encoding: { x, y } })));
    expect(of(number('x'), number('y'))).to.deep.equal(['x,y']);
    expect(of(name('kind'), number('y'))).to.deep.equal(['y']);
    expect(of({ ...number('x'), bin: true }, name('kind'))).to.deep.equal([]);
  });

  it('is one for all layers of a plot, and another for the next plot', () => {
    const encoding = { x: number('x'), y: number('y') };
    const plot: View = { encoding, layer: [{ mark: 'line' }, { mark: 'point' }] };
    const out = zoomable(spec({ hconcat: [plot, { mark: 'point', encoding }] }));
    expect(zooms(out)).to.deep.equal(['x,y', 'x,y']);
    expect(JSON.stringify(out)).to.include('"zoom1"').and.include('"zoom2"');
    expect(zooms(zoomable(spec({ facet: name('kind'), spec: plot })))).to.deep.equal(['x,y']);
  });

  it('leaves the picture as it is until it is used, and then moves the axes', async () => {
    const drawn = spec({ mark: 'point', encoding: { x: number('x'), y: number('y') } });
    const view = new VegaView(parse(compile(zoomable(drawn) as never).spec), { renderer: 'none' });
    await view.runAsync();
    const scaled = view as unknown as { scale(name: string): { domain(): number[] } };
    const ends = (): number[] => scaled.scale('x').domain();
    expect(ends()).to.deep.equal([0, 2]);
    // what the wheel does: the ends by name, in Vega-Lite's table of selections
    await view.signal('zoom1_x', [0.5, 1]).signal('zoom1_y', [0, 1]).runAsync();
    await view.runAsync();
    expect(ends()).to.deep.equal([0.5, 1]);
    view.finalize();
  });

  it('does not cut text that stands beside the plot', () => {
    const out = zoomable(spec({ mark: 'text', encoding: { x: number('x'), y: number('y') } }));
    expect(out.mark).to.deep.equal({ type: 'text', clip: false });
  });
});
