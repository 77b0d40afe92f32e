/** Whole files: contents unchanged, and Node's error codes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { CancelledError, InvalidArgumentError } from '../loop/errors.js';
import { group } from './case.js';
import { rejectionOf, thrownBy, turns } from './helpers.js';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

export const files = group('files', (add) => {
  add('what is written can be read', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const read = await loop.run(function* () {
      yield* loop.io.writeFile(path, new Uint8Array([0, 1, 254, 255, 10, 13]));
      return yield* loop.io.readFile(path);
    });
    assert.ok(read instanceof Uint8Array);
    assert.deepEqual([...read], [0, 1, 254, 255, 10, 13]);
  });

  add('text is written as UTF-8', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await loop.run(() => loop.io.writeFile(path, 'Grüße, 世界 🌍'));
    assert.equal(await readFile(path, 'utf8'), 'Grüße, 世界 🌍');
  });

  add('what is no path and no content is refused by name, and the loop goes on', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await loop.run(function* () {
      for (const refused of [
        () => loop.io.readFile('a\0b'),
        () => loop.io.readFile(undefined as never),
        () => loop.io.writeFile('', 'text'),
        () => loop.io.writeFile(path, { not: 'bytes' } as never),
        () => loop.io.appendFile(path, 7 as never),
      ]) {
        const error = thrownBy(refused);
        assert.ok(error instanceof InvalidArgumentError, String(error));
      }
      yield* loop.io.sleep(1);
    });
    assert.ok(!existsSync(path));
  });

  add('an empty file is empty', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const [read, readAgain] = await loop.run(function* () {
      yield* loop.io.writeFile(path, '');
      const first = yield* loop.io.readFile(path);
      yield* loop.io.writeFile(path, new Uint8Array(0));
      return [first, yield* loop.io.readFile(path)];
    });
    assert.deepEqual([read?.byteLength, readAgain?.byteLength], [0, 0]);
  });

  add('writing replaces what was longer', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await writeFile(path, 'something long');
    await loop.run(() => loop.io.writeFile(path, 'short'));
    assert.equal(await readFile(path, 'utf8'), 'short');
  });

  add('appending creates a file, then adds to its end', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await loop.run(function* () {
      yield* loop.io.appendFile(path, 'eins, ');
      yield* loop.io.appendFile(path, new TextEncoder().encode('zwölf, '));
      yield* loop.io.appendFile(path, '');
      yield* loop.io.appendFile(path, '世界');
    });
    assert.equal(await readFile(path, 'utf8'), 'eins, zwölf, 世界');
  });

  add('appending keeps what was written before', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const read = await loop.run(function* () {
      yield* loop.io.writeFile(path, 'written');
      yield* loop.io.appendFile(path, new Uint8Array([0, 33, 44]).subarray(1, 2));
      return yield* loop.io.readFile(path);
    });
    assert.equal(text(read), 'written!');
  });

  add('what is appended one after the other lies in that order', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const numbers = Array.from({ length: 50 }, (_, i) => `${i}\n`);
    await loop.run(function* () {
      for (const number of numbers) yield* loop.io.appendFile(path, number);
    });
    assert.equal(await readFile(path, 'utf8'), numbers.join(''));
  });

  add('what is appended at once is all there', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const numbers = Array.from({ length: 50 }, (_, i) => `line ${i}`);
    await loop.run(function* () {
      const all = numbers.map((number) => loop.io.appendFile(path, `${number}\n`));
      for (const appended of all) yield* appended;
    });
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    assert.deepEqual(lines.sort(), [...numbers].sort());
  });

  add('of a view, only the view is written', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const view = new Uint8Array([1, 2, 3, 4, 5, 6]).subarray(2, 5);
    await loop.run(() => loop.io.writeFile(path, view));
    assert.deepEqual([...(await readFile(path))], [3, 4, 5]);
  });

  add('a mebibyte passes unchanged', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const data = Buffer.alloc(1 << 20, Buffer.from(Array.from({ length: 251 }, (_, i) => i)));
    const read = await loop.run(function* () {
      yield* loop.io.writeFile(path, data);
      return yield* loop.io.readFile(path);
    });
    assert.equal(Buffer.compare(read, data), 0);
  });

  add('a name may hold spaces and any letter', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('mit Leerzeichen und Größe 世');
    await loop.run(() => loop.io.writeFile(path, 'x'));
    assert.equal(text(await loop.run(() => loop.io.readFile(path))), 'x');
  });

  add('a file that is missing is ENOENT, with its path', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('missing');
    const error = await rejectionOf(loop.run(() => loop.io.readFile(path)));
    assert.ok(error instanceof Error);
    const { code, path: named } = error as NodeJS.ErrnoException;
    assert.deepEqual([code, named], ['ENOENT', path]);
    assert.match(error.message, /ENOENT/);
  });

  add('a directory that is missing is ENOENT for the writer', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('missing/file');
    const error = await rejectionOf(loop.run(() => loop.io.writeFile(path, 'x')));
    const { code, path: named } = error as NodeJS.ErrnoException;
    assert.deepEqual([code, named], ['ENOENT', path]);
  });

  add('appending fails as writing does: ENOENT and EISDIR', async (kit) => {
    const loop = await kit.open();
    const missing = await kit.path('missing/file');
    const error = await rejectionOf(loop.run(() => loop.io.appendFile(missing, 'x')));
    const { code, path: named } = error as NodeJS.ErrnoException;
    assert.deepEqual([code, named], ['ENOENT', missing]);
    const directory = await kit.path('directory');
    await mkdir(directory);
    const appended = await rejectionOf(loop.run(() => loop.io.appendFile(directory, 'x')));
    assert.equal((appended as NodeJS.ErrnoException).code, 'EISDIR');
  });

  add('a directory is EISDIR, to read and to write', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('directory');
    await mkdir(path);
    const read = await rejectionOf(loop.run(() => loop.io.readFile(path)));
    const written = await rejectionOf(loop.run(() => loop.io.writeFile(path, 'x')));
    assert.equal((read as NodeJS.ErrnoException).code, 'EISDIR');
    assert.equal((written as NodeJS.ErrnoException).code, 'EISDIR');
  });

  add('an error is thrown where the coroutine waits, which goes on', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const read = await loop.run(function* () {
      try {
        yield* loop.io.readFile(path);
      } catch {
        yield* loop.io.writeFile(path, 'default');
      }
      return yield* loop.io.readFile(path);
    });
    assert.equal(text(read), 'default');
  });

  add('forty files are written and read at once', async (kit) => {
    const loop = await kit.open();
    const paths = await Promise.all(Array.from({ length: 40 }, (_, i) => kit.path(`file ${i}`)));
    const contents = await loop.run(function* () {
      const all = paths.map((path, i) =>
        loop.spawn(function* () {
          yield* loop.io.writeFile(path, `content ${i}`);
          return text(yield* loop.io.readFile(path));
        }),
      );
      const found: string[] = [];
      for (const task of all) found.push(yield* task);
      return found;
    });
    assert.deepEqual(
      contents,
      paths.map((_, i) => `content ${i}`),
    );
  });

  add('an async function reads and writes too', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    const read = await loop.run(async () => {
      await loop.io.writeFile(path, 'awaited');
      return await loop.io.readFile(path);
    });
    assert.equal(text(read), 'awaited');
  });

  add('two results of one file are independent', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await writeFile(path, 'abc');
    const [one, other] = await loop.run(() =>
      Promise.all([loop.io.readFile(path), loop.io.readFile(path)]),
    );
    one.fill(0);
    assert.equal(text(other), 'abc');
  });

  add('a cancelled read throws CancelledError, and the next one works', async (kit) => {
    const loop = await kit.open();
    const path = await kit.path('file');
    await writeFile(path, 'abc');
    const read = await loop.run(function* () {
      const task = loop.spawn(function* () {
        return yield* loop.io.readFile(path);
      });
      yield;
      task.cancel();
      yield* turns(2);
      assert.equal(task.cancelled, true);
      try {
        yield* task;
      } catch (error) {
        assert.ok(error instanceof CancelledError);
      }
      return yield* loop.io.readFile(path);
    });
    assert.equal(text(read), 'abc');
  });
});
