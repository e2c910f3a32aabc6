/// <reference lib="dom" preserve="true" />

type Properties<K extends keyof HTMLElementTagNameMap> = Partial<Omit<HTMLElementTagNameMap[K], 'style'>>;

/** Makes an element. Text is always set as text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> = {},
  attributes: Readonly<Record<string, string>> = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const COUNT: unique symbol = Symbol.for('lecture-lab.panel-names');
/** A name for an element that no other has: in JupyterLab every panel brings a copy of this module. */
export function newId(): string {
  const page = globalThis as { [COUNT]?: number };
  page[COUNT] = (page[COUNT] ?? 0) + 1;
  return `lab-panel-${page[COUNT]}`;
}

/** Sets a text only where it changes: what is announced to screen readers is what changed. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
