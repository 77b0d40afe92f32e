/**
 * The last lines of a terminal, drawn again and again in place. Each drawing is one write, over the lines that are there,
 * so nothing flickers. The cursor stays visible, at the end of the last line: whatever ends the process, there is nothing
 * to restore.
 *
 *   row 1   ◀ the cursor goes up to here, and each line is written over the old one
 *   row 2
 *   row 3▮  ◀ and ends here; what was below is erased
 */

const UP = (rows: number): string => (rows > 0 ? `\u001B[${rows}A` : '');
const ERASE_LINE = '\u001B[K';
const ERASE_BELOW = '\u001B[J';

export class LiveArea {
  private readonly out: Pick<NodeJS.WriteStream, 'write'>;
  /** Rows that are drawn. */
  private rows = 0;

  constructor(out: Pick<NodeJS.WriteStream, 'write'>) {
    this.out = out;
  }

  /** No line may be as wide as the terminal, and there may not be more of them than it has rows. */
  draw(lines: readonly string[]): void {
    const drawn = lines.map((line) => `${line}${ERASE_LINE}`).join('\n');
    this.out.write(`${this.start()}${drawn}${ERASE_BELOW}`);
    this.rows = lines.length;
  }

  /** Leaves the cursor where the first line was. */
  clear(): void {
    if (this.rows === 0) return;
    this.out.write(`${this.start()}${ERASE_BELOW}`);
    this.rows = 0;
  }

  private start(): string {
    return `\r${UP(this.rows - 1)}`;
  }
}
