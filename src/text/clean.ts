/**
 * Names, parameters and reasons come from other people's code and from results files that anybody may have written.
 * Here they become safe to print: one line, without control sequences for a terminal or markup for a Markdown renderer.
 */
import { stripVTControlCharacters } from 'node:util';

/** Control characters, and the marks that reverse the order in which a line is shown. */
const INVISIBLE = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

export function cleanText(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(INVISIBLE, '').trim();
}

/**
 * Like `cleanText`, and without markup: a table stays a table, and a name that looks like a tag or a link stays text.
 */
export function cleanMarkdown(text: string): string {
  return (
    cleanText(text)
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/[\\`*_~|[\]#$]/g, '\\$&')
      // GitHub would notify a user of that name. The inserted space has zero width.
      .replace(/@(?=\w)/g, '@\u200b')
  );
}
