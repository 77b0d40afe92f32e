/** A nats-server and agents that can be killed, stopped and started again, for `bench:nats` and the tests. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { nats } from '../../src/policies/nats/index.js';
import type { NatsServers } from '../../src/policies/nats/connect.js';
import { findServer } from '../../src/policies/nats/find-server.js';
import type { NatsLoop } from '../../src/policies/nats/nats-loop.js';
import type { NatsOptions } from '../../src/policies/nats/options.js';
import { freePort, startServer, stopped } from '../../src/policies/nats/server-process.js';
import type { LoopOptions } from '../../src/loop/policy.js';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const lean = fileURLToPath(new URL('./lean-agent.js', import.meta.url));
/** Where the compiled package is: the agents' root. */
export const DIST = fileURLToPath(new URL('../../', import.meta.url));

export interface RigOptions {
  readonly maxPayload?: number;
  readonly maxStore?: number;
}

export class Agent {
  readonly child: ChildProcess;
  /** What it has said so far. */
  readonly said: string[] = [];
  isReady = false;
  readonly ready: Promise<void>;

  constructor(child: ChildProcess) {
    this.child = child;
    const lines = createInterface({ input: child.stderr as Readable });
    this.ready = new Promise((resolve, reject) => {
      lines.on('line', (line) => {
        this.said.push(line);
        if (!line.includes(': ready')) return;
        this.isReady = true;
        resolve();
      });
      child.once('exit', () => reject(new Error(`an agent ended: ${this.said.join('; ')}`)));
    });
    this.ready.catch(() => {}); // one that is killed at once
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    await stopped(this.child, signal);
  }
}

export class Rig {
  readonly servers: NatsServers;
  readonly agents = new Set<Agent>();
  private readonly folder: string;
  private readonly program: string;
  private readonly port: number;
  private readonly options: RigOptions;
  private server: ChildProcess | null = null;

  static async open(options: RigOptions = {}): Promise<Rig> {
    const program = await findServer();
    if (program === null) throw new Error('there is no nats-server: apt-get install nats-server');
    const folder = await mkdtemp(join(tmpdir(), 'loopdyno-rig-'));
    const rig = new Rig(program, folder, await freePort(), options);
    await rig.startServer();
    return rig;
  }

  private constructor(program: string, folder: string, port: number, options: RigOptions) {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.options = options;
    process.on('exit', this.endAll);
    this.servers = { servers: `nats://127.0.0.1:${port}`, user: 'rig', pass: 'rig' };
  }

  async startServer(): Promise<void> {
    const { program, folder, port } = this;
    this.server = await startServer({
      program,
      folder,
      port,
      user: 'rig',
      pass: 'rig',
      maxPayload: 2 ** 20,
      ...this.options,
    });
  }

  /** Ends the server at once, and starts it again on the same store. */
  async restartServer(downMs = 0): Promise<void> {
    if (this.server !== null) await stopped(this.server, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, downMs));
    await this.startServer();
  }

  /** `flags` are more flags of `loopdyno agent`. */
  async agent(flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Agent> {
    const url = `nats://rig:rig@127.0.0.1:${this.port}`;
    const args = [main, 'agent', '--servers', url, '--root', DIST, ...flags];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'pipe'],
      env: { ...process.env, ...env },
    });
    return this.added(child);
  }

  /** One that is there soon: see lean-agent.ts. */
  leanAgent(): Promise<Agent> {
    const url = `nats://rig:rig@127.0.0.1:${this.port}`;
    const stdio = ['ignore', 'inherit', 'pipe', 'ipc'] as const;
    return this.added(fork(lean, [url], { stdio: [...stdio] }));
  }

  private async added(child: ChildProcess): Promise<Agent> {
    const agent = new Agent(child);
    this.agents.add(agent);
    child.once('exit', () => this.agents.delete(agent));
    await agent.ready;
    return agent;
  }

  submitter(options: NatsOptions & LoopOptions = {}): Promise<NatsLoop> {
    return nats.open({ ...this.servers, root: DIST, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.agents].map((agent) => agent.end()));
    if (this.server !== null) await stopped(this.server, 'SIGKILL');
    process.off('exit', this.endAll);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Nothing is left running when something failed. */
  private readonly endAll = (): void => {
    for (const agent of this.agents) agent.signal('SIGKILL');
    this.server?.kill('SIGKILL');
  };
}
