/** Every promise settles once, whatever becomes of agents, of the server and of its store. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  JobStoreError,
  JobTooLargeError,
  JobVersionError,
  PoisonedJobError,
  TimeoutError,
  type PortableJob,
} from 'loopdyno';
import * as jobs from '#dist/bench/nats/jobs.js';
import { Rig } from '#dist/bench/nats/rig.js';
import { BOUND_MS, missing, outcomesOf } from './kit.js';

/** As many lines as have come, once there are `count`. */
async function linesOf(file: string, count: number): Promise<string[]> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    if (lines.length >= count) return lines;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe.skipIf(missing)('nats: settles when', { timeout: 2 * BOUND_MS }, () => {
  let folder: string;
  let files = 0;
  const newFile = (): string => join(folder, `marks-${files++}`);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-nats-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('no agent has come yet: the job waits for the first one', async () => {
    await using rig = await Rig.open();
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const task = loop.submit(jobs.identity, 7);
      await rig.agent();
      expect(await outcomesOf([task])).toEqual([7]);
    });
  });

  it('no agent ever comes: a TimeoutError names the job', async () => {
    await using rig = await Rig.open();
    await using loop = await rig.submitter({ deadline: 500 });
    await loop.run(async () => {
      const [error] = await outcomesOf([loop.submit(jobs.identity, 7)]);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(String(error)).toMatch(/identity .*no answer within 500 ms/);
    });
    expect(loop.ledger).toMatchObject({ submitted: 1, answered: 0, lost: 1 });
  });

  it('an agent is killed while a job runs: another runs it within ackWait and some', async () => {
    await using rig = await Rig.open();
    const first = await rig.agent();
    await using loop = await rig.submitter();
    const file = newFile();
    await loop.run(async () => {
      const task = loop.submit(jobs.marked, { file, ms: 500, value: 1 });
      await linesOf(file, 1);
      await first.end('SIGKILL');
      await rig.agent();
      expect(await outcomesOf([task])).toEqual([1]);
    });
    expect(await linesOf(file, 2)).toHaveLength(2);
    expect(loop.ledger).toMatchObject({ answered: 1, lost: 0, doubled: 0, redelivered: 1 });
  });

  it('an agent is killed before and after its job', async () => {
    await using rig = await Rig.open();
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const before = await rig.agent();
      await before.end('SIGKILL'); // it had asked for messages
      const task = loop.submit(jobs.identity, 1);
      const after = await rig.agent();
      expect(await outcomesOf([task])).toEqual([1]);
      await after.end('SIGKILL');
      const more = loop.submit(jobs.identity, 2);
      await rig.agent();
      expect(await outcomesOf([more])).toEqual([2]);
    });
    expect(loop.ledger).toMatchObject({ answered: 2, lost: 0, doubled: 0 });
  });

  it('an agent is cut off and comes back: its late answer is refused', async () => {
    await using rig = await Rig.open();
    const stopped = await rig.agent();
    await using loop = await rig.submitter();
    const file = newFile();
    await loop.run(async () => {
      const task = loop.submit(jobs.marked, { file, ms: 200, value: 5 });
      await linesOf(file, 1);
      stopped.signal('SIGSTOP');
      await rig.agent();
      expect(await outcomesOf([task])).toEqual([5]);
      stopped.signal('SIGCONT');
      for (let at = 0; loop.ledger.late === 0; at++) {
        expect(at, 'the late answer is not reported').toBeLessThan(500);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      expect(await outcomesOf([loop.submit(jobs.identity, 6)])).toEqual([6]);
    });
    expect(loop.ledger).toMatchObject({ answered: 2, lost: 0, late: 1, doubled: 0 });
  });

  it('the server is restarted amid 2,000 jobs', async () => {
    await using rig = await Rig.open();
    for (let i = 0; i < 2; i++) await rig.agent();
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const tasks = numbers(2000).map((n) => loop.submit(jobs.identity, n));
      await tasks[20];
      await rig.restartServer(200);
      expect(await outcomesOf(tasks)).toEqual(numbers(2000));
    });
    expect(loop.ledger).toMatchObject({ answered: 2000, lost: 0, doubled: 0 });
    expect(loop.ledger.reconnected).toBeGreaterThan(0);
  });

  it('a job ends its agent each time: an error that names it, and the others go on', async () => {
    await using rig = await Rig.open();
    const flags = ['--policy', 'microtask', '--max-deliver', '2', '--ack-wait', '300ms'];
    for (let i = 0; i < 4; i++) await rig.agent(flags);
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const poison = loop.submit(jobs.kills, null);
      const [error] = await outcomesOf([poison]);
      expect(error).toBeInstanceOf(PoisonedJobError);
      expect(String(error)).toMatch(/job kills of bench\/nats\/jobs\.js .* each of the 2 times/);
      expect(await outcomesOf([loop.submit(jobs.identity, 1)])).toEqual([1]);
    });
    expect(rig.agents.size).toBe(2);
  });

  it('a job amid a batch ends its agent: the batch is split, and only the culprit fails', async () => {
    await using rig = await Rig.open();
    const flags = ['--policy', 'microtask', '--max-deliver', '3', '--ack-wait', '300ms'];
    for (let i = 0; i < 5; i++) await rig.agent(flags);
    await using loop = await rig.submitter({ batch: 8 });
    await loop.run(async () => {
      await outcomesOf([loop.submit(jobs.identityOrKill, 0)]); // from now on its kind is known
      const tasks = numbers(40).map((n) => loop.submit(jobs.identityOrKill, n === 13 ? -1 : n));
      const outcomes = await outcomesOf(tasks);
      expect(outcomes[13]).toBeInstanceOf(PoisonedJobError);
      expect(outcomes.toSpliced(13, 1)).toEqual(numbers(40).toSpliced(13, 1));
    });
    expect(loop.ledger).toMatchObject({ lost: 0, doubled: 0 });
  });

  it('the store is full: the error says so', async () => {
    await using rig = await Rig.open({ maxStore: 3 * 2 ** 20 });
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const tasks = numbers(8).map(() => loop.submit(jobs.identity, 'x'.repeat(700_000)));
      await rig.agent();
      const outcomes = await outcomesOf(tasks);
      const errors = outcomes.filter((one) => typeof one !== 'string');
      expect(errors.length).toBeGreaterThan(0);
      for (const error of errors) expect(error).toBeInstanceOf(JobStoreError);
      expect(String(errors[0])).toMatch(/identity of .*the server would not store/);
    });
  });

  it('input or result are larger than a message may be', async () => {
    await using rig = await Rig.open({ maxPayload: 64 * 1024 });
    await rig.agent();
    await using loop = await rig.submitter({ batch: 4 });
    await loop.run(async () => {
      const [input, result] = await outcomesOf([
        loop.submit(jobs.identity, 'x'.repeat(70_000)),
        loop.submit(jobs.large, 70_000),
      ]);
      expect(input).toBeInstanceOf(JobTooLargeError);
      expect(String(input)).toMatch(/its input takes \d+ bytes/);
      expect(result).toBeInstanceOf(JobTooLargeError);
      expect(String(result)).toMatch(/its result takes \d+ bytes/);
      // Together they do not fit, so the answer has several parts.
      const many = numbers(8).map(() => loop.submit(jobs.large, 30_000));
      expect(await outcomesOf(many)).toEqual(numbers(8).map(() => 'x'.repeat(30_000)));
    });
  });

  it('two programs submit to one queue: each gets its own answers', async () => {
    await using rig = await Rig.open();
    await rig.agent();
    const loops = [await rig.submitter(), await rig.submitter()];
    await Promise.all(
      loops.map((loop, at) =>
        loop.run(async () => {
          const tasks = numbers(500).map((n) => loop.submit(jobs.identity, [at, n]));
          expect(await outcomesOf(tasks)).toEqual(numbers(500).map((n) => [at, n]));
        }),
      ),
    );
    for (const loop of loops) {
      expect(loop.ledger).toMatchObject({ answered: 500, lost: 0, late: 0, doubled: 0 });
      await loop.close();
    }
  });

  describe('agents have two versions of the code:', () => {
    const ours = (): string => join(folder, 'ours');
    const theirs = (): string => join(folder, 'theirs');
    const version = (): PortableJob<null, string> => ({
      module: pathToFileURL(join(ours(), 'job.mjs')).href,
      export: 'version',
    });
    beforeAll(async () => {
      await cp(new URL('./programs/versions', import.meta.url), ours(), { recursive: true });
      await cp(ours(), theirs(), { recursive: true });
      // Not the job's module itself, but one that it imports.
      await writeFile(join(theirs(), 'imported.mjs'), "export const name = 'theirs';\n");
    });

    it('jobs run only where it is the same', async () => {
      await using rig = await Rig.open();
      const other = await rig.agent(['--root', theirs()]);
      await rig.agent(['--root', ours()]);
      await using loop = await rig.submitter({ root: ours() });
      await loop.run(async () => {
        const tasks = numbers(40).map(() => loop.submit(version(), null));
        expect(new Set(await outcomesOf(tasks))).toEqual(new Set(['ours']));
      });
      expect(other.said.join('\n')).toMatch(/refused version of job\.mjs|ready/);
    });

    it('where none has ours, an error says so', async () => {
      await using rig = await Rig.open();
      await rig.agent(['--root', theirs()]);
      await using loop = await rig.submitter({ root: ours() });
      await loop.run(async () => {
        const [error] = await outcomesOf([loop.submit(version(), null)]);
        expect(error).toBeInstanceOf(JobVersionError);
        expect(String(error)).toMatch(/'job\.mjs' has the hash \w+ here/);
      });
    });
  });
});
