import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core';

/** Where a Chromium is on this machine: the usual names on the PATH. */
export function findChromium(): string | undefined {
  const folders = ['/usr/bin', ...(process.env['PATH'] ?? '').split(path.delimiter)];
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  return folders.flatMap((folder) => names.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}

/**
 * Skips a suite where there is no browser, and says so. On the machine that tests every change there must be one.
 * @returns the browser's path, if there is one
 */
export function browserOrSkip(suite: Mocha.Context): string | undefined {
  const found = findChromium();
  if (found) return found;
  if (process.env['CI']) throw new Error('no Chromium on the PATH: the browser tests must run here');
  console.log('      skipped: no Chromium on the PATH (Debian: apt-get install chromium)');
  suite.skip();
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A browser with a fresh profile; `close` removes the profile as well. */
export async function openBrowser(
  executablePath: string,
  options: BrowserContextOptions = {},
): Promise<{ context: BrowserContext; close: () => Promise<void> }> {
  const profile = mkdtempSync(path.join(tmpdir(), 'lecture-lab-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    ...options,
    executablePath,
    headless: true,
    args: FLAGS,
  });
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { context, close };
}
