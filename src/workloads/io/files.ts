/**
 * `files` (io): whole files read and written, small ones (as servers and bundlers do) and large ones. They are in the
 * system's cache, so this measures the way there and not a disk.
 *
 * A job returns the length and a few words from all over the file: summing up 4 MiB in JS would take longer than
 * reading them. The digest checks once that every byte is right.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Loop } from '../../loop/policy.js';
import { portable } from '../../loop/portable.js';
import { seeded } from '../../stats/random.js';
import { jobSession } from '../../workload/job-session.js';
import type { Session, Setup, Workload } from '../../workload/workload.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** The number of words that a job looks at. */
const LOOKS = 16;

export interface WriteInput {
  readonly path: string;
  readonly size: number;
  readonly seed: number;
}

export const readOne = portable(import.meta.url, 'readOne', function* (loop, path: string) {
  return gist(yield* loop.io.readFile(path));
});

export const writeOne = portable(
  import.meta.url,
  'writeOne',
  function* (loop, { path, size, seed }: WriteInput) {
    const bytes = contentOf(size, seed);
    yield* loop.io.writeFile(path, bytes);
    return gist(bytes);
  },
);

/** The length and a few words of a file. */
function gist(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = bytes.byteLength;
  for (let i = 0; i < LOOKS; i++) {
    sum =
      (Math.imul(sum, 31) + view.getInt32(Math.floor(((bytes.byteLength - 4) * i) / LOOKS))) | 0;
  }
  return `${bytes.byteLength} bytes, ${sum}`;
}

/** Made again from a few numbers for each write, since a job's input is copied to other threads. */
const contents = new Map<string, Buffer>();
export function contentOf(size: number, seed: number): Buffer {
  const known = contents.get(`${size} ${seed}`);
  if (known !== undefined) return known;
  const random = seeded(seed);
  const bytes = Buffer.alloc(size);
  for (let at = 0; at + 4 <= size; at += 4)
    bytes.writeInt32LE(random.int(-(2 ** 31), 2 ** 31 - 1), at);
  contents.set(`${size} ${seed}`, bytes);
  return bytes;
}

export const filesWorkload: Workload = {
  name: 'files',
  kind: 'io',
  summary: 'whole files read, 256 of 4 KiB or 4 of 4 MiB, and 256 of 4 KiB written',
  cases: [
    { mode: 'read', size: 4 * KIB, files: 256 },
    { mode: 'read', size: 4 * MIB, files: 4 },
    { mode: 'write', size: 4 * KIB, files: 256 },
  ],
  standard: 0,
  fixture: {
    module: new URL('../../fixture/folder.js', import.meta.url).href,
    export: 'openFolder',
  },
  *start(loop, setup) {
    const { params, facts } = setup;
    const { mode, files } = params as { mode: string; files: number };
    const folder = String(facts['folder']);
    const indices = Array.from({ length: files }, (_, i) => i);
    if (mode === 'read')
      return reading(
        loop,
        setup,
        indices.map((i) => join(folder, `${i}`)),
      );
    // Files of its own, since several contestants are alive at the same time.
    return writing(
      loop,
      setup,
      indices.map((i) => join(folder, `${process.pid}-${i}`)),
    );
  },
};

function reading(loop: Loop, { params, latency }: Setup, paths: readonly string[]): Session {
  const concurrency = Number(params['size']) >= MIB ? 2 : 16;
  const session = jobSession(loop, { job: readOne, inputs: paths, concurrency, latency });
  return withBytes(loop, session, paths);
}

function writing(loop: Loop, { params, seed, latency }: Setup, paths: readonly string[]): Session {
  const size = Number(params['size']);
  const inputs = paths.map((path, i) => ({ path, size, seed: seed + i }));
  const session = jobSession<WriteInput>(loop, { job: writeOne, inputs, concurrency: 16, latency });
  return withBytes(loop, session, paths);
}

/** The digest covers every byte of every file, read back by the loop under test. */
function withBytes(loop: Loop, session: Session, paths: readonly string[]): Session {
  const verify = session.verify.bind(session);
  session.verify = function* () {
    const hash = createHash('sha256').update(yield* verify());
    for (const path of paths) hash.update(yield* loop.io.readFile(path));
    return hash.digest('hex').slice(0, 16);
  };
  return session;
}
