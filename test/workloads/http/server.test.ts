/** The server against `node:http`'s client, and against sockets that say what no client should. */
import {
  Agent,
  request as nodeRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gather, type Loop } from 'loopdyno';
import { describe, expect, it } from 'vitest';
import { HttpClient } from '#dist/src/workloads/http/client.js';
import {
  serveHttp,
  type HttpHandler,
  type HttpServerOptions,
} from '#dist/src/workloads/http/server.js';
import { errorOf, onLoop, policies, until } from './policies.js';

/** What a socket gets for these bytes until the server closes; it ends its own side only if told. */
function talk(port: number, pieces: readonly string[], end = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let text = '';
    socket.on('data', (data) => (text += data.toString('latin1')));
    socket.on('end', () => {
      socket.end();
      resolve(text);
    });
    socket.on('error', reject);
    // A piece at a time, so that each is most likely a read of its own.
    const next = (i: number): void => {
      if (i < pieces.length)
        socket.write(pieces[i] as string, 'latin1', () => setImmediate(next, i + 1));
      else if (end) socket.end();
    };
    socket.on('connect', () => next(0));
  });
}

/** A request by Node's client. */
async function ask(port: number, options: RequestOptions, body?: Buffer | string) {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = nodeRequest({ port, host: '127.0.0.1', ...options }, resolve);
    outgoing.on('error', reject).end(body);
  });
  const { statusCode: status, headers } = answer;
  return { status, headers, body: (await buffer(answer)).toString() };
}

const echo: HttpHandler = function* (request, response) {
  yield* response.send(200, `${request.method} ${request.url} ${String(yield* request.body())}`);
};

describe.each(policies)('the http server under $name', (policy) => {
  /** Serves while `use` runs; nothing may be left then. */
  const serving = (
    handler: HttpHandler,
    use: (port: number, loop: Loop) => Promise<void>,
    options: Partial<HttpServerOptions> = {},
  ): Promise<void> =>
    onLoop(policy, function* (loop) {
      const server = yield* serveHttp(loop, { port: 0, ...options }, handler);
      try {
        yield* loop.adopt(use(server.port, loop));
      } finally {
        yield* server.close();
      }
    });

  it('answers requests one after the other over one connection', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    await serving(echo, async (port) => {
      for (let i = 0; i < 3; i++) {
        const answer = await new Promise<IncomingMessage>((resolve) => {
          nodeRequest({ port, host: '127.0.0.1', agent, path: `/${i}` }, resolve).end();
        });
        ports.add(answer.socket.localPort);
        expect((await buffer(answer)).toString()).toBe(`GET /${i} `);
      }
      agent.destroy();
    });
    expect(ports.size).toBe(1);
  });

  it('reads bodies of a length and in chunks, and sends none for HEAD, 204 and 304', async () => {
    const large = 'loopdyno '.repeat(80_000);
    const handler: HttpHandler = function* (request, response) {
      const status = Number(request.headers.get('x-status') ?? 200);
      yield* response.send(status, yield* request.body(), { 'X-Method': request.method });
    };
    await serving(handler, async (port) => {
      const length = { 'Content-Length': large.length };
      for (const headers of [length, { 'Transfer-Encoding': 'chunked' }]) {
        const answer = await ask(port, { method: 'POST', headers }, large);
        expect(answer.body === large).toBe(true);
        expect(answer.headers['x-method']).toBe('POST');
      }
      const head = await ask(port, { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '0', '']);
      for (const status of [204, 304]) {
        const answer = await ask(port, { method: 'POST', headers: { 'X-Status': status } }, 'text');
        expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([
          status,
          undefined,
          '',
        ]);
      }
    });
  });

  it('gives HEAD the length that GET would have, and no byte of it', async () => {
    const handler: HttpHandler = (_request, response) => response.send(200, 'seven b');
    await serving(handler, async (port) => {
      const head = 'HEAD / HTTP/1.1\r\nHost: x\r\n\r\n';
      const text = await talk(port, [
        `${head}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      ]);
      const one = 'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n';
      const two = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 7\r\n\r\nseven b';
      expect(text).toBe(one + two);
    });
  });

  it('answers pipelined requests in order, however they are cut, and whoever is slow', async () => {
    const handler: HttpHandler = function* (request, response, loop) {
      const body = String(yield* request.body());
      if (request.url === '/0') yield* loop.io.sleep(5);
      yield* response.send(200, `${request.url}${body};`);
    };
    const requests = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0
        ? `GET /${i} HTTP/1.1\r\nHost: x\r\n\r\n`
        : `POST /${i} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n#${i % 10}`,
    ).join('');
    const all = `${requests}GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    const expected = Array.from({ length: 20 }, (_, i) =>
      i % 2 === 0 ? `/${i};` : `/${i}#${i % 10};`,
    );
    await serving(handler, async (port) => {
      for (const size of [all.length, 7, 100]) {
        const pieces = all.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const text = await talk(port, pieces);
        expect(text.match(/\/\w+(#\d)?;/g)).toEqual([...expected, '/end;']);
      }
    });
  });

  it('skips a body that the handler has not read', async () => {
    const handler: HttpHandler = (request, response) => response.send(200, request.url);
    await serving(handler, async (port) => {
      const text = await talk(port, [
        'POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\nGET /x HTTP',
        '/1.1\r\n\r\n!',
        'GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      ]);
      expect(text.match(/\/\w+$|\/\w+(?=HTTP)/gm)).toEqual(['/a', '/b']);
    });
  });

  it.each([
    [400, 'garbage', 'hello\r\n\r\n'],
    [400, 'bytes', '\x16\x03\x01\x02\x00\x01\x00\n'],
    [400, 'a header without a colon', 'GET / HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n'],
    [400, 'a space before a colon', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc'],
    [400, 'no host', 'GET / HTTP/1.1\r\n\r\n'],
    [400, 'a length that is none', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\na'],
    [
      400,
      'two ways to tell the length',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      400,
      'another coding',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      400,
      'a chunk size that is none',
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-2\r\nab\r\n',
    ],
    [
      413,
      'a large body',
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${'x'.repeat(5000)}`,
    ],
    [431, 'large headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(3000)}\r\n\r\n`],
    [431, 'a url without end', `GET /${'y'.repeat(3000)}`],
    [
      431,
      'a chunk line without end',
      `POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;${'y'.repeat(3000)}`,
    ],
  ])('answers %i to %s, and closes', async (status, _what, text) => {
    const failures: unknown[] = [];
    const limits = {
      maxHeaderBytes: 1000,
      maxBodyBytes: 2000,
      onError: (e: unknown) => failures.push(e),
    };
    await serving(
      echo,
      async (port) => {
        expect(await talk(port, [text])).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
        // What came before it is answered first.
        const good = 'GET /good HTTP/1.1\r\nHost: x\r\n\r\n';
        const both = await talk(port, [good + text]);
        expect(both).toMatch(new RegExp(`^HTTP/1.1 200 OK[^]*GET /good HTTP/1.1 ${status} `));
        expect((await ask(port, { path: '/next' })).body).toBe('GET /next ');
      },
      limits,
    );
    expect(failures).toEqual([]);
  });

  it('gives up quietly on a request that ends in its middle', async () => {
    await serving(echo, async (port) => {
      expect(
        await talk(port, ['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab'], true),
      ).toBe('');
      expect(await talk(port, ['GET / HT'], true)).toBe('');
      expect(await talk(port, [], true)).toBe('');
    });
  });

  it('answers 500 for a handler that fails, tells of it, and goes on', async () => {
    const failures: string[] = [];
    const handler: HttpHandler = function* (request, response) {
      if (request.url === '/late') {
        yield* response.start(200);
        yield* response.write('begun');
      }
      if (request.url === '/after') yield* response.send(200, 'fine');
      if (request.url !== '/silent') throw new Error(`no luck with ${request.url}`);
    };
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const onError = (error: unknown, what: string): void =>
      void failures.push(`${what}: ${String(error)}`);
    await serving(
      handler,
      async (port) => {
        const text = await talk(port, [get('/a') + get('/silent') + get('/after') + get('/late')]);
        expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(
          ['500', '500', '200', '200'].map((s) => `HTTP/1.1 ${s}`),
        );
        expect(text).toMatch(/5\r\nbegun\r\n$/); // without a last chunk: the client sees that it is cut
      },
      { onError },
    );
    expect(failures).toEqual([
      "the handler of GET '/a': Error: no luck with /a",
      "the handler of GET '/silent': InvalidAnswerError: the handler returned without an answer",
      "the handler of GET '/after': Error: no luck with /after",
      "the handler of GET '/late': Error: no luck with /late",
    ]);
  });

  it('streams an answer, in chunks or to the end of the connection', async () => {
    const handler: HttpHandler = function* (_request, response) {
      yield* response.start(200, { 'Content-Type': 'text/plain' });
      for (const piece of ['one ', '', 'two ', 'three']) yield* response.write(piece);
    };
    await serving(handler, async (port) => {
      const answer = await ask(port, {});
      expect(answer).toMatchObject({
        body: 'one two three',
        headers: { 'transfer-encoding': 'chunked' },
      });
      const old = await talk(port, ['GET / HTTP/1.0\r\n\r\n']);
      expect(old).toMatch(
        /^HTTP\/1.1 200 OK\r\nConnection: close\r\nContent-Type: text\/plain\r\n\r\none two three$/,
      );
    });
  });

  it('asks for a body that waits to be asked for, and only where it is read', async () => {
    const handler: HttpHandler = function* (request, response) {
      yield* response.send(200, request.url === '/read' ? yield* request.body() : 'unread');
    };
    await serving(handler, async (port) => {
      const head = (path: string): string =>
        `POST ${path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n`;
      expect(await talk(port, [head('/left')])).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*unread$/);
      const end = 'GET /left HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
      const text = await talk(port, [head('/read'), `body${end}`]);
      expect(text).toMatch(
        /^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n[^]*bodyHTTP\/1.1 200 OK/,
      );
    });
  });

  it('hands the connection over for an upgrade, with what came behind the request', async () => {
    const upgrade: HttpServerOptions['upgrade'] = function* (request, stream, first) {
      yield* stream.write(
        Buffer.from(
          `HTTP/1.1 101 Switching Protocols\r\nUpgrade: ${request.headers.get('upgrade')}\r\n\r\n`,
        ),
      );
      yield* stream.write(first);
      for (let bytes = yield* stream.read(); bytes !== null; bytes = yield* stream.read()) {
        yield* stream.write(bytes);
      }
    };
    const ask101 = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: shout\r\n\r\n';
    await serving(
      echo,
      async (port) => {
        const text = await talk(port, [`${ask101}GET / HT`, 'TP/1.1\r\n'], true);
        expect(text).toBe(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: shout\r\n\r\nGET / HTTP/1.1\r\n',
        );
        expect((await ask(port, { path: '/plain' })).body).toBe('GET /plain ');
      },
      { upgrade },
    );
    // A server without the hook answers in HTTP, as it may.
    await serving(echo, async (port) => {
      const text = await talk(port, [
        `${ask101}GET /2 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      ]);
      expect(text).toMatch(/^HTTP\/1.1 200 OK[^]*GET \/ HTTP\/1.1 200 OK[^]*GET \/2 $/);
    });
  });

  it('leaves nothing of a client that goes away in the middle of its answer', async () => {
    let ended = 0;
    const handler: HttpHandler = function* (_request, response) {
      try {
        yield* response.start(200);
        for (;;) yield* response.write(Buffer.alloc(64 * 1024));
      } finally {
        ended++;
      }
    };
    const failures: unknown[] = [];
    await serving(
      handler,
      async (port, loop) => {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        socket.once('data', () => socket.destroy());
        await loop.spawn(() => until(loop, () => ended === 1));
      },
      { onError: (error) => failures.push(error) },
    );
    expect(failures).toEqual([]);
  });

  it('closes when told: idle connections at once, others behind their answer', async () => {
    let asked = 0;
    let answer: () => void = () => {};
    const loopdyno = await onLoop(policy, function* (loop) {
      const server = yield* serveHttp(loop, { port: 0 }, function* (request, response) {
        asked++;
        if (request.url === '/slow') {
          const told = loop.future<void>();
          answer = () => told.setResult();
          yield* told;
        }
        yield* response.send(200, request.url);
      });
      const client = new HttpClient(loop);
      const origin = `http://127.0.0.1:${server.port}`;
      yield* client.get(`${origin}/idle`);
      const slow = loop.spawn(() => client.get(`${origin}/slow`));
      const quick = loop.spawn(() => client.get(`${origin}/quick`));
      yield* quick;
      yield* until(loop, () => asked === 3);
      const closing = loop.spawn(() => server.close());
      yield* loop.io.sleep(1);
      expect(closing.done).toBe(false);
      answer();
      const last = yield* slow;
      yield* closing;
      expect(last.headers.get('connection')).toBe('close');
      expect(yield* errorOf(() => client.get(origin))).toMatchObject({ code: 'ECONNREFUSED' });
      client.close();
      return last.body.toString();
    });
    expect(loopdyno).toBe('/slow');
  });

  it('serves many clients of its own kind at once', async () => {
    await serving(echo, async (port, loop) => {
      const client = new HttpClient(loop, { connections: 50 });
      const origin = `http://127.0.0.1:${port}`;
      const paths = Array.from({ length: 500 }, (_, i) => `/${i}`);
      const answers = await gather(
        loop,
        paths.map((path) => () => client.request({ url: origin + path, body: path })),
      );
      expect(answers.map(({ body }) => String(body))).toEqual(
        paths.map((path) => `POST ${path} ${path}`),
      );
      client.close();
    });
  });
});
