import { cite, type Reference, references } from 'lecture-lab/references';
import type { Assets } from '../../handout/assets';
import { escapeHtml } from '../../handout/markdown';
import type { Collection, Work } from '../collection';
import { PAGES, sitePage } from './frame';
import { link, spotLink } from './markup';

/** The bibliography, and which lessons and figures cite each work. */
export function referencesPage({ works }: Collection, assets: Assets): string {
  const body = [
    `<p class="lead">${works.length} works, by key. Everything that lessons and figures cite is here.</p>`,
    `<ul class="works">${works.map(workHtml).join('\n')}</ul>`,
  ].join('\n');
  return sitePage('references', assets, body);
}

function workHtml({ key, lessons, figures }: Work): string {
  const { authors, year, title, where, doi, url }: Reference = references[key];
  const address = doi ? `https://doi.org/${doi}` : url;
  const shown = address
    ? ` <a rel="noopener noreferrer" href="${escapeHtml(address)}">${escapeHtml(address.replace('https://', ''))}</a>`
    : '';
  const cited = [
    ['Lessons', lessons.map(({ lesson, spot }) => spotLink(lesson, spot))],
    ['Figures', figures.map(({ figure }) => link(`${PAGES.figures.file}#${figure.id}`, figure.title))],
  ] as const;
  const rows = cited
    .filter(([, items]) => items.length > 0)
    .map(([name, items]) => `<dt>${name}</dt><dd>${items.join('<br>')}</dd>`);
  return [
    `<li id="${key}"><p><strong>${escapeHtml(cite(key))}</strong> <code>${key}</code><br>`,
    `${escapeHtml(`${authors} (${year})`)}. <cite>${escapeHtml(title)}</cite>${/[.?!]$/.test(title) ? '' : '.'} ${escapeHtml(where)}.${shown}</p>`,
    rows.length > 0 ? `<dl class="facts">${rows.join('')}</dl>` : '<p class="quiet">not cited yet</p>',
    '</li>',
  ].join('');
}
