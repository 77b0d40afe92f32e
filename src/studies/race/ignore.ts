/**
 * `--ignore`: what may differ between two answers.
 *
 *   x-request-id      a header             body, output    all of it
 *   body.meta.time    a field of JSON      /\d+ ms/        what a regular expression matches
 */
import type { Ignore } from '../../fixture/server/requests.js';
import { UsageError } from '../../text/usage.js';

export function ignoreOf(given: readonly string[]): Ignore {
  const is = (text: string): boolean => given.includes(text);
  const patterns = given.filter((text) => /^\/.+\/$/s.test(text)).map((text) => text.slice(1, -1));
  for (const pattern of patterns) checkPattern(pattern);
  const fields = given.filter((text) => text.startsWith('body.'));
  const headers = given.filter(
    (text) => !text.startsWith('/') && !fields.includes(text) && !/^(body|output)$/.test(text),
  );
  for (const name of headers) {
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name)) continue;
    throw new UsageError(
      `--ignore takes a header's name, body, body.field, output or /pattern/, but got '${name}'`,
    );
  }
  return {
    headers: headers.map((name) => name.toLowerCase()),
    body: is('body') || is('output'),
    fields: fields.map((text) => text.split('.').slice(1)),
    patterns,
  };
}

function checkPattern(pattern: string): void {
  try {
    void new RegExp(pattern, 'g');
  } catch (error) {
    throw new UsageError(`--ignore /${pattern}/: ${(error as Error).message}`);
  }
}
