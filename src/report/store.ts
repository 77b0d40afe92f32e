/**
 * Where results live:
 *
 *   results/
 *     20261123T152900Z-1f3d34c/     results.json, report.md, report.html
 *     20261123T160211Z-4bcf9d9/
 *     latest ─▶ 20261123T160211Z-4bcf9d9
 *
 * The folder is made, and proved to take data, before anything is measured. Files and the link are
 * written beside their place and renamed into it, so that a reader, or a run that is killed here,
 * finds the old one or the new one and never half of one.
 */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Capacity } from '../schema/capacity.js';
import type { Results } from '../schema/results.js';
import { serializeResults } from '../schema/serialize-results.js';
import type { Sweep } from '../schema/sweep.js';
import { renderMarkdown } from './markdown.js';
import { ResultsFolderError } from './results-folder-error.js';
import { renderSweepMarkdown } from './sweep/render.js';

/** About what a standard run writes: an almost full disk is found as well as a full one. */
const PROBE_BYTES = 1 << 20;

export interface RunIdentity {
  startedAt: Date;
  /** Null outside git. */
  commit: string | null;
}

/** Makes a run's folder in `root` (such as `results`) and returns its path. */
export async function createRunFolder(root: string, identity: RunIdentity): Promise<string> {
  try {
    await mkdir(root, { recursive: true });
  } catch (error) {
    throw new ResultsFolderError(root, 'Cannot make the results folder', error);
  }
  const folder = await makeUnique(join(root, folderName(identity)));
  try {
    const probe = join(folder, '.probe');
    // Random, since a file system that compresses would find room for a megabyte of zeros.
    await writeDurably(probe, randomBytes(PROBE_BYTES));
    await rm(probe);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
  return folder;
}

/** Writes `results.json` and the two reports into the run's folder and points `latest` at it. */
export async function saveRun(folder: string, results: Results): Promise<void> {
  try {
    await replaceFile(join(folder, 'results.json'), serializeResults(results));
    await replaceFile(join(folder, 'report.md'), renderMarkdown(results));
    await writeHtml(folder, results);
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
  await pointLatest(folder);
}

/** Writes `capacity.json`. */
export async function saveCapacity(folder: string, capacity: Capacity): Promise<void> {
  try {
    await replaceFile(join(folder, 'capacity.json'), `${JSON.stringify(capacity, null, 2)}\n`);
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
  await pointLatest(folder);
}

async function pointLatest(folder: string): Promise<void> {
  const latest = join(dirname(folder), 'latest');
  try {
    await pointAt(latest, folder);
  } catch (error) {
    const doing = `The results are in ${folder}, but cannot point at them from`;
    throw new ResultsFolderError(latest, doing, error);
  }
}

/** The same for a sweep: `sweep.json` and the reports. */
export async function saveSweep(folder: string, sweep: Sweep): Promise<void> {
  const { renderSweepHtml } = await import('./html/sweep.js');
  try {
    await replaceFile(join(folder, 'sweep.json'), `${JSON.stringify(sweep)}\n`);
    await replaceFile(join(folder, 'report.md'), renderSweepMarkdown(sweep));
    await replaceFile(join(folder, 'report.html'), renderSweepHtml(sweep));
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
  await pointLatest(folder);
}

/** Writes `report.html` into a folder and returns its path. */
export async function writeHtml(folder: string, results: Results): Promise<string> {
  // Loaded here: the plots' library is more than all else that a run loads.
  const { renderHtml } = await import('./html/page.js');
  const path = join(folder, 'report.html');
  await replaceFile(path, renderHtml(results));
  return path;
}

function folderName({ startedAt, commit }: RunIdentity): string {
  const time = startedAt.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
  return `${time}-${commit?.match(/^[0-9a-f]{7,}$/i)?.[0].slice(0, 7) ?? 'nocommit'}`;
}

/** Two runs may start within the same second; the second gets `-2`. */
async function makeUnique(wanted: string): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const folder = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new ResultsFolderError(folder, 'Cannot make the results folder', error);
      }
    }
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = beside(path);
  try {
    await writeDurably(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Some file systems report a full disk only when the data is to reach it. */
async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function pointAt(latest: string, folder: string): Promise<void> {
  const temporary = beside(latest);
  try {
    try {
      await symlink(basename(folder), temporary, 'dir');
    } catch {
      // Windows without the privilege, or a file system that has no links.
      await cp(folder, temporary, { recursive: true });
    }
    await swap(temporary, latest);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A rename replaces a link in one step, but no folder that has something in it. */
async function swap(temporary: string, latest: string): Promise<void> {
  try {
    await rename(temporary, latest);
  } catch {
    const old = beside(latest);
    await rename(latest, old);
    await rename(temporary, latest);
    await rm(old, { recursive: true, force: true });
  }
}

function beside(path: string): string {
  return join(dirname(path), `.${basename(path)}-${randomBytes(6).toString('hex')}`);
}
