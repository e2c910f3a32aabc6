import type { Tools } from '../setup/tools';

/** What doctor found at one link of the chain. */
export type Finding =
  | { readonly status: 'ok'; readonly text: string }
  /** something that is needed does not work */
  | { readonly status: 'broken'; readonly text: string; readonly fix: string }
  /** something that makes work faster or nicer is not there */
  | { readonly status: 'optional'; readonly text: string; readonly fix: string };

export interface Link {
  readonly name: string;
  /** links that this one stands on: it isn't checked while one of them is broken */
  readonly needs?: readonly string[];
  readonly check: (tools: Tools) => Promise<Finding> | Finding;
}

export const ok = (text: string): Finding => ({ status: 'ok', text });
export const broken = (text: string, fix: string): Finding => ({ status: 'broken', text, fix });
export const optional = (text: string, fix: string): Finding => ({ status: 'optional', text, fix });

/**
 * Checks the links in their order and prints a line for each, with the fix under it where there is something to fix. A check that throws
 * counts as broken. Gives the number of broken links, those that could not be checked included.
 */
export async function walk(links: readonly Link[], tools: Tools, print: (text: string) => void): Promise<number> {
  const broken = new Set<string>();
  for (const { name, needs = [], check } of links) {
    const missing = needs.filter((need) => broken.has(need));
    if (missing.length > 0) {
      broken.add(name);
      print(`--       ${name}: not checked, it needs: ${missing.join(', ')}`);
      continue;
    }
    let finding: Finding;
    try {
      finding = await check(tools);
    } catch (error) {
      if ((error as Error).name === 'Interrupted') throw error;
      const fix = (error as { fix?: unknown }).fix;
      finding = {
        status: 'broken',
        text: (error as Error).message.trim(),
        fix: typeof fix === 'string' ? fix : SET_UP,
      };
    }
    if (finding.status === 'broken') broken.add(name);
    print(`${LABELS[finding.status]} ${name}: ${finding.text}`);
    if (finding.status !== 'ok') print(`         fix: ${finding.fix}`);
  }
  return broken.size;
}

/** The fix that mends most things: set-up finds out itself what is missing. */
export const SET_UP = 'npm start -- --setup-only';

const LABELS = { ok: 'ok      ', broken: 'BROKEN  ', optional: 'optional' };
