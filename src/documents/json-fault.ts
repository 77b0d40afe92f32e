/**
 * Finds where a text stops being JSON. `JSON.parse` knows it but reports only part of it, in words that differ between
 * versions of Node, and a message that names a place always needs it. This runs on a text that `JSON.parse` refused:
 * tokens are read one by one, and the first that is not allowed where it stands is the fault. Open brackets are on an
 * explicit stack, so depth costs no recursion.
 */
export interface JsonFault {
  offset: number;
  /** Counted from 1. */
  line: number;
  column: number;
  /** The text is the beginning of a JSON text: the rest is missing. */
  truncated: boolean;
}

/** Sticky patterns: they match only at `lastIndex`. */
const space = /[ \t\n\r]*/y;
const token =
  // oxlint-disable-next-line no-control-regex -- JSON allows none of them in a string
  /[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
/** What may be left if the end of the file cut a token in two. */
const cutToken = /^(?:"[^"\n]*|-?[\d.eE+-]*|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?)$/;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | 'separator' | 'end';

export function findJsonFault(text: string): JsonFault {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  for (;;) {
    offset = matchAt(space, text, offset).end;
    const { found, end } = matchAt(token, text, offset);
    const next: Expected | undefined = found === '' ? undefined : step(found, expected, open);
    if (next === undefined) break;
    expected = next;
    offset = end;
  }
  const truncated = expected !== 'end' && cutToken.test(text.slice(offset));
  if (truncated) offset = text.length;
  const before = text.slice(0, offset).split('\n');
  return {
    offset,
    line: before.length,
    column: (before.at(-1) as string).length + 1,
    truncated,
  };
}

/** What may follow the token; undefined if the token is not allowed here. Updates `open`. */
function step(found: string, expected: Expected, open: ('{' | '[')[]): Expected | undefined {
  const after = (): Expected => (open.length === 0 ? 'end' : 'separator');
  const inside = open.at(-1);
  switch (found) {
    case '{':
    case '[':
      if (!expected.startsWith('value')) return undefined;
      open.push(found);
      return found === '{' ? 'key or }' : 'value or ]';
    case '}':
      if (inside !== '{' || (expected !== 'key or }' && expected !== 'separator')) return undefined;
      open.pop();
      return after();
    case ']':
      if (inside !== '[' || (expected !== 'value or ]' && expected !== 'separator')) {
        return undefined;
      }
      open.pop();
      return after();
    case ',':
      if (expected !== 'separator') return undefined;
      return inside === '{' ? 'key' : 'value';
    case ':':
      return expected === ':' ? 'value' : undefined;
    default:
      if (expected.startsWith('key')) return found.startsWith('"') ? ':' : undefined;
      return expected.startsWith('value') ? after() : undefined;
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): { found: string; end: number } {
  pattern.lastIndex = offset;
  const found = pattern.exec(text)?.[0] ?? '';
  return { found, end: offset + found.length };
}
