import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseFragment } from '../handout/page/fragment';

/** What is wrong in a page: a link that leads nowhere, or something that it would ask a network for. */
export interface Fault {
  /** from the site's top */
  readonly page: string;
  readonly href: string;
  readonly why: string;
}

/**
 * Follows every link of every page of a site, anchors included. The site is taken to lie in a folder that it does not
 * know: a link that starts at a host's root, or leads out of the site, is a fault.
 */
export function faultsIn(site: string): Fault[] {
  const files = new Set(
    readdirSync(site, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(site, path.join(entry.parentPath, entry.name)).split(path.sep).join('/')),
  );
  const pages = new Map(
    [...files]
      .filter((file) => file.endsWith('.html'))
      .map((file) => [file, readPage(readFileSync(path.join(site, file), 'utf8'))]),
  );
  const faults: Fault[] = [];
  for (const [page, { ids, links }] of pages) {
    for (const id of ids.filter((one, i) => ids.indexOf(one) !== i))
      faults.push({ page, href: `#${id}`, why: 'twice' });
    for (const { element, href } of links) {
      const why = faultOf(page, element, href, files, (file) => pages.get(file));
      if (why) faults.push({ page, href, why });
    }
  }
  return faults;
}

function faultOf(
  page: string,
  element: string,
  href: string,
  files: ReadonlySet<string>,
  read: (page: string) => Read | undefined,
): string | undefined {
  if (href.startsWith('data:')) return undefined;
  if (/^[a-z][a-z+.-]*:|^\/\//i.test(href))
    return element === 'a' && /^(https?:\/\/|mailto:)/i.test(href) ? undefined : 'would be fetched from elsewhere';
  if (href.startsWith('/')) return "starts at the host's root";
  const [address = '', hash] = href.split('#') as [string, string?];
  const [file = ''] = address.split('?');
  const target = file === '' ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(file));
  if (target.startsWith('..')) return 'leads out of the site';
  if (!files.has(target)) return 'there is no such file';
  if (hash === undefined || hash === '') return undefined;
  const found = read(target);
  if (!found || found.ids.includes(decodeURIComponent(hash))) return undefined;
  return figureFault(hash, found.figures);
}

/** A figure's address, which may carry its settings: `#oja/convergence?eta=0.02`. The page's script goes there. */
function figureFault(hash: string, figures: readonly string[]): string | undefined {
  try {
    const place = parseFragment(hash);
    if (place && figures.filter((id) => id === place.figure).length >= place.nth) return undefined;
    return 'there is no such place on that page';
  } catch (error) {
    return (error as Error).message;
  }
}

interface Read {
  /** the library's figures that it shows */
  readonly figures: readonly string[];
  readonly ids: readonly string[];
  readonly links: readonly { readonly element: string; readonly href: string }[];
}

/** Our own pages are regular enough to be read by patterns: every attribute stands in double quotes. */
function readPage(html: string): Read {
  const bare = html.replace(/<!--[\s\S]*?-->|(<(script|style)\b[^>]*>)[\s\S]*?<\/\2>/g, '$1');
  const links: { element: string; href: string }[] = [];
  const ids: string[] = [];
  const figures: string[] = [];
  for (const [, element = '', attributes = ''] of bare.matchAll(
    /<([a-z][a-z0-9]*)((?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*\/?>/gi,
  ))
    for (const [, name, value = ''] of attributes.matchAll(
      /\s(href|src|srcset|xlink:href|poster|data|action|id|data-figure)="([^"]*)"/g,
    ))
      if (name === 'id') ids.push(decoded(value));
      else if (name === 'data-figure') figures.push(decoded(value));
      else links.push({ element: element.toLowerCase(), href: decoded(value) });
  return { ids, links, figures };
}

function decoded(text: string): string {
  return text
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
