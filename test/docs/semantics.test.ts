/** The table in docs/semantics.md is what is measured, on every Node that is supported. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

interface Row {
  policy: string;
  place: 'callback' | 'step';
  groups: { kinds: string[] }[];
}

const program = fileURLToPath(new URL('../../dist/bench/micro/semantics.js', import.meta.url));
const page = readFileSync(new URL('../../docs/semantics.md', import.meta.url), 'utf8');

/** `a before b`, for all pairs of which one always runs first. */
function pairs(groups: readonly (readonly string[])[]): Set<string> {
  const found = groups.flatMap((group, i) =>
    groups
      .slice(i + 1)
      .flatMap((later) => group.flatMap((a) => later.map((b) => `${a} before ${b}`))),
  );
  return new Set(found);
}

const documented = new Map<string, string[][]>();
for (const [, policy, from, order] of page.matchAll(/^\| `(\w+)` +\| (.+?) +\| (.+?) +\|$/gm)) {
  const groups = order?.split(' → ').map((group) => group.split(/ [=~] /));
  documented.set(`${policy} ${from === 'a callback' ? 'callback' : 'step'}`, groups ?? []);
}

it('docs/semantics.md says nothing that is measured the other way round', async () => {
  const args = [program, '--json', '--times', '2'];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { rows } = JSON.parse(stdout) as { rows: Row[] };
  expect(rows.length).toBeGreaterThanOrEqual(8);
  for (const { policy, place, groups } of rows) {
    const what = `${policy} ${place}`;
    const said = pairs(documented.get(what) ?? []);
    expect(said.size, what).toBeGreaterThan(0);
    for (const pair of pairs(groups.map(({ kinds }) => kinds))) {
      const [a, b] = pair.split(' before ');
      expect(said.has(`${b} before ${a}`), `${what}: measured ${pair}`).toBe(false);
    }
  }
});
