/// <reference lib="dom" preserve="true" />
import { newId } from './element';

/**
 * Puts an SVG into an element, in the place of what was there. It is read as a document of its own, so nothing in it
 * runs, and names inside it are set apart from those of the page's other pictures.
 * @throws {Error} if the text is not an SVG
 */
export function putSvg(area: HTMLElement, svg: string): void {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  if (root.localName !== 'svg') throw new Error('the picture is not an SVG');
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
