/**
 * `npm run bench:micro`: our primitives compared with Node's own. Ratios are medians over fresh processes. The interval
 * reaches from the lowest to the highest of seven, which holds the true median in 98% of cases, whatever the
 * distribution: 1 - 2 × (1/2)^7.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Table from 'cli-table3';
import { formatNumber } from '../../src/text/format.js';
import { median } from '../../src/stats/quantile.js';
import { rows } from './rows.js';

const PROCESSES = 7;
/** The accepted memory per task, in bytes. */
const MEMORY_AIM = 400;

interface Line {
  what: string;
  against: string;
  ratio: { point: number; low: number; high: number };
  /** The largest accepted ratio, or number of bytes; null for none. */
  aim: number | null;
  unit: 'ratio' | 'bytes';
  /** Median ns per operation, for orientation: absolute times prove nothing. */
  oursNs: number | null;
  theirsNs: number | null;
}

const child = fileURLToPath(new URL('./child.js', import.meta.url));
const run = promisify(execFile);

async function measure<T>(...args: string[]): Promise<T> {
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as T;
}

interface Found {
  ratio: number;
  oursNs: number;
  theirsNs: number;
}

async function ratios(): Promise<Line[]> {
  const found: Found[][] = rows.map(() => []);
  // Round by round, so that a slow phase of the machine affects every row a little.
  for (let i = 0; i < PROCESSES; i++) {
    process.stderr.write(`round ${i + 1} of ${PROCESSES}\n`);
    for (const [at, own] of found.entries()) own.push(await measure<Found>(child, String(at)));
  }
  return rows.map(({ what, against, aim }, at) => {
    const own = found[at] ?? [];
    return {
      what,
      against,
      ratio: spread(own.map((one) => one.ratio)),
      aim,
      unit: 'ratio',
      oursNs: median(own.map((one) => one.oursNs)),
      theirsNs: median(own.map((one) => one.theirsNs)),
    };
  });
}

async function memory(): Promise<Line> {
  const found: number[] = [];
  for (let i = 0; i < 3; i++) found.push(await measure<number>('--expose-gc', child, 'memory'));
  return {
    what: 'queue: 1,000,000 pending tasks',
    against: 'memory per task',
    ratio: spread(found),
    aim: MEMORY_AIM,
    unit: 'bytes',
    oursNs: null,
    theirsNs: null,
  };
}

function spread(values: readonly number[]): Line['ratio'] {
  return { point: median(values), low: Math.min(...values), high: Math.max(...values) };
}

function render(lines: readonly Line[]): string {
  const table = new Table({
    head: ['what', 'against', 'ratio', 'lowest–highest', 'aim', 'ours', 'theirs'],
    style: { head: [], border: [] },
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right'],
  });
  for (const { what, against, ratio, aim, unit, oursNs, theirsNs } of lines) {
    const show = (value: number): string =>
      unit === 'bytes' ? `${formatNumber(value)} B` : `${value.toFixed(2)}×`;
    const ns = (value: number | null): string =>
      value === null ? '' : `${formatNumber(value)} ns`;
    const { point, low, high } = ratio;
    const aimed = aim === null ? '' : `≤ ${show(aim)}${point <= aim ? '' : ' (missed)'}`;
    const interval = `${show(low)}–${show(high)}`;
    table.push([what, against, show(point), interval, aimed, ns(oursNs), ns(theirsNs)]);
  }
  return table.toString();
}

const lines = [...(await ratios()), await memory()];
if (process.argv.includes('--json')) console.log(JSON.stringify({ rows: lines }, null, 2));
else console.log(render(lines));
