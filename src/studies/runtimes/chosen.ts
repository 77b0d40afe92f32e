/** The runtimes that are asked for, on the command line and in the configuration, with what each of them is here. */
import type { Project } from '../../catalogue/project.js';
import { resolveRuntime, type Resolved } from '../../runtimes/runtime.js';
import { nodeSpec, runtimeSpec } from '../../runtimes/spec.js';
import { UsageError } from '../../text/usage.js';
import { say } from '../terminal.js';

export interface RuntimeFlags {
  /** Versions of Node. */
  node?: string[];
  runtime?: string[];
  /** What is not on this machine is fetched from the npm registry. */
  install?: boolean;
}

/** The project with its runtimes looked for. One that is not there stays, as a row that says why. */
export async function withRuntimes(project: Project, flags: RuntimeFlags): Promise<Project> {
  const asked = [
    ...(flags.node ?? []).map(nodeSpec),
    ...(flags.runtime ?? project.settings.runtimes ?? []).map(runtimeSpec),
  ].filter(({ spec }) => spec.by !== 'current');
  if (asked.length === 0) {
    if (flags.install === true)
      throw new UsageError('--install is of --node and --runtime: add one');
    return project;
  }
  const found: Resolved[] = [];
  // One after the other: two installations share npm's own cache.
  for (const each of asked) {
    found.push(await resolveRuntime(each, { install: flags.install === true, say }));
  }
  return { ...project, runtimes: toldApart(found) };
}

/** Two of one label are told apart by their whole versions; the same one twice is one. */
function toldApart(found: readonly Resolved[]): Resolved[] {
  const labelled = found.map((each) => {
    const twins = found.filter((other) => labelOf(other) === labelOf(each));
    if (!each.ok || twins.length < 2) return each;
    const { kind, version } = each.runtime;
    return { ...each, runtime: { ...each.runtime, label: `${kind}${version}` } };
  });
  return [...new Map(labelled.map((each) => [labelOf(each), each])).values()];
}

function labelOf(resolved: Resolved): string {
  return resolved.ok ? resolved.runtime.label : resolved.label;
}
