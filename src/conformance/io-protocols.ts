/** Protocols: callbacks instead of tasks. Their order, their bytes, and which side closes what. */
import assert from 'node:assert/strict';
import { CancelledError, InvalidArgumentError, StreamStateError } from '../loop/errors.js';
import type { Server, Stream } from '../loop/io.js';
import type { Coroutine, Loop } from '../loop/policy.js';
import type { Protocol, Transport } from '../loop/protocol.js';
import { group } from './case.js';
import { until } from './helpers.js';
import { failureOf, pattern, readAll, readExactly, writeAll } from './stream-helpers.js';

/** Records its calls. Each callback's behaviour can be replaced. */
class Noting implements Protocol {
  readonly calls: string[] = [];
  readonly parts: Uint8Array[] = [];
  transport!: Transport;
  lost = false;
  paused = false;

  connectionMade(transport: Transport): void {
    this.calls.push('made');
    this.transport = transport;
  }

  dataReceived(bytes: Uint8Array): void {
    if (this.calls.at(-1) !== 'data') this.calls.push('data');
    this.parts.push(Buffer.from(bytes));
  }

  eofReceived(): boolean {
    this.calls.push('eof');
    return false;
  }

  connectionLost(error: Error | null): void {
    this.calls.push(error === null ? 'lost' : `lost: ${(error as { code?: string }).code ?? ''}`);
    this.lost = true;
  }

  pauseWriting(): void {
    this.paused = true;
  }

  resumeWriting(): void {
    this.paused = false;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.parts);
  }
}

class Echoing extends Noting {
  override dataReceived(bytes: Uint8Array): void {
    this.transport.write(bytes);
  }
}

/** Takes one piece at a time. */
class Pausing extends Noting {
  override dataReceived(bytes: Uint8Array): void {
    super.dataReceived(bytes);
    this.transport.pauseReading();
  }
}

/** A server of one kind of protocol, and the protocols that it has made. */
function* serving<P extends Noting>(
  loop: Loop,
  make: () => P,
): Coroutine<{ server: Server; made: P[] }> {
  const made: P[] = [];
  const server = yield* loop.io.listenProtocol({ port: 0 }, () => {
    const protocol = make();
    made.push(protocol);
    return protocol;
  });
  return { server, made };
}

export const protocols = group('protocols', (add) => {
  add('callbacks come in order, and each end once', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Noting());
      const client = new Noting();
      const transport = yield* loop.io.connectProtocol({ port: server.port }, client);
      assert.equal(transport, client.transport);
      assert.deepEqual(transport.remote, { host: '127.0.0.1', port: server.port });
      transport.write(Buffer.from('hello'));
      transport.end();
      yield* until(loop, () => client.lost && made[0]?.lost === true);
      assert.deepEqual(made[0]?.calls, ['made', 'data', 'eof', 'lost']);
      assert.deepEqual(client.calls, ['made', 'eof', 'lost']);
      assert.equal(made[0]?.bytes.toString(), 'hello');
      yield* server.close();
    });
  });

  add('streams and protocols talk to each other', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Echoing());
      const stream = yield* loop.io.connect({ port: server.port });
      for (const word of ['one', 'two', 'three']) {
        yield* stream.write(Buffer.from(word));
        assert.equal((yield* readExactly(stream, word.length)).toString(), word);
      }
      yield* stream.end();
      assert.equal(yield* stream.read(), null);
      yield* until(loop, () => made[0]?.lost === true);
      yield* server.close();
    });
  });

  add('what is received may be written as it is, however slow the peer', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server } = yield* serving(loop, () => new Echoing());
      const streams = [];
      for (let at = 0; at < 3; at++) streams.push(yield* loop.io.connect({ port: server.port }));
      const sent = streams.map((_, at) => pattern(4 << 20, at));
      const writers = streams.map((stream, at) =>
        loop.spawn(() => writeAll(stream, sent[at] as Buffer)),
      );
      yield* loop.io.sleep(20); // nobody reads: it queues
      for (const [at, stream] of streams.entries()) {
        assert.equal(Buffer.compare(yield* readAll(stream), sent[at] as Buffer), 0);
      }
      for (const writer of writers) yield* writer;
      yield* server.close();
    });
  });

  add('many connections at once keep their bytes apart', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server } = yield* serving(loop, () => new Echoing());
      const clients = Array.from({ length: 40 }, () => new Noting());
      for (const client of clients) {
        yield* loop.io.connectProtocol({ port: server.port }, client);
      }
      const sent = clients.map((_, at) => pattern(30_000, at));
      for (const [at, { transport }] of clients.entries()) {
        transport.write((sent[at] as Buffer).subarray(0, 9));
      }
      yield;
      for (const [at, { transport }] of clients.entries()) {
        transport.write((sent[at] as Buffer).subarray(9));
        transport.end();
      }
      yield* until(loop, () => clients.every(({ lost }) => lost));
      for (const [at, client] of clients.entries()) {
        assert.equal(Buffer.compare(client.bytes, sent[at] as Buffer), 0);
      }
      yield* server.close();
    });
  });

  add('eofReceived that returns true keeps our side open', async (kit) => {
    class Keeping extends Noting {
      override eofReceived(): boolean {
        this.calls.push('eof');
        return true;
      }
    }
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Keeping());
      const stream = yield* loop.io.connect({ port: server.port });
      yield* stream.end();
      yield* until(loop, () => made[0]?.calls.includes('eof') === true);
      yield* loop.io.sleep(5);
      assert.equal(made[0]?.lost, false);
      made[0]?.transport.write(Buffer.from('late'));
      made[0]?.transport.end();
      assert.equal((yield* readAll(stream)).toString(), 'late');
      yield* until(loop, () => made[0]?.lost === true);
      assert.deepEqual(made[0]?.calls, ['made', 'eof', 'lost']);
      yield* server.close();
    });
  });

  add('nothing is received while reading is paused, and all of it afterwards', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Pausing());
      const stream = yield* loop.io.connect({ port: server.port });
      const sent = pattern(1 << 20, 7);
      const writer = loop.spawn(() => writeAll(stream, sent));
      yield* until(loop, () => (made[0]?.parts.length ?? 0) > 0);
      yield* loop.io.sleep(10);
      const [protocol] = made as [Pausing];
      const before = protocol.parts.length;
      yield* loop.io.sleep(10);
      assert.equal(protocol.parts.length, before);
      while (!protocol.lost) {
        protocol.transport.resumeReading();
        yield* loop.io.sleep(0);
      }
      yield* writer;
      assert.equal(Buffer.compare(protocol.bytes, sent), 0);
      assert.deepEqual(protocol.calls, ['made', 'data', 'eof', 'lost']);
      yield* server.close();
    });
  });

  add('reading that is paused again before anything came stays paused', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Pausing());
      const stream = yield* loop.io.connect({ port: server.port });
      const sent = pattern(1 << 20, 8);
      const writer = loop.spawn(() => writeAll(stream, sent));
      yield* until(loop, () => (made[0]?.parts.length ?? 0) > 0);
      const [protocol] = made as [Pausing];
      for (let times = 0; times < 5; times++) {
        protocol.transport.resumeReading();
        protocol.transport.pauseReading();
      }
      const before = protocol.parts.length;
      yield* loop.io.sleep(10);
      assert.equal(protocol.parts.length, before);
      while (!protocol.lost) {
        protocol.transport.resumeReading();
        protocol.transport.resumeReading();
        yield* loop.io.sleep(0);
      }
      yield* writer;
      assert.equal(Buffer.compare(protocol.bytes, sent), 0);
      yield* server.close();
    });
  });

  add('a writer is told to pause, and to go on', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Noting());
      const stream = yield* loop.io.connect({ port: server.port });
      yield* until(loop, () => made.length > 0);
      const [protocol] = made as [Noting];
      let sent = 0;
      while (!protocol.paused) {
        protocol.transport.write(pattern(1 << 16, 1));
        sent += 1 << 16;
        assert.ok(sent < 1 << 28, 'nothing held the writer back');
      }
      const reader = loop.spawn(() => readAll(stream));
      yield* until(loop, () => !protocol.paused);
      protocol.transport.end();
      assert.equal((yield* reader).length, sent);
      yield* stream.end();
      yield* until(loop, () => protocol.lost);
      yield* server.close();
    });
  });

  add('writing after end or close throws StreamStateError', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Noting());
      const client = new Noting();
      const transport = yield* loop.io.connectProtocol({ port: server.port }, client);
      transport.end();
      assert.throws(() => transport.write(Buffer.from('x')), StreamStateError);
      transport.close();
      transport.close();
      transport.end();
      assert.throws(() => transport.write(Buffer.from('x')), StreamStateError);
      assert.throws(() => transport.write('x' as never), InvalidArgumentError);
      yield* until(loop, () => client.lost && made[0]?.lost === true);
      assert.equal(client.calls.at(-1), 'lost');
      yield* server.close();
    });
  });

  add('a callback that throws is told, and closes its own connection alone', async (kit) => {
    class Failing extends Noting {
      override dataReceived(bytes: Uint8Array): void {
        if (bytes[0] === 33) throw new Error('cannot take it');
        this.transport.write(bytes);
      }
    }
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Failing());
      const one = yield* loop.io.connect({ port: server.port });
      const other = yield* loop.io.connect({ port: server.port });
      yield* one.write(Buffer.from('!'));
      yield* one.end();
      yield* untilClosed(one);
      const [told] = kit.takeErrors();
      assert.match(String(told?.error), /cannot take it/);
      yield* other.write(Buffer.from('fine'));
      assert.equal((yield* readExactly(other, 4)).toString(), 'fine');
      yield* other.end();
      assert.equal(yield* other.read(), null);
      yield* until(loop, () => made.every(({ lost }) => lost));
      yield* server.close();
    });
  });

  add('closed from within a callback, nothing but connectionLost follows', async (kit) => {
    class Closing extends Noting {
      lostAtOnce = false;
      override dataReceived(bytes: Uint8Array): void {
        super.dataReceived(bytes);
        this.transport.close();
        this.lostAtOnce = this.lost;
      }
    }
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Closing());
      const stream = yield* loop.io.connect({ port: server.port });
      const writer = loop.spawn(() => writeAll(stream, pattern(1 << 20, 1)));
      yield* until(loop, () => made[0]?.lost === true);
      yield* failureOf(() => writer);
      assert.deepEqual(made[0]?.calls, ['made', 'data', 'lost']);
      assert.equal(made[0]?.parts.length, 1);
      assert.equal(made[0]?.lostAtOnce, false);
      stream.close();
      yield* server.close();
    });
  });

  add('a refused connection fails, and its protocol is never called', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server } = yield* serving(loop, () => new Noting());
      const { port } = server;
      yield* server.close();
      const client = new Noting();
      const error = yield* failureOf(() => loop.io.connectProtocol({ port }, client));
      assert.equal((error as { code?: string }).code, 'ECONNREFUSED');
      assert.deepEqual(client.calls, []);
    });
  });

  add('a connection that is cancelled on its way is closed', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      const { server, made } = yield* serving(loop, () => new Noting());
      const client = new Noting();
      const connecting = loop.io.connectProtocol({ port: server.port }, client);
      connecting.cancel();
      assert.ok((yield* failureOf(() => connecting)) instanceof CancelledError);
      yield* loop.io.sleep(10);
      assert.deepEqual(client.calls, []);
      assert.ok(made.every(({ lost }) => lost));
      yield* server.close();
    });
  });

  add('what is no protocol is refused', async (kit) => {
    const loop = await kit.open();
    await loop.run(function* () {
      for (const wrong of [null, 1, {}, { dataReceived: 1 }]) {
        assert.throws(
          () => loop.io.connectProtocol({ port: 1 }, wrong as never),
          InvalidArgumentError,
        );
      }
      assert.throws(() => loop.io.listenProtocol({ port: 0 }, {} as never), InvalidArgumentError);
      const server = yield* loop.io.listenProtocol({ port: 0 }, () => ({}) as never);
      const stream = yield* loop.io.connect({ port: server.port });
      yield* untilClosed(stream);
      assert.ok(kit.takeErrors()[0]?.error instanceof InvalidArgumentError);
      stream.close();
      yield* server.close();
    });
  });

  add('closing the loop closes what is open', async (kit) => {
    const loop = await kit.open();
    const client = new Noting();
    await loop.run(function* () {
      const { server } = yield* serving(loop, () => new Noting());
      yield* loop.io.connectProtocol({ port: server.port }, client);
    });
    await kit.close(loop);
    assert.deepEqual(client.calls, ['made', 'lost']);
  });
});

/** A peer that closes may end the stream, or reset it: both return. */
function* untilClosed(stream: Stream): Coroutine<void> {
  try {
    while ((yield* stream.read()) !== null);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'ECONNRESET');
  }
}
