/** A table in Markdown, one line per row. The cells must be clean already. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  /** The number of leading columns that hold words. The others hold numbers. */
  words = 1,
): string[] {
  const rule = head.map((_, at) => (at < words ? '---' : '--:'));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
