/**
 * A process that keeps a nats-server and agents for one submitting process. It starts again what ends by itself, and
 * ends all of it when the channel to its parent closes, however the parent has ended.
 *
 *   the program ── channel ── keeper ──┬── nats-server
 *                                      └── an agent per core
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSetup, FromKeeper, KeeperSetup } from './keeper-protocol.js';
import { freePort, startServer, stopped } from './server-process.js';

/** What ends sooner after its start, in ms, so often in a row, is not started again. */
const SOON_MS = 1000;
const MOST_FAILURES = 5;
const PAUSE_MS = 50;
/** As large as the server advises. */
const MAX_PAYLOAD = 8 * 2 ** 20;

const agentProgram = fileURLToPath(new URL('./agent-process.js', import.meta.url));
const { program, agents, queue, root, options } = JSON.parse(process.argv[2] ?? '') as KeeperSetup;
const children = new Set<ChildProcess>();
const folder = await mkdtemp(join(tmpdir(), 'loopdyno-nats-'));
const port = await freePort();
const user = 'loopdyno';
const pass = randomBytes(24).toString('hex');
let closing = false;

// Ctrl+C goes to all processes of a terminal: the parent decides what it means.
process.on('SIGINT', () => {});
process.on('disconnect', () => void end());

await keep('nats-server', () =>
  startServer({ program, folder, port, user, pass, maxPayload: MAX_PAYLOAD }),
);
tell({ ready: { servers: `nats://127.0.0.1:${port}`, user, pass } });
for (let i = 0; i < agents; i++) await keep('an agent', startAgent);

function startAgent(): ChildProcess {
  const agent = fork(agentProgram, {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const servers = { servers: `nats://127.0.0.1:${port}`, user, pass };
  agent.send({ servers, queue, root, options } satisfies AgentSetup);
  return agent;
}

/** Starts it, and again when it ends. */
async function keep(
  what: string,
  start: () => ChildProcess | Promise<ChildProcess>,
  failures = 0,
): Promise<void> {
  if (closing) return;
  const began = performance.now();
  let child: ChildProcess;
  try {
    child = await start();
  } catch (error) {
    return tell({ failed: (error as Error).message });
  }
  children.add(child);
  if (closing) void stopped(child, 'SIGKILL');
  child.once('exit', (code, signal) => {
    children.delete(child);
    if (closing) return;
    const soon = performance.now() - began < SOON_MS;
    const now = soon ? failures + 1 : 0;
    if (now < MOST_FAILURES) setTimeout(() => void keep(what, start, now), PAUSE_MS * 2 ** now);
    else tell({ failed: `${what} ended ${now} times (${signal ?? `exit code ${code}`})` });
  });
}

function tell(message: FromKeeper): void {
  if (process.connected) process.send?.(message);
}

async function end(): Promise<void> {
  closing = true;
  // Nothing of it is needed any more, so nobody needs time to clean up.
  await Promise.all([...children].map((child) => stopped(child, 'SIGKILL')));
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
