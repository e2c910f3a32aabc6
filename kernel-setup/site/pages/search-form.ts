import { escapeHtml } from '../../handout/markdown';

interface Option {
  readonly value: string;
  readonly text: string;
}
/** A list to choose from; an entry matches if its `data-<name>` holds the value. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  readonly options?: readonly Option[];
  readonly groups?: readonly { readonly title: string; readonly options: readonly Option[] }[];
}

/**
 * The form that the page's script searches by. Hidden until that runs: without it the list is whole.
 * @param what is counted
 */
export function searchForm(what: string, hint: string, choices: readonly Choice[]): string {
  const option = ({ value, text }: Option): string =>
    `<option value="${escapeHtml(value)}">${escapeHtml(text)}</option>`;
  const selects = choices.map(({ name, label, options = [], groups = [] }) => {
    const inner = [
      '<option value="">any</option>',
      ...options.map(option),
      ...groups.map(
        ({ title, options }) => `<optgroup label="${escapeHtml(title)}">${options.map(option).join('')}</optgroup>`,
      ),
    ];
    return `<label>${label}<select name="${name}">${inner.join('')}</select></label>`;
  });
  return [
    `<form class="search" role="search" data-what="${what}" hidden>`,
    `<label>Search<input type="search" name="q" autocomplete="off" placeholder="${escapeHtml(hint)}"></label>`,
    ...selects,
    '<button type="reset">Clear</button>',
    '<p role="status"></p>',
    '</form>',
  ].join('\n');
}
