import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Coroutine, Loop, Stream } from 'loopdyno';
import { expect, vi } from 'vitest';
import { loadNative } from '#dist/src/policies/uv/binding.js';

/** Runs `client` against a server that sends back what it gets. */
export function* echo(loop: Loop, client: (stream: Stream) => Coroutine<void>): Coroutine<void> {
  const server = yield* loop.io.listen({ port: 0 }, function* (stream) {
    for (let bytes; (bytes = yield* stream.read()) !== null;) yield* stream.write(bytes);
  });
  const stream = yield* loop.io.connect({ port: server.port });
  yield* client(stream);
  yield* stream.end();
  yield* stream.read();
  stream.close();
  yield* server.close();
}

/** Of the addon, in this process: to be called when every loop is closed. */
export async function expectNothingAlive(): Promise<void> {
  const loaded = loadNative();
  if (!loaded.ok) return;
  const { native } = loaded;
  expect(native.liveCounts()).toMatchObject({ handles: 0, requests: 0 });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await vi.waitFor(() => {
    collect();
    expect(native.liveCounts()).toEqual({ loops: 0, handles: 0, requests: 0, blocks: 0 });
  });
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export function program(name: string, ...args: string[]): Promise<Ended> {
  const path = fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [path, ...args],
      { timeout: 25_000, killSignal: 'SIGKILL' },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
