import { expect } from 'chai';
import { toVega } from 'lecture-lab/figure/compile';
import { svgToPng } from 'lecture-lab/figure/png';
import { escapeXml, renderSvg } from 'lecture-lab/figure/render';
import { textWidth } from 'lecture-lab/figure/text-width';
import { broken, decay } from './example.figures';
import { rejection } from './rejection';

const paths = (svg: string): number => svg.match(/<path /g)?.length ?? 0;

describe('rendering', () => {
  it('draws one shape per point and one line per series, without a warning', async () => {
    const warnings: string[] = [];
    const onWarning = (message: string) => warnings.push(message);
    const { spec } = await decay.evaluate({ points: 5 });
    const svg = await renderSvg(spec, { onWarning });
    expect(svg.match(/stroke-dasharray="7,3"/g), 'dashes in the plot and in the legend').to.have.length(2);
    const more = await renderSvg((await decay.evaluate({ points: 6 })).spec);
    expect(paths(more) - paths(svg), 'three series of points').to.equal(3);
    expect(warnings).to.deep.equal([]);
  });

  it('carries the description as its alternative text, escaped, and no text on every mark', async () => {
    const svg = await renderSvg((await decay.evaluate()).spec);
    expect(svg).to.match(/^<svg role="img" aria-label="Voltage against time: .* fall &amp; flatten, the &quot;highest/);
    expect(svg).to.not.include('aria-roledescription="point');
    expect(escapeXml('<a href="&">')).to.equal('&lt;a href=&quot;&amp;&quot;&gt;');
  });

  it('keeps dollar signs in descriptions', async () => {
    const { spec } = await broken.evaluate({ how: 'chatty' });
    expect(await renderSvg({ ...spec, description: "costs $& or $'" })).to.include('aria-label="costs $&amp; or $\'"');
  });

  it('draws the same whether expressions are interpreted or compiled', async () => {
    const { spec } = await decay.evaluate();
    expect(await renderSvg(spec, { interpret: false })).to.equal(await renderSvg(spec));
  });

  it('draws on paper, or in the colour of the page around', async () => {
    const { spec } = await decay.evaluate();
    const [paper, inherit] = [await renderSvg(spec), await renderSvg(spec, { ink: 'inherit' })];
    expect(paper).to.include('fill="white"').and.not.include('currentColor');
    expect(inherit).to.include('currentColor').and.not.include('fill="white"');
    expect(inherit.match(/<text [^>]*fill="(?!currentColor|#)[a-z]+"/g) ?? [], 'text in other colours').to.deep.equal(
      [],
    );
  });

  it('tells of warnings', async () => {
    const warnings: string[] = [];
    await renderSvg((await broken.evaluate({ how: 'warns' })).spec, { onWarning: (m) => warnings.push(m) });
    expect(warnings.join()).to.match(/theta2|strokeDash/);
  });

  it('rejects what Vega-Lite does not know', async () => {
    const { spec } = await broken.evaluate({ how: 'unknown mark' });
    expect((await rejection(renderSvg(spec))).message).to.match(/^Vega-Lite can't read the figure's specification: ./);
    expect((await rejection(renderSvg({ ...spec, mark: 'point', transform: [{ filter: 'datum.x +' }] }))).message).to
      .not.be.empty;
  });

  it('compiles to Vega for pages that carry no Vega-Lite', async () => {
    const vega = toVega((await decay.evaluate()).spec);
    expect(vega.$schema).to.match(/vega\/v5\.json$/);
  });

  it('leaves a title, a legend and the labels inside the picture', async () => {
    const { spec } = await decay.evaluate({ starts: [1] });
    const long = 'A title that is a good deal longer than the plot is wide, so that it decides how wide the picture is';
    const svg = await renderSvg({ ...spec, title: long });
    expect(Number(/width="(\d+)"/.exec(svg)![1])).to.be.at.least(textWidth(long, 15, true));
  });

  it('measures text wide enough for the font that PNG pictures are drawn in', () => {
    // widths at 100 px from the font's own table (hmtx): H 75.20, i 27.78, space 31.79, w 81.79, 0 63.62
    expect(textWidth('Hi', 100, false)).to.be.closeTo(75.2 + 27.78, 1);
    expect(textWidth('w 0', 100, false)).to.be.closeTo(81.79 + 31.79 + 63.62, 1.5);
    expect(textWidth('', 100, false)).to.equal(0);
    expect(textWidth('τ', 100, false)).to.be.at.least(60);
    expect(textWidth('bold', 10, true)).to.be.above(textWidth('bold', 10, false));
  });
});

describe('PNG', () => {
  it('has the size of the SVG times the scale, and is the same each time', async () => {
    const svg = await renderSvg((await decay.evaluate()).spec);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
    const png = Buffer.from(svgToPng(svg));
    expect(png.subarray(1, 4).toString()).to.equal('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).to.deep.equal([2 * width!, 2 * height!]);
    expect(Buffer.from(svgToPng(svg)).equals(png)).to.equal(true);
  });

  it('holds the letters: text makes a difference', () => {
    const picture = (text: string) =>
      svgToPng(`<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">
        <text x="2" y="15" font-family="sans-serif" font-size="12">${text}</text></svg>`);
    expect(Buffer.from(picture('τ²')).equals(Buffer.from(picture('  ')))).to.equal(false);
  });
});
