/**
 * The examples run on every policy that can, say what they should, and leave nothing behind: no task and no handle
 * (`run.js` says so on stderr, and would not end), no file, and no process.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policies } from 'loopdyno';
import { loadExamples, runExample } from '#dist/bench/examples/run.js';

/** Of example 07: a thousand in CI, as it is written, and a fifth of them elsewhere. */
const listeners = process.env['CI'] === undefined ? 200 : 1000;

const SAYS: Readonly<Record<string, readonly string[]>> = {
  '01': ['hello, loop', 'hello, world'],
  '03': [
    ...[1, 2, 3, 4, 5, 6].map((number) => `200 answer ${number} to /price`),
    'sooner than one after the other',
  ],
  '04': [
    'first: answer 2 to /; cleaned up: 3',
    'first two: answer 2 to /, answer 4 to /; cleaned up: 2',
  ],
  '05': ['tcp', ...[0, 1, 2, 3, 4].map((visitor) => `visitor-${visitor}`)].map(
    (path) => `answer 2 to /${path}`,
  ),
  '06': [
    '7 sizes, the largest 1048576 bytes',
    'one message in two; pong: still there?',
    'closed with 1000, done',
    'no UTF-8: closed with 1007',
  ],
  '07': [
    `${listeners - 10} listeners saw all 60 events`,
    '10 did not keep up and were let go',
    'never more than 8 events waited for one',
  ],
  '08': ['60 pages, 60 fetched', '60 pages, 3 fetched again', '60 whole files'],
  '09': ['40 stored, together 7800 cents (embedded)', 'never more than 4 in a queue'],
  '10': ['version 5; many reads, 0 of them torn', '200 articles'],
  '13': [
    'slept 20 ms in a thread',
    'slept 60 ms in a thread',
    'slept 20 ms in a thread',
    'the thread ended with 0',
  ],
};

const examples = await loadExamples();
const available = await Promise.all(
  policies.map(async (policy) => ({ policy, ok: (await policy.probe()).ok })),
);

const hasNats = available.some(({ policy, ok }) => policy.name === 'nats' && ok);

it('the examples are numbered, and each says in a line what it shows', () => {
  const numbers = Array.from({ length: 15 }, (_, at) => String(at + 1).padStart(2, '0'));
  expect([...examples.keys()]).toEqual(numbers);
  for (const { title } of examples.values()) expect(title).toMatch(/^.{10,90}$/);
});

it('an example says what it left open', async () => {
  let timer: NodeJS.Timeout | undefined;
  const leaky = {
    title: '',
    *main() {
      timer = setInterval(() => {}, 1e6);
    },
  };
  const [{ policy }] = available as [(typeof available)[number]];
  expect(await runExample(leaky, policy, () => {})).toEqual(['Timeout is still open']);
  clearInterval(timer);
});

const main = fileURLToPath(new URL('../../dist/bench/examples/run.js', import.meta.url));

/** The example's own folder for temporary files; its name is in the environment of all its processes. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-example-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function linesOf(number: string, policy: string): Promise<string[]> {
  const child = spawn(process.execPath, [main, number, '--policy', policy], {
    env: { ...process.env, TMPDIR: folder, LISTENERS: String(listeners) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complained, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  expect([complained, code]).toEqual(['', 0]);
  expect(await readdir(folder)).toEqual([]);
  expect(await processesWith(folder)).toEqual([]);
  return said.trimEnd().split('\n');
}

/** Ids of the processes that have `mark` in their environment, where the system has /proc. */
async function processesWith(mark: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const environments = await Promise.all(
    ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')),
  );
  return ids.filter((_, at) => environments[at]?.includes(mark));
}

describe.each([...examples])('example %s', (number, example) => {
  const able = available.filter(({ policy, ok }) => ok && example.suits?.(policy) !== false);
  it.each(able.map(({ policy }) => policy))('under $name', async (policy) => {
    const said = await linesOf(number, policy.name);
    expect(said.length).toBeGreaterThan(1);
    if (SAYS[number] !== undefined) expect(said).toEqual(SAYS[number]);
    if (number === '02') {
      expect(said.slice(-3)).toEqual([3, 1, 2].map((from) => `${from} has counted down`));
      expect(said.slice(0, 3)).toEqual(['3: 3', '1: 1', '2: 2']);
    }
    if (number === '11') {
      expect(said.slice(0, 2)).toEqual(['202 we are on it', 'answered, then worked']);
    }
    if (number === '12') {
      expect(said[0]).toMatch(/^visited 100000 nodes in \d+ levels$/);
      expect(said[1]).toBe('never more than 8 requests at once');
    }
    if (number === '15') {
      const [thread, threads, machines] = said;
      expect(thread).toBe('one thread: 9592 primes, counted in 1 place');
      // Which of two threads takes the jobs is theirs to settle.
      expect(threads).toMatch(/^threads: 9592 primes, counted in (?:1 place|several places)$/);
      if (hasNats) expect(machines).toMatch(/^two machines: 9592 primes, counted in /);
      else expect(machines).toMatch(/^two machines: .*install/);
    }
    if (number === '14') {
      const pattern = /^seed 7: (\w+); once more: (\w+); seed 8: (\w+)$/;
      const [, first, again, other] = pattern.exec(said.at(-1) ?? '') ?? [];
      expect(first).toHaveLength(6);
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    }
  });
});
