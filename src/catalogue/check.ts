/** Checks a project's configuration against loopdyno's own names. A ConfigError names the first conflict. */
import { ConfigError } from '../config/errors.js';
import type { Settings } from '../config/settings.js';
import { hint } from '../text/hint.js';
import type { Catalogue } from './catalogue.js';

/** Checks what can only be seen together with loopdyno's own policies and workloads. */
export function checkCatalogue(file: string, all: Catalogue, { reference }: Settings): void {
  const contestants = [...all.policies, ...all.programs];
  checkUnique(file, 'policy', contestants);
  checkUnique(file, 'workload', all.workloads);
  const workloads = all.workloads.map((workload) => workload.name);
  for (const program of all.programs) {
    const unknown = program.workloads.find((each) => !workloads.includes(each));
    if (unknown === undefined) continue;
    throw new ConfigError(
      file,
      `program '${program.name}' names an unknown workload '${unknown}'${hint(unknown, workloads)}`,
    );
  }
  const names = contestants.map((each) => each.name);
  if (reference === undefined || names.includes(reference)) return;
  throw new ConfigError(
    file,
    `reference is an unknown policy '${reference}'${hint(reference, names)}`,
  );
}

function checkUnique(file: string, what: string, all: readonly { name: string }[]): void {
  const seen = new Set<string>();
  for (const { name: each } of all) {
    if (seen.has(each)) {
      throw new ConfigError(
        file,
        `there is a ${what} '${each}' already: give this one another name`,
      );
    }
    seen.add(each);
  }
}
