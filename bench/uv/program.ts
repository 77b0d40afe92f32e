/**
 * A contestant of `npm run bench:uv` in a process of its own: `program.js KIND CONTESTANT [FILE]`.
 * `echo` prints its port and serves. The others print `ready`, read a number from stdin, do so many operations,
 * and print `done`.
 */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { gather } from '../../src/loop/combine.js';
import type { Stream } from '../../src/loop/io.js';
import type { Loop } from '../../src/loop/policy.js';
import { microtask } from '../../src/policies/microtask/index.js';
import { queue } from '../../src/policies/queue/index.js';
import { uv } from '../../src/policies/uv/index.js';

const LANES = 8;
const TASKS = 100;

const [, , kind = '', name = '', path = ''] = process.argv;

function open(): Promise<Loop> {
  if (name === 'uv') return uv.open();
  if (name === 'uv-blocking') return uv.open({ drive: 'blocking' });
  return name === 'queue' ? queue.open() : microtask.open();
}

function* echo(stream: Stream) {
  for (let bytes; (bytes = yield* stream.read()) !== null;) yield* stream.write(bytes);
}

function* yields(count: number) {
  for (let i = 0; i < count; i++) yield;
}

/** `count` reads, eight at a time: with the loop's own IO, or as one does it in Node. */
function reads(loop: Loop, count: number) {
  let left = count;
  const lane =
    name === 'microtask'
      ? async () => {
          while (left-- > 0) await readFile(path);
        }
      : function* () {
          while (left-- > 0) yield* loop.io.readFile(path);
        };
  return gather(loop, Array<typeof lane>(LANES).fill(lane));
}

function switches(loop: Loop, count: number) {
  const share = Math.ceil(count / TASKS);
  return gather(
    loop,
    Array.from({ length: TASKS }, () => () => yields(share)),
  );
}

const loop = await open();
if (kind === 'echo') {
  await loop.run(function* () {
    const server = yield* loop.io.listen({ port: 0 }, echo);
    console.log(server.port);
    yield* loop.future<void>(); // until the process is ended
  });
} else {
  const work = kind === 'read' ? reads : switches;
  console.log('ready');
  for await (const line of createInterface({ input: process.stdin })) {
    await loop.run(() => work(loop, Number(line)));
    console.log('done');
  }
  await loop.close();
}
