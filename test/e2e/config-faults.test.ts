/** Configurations that hang, or hold something open. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loopdyno } from './command.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-faults-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function withConfig(text: string, args: string[]) {
  const file = join(folder, 'loopdyno.config.mjs');
  return writeFile(file, text).then(() => loopdyno(args, folder));
}

describe('a configuration', () => {
  it('whose top-level await never settles is named', async () => {
    const never = 'await new Promise(() => {});\nexport default {};\n';
    const { code, stdout, stderr } = await withConfig(never, ['list']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/loopdyno\.config\.mjs: it cannot be loaded: its top-level await does/);
  });

  it.each([
    ['a server', "import { createServer } from 'node:http'; createServer().listen(0);"],
    ['an interval', 'setInterval(() => {}, 1000);'],
  ])('may hold %s open: a command ends, and its output is whole', async (_, held) => {
    const many = `const workloads = Array.from({ length: 2000 }, (_, i) => defineWorkload({
      name: 'w' + i, summary: 'x'.repeat(200), job, inputs: [1] }));`;
    const text = `import { defineWorkload, portable } from 'loopdyno';
      const job = portable(import.meta.url, 'job', () => 1); ${held} ${many}
      export default { workloads };`;
    // It finds the package from its own folder.
    await writeFile(join(folder, 'loopdyno.config.ts'), text);
    const { code, stdout } = await loopdyno(['list', '--json'], folder);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { workloads: unknown[] }).workloads.length).toBeGreaterThan(2000);
  });
});

describe('jobs that take longer than the deadline allows', () => {
  it('are measured, or told to be slow, with what to raise', async () => {
    await writeFile(
      join(folder, 'loopdyno.config.ts'),
      `import { defineConfig, defineWorkload, portable } from 'loopdyno';
       export const nap = portable(import.meta.url, 'nap', async () => {
         await new Promise((resolve) => setTimeout(resolve, 700));
         return 1;
       });
       export default defineConfig({
         deadline: '1s',
         workloads: [defineWorkload({ name: 'naps', job: nap, inputs: [1] })],
       });`,
    );
    const args = ['run', '--workload', 'naps', '--policy', 'queue', '--rounds', '1', '--json'];
    const { stdout } = await loopdyno(args, folder);
    const { cells } = JSON.parse(stdout) as { cells: { status: string; reason: string | null }[] };
    expect(cells).toHaveLength(1);
    for (const { status, reason } of cells) {
      if (status !== 'ok') expect(reason).toMatch(/if its jobs take that long, raise 'deadline'/);
    }
  });
});
