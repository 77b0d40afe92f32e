/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
export type Page = Document;
export type Part = HTMLElement;
export type Content = Node | string;

/** Makes elements of one document: `el('p', { class: 'warning' }, 'text', el('b', {}, 'more'))`. */
export type El = (
  tag: string,
  attributes: Readonly<Record<string, string>>,
  ...children: Content[]
) => Part;

export function elements(document: Page): El {
  return (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
}
