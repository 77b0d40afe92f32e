/** The examples run on every policy that can, say what they should, and leave nothing behind. */
import { describe, expect, it } from 'vitest';
import { loadExamples, runExample } from '#dist/bench/examples/run.js';
import { policies } from '#dist/src/policies/registry.js';

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
  '08': ['60 pages, 60 fetched', '60 pages, 3 fetched again', '60 whole files'],
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

it('are numbered, and each says in a line what it shows', () => {
  expect([...examples.keys()]).toEqual(
    expect.arrayContaining(['01', '02', '03', '04', '05', '08', '10', '11', '12', '13', '14']),
  );
  for (const { title } of examples.values()) expect(title).toMatch(/^.{10,90}$/);
});

describe.each([...examples])('example %s', (number, example) => {
  const able = available.filter(({ policy, ok }) => ok && example.suits?.(policy) !== false);
  it.each(able.map(({ policy }) => policy))('under $name', async (policy) => {
    const said: string[] = [];
    expect(await runExample(example, policy, (line) => said.push(line))).toEqual([]);
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
    if (number === '14') {
      const [, first, again] = /^seed 7: (\w+); once more: (\w+)$/.exec(said.at(-1) ?? '') ?? [];
      expect(first).toHaveLength(6);
      expect(again).toBe(first);
    }
  });
});
