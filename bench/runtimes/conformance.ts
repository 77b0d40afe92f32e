/**
 * `npm run conformance:runtimes -- node@22 node@24 node@26 bun deno`: the conformance suite on each runtime, under each
 * policy that can be opened there. Runtimes that are not on this machine are fetched from the npm registry.
 *
 *   --policy microtask,queue    only these
 *   --json                      the same as JSON
 *
 * A case that ends the process is a failed case, and the suite goes on after it. The exit status is 1 where a case fails
 * on Node.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from '../../src/conformance/index.js';
import { policyNames } from '../../src/policies/registry.js';
import { plainTable } from '../../src/report/table.js';
import { probeOn, starterOf, titleOf } from '../../src/runtimes/command.js';
import { resolveRuntime, type Runtime } from '../../src/runtimes/runtime.js';
import { runtimeSpec } from '../../src/runtimes/spec.js';
import type { CaseLine } from './conform.js';

const CHILD = fileURLToPath(new URL('./conform.js', import.meta.url));
/** A process that says nothing for so long is ended: its case hangs. */
const SILENT_MS = 60_000;

/** Failures of a policy that are printed. */
const MOST_TOLD = 5;

interface Outcome {
  readonly runtime: string;
  readonly policy: string;
  /** Why it cannot be opened there; null where it can. */
  readonly unavailable: string | null;
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly CaseLine[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { policy: { type: 'string' }, json: { type: 'boolean', default: false } },
});
const policies = values.policy?.split(',') ?? policyNames;
const outcomes: Outcome[] = [];
for (const text of positionals.length > 0 ? positionals : ['current']) {
  const found = await resolveRuntime(runtimeSpec(text), { install: true, say });
  if (!found.ok) {
    say(`${text}: ${found.reason}`);
    process.exitCode = 3;
    continue;
  }
  for (const policy of policies) outcomes.push(await outcomeOf(found.runtime, policy));
}
if (values.json) process.stdout.write(`${JSON.stringify(outcomes, null, 1)}\n`);
else process.stdout.write(render(outcomes));
if (outcomes.some(({ runtime, failed }) => runtime.startsWith('Node') && failed.length > 0)) {
  process.exitCode = 1;
}

async function outcomeOf(runtime: Runtime, policy: string): Promise<Outcome> {
  const title = titleOf(runtime);
  const available = await probeOn(runtime, policy, null);
  const none = { runtime: title, policy, passed: 0, skipped: 0, failed: [] };
  if (!available.ok) return { ...none, unavailable: available.reason };
  say(`${title}, ${policy}: ${cases.length} cases`);
  const lines = new Map<number, CaseLine>();
  for (let first = 0; first < cases.length;) {
    for (const line of await casesFrom(runtime, policy, first)) lines.set(line.at, line);
    first = Math.max(first, ...lines.keys()) + 1;
  }
  const all = [...lines.values()];
  const count = (outcome: CaseLine['outcome']): number =>
    all.filter((line) => line.outcome === outcome).length;
  return {
    ...none,
    unavailable: null,
    passed: count('passed'),
    skipped: count('skipped'),
    failed: all.filter(({ outcome }) => outcome === 'failed'),
  };
}

function casesFrom(runtime: Runtime, policy: string, first: number): Promise<CaseLine[]> {
  const [executable = '', ...flags] = starterOf(runtime);
  return new Promise((resolve, reject) => {
    const child = spawn(executable, [...flags, CHILD, policy, `${first}`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    let timer = setTimeout(() => child.kill('SIGKILL'), SILENT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      clearTimeout(timer);
      timer = setTimeout(() => child.kill('SIGKILL'), SILENT_MS);
    });
    child.once('error', reject);
    child.once('close', () => {
      clearTimeout(timer);
      resolve(said.split('\n').flatMap(lineOf));
    });
  });
}

/** What a case prints itself is no line of ours. */
function lineOf(text: string): CaseLine[] {
  try {
    const line = JSON.parse(text) as Partial<CaseLine>;
    return typeof line.at === 'number' && typeof line.title === 'string' ? [line as CaseLine] : [];
  } catch {
    return [];
  }
}

function render(all: readonly Outcome[]): string {
  const rows = all.map(({ runtime, policy, unavailable, passed, failed, skipped }) =>
    unavailable === null
      ? [runtime, policy, `${passed}`, `${failed.length}`, `${skipped}`]
      : [runtime, policy, 'unavailable', '', ''],
  );
  const reasons = all.flatMap(({ runtime, policy, unavailable }) =>
    unavailable === null ? [] : [`${runtime}, ${policy}: ${unavailable}`],
  );
  const failures = all.flatMap(({ runtime, policy, failed }) => {
    const some = failed
      .slice(0, MOST_TOLD)
      .map(({ title, why }) => `${runtime}, ${policy}: ${title}: ${why}`);
    const more = failed.length - some.length;
    return more === 0 ? some : [...some, `${runtime}, ${policy}: ${more} more; --json has them`];
  });
  const table = plainTable(['runtime', 'policy', 'passed', 'failed', 'not applicable'], rows, 2);
  return `${[table, ...reasons, ...failures].join('\n')}\n`;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
