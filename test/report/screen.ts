/** What a terminal shows after all that was written to it: as much of one as the command line uses. */

const ESCAPE = '\u001B';

/** Cursor up, erase to the end of the line, erase below, colours; a carriage return, a new line; text. */
const TOKEN = new RegExp(`${ESCAPE}\\[(\\d*)([A-Za-z])|\r|\n|[^${ESCAPE}\r\n]+`, 'gy');

export function screenOf(written: string): string[] {
  const rows: string[] = [''];
  let [row, column] = [0, 0];
  for (const [token, count = '', act] of written.matchAll(TOKEN)) {
    const text = rows[row] as string;
    if (token === '\r') column = 0;
    else if (token === '\n') {
      if (++row === rows.length) rows.push('');
      column = 0;
    } else if (act === 'A') row = Math.max(0, row - Number(count || 1));
    else if (act === 'K') rows[row] = text.slice(0, column);
    else if (act === 'J') rows.splice(row, Infinity, text.slice(0, column));
    else if (act === undefined) {
      rows[row] = text.padEnd(column).slice(0, column) + token + text.slice(column + token.length);
      column += token.length;
    } else if (act !== 'm') throw new Error(`a terminal is not asked for ${JSON.stringify(token)}`);
  }
  return rows;
}
