/**
 * The work of each workload, as a program of one's own would do it. A workload made of jobs needs its job, its inputs
 * and how many are in flight. A server is the workload's own server, with the few messages that it exchanges with its
 * client in the fixture.
 */
import { join } from 'node:path';
import type { Loop } from '../../src/loop/policy.js';
import { seeded } from '../../src/stats/random.js';
import type { JobsSetup, Workload } from '../../src/workload/workload.js';
import { Lanes, type JobWork } from './lanes.js';
import { startServer } from './server.js';
import type { Work } from './work.js';

/** A workload that defines its inputs and its concurrency, combined with its job. */
function listed(workload: Workload, job: JobWork['job']): Jobs {
  return (setup) => {
    const jobs = workload.jobs?.(setup);
    if (jobs === undefined) throw new Error(`'${workload.name}' does not say its jobs`);
    return { job, ...jobs };
  };
}

type Jobs = (setup: JobsSetup) => JobWork;

/** The jobs by workload. Each module is loaded only by the program that needs it. */
const JOBS: Readonly<Record<string, () => Promise<Jobs>>> = {
  async primes() {
    const { primes, sieve } = await import('../../src/workloads/cpu/primes.js');
    return listed(primes, sieve);
  },
  async json() {
    const { json, transformBundle } = await import('../../src/workloads/cpu/json.js');
    return listed(json, transformBundle);
  },
  async 'sha256-chain'() {
    const { sha256Chain, hashChain } = await import('../../src/workloads/cpu/sha256-chain.js');
    return listed(sha256Chain, hashChain);
  },
  async matrix() {
    const { matrix, multiply } = await import('../../src/workloads/cpu/matrix.js');
    return listed(matrix, multiply);
  },
  async spin() {
    const { spinJob } = await import('../../src/workloads/cpu/spin.js');
    return ({ params, facts, seed }) => {
      const random = seeded(seed);
      const [us, io] = [Number(params['us']), Number(params['io'])];
      const input = () => ({
        seed: random.int(1, 0x7fffffff),
        steps: Math.max(1, Math.round(us * (1 - io) * Number(facts['stepsPerUs']))),
        waitMs: (us * io) / 1000,
        payload: new Uint8Array(Number(params['bytes'])).fill(random.int(0, 255)),
      });
      const inputs = Array.from({ length: 4 }, input);
      return { job: spinJob, inputs, concurrency: Number(params['concurrency']) };
    };
  },
  async timers() {
    const { timers, fanOut } = await import('../../src/workloads/io/timers.js');
    return listed(timers, fanOut);
  },
  async files() {
    const { readOne, writeOne } = await import('../../src/workloads/io/files.js');
    return ({ params, facts, seed }) => {
      const [size, files] = [Number(params['size']), Number(params['files'])];
      const concurrency = size < 2 ** 20 || params['mode'] === 'write' ? 16 : 2;
      const path = (name: string) => join(String(facts['folder']), name);
      const each = <I>(input: (i: number) => I) =>
        Array.from({ length: files }, (_, i) => input(i));
      if (params['mode'] === 'read') {
        return { job: readOne, inputs: each((i) => path(`${i}`)), concurrency };
      }
      const inputs = each((i) => ({ path: path(`${process.pid}-${i}`), size, seed: seed + i }));
      return { job: writeOne, inputs, concurrency };
    };
  },
  async 'echo-client'() {
    const { echoClient, converse } = await import('../../src/workloads/io/echo-client.js');
    return listed(echoClient, converse);
  },
  async 'fetch-all'() {
    const { fetchAll, fetchAllItems } = await import('../../src/workloads/io/fetch-all.js');
    return listed(fetchAll, fetchAllItems);
  },
  async 'first-completed'() {
    const { firstCompletedWorkload, race } =
      await import('../../src/workloads/io/first-completed.js');
    return listed(firstCompletedWorkload, race);
  },
  async crawl() {
    const { crawl, crawlSection } = await import('../../src/workloads/mixed/crawl.js');
    return listed(crawl, crawlSection);
  },
  async pipeline() {
    const { processDocument } = await import('../../src/workloads/mixed/pipeline.js');
    const { originsOf } = await import('../../src/workloads/site/client.js');
    const { DOCUMENTS } = await import('../../src/workloads/site/content.js');
    return ({ facts }) => {
      const [origin] = originsOf(facts) as [string];
      const log = join(String(facts['folder']), `${process.pid}-`);
      const inputs = Array.from({ length: DOCUMENTS }, (_, i) => ({
        url: `${origin}/doc/${i}`,
        log,
      }));
      return { job: processDocument, inputs, concurrency: 16 };
    };
  },
  async traverse() {
    const { traverseWorkload, traverseGraph } =
      await import('../../src/workloads/mixed/traverse.js');
    return listed(traverseWorkload, traverseGraph);
  },
};

const SERVERS: Readonly<Record<string, () => Promise<Workload>>> = {
  echo: async () => (await import('../../src/workloads/io/echo.js')).echoWorkload,
  'echo-into': async () => (await import('../../src/workloads/io/echo.js')).echoIntoWorkload,
  'echo-protocol': async () =>
    (await import('../../src/workloads/io/echo.js')).echoProtocolWorkload,
  'web-socket': async () => (await import('../../src/workloads/io/web-socket.js')).webSocket,
  deferred: async () => (await import('../../src/workloads/mixed/deferred.js')).deferred,
};

/**
 * Workloads whose session has another digest: one that also covers files and logs, or one of work whose size each
 * fixture measures anew. Their bare programs are compared only with each other.
 */
const OTHER_DIGESTS: ReadonlySet<string> = new Set(['files', 'pipeline', 'spin']);

export function hasDigestOfRun(name: string): boolean {
  return !OTHER_DIGESTS.has(name);
}

/** The work of a workload made of jobs, as data; undefined for a server. */
export async function jobsOf(name: string): Promise<Jobs | undefined> {
  return Object.hasOwn(JOBS, name) ? JOBS[name]?.() : undefined;
}

export async function startWork(loop: Loop, name: string, setup: JobsSetup): Promise<Work> {
  const jobs = await jobsOf(name);
  if (jobs !== undefined) return Lanes.start(loop, jobs(setup));
  const server = Object.hasOwn(SERVERS, name) ? await SERVERS[name]?.() : undefined;
  if (server === undefined)
    throw new Error(`there is no bare program of '${name}': write one here`);
  return startServer(loop, server, setup);
}
