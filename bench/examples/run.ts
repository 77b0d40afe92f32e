/**
 * `npm run example NN [-- --policy P]`: runs one of the examples in this folder and reports what it left behind, which
 * should be nothing. Without a number it lists them.
 */
import { readdir } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { hint } from '../../src/text/hint.js';
import { loadPolicy, policyNames } from '../../src/policies/registry.js';
import type { LoopPolicy } from '../../src/loop/policy.js';
import type { Example, Say } from './example.js';

/** The examples by number, for example `01`. */
export async function loadExamples(): Promise<Map<string, Example>> {
  const files = (await readdir(new URL('./', import.meta.url)))
    .filter((name) => /^\d\d-.*\.js$/.test(name))
    .toSorted();
  const examples = new Map<string, Example>();
  for (const file of files) {
    const module = (await import(new URL(file, import.meta.url).href)) as { example: Example };
    examples.set(file.slice(0, 2), module.example);
  }
  return examples;
}

/**
 * What was closed is gone within two turns of Node's loop (for example a thread's ports); what was not closed never is.
 */
const TURNS_TO_CLOSE = 100;

/** What was left pending, failed or open, one line each. */
export async function runExample(
  example: Example,
  policy: LoopPolicy,
  say: Say,
): Promise<string[]> {
  // Node opens its standard streams when they are first used, and a pool uses them.
  void [process.stdin, process.stdout, process.stderr];
  const before = process.getActiveResourcesInfo();
  const loop = await policy.open();
  const report = await loop
    .run(() => example.main(loop, say))
    .then(
      () => loop.close(),
      async (error: unknown) => {
        await loop.close();
        throw error;
      },
    );
  const open = (): string[] => beyond(process.getActiveResourcesInfo(), before);
  for (let turn = 0; open().length > 0 && turn < TURNS_TO_CLOSE; turn++) await setImmediate();
  return [
    ...report.pending.map(({ name }) => `task ${name} is still pending`),
    ...report.failures.map(({ name, error }) => `${name} failed: ${String(error)}`),
    ...report.abandoned.map((name) => `${name} still runs`),
    ...open().map((what) => `${what} is still open`),
  ];
}

/** The entries of `now` that exceed those of `before`. */
function beyond(now: readonly string[], before: readonly string[]): string[] {
  const left = [...before];
  return now.filter((what) => {
    const at = left.indexOf(what);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { policy: { type: 'string', default: 'queue' } },
  });
  const examples = await loadExamples();
  const [number] = positionals;
  const example = examples.get(number?.padStart(2, '0') ?? '');
  if (example === undefined) {
    for (const [key, { title }] of examples) process.stdout.write(`${key}  ${title}\n`);
    if (number === undefined) return 0;
    process.stderr.write(`there is no example '${number}'\n`);
    return 2;
  }
  const policy = await loadPolicy(values.policy);
  if (policy === undefined) {
    process.stderr.write(`unknown policy '${values.policy}'${hint(values.policy, policyNames)}\n`);
    return 2;
  }
  const found = await policy.probe();
  if (!found.ok || example.suits?.(policy) === false) {
    const why = found.ok ? 'it cannot run this example' : `${found.reason}: ${found.remedy}`;
    process.stderr.write(`policy '${policy.name}': ${why}\n`);
    return 3;
  }
  const left = await runExample(example, policy, (line) => process.stdout.write(`${line}\n`));
  for (const line of left) process.stderr.write(`left behind: ${line}\n`);
  return left.length === 0 ? 0 : 1;
}

if (import.meta.url === `file://${process.argv[1]}`) process.exitCode = await main();
