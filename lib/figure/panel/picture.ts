/// <reference lib="dom" preserve="true" />
import { newId } from './element';

/**
 * Puts an SVG into an element, in the place of what was there. Nothing in it runs, and names inside it are set apart from
 * those of the page's other pictures.
 * @throws {Error} if the text is not an SVG
 */
export function putSvg(area: HTMLElement, svg: string): void {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg') throw new Error('the picture is not an SVG');
  for (const active of root.querySelectorAll('script, foreignObject')) active.remove();
  if (/\son\w+\s*=/i.test(svg))
    for (const node of root.querySelectorAll('*'))
      for (const { name } of [...node.attributes]) if (/^on/i.test(name)) node.removeAttribute(name);
  const key = (area.dataset['key'] ??= newId());
  for (const named of root.querySelectorAll('[id]')) named.id = `${key}-${named.id}`;
  for (const attribute of ['clip-path', 'fill', 'stroke', 'mask', 'href', 'xlink:href'])
    for (const user of root.querySelectorAll(`[${attribute.replace(':', '\\:')}*="#"]`)) {
      const text = user.getAttribute(attribute)!;
      if (/^(url\(["']?)?#[A-Za-z_]/.test(text) && !/^#[0-9a-f]{3,8}$/i.test(text))
        user.setAttribute(attribute, text.replace('#', `#${key}-`));
    }
  area.replaceChildren(document.importNode(root, true));
}
