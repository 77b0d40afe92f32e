/** What fails, fails under `uv` as it does on Node's own APIs: same name, code, syscall, message. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { queue, uv, type Coroutine, type Future, type Loop } from 'loopdyno';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from './helpers.js';

const available = await uv.probe();

describe.skipIf(!available.ok).each(['guest', 'blocking'] as const)('uv, %s', (drive) => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uv-errors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** Runs it under uv and under queue, whose IO is Node's, and returns what both answered. */
  async function alike(job: (loop: Loop) => Coroutine<unknown>): Promise<unknown> {
    const answers: unknown[] = [];
    for (const loop of [await uv.open({ drive }), await queue.open()]) {
      answers.push(await loop.run(() => job(loop)));
      await loop.close();
    }
    const [ours, theirs] = answers;
    expect(ours).toEqual(theirs);
    return ours;
  }

  it('a connection that is reset', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const failed = await alike(function* (loop) {
      const stream = yield* loop.io.connect({ port });
      yield* stream.write(Buffer.from('x'));
      const read = yield* failure(stream.read());
      return { read, write: yield* failure(stream.write(Buffer.from('y'))) };
    });
    expect(failed).toMatchObject({ read: { code: 'ECONNRESET' }, write: { code: 'ECONNRESET' } });
    server.close();
  });

  it('a peer that has closed its half, and one that never does', async () => {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.end('bye');
      let got = 0;
      socket.on('data', (bytes) => (got += bytes.length));
      socket.on('end', () => socket.destroy());
      socket.on('close', () => answer(got));
    }).listen(0, '127.0.0.1');
    let answer: (got: number) => void;
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const seen = await alike(function* (loop) {
      const total = new Promise<number>((resolve) => (answer = resolve));
      const stream = yield* loop.io.connect({ port });
      const chunks: string[] = [];
      for (let bytes; (bytes = yield* stream.read()) !== null;) chunks.push(String(bytes));
      // The peer has ended; our half is still open.
      yield* stream.write(Buffer.alloc(100_000));
      yield* stream.write(Buffer.alloc(100_000));
      yield* stream.end();
      const again = yield* stream.read();
      const late = yield* failure(stream.write(Buffer.from('late')));
      stream.close();
      return { chunks, again, late, total: yield* loop.adopt(total) };
    });
    expect(seen).toMatchObject({
      chunks: ['bye'],
      again: null,
      late: { name: 'StreamStateError' },
      total: 200_000,
    });
    server.close();
  });

  it('a port that is taken, one where nobody listens, an address of nobody here', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port: nobody } = free.address() as { port: number };
    free.close();
    const failed = await alike(function* (loop) {
      return [
        yield* failure(loop.io.listen({ port }, () => {})),
        yield* failure(loop.io.connect({ port: nobody })),
        yield* failure(loop.io.listen({ host: '192.0.2.1', port: 0 }, () => {})),
      ];
    });
    expect(failed).toMatchObject([
      { code: 'EADDRINUSE' },
      { code: 'ECONNREFUSED' },
      { code: 'EADDRNOTAVAIL' },
    ]);
    server.close();
  });

  it('files that are missing, that are folders, that are 2 GiB and more', async () => {
    const sparse = async (name: string, size: number): Promise<string> => {
      const path = join(folder, name);
      await writeFile(path, '');
      const file = await open(path, 'r+');
      await file.truncate(size); // takes no room on the disk
      await file.close();
      return path;
    };
    const missing = join(folder, 'missing', 'file');
    const large = [await sparse('2-gib', 2 ** 31), await sparse('5-gib', 5 * 2 ** 30)];
    const failed = await alike(function* (loop) {
      const answers: unknown[] = [];
      for (const path of [missing, folder, ...large]) {
        answers.push(yield* failure(loop.io.readFile(path)));
      }
      answers.push(yield* failure(loop.io.writeFile(missing, 'x')));
      answers.push(yield* failure(loop.io.writeFile(folder, 'x')));
      return answers;
    });
    expect(failed).toMatchObject([
      { code: 'ENOENT', message: `ENOENT: no such file or directory, open '${missing}'` },
      { code: 'EISDIR' },
      { code: 'ERR_FS_FILE_TOO_LARGE', name: 'RangeError' },
      {
        code: 'ERR_FS_FILE_TOO_LARGE',
        message: `File size (${5 * 2 ** 30}) is greater than 2 GiB`,
      },
      { code: 'ENOENT' },
      { code: 'EISDIR' },
    ]);
  });

  it.skipIf(process.platform === 'win32')('no descriptor left', async () => {
    const ours = await program('no-descriptors', drive);
    const theirs = await program('no-descriptors', 'queue');
    expect(ours).toEqual(theirs);
    expect(ours.stdout).toBe(
      'readFile: EMFILE open\nwriteFile: EMFILE open\nconnect: EMFILE connect\nlisten: EMFILE listen\nthen: read\n',
    );
  });
});

interface Failure {
  readonly name: string;
  readonly code: unknown;
  readonly syscall: unknown;
  readonly message: string;
}

function* failure(future: Future<unknown>): Coroutine<Failure | null> {
  try {
    yield* future;
    return null;
  } catch (error) {
    const { name, message, code, syscall } = error as Failure;
    return { name, message, code, syscall };
  }
}
