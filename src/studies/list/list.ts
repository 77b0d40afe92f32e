/** `loopdyno list`: the available policies and workloads. */
import Table from 'cli-table3';
import { loadProject } from '../../catalogue/project.js';
import { cleanText } from '../../text/clean.js';
import { formatParams } from '../../text/format.js';
import { printJson, screen } from '../terminal.js';

export async function list(flags: { json?: boolean; config?: string }): Promise<void> {
  const document = await listDocument(flags.config);
  if (flags.json === true) printJson(document);
  else process.stdout.write(render(document));
}

type Listing = Awaited<ReturnType<typeof listDocument>>;

async function listDocument(config?: string) {
  const { policies, programs, workloads, file } = await loadProject(process.cwd(), config);
  return {
    config: file,
    policies: await Promise.all(
      policies.map(async (policy) => {
        const { name, summary, capabilities } = policy;
        const { ok, ...why } = await policy.probe();
        return { name, summary, capabilities, available: ok, ...why };
      }),
    ),
    programs: await Promise.all(
      programs.map(async ({ name, summary, workloads: does, find }) => {
        const found = await find();
        const why = found.ok ? {} : { reason: found.reason, remedy: found.remedy };
        return { name, summary, workloads: does, available: found.ok, ...why };
      }),
    ),
    workloads: workloads.map(({ name, kind, summary, cases }) => ({ name, kind, summary, cases })),
  };
}

/** The width left for the state beside a summary: borders, padding, and a column that holds `unavailable`. */
const STATE_WIDTH = 13;
const BORDERS = 4;

function render({ policies, programs, workloads }: Listing): string {
  const names = [...policies, ...programs, ...workloads].map(({ name }) => name.length);
  const nameWidth = Math.max(...names) + 2;
  const room = Math.min(screen().width, 120) - nameWidth - STATE_WIDTH - BORDERS;
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colWidths: [nameWidth, STATE_WIDTH, Math.max(24, room)],
    wordWrap: true,
  });
  for (const [title, all] of [
    ['Policies', policies],
    ['Programs', programs],
  ] as const) {
    if (all.length > 0) table.push([{ content: title, colSpan: 3 }]);
    for (const { name, summary, available, ...why } of all) {
      const missing = 'reason' in why ? ` (${String(why.reason)}: ${String(why.remedy)})` : '';
      table.push([
        cleanText(name),
        available ? 'available' : 'unavailable',
        cleanText(summary + missing),
      ]);
    }
  }
  table.push([{ content: 'Workloads', colSpan: 3 }]);
  for (const { name, kind, summary, cases } of workloads) {
    const each = cases.map(formatParams).filter((text) => text !== '');
    const more = each.length === 0 ? '' : ` [${each.join(' | ')}]`;
    table.push([cleanText(name), kind, cleanText(summary + more)]);
  }
  return `${table.toString()}\n`;
}
