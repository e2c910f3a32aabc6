import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './chromium';

/** What a page did that it should not do. */
export interface Noise {
  readonly requests: string[];
  readonly complaints: string[];
}

/** Opens a page without a network, has something done with it, and tells what it did meanwhile. */
export async function visit(
  browser: string,
  address: string,
  options: BrowserContextOptions,
  look: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<Noise> {
  const { context, close } = await openBrowser(browser, {
    offline: true,
    viewport: { width: 1200, height: 900 },
    ...options,
  });
  const noise: Noise = { requests: [], complaints: [] };
  try {
    const page = await context.newPage();
    // What compiles these tests names functions with a helper that the page does not have.
    await page.addInitScript({ content: 'globalThis.__name = (f) => f;' });
    // Breaches of the page's content policy are reported on the console as well.
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') noise.complaints.push(message.text());
    });
    page.on('pageerror', (error) => noise.complaints.push(error.message));
    page.on('request', (request) => noise.requests.push(request.url()));
    await page.goto(address);
    await look(page, context);
  } finally {
    await close();
  }
  return noise;
}

/** What was asked for that is neither data nor made by the page itself. */
export const asked = ({ requests }: Noise): string[] =>
  requests.filter((url) => !url.startsWith('data:') && !url.startsWith('blob:'));
