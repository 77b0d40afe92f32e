/**
 * `npm run pool:settlement [-- --json | --write]`: what happens to a submitted job when something goes wrong, in our
 * pools and in others. Each trial has a process of its own and a time limit, so that a promise which never settles is a
 * result, and does not hang the command.
 */
import { fork } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { pools } from './pools.js';
import type { Word } from './trial.js';
import { trials } from './trials.js';

/** The time limit for each step of a trial (settling, then working), in ms. */
const BOUND_MS = 6000;
const AT_ONCE = 2;
const names = Object.keys(pools);
const PAGE = new URL('../../../../docs/settlement.md', import.meta.url);
const MARKS = ['<!-- measured: npm run pool:settlement -- --write -->', '<!-- end -->'] as const;

type Verdict =
  'settles' | 'never settles' | 'gives a result' | 'then hangs' | 'then fails' | 'host dies';

interface Finding {
  readonly trial: string;
  readonly pool: string;
  readonly verdict: Verdict;
  readonly outcomes: readonly string[];
}

const { values: args } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

const program = fileURLToPath(new URL('./trial.js', import.meta.url));

function judge(at: number, pool: string): Promise<Finding> {
  return new Promise((resolve) => {
    const child = fork(program, [pool, String(at)], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let outcomes: readonly string[] = [];
    let late: Verdict = 'never settles';
    let atExit: Verdict = 'host dies';
    let timer: NodeJS.Timeout;
    const end = (verdict: Verdict): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      child.kill('SIGKILL');
      resolve({ trial: trials[at]?.what ?? '', pool, verdict, outcomes });
    };
    const bound = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => end(late), trials[at]?.boundMs ?? BOUND_MS);
    };
    bound();
    child.on('message', (word: Word) => {
      if ('works' in word) return end(word.works ? 'settles' : 'then fails');
      ({ settled: outcomes } = word);
      if (!word.asExpected) return end('gives a result');
      late = 'then hangs';
      atExit = 'settles'; // nothing more was to be tried
      bound();
    });
    child.on('exit', (code) => end(code === 0 ? atExit : 'host dies'));
  });
}

async function judgeAll(): Promise<Finding[]> {
  const all = trials.flatMap(({ only = names }, at) => only.map((pool) => ({ at, pool })));
  const findings: Finding[] = new Array(all.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < all.length; i = next++) {
      const { at, pool } = all[i] as { at: number; pool: string };
      process.stderr.write(`${i + 1} of ${all.length}: ${pool}, ${trials[at]?.what}\n`);
      findings[i] = await judge(at, pool);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return findings;
}

function rows(findings: readonly Finding[]): string[][] {
  const verdict = (trial: string, pool: string): string =>
    findings.find((one) => one.trial === trial && one.pool === pool)?.verdict ?? '–';
  const lines = trials.map(({ what }) => [what, ...names.map((pool) => verdict(what, pool))]);
  const settled = names.map((pool) => {
    const own = findings.filter((one) => one.pool === pool);
    return `${own.filter((one) => one.verdict === 'settles').length} of ${own.length}`;
  });
  return [...lines, ['settles', ...settled]];
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const found: Record<string, string> = { node: process.versions.node };
  for (const name of ['piscina', 'tinypool', 'poolifier', 'workerpool']) {
    const file = new RegExp(`^(.*/node_modules/${name}/)`).exec(require.resolve(name))?.[1];
    found[name] = (require(`${file}package.json`) as { version: string }).version;
  }
  return found;
}

function markdown(findings: readonly Finding[]): string {
  const table = [
    ['what goes wrong', ...names],
    ...rows(findings).map((row) => row.map((cell) => cell.replace(/^settles$/, '✓'))),
  ];
  // The same layout as the formatter gives tables.
  const widths = table[0]?.map((_, at) => Math.max(3, ...table.map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths?.[at] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...body] = table.map((row) => line(row));
  const rule = line(['', ...names.map(() => '')], '-');
  const said = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
  const title = `Measured with ${said.join(', ')}; the bound was ${BOUND_MS / 1000} s, and 60 to 90 s for 10,000 jobs.`;
  return [title, '', head, rule, ...body].join('\n');
}

const findings = await judgeAll();
if (args.json) console.log(JSON.stringify({ versions: versions(), findings }, null, 2));
else {
  const table = new Table({ head: ['what goes wrong', ...names], style: { head: [], border: [] } });
  table.push(...rows(findings));
  console.log(table.toString());
}
if (args.write) {
  const page = await readFile(PAGE, 'utf8');
  const [before, after] = [page.split(MARKS[0])[0], page.split(MARKS[1])[1]];
  await writeFile(PAGE, `${before}${MARKS[0]}\n\n${markdown(findings)}\n\n${MARKS[1]}${after}`);
}
process.exitCode = findings.every(
  ({ pool, verdict }) => !['workers', 'processes'].includes(pool) || verdict === 'settles',
)
  ? 0
  : 1;
