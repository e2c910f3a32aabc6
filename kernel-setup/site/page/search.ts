// Compiled into the script of the site's pages with a list to search; it runs in browsers. Without it the list is whole.
/// <reference lib="dom" />
import { themeButton } from '../../handout/page/theme';

document.querySelector('.buttons')?.append(themeButton());

const form = document.querySelector<HTMLFormElement>('form.search')!;
const entries = [...document.querySelectorAll<HTMLElement>('.entry')];
const status = form.querySelector<HTMLElement>('[role="status"]')!;
const fields = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')];

/** Letters and digits in lower case without accents, each word after a space. */
const plain = (text: string): string => ` ${text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()}`;

const words = new Map(entries.map((entry) => [entry, plain(`${entry.textContent} ${entry.dataset['words'] ?? ''}`)]));

function matches(entry: HTMLElement): boolean {
  return fields.every((field) => {
    if (field instanceof HTMLSelectElement)
      return field.value === '' || (entry.dataset[field.name] ?? '').split(' ').includes(field.value);
    const wanted = plain(field.value).split(/\s+/).filter(Boolean);
    // a word is found where one begins with it: `tau` is no part of `plateau`
    return wanted.every((word) => startsIn(words.get(entry)!, word));
  });
}

function startsIn(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/[\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') || !/^[\p{L}\p{N}]/u.test(word)) return true;
  return false;
}

function update(): void {
  let shown = 0;
  for (const entry of entries) {
    entry.hidden = !matches(entry);
    if (!entry.hidden) shown++;
  }
  for (const group of document.querySelectorAll<HTMLElement>('.group'))
    group.hidden = group.querySelector('.entry:not([hidden])') === null;
  const { what = '' } = form.dataset;
  status.textContent = shown === entries.length ? `${shown} ${what}` : `${shown} of ${entries.length} ${what}`;
}

/** The search stands in the address, so that it can be linked and survives a reload. */
function remember(): void {
  const query = new URLSearchParams();
  for (const field of fields) if (field.value !== '') query.set(field.name, field.value);
  const text = query.toString();
  try {
    history.replaceState(null, '', text ? `?${text}` : location.pathname);
  } catch {
    // some browsers allow no other address to a page from disk
    return;
  }
}

function recall(): void {
  const query = new URLSearchParams(location.search);
  for (const field of fields) field.value = query.get(field.name) ?? '';
  // a value that the list does not have would hide everything without a word
  for (const field of fields) if (field instanceof HTMLSelectElement && field.selectedIndex < 0) field.value = '';
  update();
}

form.addEventListener('input', () => {
  update();
  remember();
});
form.addEventListener('reset', () =>
  setTimeout(() => {
    update();
    remember();
    form.querySelector('input')?.focus();
  }),
);
// Enter goes to the first that was found
form.addEventListener('submit', (event) => {
  event.preventDefault();
  document.querySelector<HTMLElement>('.entry:not([hidden]) a[href]')?.focus();
});
form.hidden = false;
recall();
// what an address points at may have moved when the list became shorter
if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
