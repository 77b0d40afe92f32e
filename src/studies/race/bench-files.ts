/**
 * Bench files as they are, `./bench/*.bench.ts`, written for tinybench, vitest, mitata or node:bench. Each file is bundled
 * with a stand-in for its tool, which notes its benchmarks and runs none (`src/benches/`); every benchmark is then a case.
 *
 *   bench/parse.bench.ts ─┐  esbuild   results/.cache/race-<random>/bench-0-0.mjs     side 0, file 0
 *   src/benches/vitest.js ┘ ─────────▶                             /config-0-0.mjs    its benchmarks as workloads
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, Plugin } from 'esbuild';
import type { Listed } from '../../benches/list.js';
import { BenchFileError, benchesOf } from '../../catalogue/bench-file.js';
import { importModule } from '../../config/import.js';
import { ROUND, sameWarmUp, type Contestant, type PlannedCase } from '../../harness/plan.js';
import { UsageError } from '../../text/usage.js';
import { callsFor } from './calls.js';
import { lookedAt } from './look.js';
import { nodeContestant, unavailable } from './contestants.js';
import { caseNamed, type Prepared, type Preparing } from './prepared.js';
import type { Side } from './sides.js';

export interface BenchSubject {
  readonly kind: 'benches';
  readonly name: string;
  /** Relative to this folder. */
  readonly files: readonly string[];
}

const HELPER = new URL('../../catalogue/bench-file.js', import.meta.url).href;

/** The packages that are replaced. */
const TOOLS: Readonly<Record<string, URL>> = Object.fromEntries(
  ['tinybench', 'vitest', 'mitata', 'node:bench'].map((tool) => [
    tool,
    new URL(`../../benches/${tool.replace(':', '-')}.js`, import.meta.url),
  ]),
);

export function isBenchFile(asked: string): boolean {
  return /[*?]/.test(asked) || /\.bench\.[cm]?[jt]s$/.test(asked);
}

export function benchSubject(asked: string): BenchSubject {
  const files = /[*?]/.test(asked) ? matching(asked) : [asked];
  const [first] = files;
  if (first === undefined || !existsSync(first))
    throw new UsageError(`there is no file '${asked}'`);
  return { kind: 'benches', name: asked, files };
}

/** `*` and `?` within a name, `**` for any folders. */
function matching(pattern: string): string[] {
  const plain = pattern.replace(/^\.\//, '');
  const source = plain.replaceAll(/\*\*\/|\*|\?|[.+^${}()|[\]\\]/g, (sign) => {
    return { '**/': '(?:.*/)?', '*': '[^/]*', '?': '[^/]' }[sign] ?? `\\${sign}`;
  });
  const folder = dirname(plain.split(/[*?]/, 1)[0] + 'x');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((name) => new RegExp(`^${source}$`).test(name) && !name.includes('node_modules/'))
    .toSorted();
}

/** A pair of processes for every benchmark: they are warmed up as the gate's are. */
const ROUND_OF_BENCHES = sameWarmUp(
  { windowMs: 40, learnMs: 1200, leastMs: 700, mostMs: 2000 },
  { ...ROUND, countMs: 0 },
);

export async function prepareBenches(
  { files }: BenchSubject,
  { sides, scratch }: Preparing,
): Promise<Prepared> {
  const planned: PlannedCase[] = [];
  for (const [nth, file] of files.entries()) {
    const bundles: Bundle[] = [];
    for (const [at, side] of sides.entries()) {
      bundles.push(await bundleOf(file, side, basename(scratch), `${at}-${nth}`));
    }
    planned.push(...(await casesOfFile(file, sides, bundles)));
  }
  return {
    planned,
    round: ROUND_OF_BENCHES,
    unit: 'calls',
    ignored: ['what they return'],
    difference: () => null,
  };
}

type Bundle =
  | { readonly ok: true; readonly file: string; readonly config: string }
  | { readonly ok: false; readonly reason: string };

async function casesOfFile(
  file: string,
  sides: readonly Side[],
  bundles: readonly Bundle[],
): Promise<PlannedCase[]> {
  const [reference] = bundles;
  const benches = reference?.ok === true ? await listedIn(reference.file) : [];
  const prefix = `${file} > `;
  const calls = Object.fromEntries((benches ?? []).map((each) => [each.name, callsOf(each)]));
  const contestants: Contestant[] = [];
  for (const [at, side] of sides.entries()) {
    const bundle = bundles[at] as Bundle;
    const reason = !bundle.ok ? bundle.reason : benches?.length === 0 ? NO_BENCHMARK : null;
    if (bundle.ok) await writeFile(bundle.config, configModule(bundle, prefix, calls));
    contestants.push(
      !bundle.ok || reason !== null
        ? unavailable(side, reason ?? '', 'mend the file, or race others')
        : await nodeContestant(side, bundle.config),
    );
  }
  // A file that throws when it is loaded does so in its contestants, too: they have failed.
  if (benches === null || benches.length === 0) return [{ ...caseNamed(file, 'cpu'), contestants }];
  return benches.map(({ name, cannot, operations }) => ({
    ...caseNamed(prefix + name, 'cpu'),
    params: {
      ...((calls[name] ?? 1) !== 1 && { calls: calls[name] as number }),
      ...(operations !== 1 && { operations }),
    },
    contestants:
      cannot === null
        ? contestants
        : sides.map((side) =>
            unavailable(side, `it has ${cannot}, which cannot be carried over`, 'race the others'),
          ),
  }));
}

const NO_BENCHMARK = `it has no benchmark of ${Object.keys(TOOLS).join(', ')}`;

/** The benchmarks of the reference, by a look at its bundle in this process; null if it throws when it is loaded. */
async function listedIn(bundle: string): Promise<readonly Listed[] | null> {
  try {
    return await lookedAt(() => benchesOf(() => importModule(pathToFileURL(bundle).href)));
  } catch {
    return null;
  }
}

/** One that fails says so in its contestants, too. */
function callsOf({ run, before, cannot }: Listed): number {
  if (cannot !== null || before.length > 0) return 1;
  try {
    return callsFor(() => {
      const made = run();
      if (made instanceof Promise) made.catch(() => {});
      return made;
    });
  } catch {
    return 1;
  }
}

function configModule(
  { file }: { file: string },
  prefix: string,
  calls: Record<string, number>,
): string {
  return [
    `import { benchConfig } from ${JSON.stringify(HELPER)};`,
    `const load = () => import('./${basename(file)}');`,
    `export default await benchConfig({ load, ...${JSON.stringify({ prefix, calls })} });`,
    '',
  ].join('\n');
}

async function bundleOf(file: string, { tree }: Side, folder: string, id: string): Promise<Bundle> {
  if (!tree.ok) return tree;
  const own = join(tree.folder, relative(process.cwd(), file));
  if (!existsSync(own)) return { ok: false, reason: `this tree has no '${file}'` };
  const place = join(tree.folder, 'results', '.cache', folder);
  await mkdir(place, { recursive: true });
  const bundle = join(place, `bench-${id}.mjs`);
  try {
    await bundled(own, bundle);
  } catch (error) {
    if (!(error instanceof BenchFileError)) throw error;
    return { ok: false, reason: error.message };
  }
  return { ok: true, file: bundle, config: join(place, `config-${id}.mjs`) };
}

/** Installed packages stay outside, but for the tools. */
async function bundled(entry: string, outfile: string): Promise<void> {
  const { build } = await import('esbuild');
  const standIn: Plugin = {
    name: 'stand-in',
    setup(plugin) {
      plugin.onResolve({ filter: /^(tinybench|vitest|mitata|node:bench)$/ }, ({ path }) => ({
        path: fileURLToPath(TOOLS[path] as URL),
      }));
    },
  };
  const isCommonJs = entry.endsWith('.cjs');
  try {
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      target: `node${process.versions.node}`,
      logLevel: 'silent',
      plugins: [standIn],
      // For files that have `describe` and `bench` as globals.
      inject: [fileURLToPath(TOOLS['vitest'] as URL)],
      banner: {
        js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(${JSON.stringify(pathToFileURL(entry).href)});`,
      },
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(entry).href),
        'import.meta.dirname': JSON.stringify(dirname(entry)),
        'import.meta.filename': JSON.stringify(entry),
        ...(isCommonJs && {
          __dirname: JSON.stringify(dirname(entry)),
          __filename: JSON.stringify(entry),
        }),
      },
    });
  } catch (cause) {
    const [first] = (cause as Partial<BuildFailure>).errors ?? [];
    throw new BenchFileError(`it cannot be bundled: ${first?.text ?? String(cause)}`, { cause });
  }
}
