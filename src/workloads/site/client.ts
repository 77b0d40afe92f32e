/** The workloads' HTTP client: one per loop, so that connections are kept from job to job. */
import { quote } from '../../loop/errors.js';
import type { Coroutine, Loop } from '../../loop/policy.js';
import { HttpClient } from '../http/client.js';
import { HttpError } from '../http/errors.js';

/** The site answered with a status other than 200. */
export class SiteError extends HttpError {}

/** Enough for nearly all requests of the standard workloads to be under way at once. */
const CONNECTIONS = 256;

const clients = new WeakMap<Loop, HttpClient>();

export function* fetchBody(loop: Loop, url: string): Coroutine<Buffer> {
  let client = clients.get(loop);
  if (client === undefined)
    clients.set(loop, (client = new HttpClient(loop, { connections: CONNECTIONS })));
  const { status, body } = yield* client.get(url);
  if (status === 200) return body;
  throw new SiteError(
    `the site answered ${status} for ${quote(url)}: it was opened with another seed or version`,
  );
}

/** The ports of `openSite`, as origins. */
export function originsOf(facts: Readonly<Record<string, number | string>>): string[] {
  return String(facts['ports'])
    .split(',')
    .map((port) => `http://127.0.0.1:${port}`);
}
