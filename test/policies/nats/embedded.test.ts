/** The server and the agents that the policy starts by itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InvalidArgumentError, PolicyUnavailableError, nats } from 'loopdyno';
import { missing } from './kit.js';

const program = fileURLToPath(new URL('./programs/embedded.mjs', import.meta.url));

describe.skipIf(missing)('a server of its own', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loopdyno-embedded-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Processes of which the environment names the folder. */
  async function processes(): Promise<string[]> {
    const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const environments = await Promise.all(
      ids.map((id) => readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')),
    );
    return ids.filter((_, at) => environments[at]?.includes(folder));
  }

  async function started() {
    const child = spawn(process.execPath, [program], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe('49');
    return { child, lines };
  }

  it('ends with its loop, and leaves no process and no file', async () => {
    const { child } = await started();
    const gone = once(child, 'exit');
    child.stdin.write('close\n');
    expect(await gone).toEqual([0, null]);
    expect(await processes()).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('ends soon after its program is killed', async () => {
    const { child } = await started();
    expect((await processes()).length).toBeGreaterThan(3);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    for (let at = 0; (await processes()).length + (await readdir(folder)).length > 0; at++) {
      expect(at, 'something is left').toBeLessThan(200);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('is started again when it is killed, and so is an agent; jobs go on', async () => {
    const { child, lines } = await started();
    for (const id of await processes()) {
      const command = await readFile(`/proc/${id}/cmdline`, 'utf8');
      if (/nats-server|agent-process/.test(command.split('\0', 2).join())) {
        process.kill(Number(id), 'SIGKILL');
      }
    }
    child.stdin.write('again\n');
    expect((await lines.next()).value).toBe('64');
    const gone = once(child, 'exit');
    child.stdin.write('close\n');
    expect(await gone).toEqual([0, null]);
  });
});

it('what cannot be is refused with what to do', async () => {
  const wrong = [{ queue: 'a.b' }, { maxDeliver: 0 }, { servers: 5 }, { servers: 'x', agents: 2 }];
  for (const options of wrong) {
    await expect(nats.open(options as never)).rejects.toThrow(InvalidArgumentError);
  }
  const nobody = nats.open({ servers: 'nats://127.0.0.1:1' });
  await expect(nobody).rejects.toThrow(PolicyUnavailableError);
  await expect(nobody).rejects.toThrow(/nats-server -js/);
});

it('without the program nats is unavailable, with what to install', async () => {
  const { findServer } = await import('#dist/src/policies/nats/find-server.js');
  const path = process.env['PATH'];
  process.env['PATH'] = '/no/such/folder';
  try {
    const found = await nats.probe();
    // Debian's folders are looked at whatever PATH says.
    if ((await findServer()) === null) {
      expect(found).toMatchObject({ ok: false, remedy: /apt-get install nats-server/ });
    } else expect(found).toEqual({ ok: true });
  } finally {
    process.env['PATH'] = path;
  }
});
