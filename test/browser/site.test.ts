import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { figures, fixtureCollection } from '../site/fixture';
import { browserOrSkip, openBrowser } from './chromium';

const TYPES: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.svg': 'image/svg+xml' };

describe('the site in a browser', function () {
  this.timeout(60_000);
  let made: Awaited<ReturnType<typeof fixtureCollection>>;
  let browser: string | undefined;
  let server: Server;
  /** where a host has the site: in a folder of its own */
  let hosted: string;
  let onDisk: string;

  before(async function () {
    browser = browserOrSkip(this);
    made = await fixtureCollection();
    const { status, said } = await made.site('--no-execute');
    expect(status, said).to.equal(0);
    const { site } = made.sources;
    server = createServer(({ url = '' }, response) => {
      const { pathname } = new URL(url, 'http://127.0.0.1');
      const file = path.join(site, decodeURIComponent(pathname.replace(/^\/some\/where\//, '')));
      if (!pathname.startsWith('/some/where/') || !existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    hosted = `http://127.0.0.1:${(server.address() as AddressInfo).port}/some/where/`;
    onDisk = `${pathToFileURL(site).href}/`;
  });
  after(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    made?.done();
  });

  /** Opens a page, has something done with it, and gives what it asked for and complained of meanwhile. */
  async function visit(address: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) {
    const { context, close } = await openBrowser(browser!, { viewport: { width: 1200, height: 900 }, ...options });
    const requests: string[] = [];
    const complaints: string[] = [];
    try {
      const page = await context.newPage();
      await page.addInitScript({ content: 'globalThis.__name = (f) => f;' });
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => requests.push(request.url()));
      page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await page.goto(address);
      await look(page);
    } finally {
      await close();
    }
    expect(complaints).to.deep.equal([]);
    return requests.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:'));
  }
  const shownIds = (page: Page): Promise<string[]> =>
    page.evaluate(() => [...document.querySelectorAll<HTMLElement>('.entry:not([hidden])')].map(({ id }) => id));
  const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.textContent ?? '');

  it('searches its figures by keyboard, keeps the search in the address, and asks its own folder alone', async () => {
    const requests = await visit(`${hosted}figures.html`, {}, async (page) => {
      expect(await shownIds(page)).to.deep.equal([...figures.keys()]);
      const search = page.getByRole('searchbox', { name: 'Search' });
      // skip link, place, four of the menu, theme, then the search
      for (let i = 0; i < 8; i++) await page.keyboard.press('Tab');
      expect(await search.evaluate((field) => field === document.activeElement)).to.equal(true);
      await page.keyboard.type('hodgkin');
      expect(await shownIds(page)).to.deep.equal(['lines/second']);
      expect(await page.getByRole('status').textContent()).to.equal('1 of 3 figures');
      expect(new URL(page.url()).search).to.equal('?q=hodgkin');
      await page.keyboard.press('Enter');
      expect(await focused(page)).to.equal('A second line');

      await page.reload();
      expect(await shownIds(page)).to.deep.equal(['lines/second']);
      await page.getByRole('button', { name: 'Clear' }).press('Enter');
      await page.waitForFunction(() => document.querySelectorAll('.entry:not([hidden])').length === 3);
      expect(new URL(page.url()).search).to.equal('');
      expect(await search.evaluate((field) => field === document.activeElement)).to.equal(true);

      await page.keyboard.type('nothing at all');
      expect(await shownIds(page)).to.deep.equal([]);
      expect(await page.getByRole('status').textContent()).to.equal('0 of 3 figures');
      expect(await page.getByRole('heading', { level: 2 }).count(), 'headings without figures').to.equal(0);
      await search.fill('');

      // a list is chosen from by arrows, or by the first letters of what is wanted
      for (const [name, keys, found] of [
        ['Symbol', ['ArrowDown'], ['lines/first']],
        ['Paper', [...'Hod'], ['lines/second']],
        ['Topic', [...'rest'], ['rest/third']],
      ] as const) {
        const list = page.getByRole('combobox', { name });
        await list.focus();
        for (const key of keys) await page.keyboard.press(key);
        expect(await shownIds(page), name).to.deep.equal(found);
        await list.selectOption('');
      }
    });
    for (const url of requests) expect(url.startsWith(hosted), url).to.equal(true);
    expect(requests).to.include(`${hosted}pictures/lines/first.svg`);
  });

  it('leads from the index to a lesson, from a symbol to its figures, and back, from a folder on a host', async () => {
    await visit(`${hosted}index.html`, {}, async (page) => {
      const link = page.getByRole('link', { name: 'Lines & slopes' });
      const picture = page.locator('.card img').first();
      expect(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).to.be.above(
        100,
      );
      expect(await picture.getAttribute('alt')).to.equal('A straight line for lines/first.');
      await link.press('Enter');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).to.equal('Lines & slopes');
      await page.getByRole('navigation', { name: 'Collection' }).getByRole('link', { name: 'Symbols' }).click();
      await page.getByRole('searchbox').fill('tau');
      expect(await shownIds(page)).to.deep.equal(['tau']);
      await page.getByRole('link', { name: '1 figure' }).click();
      expect(await shownIds(page)).to.deep.equal(['lines/first']);
      expect(await page.getByRole('combobox', { name: 'Symbol' }).inputValue()).to.equal('tau');
      await page.getByRole('link', { name: 'Lecture Lab' }).click();
      expect(page.url()).to.equal(`${hosted}index.html`);
    });
  });

  it('works from disk without a network', async () => {
    const requests = await visit(`${onDisk}figures.html`, { offline: true }, async (page) => {
      const picture = page.locator('.card img').first();
      expect(await picture.evaluate((img: HTMLImageElement) => img.decode().then(() => img.naturalWidth))).to.be.above(
        100,
      );
      await page.getByRole('searchbox').fill('second');
      expect(await shownIds(page)).to.deep.equal(['lines/second']);
    });
    for (const url of requests) expect(url.startsWith(onDisk), url).to.equal(true);
  });

  it('shows everything where scripts are off, and no search that does nothing', async () => {
    await visit(`${onDisk}figures.html?q=hodgkin`, { javaScriptEnabled: false }, async (page) => {
      for (const { title } of figures.values())
        expect(await page.getByRole('heading', { name: title }).isVisible(), title).to.equal(true);
      expect(await page.locator('form.search').isVisible()).to.equal(false);
    });
    await visit(`${onDisk}symbols.html`, { javaScriptEnabled: false }, async (page) => {
      expect(await page.locator('tr.entry').count()).to.equal(3);
      expect(await page.getByText('time constant').isVisible()).to.equal(true);
    });
  });

  it('draws its pictures in the ink of the theme that the reader chose', async () => {
    await visit(`${onDisk}index.html`, { colorScheme: 'light' }, async (page) => {
      const picture = page.locator('.card img').first();
      await picture.evaluate((img: HTMLImageElement) => img.decode());
      const light = await picture.screenshot();
      await page.getByRole('button', { name: /Theme/ }).click();
      await page.getByRole('button', { name: /Theme/ }).click();
      expect(await page.evaluate(() => document.documentElement.dataset['theme'])).to.equal('dark');
      const brightness = (shot: Buffer): Promise<number> => page.evaluate(brightestOf, shot.toString('base64'));
      expect(await brightness(light), 'paper').to.equal(255);
      const dark = await brightness(await picture.screenshot());
      // the ink is e4e7ec, the page 16181c
      expect(dark).to.be.within(200, 250);
    });
  });

  for (const name of ['index', 'figures', 'errata', 'symbols', 'references'])
    it(`fits a narrow screen and paper: ${name}`, async () => {
      await visit(`${onDisk}${name}.html`, { viewport: { width: 340, height: 700 } }, async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).to.be.at.most(340);
        await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        expect(await page.evaluate(() => getComputedStyle(document.body).color)).to.equal('rgb(0, 0, 0)');
        for (const hidden of ['.top', 'form.search'])
          for (const element of await page.locator(hidden).all()) expect(await element.isVisible()).to.equal(false);
      });
    });
});

/** The largest value of a picture's blue channel. Runs in the page. */
async function brightestOf(png: string): Promise<number> {
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  return Math.max(...Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 2]!));
}
