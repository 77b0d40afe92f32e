/** The client against `node:http`, and against servers that say what no server should. */
import { once } from 'node:events';
import {
  createServer as createHttp,
  type RequestListener,
  type Server as HttpServer,
} from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server, type Socket } from 'node:net';
import { gather } from 'loopdyno';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from '#dist/src/workloads/http/client.js';
import {
  BodyTooLargeError,
  HeaderTooLargeError,
  InvalidRequestError,
  MalformedMessageError,
  NoAnswerError,
  TruncatedMessageError,
} from '#dist/src/workloads/http/errors.js';
import { errorOf, onLoop, policies, until } from './policies.js';

const servers: (Server | HttpServer)[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
});

async function listening(server: Server | HttpServer): Promise<string> {
  servers.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const http = (listener: RequestListener): Promise<string> => listening(createHttp(listener));

/** Answers whatever it is sent with these bytes, piece by piece, then ends. */
const raw = (...pieces: string[]): Promise<string> =>
  listening(
    createTcp((socket) => {
      socket.once('data', () => {
        for (const piece of pieces) socket.write(piece, 'latin1');
        socket.end();
      });
    }),
  );

describe.each(policies)('the http client under $name', (policy) => {
  it('gets and posts, with headers, over one connection', async () => {
    let connections = 0;
    const origin = await http((request, response) => {
      const chunks: Buffer[] = [];
      request
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          response.setHeader('X-Echo', String(request.headers['x-say']));
          // As bytes: Node would encode its headers as it does a string that they are sent with.
          response.end(
            Buffer.from(`${request.method} ${request.url} ${String(Buffer.concat(chunks))}`),
          );
        });
    });
    servers[0]?.on('connection', () => connections++);
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      const got = yield* client.request({ url: `${origin}/a?b=c#d`, headers: { 'X-Say': 'hé' } });
      expect([got.status, got.body.toString()]).toEqual([200, 'GET /a?b=c ']);
      expect(got.headers.get('x-ECHO')).toBe('hé');
      const posted = yield* client.request({ url: `${origin}/p`, body: 'ünïcode' });
      expect(posted.body.toString()).toBe('POST /p ünïcode');
      const bytes = yield* client.request({ url: origin, method: 'PUT', body: Buffer.from('xyz') });
      expect(bytes.body.toString()).toBe('PUT / xyz');
      client.close();
    });
    expect(connections).toBe(1);
  });

  it('reads bodies of a length, in chunks, to the end of the connection, and of none', async () => {
    const large = Buffer.alloc(700_000, 'loopdyno');
    const origin = await http((request, response) => {
      if (request.url === '/length') response.setHeader('Content-Length', large.length).end(large);
      else if (request.url === '/chunks') {
        for (let at = 0; at < large.length; at += 7001)
          response.write(large.subarray(at, at + 7001));
        response.addTrailers({ 'X-Trailer': 'x' });
        response.end();
      } else if (request.url === '/none') response.writeHead(204).end();
      else if (request.url === '/early') {
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        response.end('late');
      } else response.setHeader('Content-Length', 18).end();
    });
    const closing = await raw('HTTP/1.0 200 OK\r\n\r\nuntil', ' the end');
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      for (const path of ['/length', '/chunks']) {
        const { body } = yield* client.get(origin + path);
        expect(body.equals(large)).toBe(true);
      }
      const none = yield* client.get(`${origin}/none`);
      expect([none.status, none.body.length]).toEqual([204, 0]);
      expect((yield* client.get(`${origin}/early`)).body.toString()).toBe('late');
      const head = yield* client.request({ url: `${origin}/head`, method: 'HEAD' });
      expect([head.headers.get('content-length'), head.body.length]).toEqual(['18', 0]);
      expect((yield* client.get(closing)).body.toString()).toBe('until the end');
      client.close();
    });
  });

  it('keeps to so many connections, and serves every request', async () => {
    let connections = 0;
    let held: (() => void)[] = [];
    // Answers nobody until three wait, and a fourth would have had the time to come.
    const origin = await http((request, response) => {
      held.push(() => response.end(request.url));
      if (held.length < 3) return;
      setImmediate(() => {
        const answers = held;
        held = [];
        expect(answers.length).toBe(3);
        for (const answer of answers) answer();
      });
    });
    servers[0]?.on('connection', () => connections++);
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop, { connections: 3 });
      const paths = Array.from({ length: 42 }, (_, i) => `/${i}`);
      const answers = yield* gather(
        loop,
        paths.map((path) => () => client.get(origin + path)),
      );
      expect(answers.map(({ body }) => body.toString())).toEqual(paths);
      client.close();
    });
    expect(connections).toBe(3);
  });

  it.each([
    ['a bad status line', 'SSH-2.0-OpenSSH_9.2\r\n', MalformedMessageError],
    ['a header without a colon', 'HTTP/1.1 200 OK\r\nnonsense\r\n\r\n', MalformedMessageError],
    ['a bad length', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc', MalformedMessageError],
    [
      'two lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      MalformedMessageError,
    ],
    [
      'a bad chunk size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc',
      MalformedMessageError,
    ],
    [
      'an unknown coding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: zip\r\n\r\nabc',
      MalformedMessageError,
    ],
    ['a truncated head', 'HTTP/1.1 200 OK\r\nContent-Le', TruncatedMessageError],
    ['a truncated body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', TruncatedMessageError],
    [
      'a truncated chunk',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc',
      TruncatedMessageError,
    ],
    ['too large a head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2000)}\r\n\r\n`, HeaderTooLargeError],
    ['endless headers', `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(400)}`, HeaderTooLargeError],
    [
      'too large a body',
      `HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n${'x'.repeat(3000)}`,
      BodyTooLargeError,
    ],
    ['no answer', '', NoAnswerError],
  ])('names %s, and the url', async (_what, answer, Class) => {
    const origin = await raw(answer);
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop, { maxHeaderBytes: 1000, maxBodyBytes: 2000 });
      const error = yield* errorOf(() => client.get(`${origin}/path`));
      expect(error).toBeInstanceOf(Class);
      expect(String(error)).toContain(`'${origin}/path'`);
      client.close();
    });
  });

  it('sends again, once, what an idle connection was closed under, if that does no harm', async () => {
    const seen: string[] = [];
    // Reads a second request on a connection, and closes it without a word.
    const origin = await listening(
      createTcp((socket) => {
        let requests = 0;
        socket.on('data', (data) => {
          seen.push(data.toString().split(' ')[0] as string);
          if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.destroy();
        });
      }),
    );
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      for (let i = 0; i < 2; i++) expect((yield* client.get(origin)).body.toString()).toBe('ok');
      expect(seen).toEqual(['GET', 'GET', 'GET']);
      const error = yield* errorOf(() => client.request({ url: origin, body: 'x' }));
      expect(error).toBeInstanceOf(NoAnswerError);
      expect(seen).toEqual(['GET', 'GET', 'GET', 'POST']);
      client.close();
    });
  });

  it('does not use a connection again on which the server spoke unasked, or which it has closed', async () => {
    let connections = 0;
    const origin = await listening(
      createTcp((socket) => {
        const first = ++connections === 1;
        socket.on('data', () => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          if (first) socket.write('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n');
          else socket.end();
        });
      }),
    );
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      for (let i = 1; i <= 3; i++) {
        expect((yield* client.get(origin)).status).toBe(200);
        expect(connections).toBe(i);
      }
      client.close();
    });
  });

  it('closes the connection of a request that is cancelled, and keeps its slot for the next', async () => {
    let closed = 0;
    let asked = 0;
    const origin = await http((request, response) => {
      if (request.url === '/fine') return void response.end('fine');
      asked++;
      response.on('close', () => closed++);
      if (request.url === '/body') response.write('the beginning'); // and no more
    });
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop, { connections: 1 });
      for (const path of ['/never', '/body']) {
        const before = closed;
        const task = loop.spawn(() => client.get(origin + path));
        yield* until(loop, () => asked > before);
        task.cancel();
        expect(yield* errorOf(() => task as never)).toMatchObject({ name: 'CancelledError' });
        yield* until(loop, () => closed > before);
        expect((yield* client.get(`${origin}/fine`)).body.toString()).toBe('fine');
      }
      const connecting = loop.spawn(() => client.get(origin));
      yield* loop.spawn(function* () {}); // one turn: it is on its way
      connecting.cancel();
      yield* errorOf(() => connecting as never);
      expect((yield* client.get(`${origin}/fine`)).body.toString()).toBe('fine');
      client.close();
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('hands out a body as it comes, and closes the connection if it is not read to its end', async () => {
    let more: () => void = () => {};
    const origin = await http((_request, response) => {
      response.write('one');
      more = () => response.write('two');
    });
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      const pieces = yield* client.exchange({ url: origin }, function* ({ status }, body) {
        const first = yield* body.chunk();
        more();
        return [status, String(first), String(yield* body.chunk())];
      });
      expect(pieces).toEqual([200, 'one', 'two']);
      client.close();
    });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('refuses what cannot be sent', async () => {
    await onLoop(policy, function* (loop) {
      const client = new HttpClient(loop);
      const bad = [
        { url: 'https://127.0.0.1/' },
        { url: 'nowhere' },
        { url: 'http://127.0.0.1/', method: 'GET /' },
        { url: 'http://127.0.0.1/', headers: { 'X-A': 'b\r\nX-C: d' } },
        { url: 'http://127.0.0.1/', headers: { 'X A': 'b' } },
      ];
      for (const request of bad) {
        expect(yield* errorOf(() => client.request(request))).toBeInstanceOf(InvalidRequestError);
      }
      expect(yield* errorOf(() => client.get('http://127.0.0.1:1/'))).toMatchObject({
        code: 'ECONNREFUSED',
      });
    });
  });
});
