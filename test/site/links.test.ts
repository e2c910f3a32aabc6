import path from 'node:path';
import { expect } from 'chai';
import { faultsIn } from '../../kernel-setup/site/links';
import { scratch } from '../notebooks/make';

describe('following the links of a site', () => {
  const { folder, write, done } = scratch();
  after(done);
  const faults = (body: string): string[] => {
    write('index.html', body);
    return faultsIn(folder).map(({ href, why }) => `${href}: ${why}`);
  };
  before(() => {
    write('a/page.html', '<a href="../index.html">up</a><h2 id="here">x</h2><figure data-figure="oja/one"></figure>');
    write('pictures/x.svg', '<svg/>');
  });

  it('finds nothing in one that is whole', () => {
    const whole =
      '<h1 id="t&#38;u">T</h1><a href="a/page.html#here">a</a><a href="a/page.html?q=1#here">b</a><img src="pictures/x.svg" alt="">' +
      '<a href="#t&#38;u">c</a><a href="https://doi.org/10.1/x">d</a><a href="mailto:x@example.org">e</a><a href="a/page.html#oja/one?eta=0.02">f</a>' +
      '<link rel="icon" href="data:,"><script>const x = \'<a href="nowhere.html">\';</script><style>a{}</style><!-- <a href="no.html"> -->';
    expect(faults(whole)).to.deep.equal([]);
  });

  for (const [what, body, fault] of [
    ['a page that is missing', '<a href="b.html">x</a>', 'b.html: there is no such file'],
    ['a picture that is missing', '<img alt="" src="pictures/y.svg">', 'pictures/y.svg: there is no such file'],
    [
      'a place that is missing',
      '<a href="a/page.html#there">x</a>',
      'a/page.html#there: there is no such place on that page',
    ],
    ['a place that is missing here', '<a class="x" href="#there">x</a>', '#there: there is no such place on that page'],
    [
      'a figure that a page lacks',
      '<a href="a/page.html#oja/two">x</a>',
      'a/page.html#oja/two: there is no such place on that page',
    ],
    [
      'a second figure where there is one',
      '<a href="a/page.html#oja/one:2">x</a>',
      'a/page.html#oja/one:2: there is no such place on that page',
    ],
    ["a link from the host's root", '<a href="/a/page.html">x</a>', "/a/page.html: starts at the host's root"],
    ['a link out of the site', '<a href="../x.html">x</a>', '../x.html: leads out of the site'],
    [
      'a picture on a network',
      '<img alt="" src="https://example.org/x.png">',
      'https://example.org/x.png: would be fetched from elsewhere',
    ],
    [
      'a style on a network',
      '<link rel="stylesheet" href="//example.org/x.css">',
      '//example.org/x.css: would be fetched from elsewhere',
    ],
    [
      'a link that runs code',
      '<a href="javascript:alert(1)">x</a>',
      'javascript:alert(1): would be fetched from elsewhere',
    ],
    ['one name for two places', '<p id="x"></p><p id="x"></p>', '#x: twice'],
  ] as const)
    it(`finds ${what}`, () => expect(faults(body)).to.deep.equal([fault]));

  it('says on which page', () => {
    write('index.html', '');
    write('b/page.html', '<a href="no.html">x</a>');
    expect(faultsIn(folder)).to.deep.equal([{ page: 'b/page.html', href: 'no.html', why: 'there is no such file' }]);
    expect(path.isAbsolute(faultsIn(folder)[0]!.page)).to.equal(false);
  });
});
