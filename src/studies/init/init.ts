/** `loopdyno init`: writes a commented configuration and an example workload that runs. */
import { lstatSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { CONFIG_NAMES } from '../../catalogue/project.js';
import { UsageError } from '../../text/usage.js';

export async function init(flags: { js?: boolean }): Promise<void> {
  const extension = flags.js === true ? 'mjs' : 'ts';
  const files = [
    { name: `loopdyno.config.${extension}`, text: configText(extension) },
    { name: `word-count.workload.${extension}`, text: workloadText(extension === 'ts') },
  ];
  // A second configuration would hide the first one, or be hidden by it.
  for (const name of [...CONFIG_NAMES, ...files.map((each) => each.name)]) requireAbsent(name);
  for (const { name, text } of files) await write(name, text);
  process.stdout.write(
    `Wrote ${files.map(({ name }) => name).join(' and ')}. Now try:\n\n` +
      '  npx loopdyno run --quick --workload word-count\n\n' +
      'and then change the job in the workload to work of your own. Results go to results/, which\n' +
      'belongs into .gitignore.\n',
  );
}

function requireAbsent(name: string): void {
  if (lstatSync(name, { throwIfNoEntry: false }) === undefined) return;
  throw new UsageError(`'${name}' is there already, and is left as it is`);
}

async function write(name: string, text: string): Promise<void> {
  try {
    await writeFile(name, text, { flag: 'wx' });
  } catch (error) {
    throw new UsageError(
      `cannot write '${name}' here (${(error as Error).message}): start loopdyno in a folder of yours`,
    );
  }
}

function configText(extension: string): string {
  return `import { defineConfig, definePolicy, workers } from 'loopdyno';
import { wordCount } from './word-count.workload.${extension === 'ts' ? 'js' : extension}';

export default defineConfig({
  // Workloads of your own, beside those that come with loopdyno (\`npx loopdyno list\`).
  workloads: [wordCount],

  // Policies of your own, or ours with other options; here: half as many threads.
  policies: [
    definePolicy({
      ...workers,
      name: 'workers-1',
      summary: 'one worker thread',
      open: (options) => workers.open({ ...options, threads: 1 }),
    }),
  ],

  // The policy that all ratios refer to.
  // reference: 'microtask',

  // How long a run may take; or so many rounds of each case, however long that takes.
  // budget: '3m',
  // rounds: 8,

  // A contestant that takes longer to answer, or more memory, has failed.
  // deadline: '10s',
  // memoryMiB: 2048,
});
`;
}

function workloadText(types: boolean): string {
  const text = types ? ', text: string' : ', text';
  return `import { defineWorkload, portable } from 'loopdyno';

/**
 * One unit of work. It is found again by the name of its module and its export, so that it can run
 * in a thread too: export it, and give it nothing but data. A generator function may wait for the
 * loop's IO: \`const bytes = yield* loop.io.readFile(path)\`.
 */
export const countWords = portable(import.meta.url, 'countWords', function* (_loop${text}) {
  const counts = new Map();
  for (const word of text.split(' ')) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort().join(' ');
});

const WORDS = 'amber birch copper dune ember fjord grove haze'.split(' ');

export const wordCount = defineWorkload({
  name: 'word-count',
  kind: 'cpu',
  summary: 'count the words of a text',
  job: countWords,
  // The same inputs for every policy; the results are compared.
  inputs: ({ seed }) =>
    Array.from({ length: 16 }, (_, i) =>
      Array.from({ length: 2000 }, (_, k) => WORDS[(seed + i * k) % WORDS.length]).join(' '),
    ),
  concurrency: 4,
});
`;
}
