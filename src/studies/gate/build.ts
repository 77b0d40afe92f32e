/** A build of a checkout: what is needed to race it. Base and head are two of them. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue, catalogueOf as catalogueOfHere } from '../../catalogue/catalogue.js';
import { loadProject } from '../../catalogue/project.js';
import type { Settings } from '../../config/settings.js';
import { contestantOf, contestantOn, type Contestant } from '../../harness/plan.js';
import type { Resolved } from '../../runtimes/runtime.js';
import { quote } from '../../text/errors.js';
import type { Availability } from '../../loop/policy.js';
import { BaseError } from './base.js';

export interface Build {
  readonly folder: string;
  /** The module that is a contestant's process. */
  readonly entry: URL;
  /** The policies and workloads of this checkout, not of the one that asks. */
  readonly catalogue: Catalogue;
  readonly config: string | null;
  readonly settings: Settings;
}

/** loopdyno's own checkout has its build in `dist`; any other has loopdyno among its packages. */
export async function openBuild(folder: string, config?: string): Promise<Build> {
  const top = resolve(folder);
  if (!existsSync(top)) {
    throw new BaseError(`there is no folder ${quote(top)}: give that of a checkout, built`);
  }
  const dist = join(packageOf(top), 'dist', 'src');
  const catalogue = join(dist, 'catalogue', 'catalogue.js');
  if (!existsSync(catalogue)) {
    throw new BaseError(`${quote(top)} is not built: run npm ci && npm run build there`);
  }
  const project = await loadProject(top, config);
  const { catalogueOf } = (await import(pathToFileURL(catalogue).href)) as {
    catalogueOf: typeof catalogueOfHere;
  };
  return {
    folder: top,
    entry: pathToFileURL(join(dist, 'contestant', 'main.js')),
    catalogue: await catalogueOf(project.config),
    config: project.config,
    settings: project.settings,
  };
}

/** One of the two builds of a policy that are raced. */
export function side(
  name: string,
  { entry, config, catalogue }: Build,
  policy: string,
  runtime: Resolved | null = null,
): Contestant {
  const missing: Availability = { ok: false, reason: 'this build has no such policy', remedy: '' };
  const own = catalogue.policies.find((each) => each.name === policy);
  if (own !== undefined && runtime !== null) {
    return { ...contestantOn(runtime, own, config, { entry }), name };
  }
  const asked = own ?? { name: policy, probe: async () => missing };
  return { ...contestantOf(asked, config, { entry }), name };
}

/** Is this a checkout of loopdyno itself, and no project that uses it? */
export function isLoopdyno(folder: string): boolean {
  const own = join(folder, 'package.json');
  if (!existsSync(own)) return false;
  return (JSON.parse(readFileSync(own, 'utf8')) as { name?: string }).name === 'loopdyno';
}

function packageOf(folder: string): string {
  if (isLoopdyno(folder)) return folder;
  const own = join(folder, 'package.json');
  try {
    return dirname(createRequire(own).resolve('loopdyno/package.json'));
  } catch (error) {
    throw new BaseError(
      `${quote(folder)} has no loopdyno among its packages: install them there`,
      '',
      { cause: error },
    );
  }
}
