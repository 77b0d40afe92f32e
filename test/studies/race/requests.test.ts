import { describe, expect, it } from 'vitest';
import { textOf } from '#dist/src/fixture/server/answer.js';
import { requestBytes } from '#dist/src/fixture/server/requests.js';
import { ignoreOf } from '#dist/src/studies/race/ignore.js';
import { requestsOf } from '#dist/src/studies/race/requests.js';
import { differenceOf } from '#dist/src/text/difference.js';

describe('a request', () => {
  it('is sent as it was given, with a host and a length', () => {
    const [get] = requestsOf(['/a?b=c']);
    expect(requestBytes(get as never, 80).toString()).toBe(
      'GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n',
    );
    const post = { method: 'POST', path: '/', headers: [['host', 'x']] as const, body: 'ä' };
    expect(requestBytes(post as never, 80).toString()).toBe(
      'POST / HTTP/1.1\r\nhost: x\r\nContent-Length: 2\r\n\r\nä',
    );
  });
});

describe('what is compared of an answer', () => {
  const answer = (headers: string[], body: string) => ({
    status: 200,
    headers,
    body: Buffer.from(body),
    keepAlive: true,
  });

  it('is the status, the headers in any order and case, and the body', () => {
    const [a, b] = [
      answer(['ETag', 'x', 'Content-Type', 'text/plain', 'Date', 'now'], 'hi'),
      answer(['content-type', 'text/plain', 'Connection', 'close', 'etag', 'x'], 'hi'),
    ].map((each) => textOf(each, ignoreOf([])));
    expect(a).toBe('status 200\ncontent-type: text/plain\netag: x\nbody: hi');
    expect(b).toBe(a);
  });

  it('is without what may differ', () => {
    const text = (ignore: string[]): string =>
      textOf(answer(['X-Id', '7'], '[{"id":1,"meta":{"at":2,"by":"me"}}]'), ignoreOf(ignore));
    expect(text(['x-id', 'body.meta.at', 'body.id'])).toBe(
      'status 200\nbody: [{"meta":{"by":"me"}}]',
    );
    expect(text(['X-ID', 'body'])).toBe('status 200\nbody: ignored');
    expect(text(['x-id', '/"at":\\d+,/'])).toBe('status 200\nbody: [{"id":1,"meta":{"by":"me"}}]');
  });

  it('is a digest where it is no text', () => {
    const bytes = { ...answer([], ''), body: Buffer.from([0xff, 0xfe, 0]) };
    expect(textOf(bytes, ignoreOf([]))).toMatch(/body: 3 bytes, sha256 [0-9a-f]{64}$/);
  });
});

describe('the difference of two texts', () => {
  it('is told from shortly before it, with the name of its line', () => {
    const long = 'x'.repeat(100);
    expect(differenceOf(`a: 1\nbody: ${long}1`, `a: 1\nbody: ${long}2`)).toEqual({
      one: `body: …${'x'.repeat(20)}1`,
      other: `body: …${'x'.repeat(20)}2`,
    });
    expect(differenceOf('a', 'a\nb')).toEqual({ one: 'nothing', other: 'b' });
  });
});
