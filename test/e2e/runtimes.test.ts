/** Contestants on other runtimes, from the command line: this very Node under another path, and programs that are none. */
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Results } from '#dist/src/documents/results.js';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-runtimes-'));
  await symlink(process.execPath, join(folder, 'node'));
});
afterEach(() => rm(folder, { recursive: true }));

const version = process.version.slice(1);
const SHORT = ['--rounds', '1', '--json'];

async function cellsOf(...args: string[]) {
  const { code, stdout, stderr } = await loopdyno([...args, ...SHORT], folder);
  const { cells } = JSON.parse(stdout) as Results;
  return { code, stderr, cells };
}

describe('a run on other runtimes', () => {
  it('has what Node does by itself on each of them, with the same digest', async () => {
    const { code, cells } = await cellsOf('--workload', 'primes', '--runtime', './node');
    expect(code).toBe(0);
    expect(cells.map(({ contestant }) => contestant)).toEqual([
      { policy: 'microtask' },
      { policy: `microtask@node${version}`, runtime: `Node ${version}` },
    ]);
    expect(new Set(cells.map(({ digest }) => digest)).size).toBe(1);
    expect(cells[1]?.ratio?.to).toBe('microtask');
    expect(cells[1]?.counted?.bytes).toBeGreaterThan(0);
  });

  it('means a policy that is named on every runtime', async () => {
    const args = ['--workload', 'primes', '--policy', 'queue', '--node', './node'];
    const { cells } = await cellsOf(...args);
    const names = cells.map(({ contestant }) => contestant.policy);
    expect(names).toEqual(['queue', `queue@node${version}`]);
  });

  it('has a row with the reason where there is none, and goes on', async () => {
    const dying = join(folder, 'dying');
    await writeFile(
      dying,
      '#!/bin/sh\n[ "$1" = --version ] && echo v99.0.0 && exit 0\nkill -SEGV $$\n',
    );
    await chmod(dying, 0o755);
    const { code, cells } = await cellsOf(
      '--workload',
      'primes',
      '--runtime',
      './none,./dying,node@1.2.3',
    );
    expect(code).toBe(0);
    const [reference, none, died, missing] = cells;
    expect(reference?.status).toBe('ok');
    expect(none).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/there is no such file/),
    });
    expect(died).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/was ended by SIGSEGV/),
    });
    expect(missing).toMatchObject({
      status: 'unavailable',
      reason: expect.stringMatching(/there is no node 1\.2\.3/),
    });
  });

  it('is refused in a line where a name is none', async () => {
    for (const [args, message] of [
      [['--runtime', 'bunn'], /unknown runtime 'bunn': did you mean 'bun'/],
      [['--node', 'latest'], /'node@latest' names no version/],
      [['--install'], /--install is of --node and --runtime/],
      [['--policy', 'queue@node1'], /unknown policy 'queue@node1'/],
    ] as const) {
      const { code, stderr } = await loopdyno([...args, '--workload', 'primes'], folder);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
  });
});
