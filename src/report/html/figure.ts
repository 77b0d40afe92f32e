import type { El, Part } from './elements.js';

/** A plot with its caption: one picture with one name. Plot also labels its parts, which nobody can reach. */
export function figureOf(el: El, caption: string, svg: Element): Part {
  for (const part of svg.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label');
  svg.setAttribute('role', 'img');
  return el('figure', {}, el('figcaption', {}, caption), svg);
}
