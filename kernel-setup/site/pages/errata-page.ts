import path from 'node:path';
import type { Assets } from '../../handout/assets';
import { escapeHtml, highlighted, TextSetter } from '../../handout/markdown';
import { outputsHtml } from '../../handout/outputs';
import { isPlot } from '../../handout/plots';
import { type CodeCell, tagsOf } from '../../notebook/format';
import type { Collection } from '../collection';
import type { Lesson, Section } from '../lesson';
import { sitePage } from './frame';
import { hrefOf, link, rebased } from './markup';

/** What the slides get wrong: each lesson's own section on it, with the numbers that decide. */
export async function errataPage({ lectures }: Collection, assets: Assets): Promise<string> {
  const parts = [
    '<p class="lead">Where a slide, as printed, can’t be right: the formula, its correction, and the numbers that decide, as the lessons have them. The code behind the numbers is folded.</p>',
  ];
  for (const { folder, title, lessons } of lectures) {
    const articles: string[] = [];
    for (const lesson of lessons)
      for (const section of lesson.errata) articles.push(await articleHtml(lesson, section, articles.length + 1));
    if (articles.length > 0) parts.push(`<h2 id="${folder}">${escapeHtml(title)}</h2>`, ...articles);
  }
  if (parts.length === 1) parts.push('<p>There are none yet.</p>');
  return sitePage('errata', assets, parts.join('\n'));
}

async function articleHtml(lesson: Lesson, { spot, heading, cells }: Section, number: number): Promise<string> {
  const { place, title } = lesson;
  const key = `${place.lecture}-${place.topic}${number > 1 ? `-${number}` : ''}`;
  const text = new TextSetter(place.name, path.dirname(place.file));
  const parts: string[] = [];
  for (const [i, cell] of cells.entries()) {
    if (cell.type !== 'code') parts.push(text.set(cell, i + 1));
    else if (cell.source.trim() !== '') {
      if (!tagsOf(cell).includes('hide-input'))
        parts.push(
          `<details><summary>Code</summary><pre class="code" tabindex="0"><code>${highlighted(cell.source, 'typescript')}</code></pre></details>`,
        );
      parts.push(await numbersHtml(cell, `${key}-${i}`, text, spot));
    }
  }
  // names and links of the lesson's page, as they hold on this one
  const inner = rebased(parts.join('\n'), place.lecture, hrefOf(lesson)).replace(/<h(\d) id="/g, `<h$1 id="${key}-`);
  return [
    `<article class="erratum" id="${key}">`,
    `<h3><a href="${escapeHtml(hrefOf(lesson, spot))}">${escapeHtml(title)}</a><br><small class="quiet">${heading.html}</small></h3>`,
    inner,
    '</article>',
  ].join('\n');
}

/** The outputs of a cell; a picture is left to the lesson, where it is alive. */
async function numbersHtml(cell: CodeCell, key: string, text: TextSetter, spot: Section['spot']): Promise<string> {
  const drawn = cell.outputs.some((output) => 'data' in output && isPlot(output));
  const rest = cell.outputs.filter((output) => !('data' in output && isPlot(output)));
  const pointer = drawn ? `<p>${link(`#${spot.anchor}`, 'The figure is in the lesson.')}</p>` : '';
  return (await outputsHtml(rest, key, text)) + pointer;
}
