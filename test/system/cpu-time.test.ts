import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { childrenCpu } from '#dist/src/system/cpu-time.js';

const listed = existsSync(`/proc/self/task/${process.pid}/children`);
let child: ReturnType<typeof spawn> | undefined;
afterEach(() => child?.kill('SIGKILL'));

it.skipIf(!listed)('the CPU time of children has that of a child that still runs', async () => {
  const before = childrenCpu();
  const spin =
    'const end = Date.now() + 200; while (Date.now() < end); console.log("done"); setInterval(() => {}, 1e6)';
  child = spawn(process.execPath, ['-e', spin], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout!, 'data');
  const after = childrenCpu();
  // It was busy for 200 ms, of which a crowded machine may have given it some only.
  expect(after.user + after.system - before.user - before.system).toBeGreaterThan(20_000);
});
