import { policies } from 'loopdyno';
import { describe, expect, it } from 'vitest';
import { runProgram } from './child.js';

for (const policy of policies) {
  const available = await policy.probe();
  describe.skipIf(!available.ok)(`${policy.name}, in a process of its own`, () => {
    const deadlocks = {
      future: 'waits for a future',
      join: 'the inner one waits for a future',
      cycle: 'link 0 waits for task .link 1.',
      async: 'waits for its async function',
      timer: 'waits for a future',
      outside: 'waits for a future',
      forever: 'the only one waits for a future',
    };
    for (const [how, told] of Object.entries(deadlocks)) {
      it(`reports a deadlock and runs on: ${how}`, async () => {
        const { code, stdout, stderr } = await runProgram('deadlock', [policy.name, how]);
        expect(stderr).toBe('');
        expect(stdout).toMatch(/^DeadlockError /);
        expect(stdout).toMatch(new RegExp(told));
        expect(stdout).toContain('running false\nthen it runs again');
        expect(code).toBe(0);
      });
    }

    it('closes although clean-up waits for ever, and says what did', async () => {
      const { stdout } = await runProgram('deadlock', [policy.name, 'close']);
      expect(stdout).toMatch(/^DeadlockError .*never cleaned up waits for a future/);
      expect(stdout).toContain('closed true');
    });

    it('closes although a read holds its thread for ever, and says what is left', async () => {
      const { code, stdout } = await runProgram('fifo', [policy.name]);
      expect(stdout).toMatch(/^TimeoutError\nleft: a read of '.*pipe'\n$/);
      expect(code).toBe(0);
    });

    it('holds its tasks, though nobody else does', async () => {
      const { stdout } = await runProgram('held', [policy.name], ['--expose-gc']);
      expect(stdout).toBe('ended 100, reported 100\n');
    });

    it('keeps no process alive once it is closed', async () => {
      const { code, stdout } = await runProgram('exit', [policy.name]);
      expect(stdout).toBe('connection,reader,sleeper\n');
      expect(code).toBe(0);
    });
  });
}

it('a failed task that is collected before anybody looked is reported', async () => {
  const { stdout } = await runProgram('leak', [], ['--expose-gc']);
  expect(stdout).toBe("reported: task 'lost' failed: unseen\nat close: held\ndone: true\n");
});
