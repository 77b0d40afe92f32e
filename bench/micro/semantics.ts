/**
 * `npm run semantics [-- --json | --write]`: measures the order in which the host's queues and a loop's own are served.
 * Each probe schedules all six from one place and records the order in which they run. It is repeated in fresh
 * processes, with the six scheduled forwards and backwards, from a quick step and from a step of 2 ms, after which
 * every timer of 0 ms is due.
 */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { policies, virtual, type Coroutine, type Loop, type LoopPolicy } from '../../src/index.js';

const PAGE = new URL('../../../docs/semantics.md', import.meta.url);
const MARKS = ['<!-- measured: npm run semantics -- --write -->', '<!-- end -->'] as const;
const PLACES = ['callback', 'step'] as const;
const KINDS = [
  'promise',
  'nextTick',
  'callSoon',
  'callLater(0)',
  'setTimeout(0)',
  'setImmediate',
] as const;

type Place = (typeof PLACES)[number];
type Kind = (typeof KINDS)[number];
interface Probe {
  place: Place;
  backwards: boolean;
  order: Kind[];
}
/** One cell. `how` joins the kinds of a group in which no kind always runs first. */
interface Row {
  policy: string;
  place: Place;
  groups: { kinds: Kind[]; how: 'as scheduled' | 'varies' }[];
}

const known: readonly LoopPolicy[] = [...policies, virtual];

function schedule(loop: Loop, kind: Kind, ran: () => void): void {
  if (kind === 'promise') void Promise.resolve().then(ran);
  else if (kind === 'nextTick') process.nextTick(ran);
  else if (kind === 'callSoon') loop.callSoon(ran);
  else if (kind === 'callLater(0)') loop.callLater(0, ran);
  else if (kind === 'setTimeout(0)') setTimeout(ran, 0);
  else setImmediate(ran);
}

function* probe(loop: Loop, place: Place, backwards: boolean, slow: boolean): Coroutine<Probe> {
  const order: Kind[] = [];
  const all = loop.future<void>();
  const work = (): void => {
    for (const kind of backwards ? KINDS.toReversed() : KINDS) {
      schedule(loop, kind, () => {
        if (order.push(kind) === KINDS.length) all.setResult();
      });
    }
    for (const end = performance.now() + 2; slow && performance.now() < end;) continue;
  };
  if (place === 'callback') loop.callSoon(work);
  else work();
  yield* all;
  return { place, backwards, order };
}

async function probes(policy: LoopPolicy): Promise<Probe[]> {
  await using loop = await policy.open();
  return await loop.run(function* () {
    const found: Probe[] = [];
    for (const place of PLACES)
      for (const backwards of [false, true])
        for (const slow of [false, true]) {
          yield* loop.io.sleep(1);
          found.push(yield* probe(loop, place, backwards, slow));
        }
    return found;
  });
}

function rowOf(policy: string, place: Place, found: readonly Probe[]): Row {
  const at = (kind: Kind, { order }: Probe): number => order.indexOf(kind);
  const before = (a: Kind, b: Kind) => (one: Probe) => at(a, one) < at(b, one);
  const asScheduled = (a: Kind, b: Kind) => (one: Probe) => before(a, b)(one) !== one.backwards;
  const mean = (kind: Kind): number => found.reduce((sum, one) => sum + at(kind, one), 0);
  const groups: Kind[][] = [];
  for (const kind of KINDS.toSorted((a, b) => mean(a) - mean(b))) {
    const mixed = groups.findIndex((group) => !group.every((a) => found.every(before(a, kind))));
    if (mixed === -1) groups.push([kind]);
    else groups.push([...groups.splice(mixed).flat(), kind]);
  }
  return {
    policy,
    place,
    groups: groups.map((group) => {
      const kinds = KINDS.filter((kind) => group.includes(kind));
      const fifo = kinds.every((b, i) =>
        kinds.slice(0, i).every((a) => found.every(asScheduled(a, b))),
      );
      return { kinds, how: fifo ? 'as scheduled' : 'varies' };
    }),
  };
}

async function measure(times: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const policy of known) {
    if (!(await policy.probe()).ok) continue;
    const { name } = policy;
    const found: Probe[] = [];
    for (let i = 0; i < times; i++) {
      const args = [fileURLToPath(import.meta.url), '--probe', name];
      const { stdout } = await promisify(execFile)(process.execPath, args);
      found.push(...(JSON.parse(stdout) as Probe[]));
    }
    for (const place of PLACES) {
      rows.push(
        rowOf(
          name,
          place,
          found.filter((one) => one.place === place),
        ),
      );
    }
  }
  return rows;
}

const SIGN = { 'as scheduled': ' = ', varies: ' ~ ' };

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ policy, place, groups }) => [
    `\`${policy}\``,
    place === 'step' ? "a task's step" : 'a callback',
    groups.map(({ kinds, how }) => kinds.join(SIGN[how])).join(' → '),
  ]);
  const all = [['policy', 'from', 'order'], ...lines];
  const widths = [0, 1, 2].map((i) => Math.max(...all.map((line) => line[i]?.length ?? 0)));
  const text = all.map((line) => line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | '));
  text.splice(1, 0, widths.map((width) => '-'.repeat(width)).join(' | '));
  return text.map((line) => `| ${line} |`).join('\n');
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    times: { type: 'string', default: '20' },
    probe: { type: 'string' },
  },
});
if (values.probe === undefined) {
  const rows = await measure(Number(values.times));
  if (values.write) {
    const page = await readFile(PAGE, 'utf8');
    const [begin, end] = MARKS.map((mark) => page.indexOf(mark)) as [number, number];
    const head = page.slice(0, begin + MARKS[0].length);
    await writeFile(PAGE, `${head}\n\n${table(rows)}\n\n${page.slice(end)}`);
  }
  console.log(values.json ? JSON.stringify({ node: process.version, rows }, null, 2) : table(rows));
} else {
  const policy = known.find(({ name }) => name === values.probe);
  if (policy !== undefined) console.log(JSON.stringify(await probes(policy)));
}
