/**
 * The results document as text. People open it in an editor and read it in a diff, so it is laid out. But a slice takes
 * one line, and so does a list of numbers: with hundreds of samples below each other a file would be ten times as long,
 * and nobody could scroll it.
 */
import type { Results } from './results.js';

/** What fits into this many characters is written on one line. */
const SHORT = 80;

export function serializeResults(results: Results): string {
  return `${layOut(results, '', 0)}\n`;
}

function layOut(value: unknown, key: string, depth: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const list = Array.isArray(value);
  if (list && value.every((item) => typeof item === 'number')) return JSON.stringify(value);
  const parts = list
    ? value.map((item) => (key === 'slices' ? JSON.stringify(item) : layOut(item, '', depth + 1)))
    : Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => `${JSON.stringify(name)}: ${layOut(field, name, depth + 1)}`);
  const [open, close, space] = list ? ['[', ']', ''] : ['{', '}', ' '];
  if (parts.length === 0) return open + close;
  const length = parts.reduce((sum, part) => sum + part.length + 2, 0);
  if (depth > 0 && length <= SHORT && !parts.some((part) => part.includes('\n'))) {
    return open + space + parts.join(', ') + space + close;
  }
  const indent = '  '.repeat(depth);
  return `${open}\n${parts.map((part) => `${indent}  ${part}`).join(',\n')}\n${indent}${close}`;
}
