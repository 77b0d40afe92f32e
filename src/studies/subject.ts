/**
 * What a command measures: a workload by name, or a file that exports some, `./my-workload.ts`. `./my-workload.ts#name`
 * is one of them.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogueWith } from '../catalogue/catalogue.js';
import { loadProject, type Project } from '../catalogue/project.js';
import { workloadFileConfig, workloadsIn } from '../catalogue/workload-file.js';
import { checkConfig } from '../config/check.js';
import { compileConfig, isTypeScript } from '../config/compile.js';
import { loadConfig } from '../config/load.js';
import { UsageError, named } from '../text/usage.js';

export interface Subject {
  readonly project: Project;
  /** The names of the workloads that are meant. */
  readonly workloads: readonly string[];
}

export function isFile(text: string): boolean {
  return /[/\\]|\.[cm]?[jt]s(?:#|$)/.test(text);
}

/** The file in what was asked for, and the name of one workload. */
export function fileOf(asked: string): { path: string; file: string; name: string | undefined } {
  const [path = '', name] = asked.split('#', 2);
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`there is no file '${path}'`);
  return { path, file, name };
}

export async function subjectOf(asked: string, flags: { config?: string }): Promise<Subject> {
  const project = await loadProject(process.cwd(), flags.config);
  if (!isFile(asked)) {
    return { project, workloads: [named(project.workloads, 'workload', asked).name] };
  }
  const { path, file, name } = fileOf(asked);
  const module = isTypeScript(file) ? await compileConfig(file) : pathToFileURL(file);
  const url = workloadFileConfig(module.href, project.config);
  const config = await loadConfig(file, url);
  checkConfig(file, config);
  const exported = await workloadsIn(module.href);
  if (exported.length === 0) {
    throw new UsageError(
      `'${path}' exports no workload: export what defineWorkload() gives, under a name of its own`,
    );
  }
  const meant = name === undefined ? exported : [named(exported, 'workload', name)];
  const catalogue = await catalogueWith(config);
  return {
    project: { ...project, ...catalogue, config: url },
    workloads: meant.map((each) => each.name),
  };
}

/** For a command that measures one workload at a time. */
export async function oneSubject(
  asked: string,
  flags: { config?: string },
): Promise<{ project: Project; workload: string }> {
  const { project, workloads } = await subjectOf(asked, flags);
  const [only] = workloads;
  if (only !== undefined && workloads.length === 1) return { project, workload: only };
  throw new UsageError(
    `'${asked}' exports several workloads: name one, such as ${asked}#${only ?? ''} (there are ${workloads.join(', ')})`,
  );
}
