import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import katexPlugin from '@vscode/markdown-it-katex';
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import typescript from 'highlight.js/lib/languages/typescript';
import MarkdownIt from 'markdown-it';
import { joined, NotebookError, type TextCell } from '../notebook/format';

hljs.registerLanguage('typescript', typescript);
hljs.registerLanguage('bash', bash);
hljs.registerLanguage('json', json);

/** A heading, as the table of contents lists it. */
export interface Heading {
  readonly level: number;
  readonly id: string;
  /** its words, with mathematics already set */
  readonly html: string;
}

/** Source code as HTML with its words classed for colouring. A language that is not known is left plain. */
export function highlighted(code: string, language: string): string {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : escapeHtml(code);
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Sets the text cells of one notebook: links lead to other handouts, pictures are put in, formulas are set. */
export class TextSetter {
  readonly headings: Heading[] = [];
  private readonly markdown: MarkdownIt;
  private cell: TextCell | undefined;

  /**
   * @param name how messages call the notebook
   * @param folder the notebook's folder: relative pictures are found from there
   */
  constructor(
    private readonly name: string,
    private readonly folder: string,
  ) {
    const markdown = new MarkdownIt({ html: true, linkify: true, highlight: (code, info) => highlighted(code, info) });
    // Some builds export the plug-in as `default` of `default`.
    const plugin = ((katexPlugin as { default?: unknown }).default ?? katexPlugin) as MarkdownIt.PluginWithOptions;
    markdown.use(plugin, { throwOnError: false, strict: 'ignore', enableBareBlocks: true, enableFencedBlocks: true });
    const render = markdown.renderer;
    const { rules } = render;
    rules['heading_open'] = (tokens, i, options, env) => {
      const token = tokens[i]!;
      const inline = tokens[i + 1]!;
      const heading = {
        level: Number(token.tag.slice(1)),
        id: this.freeId(inline.content),
        html: render.renderInline(inline.children ?? [], options, env),
      };
      this.headings.push(heading);
      token.attrSet('id', heading.id);
      return render.renderToken(tokens, i, options);
    };
    rules['link_open'] = (tokens, i, options) => {
      const token = tokens[i]!;
      const href = this.rewrittenLink(String(token.attrGet('href') ?? ''));
      token.attrSet('href', href);
      if (/^https?:/.test(href)) token.attrSet('rel', 'noopener noreferrer');
      return render.renderToken(tokens, i, options);
    };
    rules['image'] = (tokens, i, options, env) => {
      const token = tokens[i]!;
      token.attrSet('src', this.inlinedPicture(String(token.attrGet('src') ?? '')));
      token.attrSet('alt', render.renderInlineAsText(token.children ?? [], options, env));
      return render.renderToken(tokens, i, options);
    };
    rules['table_open'] = () => '<div class="scroll"><table>';
    rules['table_close'] = () => '</table></div>';
    this.markdown = markdown;
  }

  /**
   * The HTML of a text cell.
   * @throws {NotebookError} on a formula that can't be set and a picture that can't be put in
   */
  set(cell: TextCell, number: number): string {
    this.cell = cell;
    let html: string;
    try {
      html = this.markdown.render(cell.source);
    } catch (error) {
      if (!(error instanceof NotebookError)) throw error;
      throw new NotebookError(`${this.name}: cell ${number} (${cell.id}): ${error.message}`);
    }
    const broken = /class="katex-error"[^>]*title="([^"]*)"/.exec(html);
    if (broken) throw new NotebookError(`${this.name}: cell ${number} (${cell.id}): bad formula: ${broken[1]}`);
    return html;
  }

  private freeId(words: string): string {
    const base =
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, '-')
        .replace(/^-+|-+$/g, '') || 'section';
    let id = base;
    for (let n = 2; this.headings.some((heading) => heading.id === id); n++) id = `${base}-${n}`;
    return id;
  }

  /** Handouts lie as the notebooks do, one page a notebook; a lecture's README is its part of the index. */
  private rewrittenLink(href: string): string {
    if (/^[a-z][a-z+.-]*:/i.test(href) || href.startsWith('#')) return href;
    const [file = '', hash] = href.split('#');
    if (path.posix.basename(file) === 'README.md') {
      const lecture = path.posix.join(path.basename(this.folder), path.posix.dirname(file));
      return `../index.html${/^[^./]/.test(lecture) ? `#${lecture}` : ''}`;
    }
    const page = file.replace(/\.ipynb$/, '.html');
    return hash === undefined ? page : `${page}#${hash}`;
  }

  private inlinedPicture(source: string): string {
    if (source.startsWith('data:')) return source;
    if (/^[a-z][a-z+.-]*:/i.test(source) && !source.startsWith('attachment:'))
      throw new NotebookError(`the picture ${source} is on a network: a handout holds all it shows`);
    if (source.startsWith('attachment:')) {
      const attached = this.cell?.attachments?.[decodeURIComponent(source.slice('attachment:'.length))];
      const [type, data] = Object.entries(attached ?? {})[0] ?? [];
      if (!type || !data) throw new NotebookError(`the picture ${source} is not attached`);
      return `data:${type};base64,${joined(data).replace(/\s/g, '')}`;
    }
    const file = path.resolve(this.folder, decodeURIComponent(source));
    const type = { '.png': 'image/png', '.jpg': 'image/jpeg', '.svg': 'image/svg+xml' }[path.extname(file)];
    if (!type || !existsSync(file)) throw new NotebookError(`the picture ${source} was not found (png, jpg or svg)`);
    return `data:${type};base64,${readFileSync(file).toString('base64')}`;
  }
}
