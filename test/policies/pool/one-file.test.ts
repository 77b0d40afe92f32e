/** One file may both make a job and open the pool that runs it: its workers open none. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BOUND_MS, outcomeOf, pools } from './kit.js';

describe.each(pools)('$name', ({ name, open }) => {
  /** What the program prints, and how often it was loaded. */
  async function run(program: string): Promise<[lines: string[], loads: number]> {
    const path = fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
    const env = { ...process.env, POLICY: name };
    const options = { env, timeout: BOUND_MS };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [path], options);
    return [stdout.trimEnd().split('\n'), stderr.match(/loaded/g)?.length ?? 0];
  }

  it.each([
    ['waits for the pool at its top level', 'one-file.mjs', ['49', '8']],
    ['opens the pool in a function, above the job', 'one-file-main.mjs', ['49']],
  ])(
    'runs the job of a file that %s',
    async (_what, program, lines) => {
      expect(await run(program)).toEqual([lines, 2]);
    },
    2 * BOUND_MS,
  );

  it(
    'refuses at once, and says what to do, where the job cannot be had',
    async () => {
      const [lines, loads] = await run('one-file-plain.mjs');
      const refusal =
        /^JobModuleError: .*one-file-plain.* opens a pool .* module of its own.*portable/;
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line).toMatch(refusal);
      expect(loads).toBe(2);
    },
    2 * BOUND_MS,
  );

  it('lets a job open a pool', async () => {
    const loop = await open({ size: 1 });
    const module = new URL('./programs/nested.mjs', import.meta.url).href;
    const task = loop.submit<number, number>({ module, export: 'nested' }, 5);
    void loop.run(() => task).catch(() => {});
    expect(await outcomeOf(task)).toBe(25);
    await loop.close();
  });
});
