/** The HTTP client of a loop, for jobs: they cross to threads by name and find it there again. */
import { HttpClient, type Response } from '../../http/client.js';
import type { Coroutine } from '../../../src/loop/future.js';
import { LoopdynoError } from '../../../src/loop/errors.js';
import type { Loop } from '../../../src/loop/policy.js';

/** The site answered with another status than 200. */
export class SiteError extends LoopdynoError {}

const clients = new WeakMap<Loop, Map<number, HttpClient>>();

export function clientOf(loop: Loop, port: number): HttpClient {
  const ofLoop = clients.get(loop) ?? new Map<number, HttpClient>();
  clients.set(loop, ofLoop);
  const known = ofLoop.get(port);
  if (known !== undefined) return known;
  const client = new HttpClient(loop, { port });
  ofLoop.set(port, client);
  return client;
}

/** The page's body; any other status than 200 is an error. */
export function* fetchBody(loop: Loop, port: number, path: string): Coroutine<Buffer> {
  const { status, body }: Response = yield* clientOf(loop, port).get(path);
  if (status !== 200) throw new SiteError(`the site answered ${path} with ${status}`);
  return body;
}
