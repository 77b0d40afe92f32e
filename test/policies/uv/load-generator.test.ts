import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { Histogram } from '#dist/src/stats/histogram.js';
import { loadNative } from '#dist/src/policies/uv/binding.js';

const loaded = loadNative();

/** The generator blocks this thread, so that the server needs one of its own. */
class ServerThread {
  readonly worker: Worker;
  constructor(behaviour: string) {
    this.worker = new Worker(
      `const { parentPort } = require('node:worker_threads');
       const server = require('node:net').createServer((socket) => {
         socket.on('error', () => {});
         let count = 0;
         socket.on('data', (bytes) => { ${behaviour} });
       }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
  }
  async port(): Promise<number> {
    return ((await once(this.worker, 'message')) as [number])[0];
  }
}

describe.skipIf(!loaded.ok)('the load generator', () => {
  const { LoadGenerator } = (loaded as Extract<typeof loaded, { ok: true }>).native ?? {};
  let thread: ServerThread | undefined;
  afterEach(() => thread?.worker.terminate());

  async function generator(behaviour: string, size: number, connections = 3, spins = false) {
    thread = new ServerThread(behaviour);
    const payload = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7919) >> 3));
    const ports = [await thread.port()];
    return new LoadGenerator({ ports, host: '127.0.0.1', connections, payload, spins });
  }

  it('digests a sample the same in every order', async () => {
    const load = await generator('socket.write(bytes)', 10_000);
    const digest = load.sample(100);
    expect(digest).toMatch(/^[0-9a-f]{16}$/);
    load.run(37);
    load.rest();
    expect(load.sample(100)).toBe(digest);
    expect(load.sample(101)).not.toBe(digest);
    load.close();
    expect(() => load.run(1)).toThrow(/closed/);
  });

  it('leaves messages on their way, brings them home, and says how long each took', async () => {
    const load = await generator('socket.write(bytes)', 1000);
    let seen = load.run(50);
    expect(seen).toBeGreaterThanOrEqual(50);
    expect(() => load.sample(1)).toThrow(/on their way: call rest/);
    for (let i = 0; i < 200; i++) seen += load.run(2);
    const counts = load.rest();
    const total = counts.reduce((sum, count, i) => sum + (i % 2 === 1 ? count : 0), 0);
    // What one wake brought beyond what was asked for is told of, too: only those that were still
    // on their way, one per connection, are not.
    expect(total).toBeGreaterThanOrEqual(seen);
    expect(total).toBeLessThanOrEqual(seen + 3);
    expect(load.rest()).toEqual([]);
    const merged = new Histogram();
    merged.add(counts);
    expect(merged.count).toBe(total);
    expect(merged.quantile(0.5)).toBeGreaterThan(0);
    load.close();
  });

  it('has messages that are larger than what a socket takes at once', async () => {
    const load = await generator('socket.write(bytes)', 8_000_000, 2);
    load.run(6);
    load.rest();
    load.close();
  });

  it.skipIf(process.platform !== 'linux')('spins instead of sleeping, where it may', async () => {
    for (const spins of [true, false]) {
      const load = await generator('setTimeout(() => socket.write(bytes), 5)', 100, 1, spins);
      const before = sleeps();
      load.run(20);
      load.rest();
      if (spins) expect(sleeps() - before).toBeLessThan(10);
      else expect(sleeps() - before).toBeGreaterThan(15);
      load.close();
      await thread?.worker.terminate();
    }
  });

  it('tells the time of polls that brought nothing', async () => {
    const load = await generator('setTimeout(() => socket.write(bytes), 5)', 100, 1, true);
    const began = performance.now();
    load.run(20);
    const ms = performance.now() - began;
    const idleMs = load.takeIdle() / 1e6;
    expect(idleMs).toBeLessThan(ms);
    expect(idleMs).toBeGreaterThan(0.5 * ms);
    expect(load.takeIdle()).toBe(0);
    load.rest();
    load.close();
  });

  it('says which byte differs', async () => {
    const load = await generator('bytes[2] ^= 1; socket.write(bytes)', 100);
    expect(() => load.run(10)).toThrow(
      /^connection \d to port \d+: byte 2 of an echo is \d+ instead of \d+$/,
    );
  });

  it('catches an echo of an earlier message', async () => {
    const load = await generator(
      'this.first ??= Buffer.from(bytes); socket.write(this.first)',
      1000,
    );
    expect(() => load.run(50)).toThrow(/byte 0 of an echo/);
  });

  it('catches an echo that is too long', async () => {
    const load = await generator('socket.write(Buffer.concat([bytes, bytes]))', 100, 1);
    expect(() => load.run(10)).toThrow(/200 bytes came where 100 were due/);
  });

  it('catches a connection that ends within an echo', async () => {
    const load = await generator('socket.end(bytes.subarray(0, 40))', 100, 1);
    expect(() => load.run(10)).toThrow(/closed it, 40 of 100 bytes of the echo had come/);
  });

  it('says why it cannot connect', async () => {
    const server: Server = createServer((socket: Socket) => socket.destroy()).listen(0);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const options = { ports: [port], host: '127.0.0.1', connections: 1, payload: Buffer.from('x') };
    expect(() => new LoadGenerator(options)).toThrow(/connect ECONNREFUSED connection refused/);
  });
});

/** How often this thread has given up its core to wait for something. */
function sleeps(): number {
  const status = readFileSync(`/proc/self/task/${process.pid}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s*(\d+)$/m.exec(status)?.[1]);
}
