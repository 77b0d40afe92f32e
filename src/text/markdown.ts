/** A table in Markdown, a line a row. The cells are clean already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  /** How many columns, from the first on, hold words: the others hold numbers. */
  words = 1,
): string[] {
  const rule = head.map((_, at) => (at < words ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
