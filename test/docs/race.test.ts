/**
 * The programs of docs/race.md, run as the page says. A file that is there twice is committed as it is first, and changed to
 * what it is then.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseResults } from '#dist/src/documents/index.js';
import { loopdyno } from '../e2e/command.js';

const page = readFileSync(new URL('../../docs/race.md', import.meta.url), 'utf8');

/** By name, the versions of each file, in the order of the page. */
const versions = new Map<string, string[]>();
for (const [, name = '', text = ''] of page.matchAll(
  /`([\w./-]+)`[^`\n]*:\n\n```(?:ts|js)\n(.*?)^```/gms,
)) {
  versions.set(name, [...(versions.get(name) ?? []), text]);
}

const commands = [...page.matchAll(/^npx loopdyno (race .*)$/gm)].map(
  ([, command = '']) => command,
);
/** Those of the three examples, which have all that they need on the page. */
const examples = commands.filter((command) =>
  /resize\.ts|server\.mjs --requests \/|bench\.ts/.test(command),
);

let folder: string;

async function write(at: 0 | -1): Promise<void> {
  for (const [name, texts] of versions) {
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), texts.at(at) as string);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-docs-race-'));
  await write(0);
  await writeFile(join(folder, '.gitignore'), 'results\n');
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '--quiet', '-b', 'main'],
    ['add', '.'],
    ['commit', '--quiet', '-m', 'first'],
  ]) {
    execFileSync('git', [...who, ...args], { cwd: folder, stdio: 'ignore' });
  }
  await write(-1);
});
afterAll(() => rm(folder, { recursive: true }));

function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
}

describe('the programs of docs/race.md', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    expect([...versions].filter(([, texts]) => texts.length > 1).map(([name]) => name)).toEqual([
      'src/words.ts',
    ]);
  });

  it.each(examples)('%s', { timeout: 90_000 }, async (command) => {
    const short = ['--rounds', '1', '--warm-up', '50ms', '--json'];
    const { code, stdout, stderr } = await loopdyno([...wordsOf(command), ...short], folder);
    expect(code, stderr).toBe(0);
    const { cells, says } = parseResults(stdout, 'stdout');
    // A runtime that is not on this machine is a row that says so.
    for (const { status, reason, ratio } of cells) {
      if (status === 'unavailable') expect(reason).toMatch(/^there is no .* on this machine/);
      else expect(ratio, reason ?? '').not.toBe(null);
    }
    expect(says.length).toBeGreaterThan(0);
  });
});
