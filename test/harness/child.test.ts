/** A child process whose memory is bounded, alone and with what it starts. */
import { describe, expect, it } from 'vitest';
import { Child, ChildFailedError } from '#dist/src/harness/child.js';

const MIB = 1024 ** 2;

/** Starts a process that takes 300 MiB, and answers a request after a second and a half. */
const PARENT = `
  const { spawn } = require('node:child_process');
  const { createInterface } = require('node:readline');
  const grows = 'const all = Buffer.alloc(300 * 2 ** 20, 1); setInterval(() => all[0]++, 1000)';
  spawn(process.execPath, ['-e', grows], { stdio: 'ignore' });
  const answer = () => require('node:fs').writeSync(3, '{"did":"work"}\\n');
  createInterface({ input: process.stdin }).on('line', () => setTimeout(answer, 1500));
`;

async function asked(wholeTree: boolean): Promise<object> {
  const command = [process.execPath, '-e', PARENT];
  const child = new Child('parent', command, { memoryBytes: 200 * MIB, wholeTree });
  try {
    return await child.ask({ do: 'work' }, 20_000);
  } finally {
    child.kill();
    await child.gone;
  }
}

describe.skipIf(process.platform !== 'linux')('the limit of a child’s memory', () => {
  it('is of the child alone', async () => {
    expect(await asked(false)).toEqual({ did: 'work' });
  });

  it('is of all that it started, where that is asked for', async () => {
    const asking = asked(true);
    await expect(asking).rejects.toThrow(
      /parent took [23]\d\d(?:\.\d+)? MiB of memory; the limit is 200 MiB/,
    );
    await expect(asking).rejects.toBeInstanceOf(ChildFailedError);
  });
});
