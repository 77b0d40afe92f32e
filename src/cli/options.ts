/** Options that several commands share, and how their values are parsed. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import { REPORTERS } from '../studies/reporters.js';
import { durationMs } from '../text/duration.js';
import { hint } from '../text/hint.js';
import { ARRIVALS } from '../workload/open-loop.js';
import { KINDS } from '../workload/workload.js';

/** Accepts both `a,b` and `a --x b`. */
export function list(value: string, before: readonly string[] | undefined): string[] {
  const names = value.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  if (given.length === 0) throw new InvalidArgumentError('it takes at least one name');
  return [...(before ?? []), ...given];
}

export const options = {
  policy: () =>
    new Option('--policy <name...>', 'only these policies; several with commas').argParser(list),
  workload: () => new Option('--workload <name...>', 'only these workloads').argParser(list),
  kind: () =>
    new Option('--kind <kind...>', `only workloads of these kinds: ${KINDS.join(', ')}`).argParser(
      oneOf('kind', KINDS),
    ),
  budget: (usual = '5m') =>
    new Option('--budget <time>', `how long it may take, such as 90s or 10m (default ${usual})`)
      .argParser(duration)
      .conflicts('rounds'),
  precision: () =>
    new Option(
      '--precision <share>',
      'a case gets no more rounds once its ratios are known to within this (default 5%; 0 spends the whole budget)',
    )
      .argParser(share)
      .conflicts('rounds'),
  rounds: () =>
    new Option(
      '--rounds <number>',
      'so many rounds of every case, however long it takes',
    ).argParser(wholeNumber(1)),
  quick: () => new Option('--quick', 'a first answer within 30 seconds, one case of each kind'),
  all: () =>
    new Option('--all', 'every case of every workload, not only the standard ones').conflicts([
      'quick',
      'workload',
    ]),
  seed: () =>
    new Option('--seed <number>', 'of the inputs and of the order of turns (default 1)').argParser(
      wholeNumber(0),
    ),
  warmUp: () =>
    new Option(
      '--warm-up <time>',
      'the least warm-up, such as 5s (default: 3s in a first round and 2s later, with IO 4s and 3s, and until there is evidence of a steady state, at most 4s and 6s)',
    ).argParser(duration),
  node: () =>
    new Option(
      '--node <version...>',
      'also on these versions of Node, such as 22,24,26; a path is one, too',
    ).argParser(list),
  runtime: () =>
    new Option('--runtime <name...>', 'also on these: bun, deno, node@22, a path').argParser(list),
  install: () => new Option('--install', 'fetch what is not on this machine from the npm registry'),
  reporter: () =>
    new Option(
      '--reporter <name...>',
      `what to print: ${REPORTERS.join(', ')} (default console)`,
    ).argParser(oneOf('reporter', REPORTERS)),
  json: () => new Option('--json', 'JSON on stdout and nothing else there'),
  shard: () =>
    new Option(
      '--shard <i/n>',
      'a share of the cases, such as 2/5; auto takes it from a Kubernetes or Buildkite job (auto/5 says how many)',
    ),
  dryRun: () => new Option('--dry-run', 'print what would be measured, and how long it would take'),
  require: () =>
    new Option(
      '--require <policy...>',
      'do not measure at all where these are not available',
    ).argParser(list),
  rate: () =>
    new Option(
      '--rate <jobs/s>',
      'an open loop: so many jobs arrive a second, whatever became of those before',
    ).argParser(positive),
  arrivals: () =>
    new Option('--arrivals <kind>', 'how they arrive (default poisson)').choices(ARRIVALS),
  set: () =>
    new Option(
      '--set <name=value...>',
      "other values of the workload's numbers, such as concurrency=16",
    ).argParser(list),
  nodeFlags: () =>
    new Option(
      '--node-flags <flags>',
      "Node's flags for the contestants, such as '--max-semi-space-size=32'",
    ),
  env: () => new Option('--env <name=value...>', 'environment of the contestants, beside this one'),
  config: () =>
    new Option('--config <file>', 'the configuration (default loopdyno.config.ts or .js)'),
  results: () => new Option('--results <folder>', 'where results go (default results)'),
};

/** The end of a help text. */
export function examples(...lines: readonly string[]): string {
  return ['', 'Examples:', ...lines.map((line) => `  npx loopdyno ${line}`)].join('\n');
}

/** Adds the options for measuring; `usualBudget` is the default that the help text shows for `--budget`. */
export function withMeasureOptions(command: Command, usualBudget?: string): Command {
  return command
    .addOption(options.node())
    .addOption(options.runtime())
    .addOption(options.install())
    .addOption(options.set())
    .addOption(options.policy())
    .addOption(options.budget(usualBudget))
    .addOption(options.seed())
    .addOption(options.json())
    .addOption(options.config())
    .addOption(options.results());
}

export function oneOf(what: string, allowed: readonly string[]) {
  return (value: string, before: readonly string[] | undefined): string[] => {
    const names = list(value, before);
    const unknown = names.find((name) => !allowed.includes(name));
    if (unknown === undefined) return names;
    throw new InvalidArgumentError(`unknown ${what} '${unknown}'${hint(unknown, allowed)}`);
  };
}

export function wholeNumber(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new InvalidArgumentError(`it takes a whole number from ${least}`);
  };
}

export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('it takes a number above 0');
}

/** Parses a duration, in ms. */
export function duration(text: string): number {
  const ms = durationMs(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError('it takes a time such as 90s or 3m');
}

/** Parses `3%` or `0.03`. */
export function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 10) return value;
  throw new InvalidArgumentError('it takes a share of time such as 3% or 0.03');
}

export function inputOption(): Option {
  const what =
    'of a function: its argument; several are taken in turn (default: `inputs` of its file)';
  return new Option('--input <file.json>', what).argParser(list);
}

export function spreadOption(): Option {
  return new Option('--spread', 'of a function: an input is the list of its arguments');
}
