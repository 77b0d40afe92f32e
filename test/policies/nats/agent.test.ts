/** An agent among strangers, its signals, and the command that starts it. */
import { connect } from '@nats-io/transport-node';
import { jetstream } from '@nats-io/jetstream';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as jobs from '#dist/bench/nats/jobs.js';
import { DIST, Rig } from '#dist/bench/nats/rig.js';
import { encode } from '#dist/src/policies/nats/wire.js';
import { missing, outcomesOf } from './kit.js';

const main = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));

describe.skipIf(missing)('an agent', () => {
  it('that is sent garbage says so, removes it, and goes on', async () => {
    await using rig = await Rig.open();
    const agent = await rig.agent();
    const { servers, user = '', pass = '' } = rig.servers;
    const stranger = await connect({ servers: servers as string, user, pass });
    const client = jetstream(stranger);
    await client.publish('loopdyno.jobs.somebody.1', 'no job at all');
    await client.publish('loopdyno.jobs.some*body.1', Buffer.alloc(10)).catch(() => {});
    await client.publish('loopdyno.jobs.somebody.2', encode({ agent: 'x', slots: 1 }));
    stranger.publish('loopdyno.cancel', 'garbage');
    stranger.publish('loopdyno.here', 'garbage');
    await stranger.flush();
    await using loop = await rig.submitter();
    await loop.run(async () => {
      expect(await outcomesOf([loop.submit(jobs.identity, 1)])).toEqual([1]);
    });
    const said = agent.said.join('\n');
    expect(said.match(/a message that is no job was removed/g)?.length).toBeGreaterThanOrEqual(2);
    expect(said).toMatch(/a cancellation of 7 bytes cannot be read/);
    const manager = await client.jetstreamManager();
    const { state } = await manager.streams.info('loopdyno-jobs');
    expect(state.messages).toBe(0);
    await stranger.close();
  });

  it('that gets SIGTERM answers what it has in hand, and says what it has done', async () => {
    await using rig = await Rig.open();
    const agent = await rig.agent();
    await using loop = await rig.submitter();
    await loop.run(async () => {
      const tasks = [1, 2, 3].map((value) => loop.submit(jobs.later, { ms: 300, value }));
      await outcomesOf([loop.submit(jobs.identity, 1)]);
      const gone = agent.end('SIGTERM');
      const [first] = await outcomesOf([Promise.race(tasks) as never]);
      expect([1, 2, 3]).toContain(first);
      await gone;
      await rig.agent();
      expect(await outcomesOf(tasks)).toEqual([1, 2, 3]);
    });
    expect(agent.child.exitCode).toBe(0);
    expect(agent.said.at(-1)).toMatch(/^\d+ jobs in \d+ messages; 0 late/);
    expect(loop.ledger).toMatchObject({ lost: 0, late: 0, doubled: 0 });
  });

  it('runs jobs on threads, in processes, or on its own thread, as it is told', async () => {
    for (const policy of ['microtask', 'workers', 'processes']) {
      await using rig = await Rig.open();
      await rig.agent(['--policy', policy]);
      await using loop = await rig.submitter();
      await loop.run(async () => {
        expect(await outcomesOf([loop.submit(jobs.identity, policy)])).toEqual([policy]);
      });
    }
  });
});

it('the command says what it needs', () => {
  const { LOOPDYNO_NATS_SERVERS: _, ...env } = process.env;
  const agent = (...flags: string[]) =>
    spawnSync(process.execPath, [main, 'agent', ...flags], { encoding: 'utf8', env });
  expect(agent().status).toBe(2);
  expect(agent().stderr).toMatch(/agent takes --servers/);
  const rootless = agent('--servers', 'nats://127.0.0.1:1', '--root', '/no/such/folder');
  expect([rootless.status, rootless.stderr]).toEqual([
    2,
    expect.stringMatching(/no\/such\/folder/),
  ]);
  const unreachable = agent('--servers', 'nats://me:secret@127.0.0.1:1', '--root', DIST);
  expect(unreachable.status).toBe(3);
  expect(unreachable.stderr).toMatch(/cannot connect to 'nats:\/\/127\.0\.0\.1:1'/);
  expect(unreachable.stderr).not.toMatch(/secret/);
});
