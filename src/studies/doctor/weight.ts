/**
 * What a contestant's process contains besides the loop and the work that it measures: it is compared with the process
 * of a bare program that does the same jobs on the same policy.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '../../harness/child.js';
import { PLAIN, contestantOf, openRequest } from '../../harness/plan.js';
import { microtask } from '../../policies/microtask/index.js';
import type { JobsSetup } from '../../workload/workload.js';
import { primes } from '../../workloads/cpu/primes.js';
import type { Amounts, Holding } from './weighed.js';

/** The lightest policy, and a workload without a fixture: measuring adds the same to all. */
const SETUP: JobsSetup = { params: {}, seed: 1, facts: {} };
const { inputs = [], concurrency = 1 } = primes.jobs?.(SETUP) ?? {};
const SLICE_MS = 16;
const DEADLINE_MS = 30_000;

export interface Weight {
  readonly bare: Amounts;
  readonly contestant: Amounts;
  readonly adds: Added;
}

export interface Added extends Amounts {
  /** Names of variables that are new, missing or different. */
  readonly environment: readonly string[];
}

/** Null on Windows, which has no signals. */
export async function weigh(): Promise<Weight | null> {
  if (process.platform === 'win32') return null;
  const folder = await mkdtemp(join(tmpdir(), 'loopdyno-'));
  try {
    const [bare, contestant] = await Promise.all([
      weighed(join(folder, 'bare.json'), runBare),
      weighed(join(folder, 'contestant.json'), runContestant),
    ]);
    return {
      bare: amountsOf(bare),
      contestant: amountsOf(contestant),
      adds: difference(bare, contestant),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function amountsOf({ heapBytes, modules, threads }: Holding): Amounts {
  return { heapBytes, modules, threads };
}

function difference(bare: Holding, contestant: Holding): Added {
  const before = bare.environment;
  const after = contestant.environment;
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const told = bare.threads !== null && contestant.threads !== null;
  return {
    heapBytes: contestant.heapBytes - bare.heapBytes,
    modules: contestant.modules - bare.modules,
    threads: told ? contestant.threads - bare.threads : null,
    environment: [...names].filter((name) => before[name] !== after[name]),
  };
}

type Run = (flags: readonly string[]) => Promise<void>;

async function weighed(to: string, run: Run): Promise<Holding> {
  const preload = new URL('./weighed.js', import.meta.url);
  preload.searchParams.set('to', to);
  await run(['--expose-gc', '--import', preload.href]);
  return JSON.parse(await readFile(to, 'utf8')) as Holding;
}

/** Runs a contestant as a run does, until its first measured slice is done. */
async function runContestant(nodeFlags: readonly string[]): Promise<void> {
  const contestant = contestantOf(microtask, null, { nodeFlags });
  const found = await contestant.find();
  if (!found.ok) throw new Error(found.reason);
  const child = new Child(contestant.name, found.command, PLAIN);
  try {
    const slice = { do: 'slice', ms: SLICE_MS, batch: concurrency };
    await child.ask(openRequest(contestant, primes, SETUP), DEADLINE_MS);
    await child.ask(slice, DEADLINE_MS);
    await child.ask({ do: 'reset' }, DEADLINE_MS);
    await child.ask(slice, DEADLINE_MS);
    process.kill(child.pid as number, 'SIGUSR2');
    await child.gone;
  } finally {
    child.kill();
  }
}

/** Runs the jobs in the program that anybody would write for them. */
async function runBare(flags: readonly string[]): Promise<void> {
  const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const text = `
    import { microtask } from ${url('../../policies/microtask/index.js')};
    import { sieve } from ${url('../../workloads/cpu/primes.js')};
    const inputs = ${JSON.stringify(inputs)};
    const loop = await microtask.open();
    const until = performance.now() + ${2 * SLICE_MS};
    await loop.run(function* () {
      while (performance.now() < until) {
        const tasks = inputs.map((input) => loop.submit(sieve, input));
        for (const task of tasks) yield* task;
      }
    });
    process.emit('SIGUSR2');
  `;
  await promisify(execFile)(process.execPath, [...flags, '--input-type=module', '-e', text], {
    timeout: DEADLINE_MS,
  });
}
