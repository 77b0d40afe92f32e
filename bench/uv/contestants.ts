/** Starts the contestants of `npm run bench:uv`, and builds those that are not ours. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadNative } from '../../src/policies/uv/binding.js';
import { interpreterWith } from '../peers/found.js';
import type { Case, Contestant } from './cases.js';

const CONNECTIONS = 10;

const SOURCES = fileURLToPath(new URL('../../../bench/uv', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./program.js', import.meta.url));

/** A process at work. */
export interface Running {
  readonly name: Contestant;
  /** Does so many operations, or a few more, and says how many. */
  work(count: number): Promise<number>;
  /** CPU time so far, of all its threads, in µs. */
  cpuUs(): number;
  stop(): void;
}

/** How to start each peer that can be; a line on stderr about each that cannot. */
export class Peers {
  private readonly folder = mkdtempSync(join(tmpdir(), 'loopdyno-peers-'));
  private readonly commands = new Map<Contestant, [string, ...string[]]>();

  async prepare(): Promise<void> {
    const addon = join(this.folder, 'echo_uv.node');
    const headers = [
      join(dirname(process.execPath), '../include/node'),
      join(process.env['npm_config_nodedir'] ?? '/', 'include/node'),
    ].find((folder) => existsSync(join(folder, 'uv.h')));
    const args = ['-O2', '-shared', '-fPIC', `-I${headers}`, '-o', addon];
    try {
      await promisify(execFile)('cc', [...args, join(SOURCES, 'echo_uv.c')]);
      this.commands.set('libuv-c', [process.execPath, '-e', `require(${JSON.stringify(addon)})()`]);
    } catch {
      console.error("libuv-c is left out: it needs a C compiler (cc) and Node's headers");
    }
    const python = await interpreterWith(['uvloop']);
    if (python !== null) this.commands.set('uvloop', [python, join(SOURCES, 'echo_uvloop.py')]);
    else console.error('uvloop is left out: it is not installed (Debian: python3-uvloop)');
  }

  has(name: Contestant): boolean {
    return (name !== 'libuv-c' && name !== 'uvloop') || this.commands.has(name);
  }

  async start(name: Contestant, { kind, size }: Case, path: string): Promise<Running> {
    const [file, ...args] = this.commands.get(name) ?? [
      process.execPath,
      PROGRAM,
      kind,
      name,
      path,
    ];
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async (): Promise<string> => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${name} ended by itself`);
      return value;
    };
    const common = { name, cpuUs: () => cpuUs(child) };
    const port = Number(await answer()); // or `ready`
    if (kind !== 'echo') {
      const work = async (count: number): Promise<number> => {
        child.stdin.write(`${count}\n`);
        await answer();
        return count;
      };
      return { ...common, work, stop: () => void child.kill('SIGKILL') };
    }
    const client = connect(port, size);
    const stop = (): void => {
      client.close();
      child.kill('SIGKILL');
    };
    const work = async (count: number): Promise<number> => {
      client.run(count);
      const counts = client.rest(); // bucket, count, bucket, count, …
      return counts.reduce((sum, each, i) => sum + (i % 2 === 1 ? each : 0), 0);
    };
    return { ...common, stop, work };
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The native client: it blocks this process, so that it and the server are alone at work. */
function connect(port: number, size: number) {
  const loaded = loadNative();
  if (!loaded.ok) throw new Error(`${loaded.reason}: ${loaded.remedy}`);
  const payload = Buffer.from(Array.from({ length: size }, (_, i) => (i * 31) & 255));
  const options = { ports: [port], host: '127.0.0.1', connections: CONNECTIONS, payload };
  return new loaded.native.LoadGenerator(options);
}

/** The kernel's own account, in ns: exact for a process that waits, as all do between two slices. */
function cpuUs({ pid }: ChildProcess): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    ns += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  }
  return ns / 1000;
}
