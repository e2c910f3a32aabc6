import type { Assets } from '../../handout/assets';
import { escapeHtml } from '../../handout/markdown';
import type { Collection } from '../collection';
import { wordsOfSymbol } from '../symbols';
import { PAGES, sitePage } from './frame';
import { hrefOf, line, link } from './markup';
import { searchForm } from './search-form';

/** Every symbol of every lesson: what it means there, its unit, and what the code calls it. */
export function symbolsPage({ symbols, figures, lectures }: Collection, assets: Assets): string {
  const rows = symbols.map((symbol) => {
    const shown = figures.filter((figure) => figure.symbols.includes(symbol)).length;
    const cells: [string, string][] = [
      ['', line(symbol.markdown)],
      ['', line(symbol.meaning)],
      ['unit', line(symbol.unit)],
      ['in code', symbol.names.map((name) => `<code>${escapeHtml(name)}</code>`).join(', ')],
      [
        'in',
        [
          ...symbol.lessons.map((lesson) => link(hrefOf(lesson), lesson.title)),
          ...(shown > 0
            ? [link(`${PAGES.figures.file}?symbol=${symbol.anchor}`, `${shown} ${shown === 1 ? 'figure' : 'figures'}`)]
            : []),
        ].join('<br>'),
      ],
    ];
    // a field without a name stands alone where the table is laid out in blocks
    const fields = cells.map(([name, html]) => `<td${name && html ? ` data-name="${name}"` : ''}>${html}</td>`);
    const lecture = lectures
      .filter((one) => one.lessons.some((lesson) => symbol.lessons.includes(lesson)))
      .map(({ folder }) => folder);
    return `<tr class="entry" id="${symbol.anchor}" data-lecture="${lecture.join(' ')}" data-words="${escapeHtml(wordsOfSymbol(symbol).join(' '))}">${fields.join('')}</tr>`;
  });
  const head = ['symbol', 'meaning', 'unit', 'in code', 'lessons and figures'];
  const body = [
    '<p class="lead">One symbol means one thing in a lesson; in two lessons it may mean two. A dash stands for a pure number.</p>',
    searchForm('symbols', 'tau, voltage, eta …', [
      {
        name: 'lecture',
        label: 'Lecture',
        options: lectures.map(({ folder, title }) => ({ value: folder, text: title })),
      },
    ]),
    `<table class="index"><thead><tr>${head.map((name) => `<th scope="col">${name}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table>`,
  ].join('\n');
  return sitePage('symbols', assets, body);
}
