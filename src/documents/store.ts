/**
 * Where results live:
 *
 *   results/
 *     20261123T152900Z-1f3d34c/     results.json, report.md, report.html
 *     20261123T160211Z-4bcf9d9/
 *     latest ─▶ 20261123T160211Z-4bcf9d9
 *
 * The folder is made, and checked to be writable, before anything is measured. Files and the link are written beside
 * their target and renamed into place, so that a reader, or a run that is killed here, finds the old one or the new one
 * and never half of one.
 */
import { LoopdynoError } from '../text/errors.js';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, open, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** About the size that a standard run writes: this detects an almost full disk as well as a full one. */
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
    await prove(folder);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
  return folder;
}

/** Opens a folder that may exist already, for example `results/gate`: makes it, and checks that it is writable. */
export async function openFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot make the results folder', error);
  }
  try {
    await prove(folder);
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
}

/** The files that a study writes to its folder: text by file name. */
export type Files = Readonly<Record<string, string>>;

export async function saveFiles(folder: string, files: Files): Promise<void> {
  try {
    for (const [name, text] of Object.entries(files)) await replaceFile(join(folder, name), text);
  } catch (error) {
    throw new ResultsFolderError(folder, 'Cannot write results to', error);
  }
}

/** Points `latest`, next to the folder, to the folder. */
export async function pointLatest(folder: string): Promise<void> {
  const latest = join(dirname(folder), 'latest');
  try {
    await pointAt(latest, folder);
  } catch (error) {
    const doing = `The results are in ${folder}, but cannot point at them from`;
    throw new ResultsFolderError(latest, doing, error);
  }
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

/** Writes as much as a run does, and removes it again. */
async function prove(folder: string): Promise<void> {
  const probe = beside(join(folder, 'probe'));
  try {
    // Random, since a file system that compresses would find room for a megabyte of zeros.
    await writeDurably(probe, randomBytes(PROBE_BYTES));
  } finally {
    await rm(probe, { force: true });
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

/** Syncs the file, since some file systems report a full disk only when the data reaches it. */
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
      // For Windows without the privilege to make links, or a file system without links.
      await cp(folder, temporary, { recursive: true });
    }
    await swap(temporary, latest);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** A rename replaces a link in one step, but not a folder with content. */
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

/** The folder for results cannot be written to. */
export class ResultsFolderError extends LoopdynoError {
  readonly path: string;

  constructor(path: string, doing: string, cause: unknown) {
    const { code, message } = cause as NodeJS.ErrnoException;
    super(`${doing} '${path}': ${problems[code ?? ''] ?? message}. ${remedyOf(code)}`, {
      cause,
    });
    this.path = path;
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EACCES: 'permission denied (EACCES)',
  EPERM: 'permission denied (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOTDIR: 'part of the path is a file, not a folder (ENOTDIR)',
  EEXIST: 'something that is no folder has that name (EEXIST)',
};

function remedyOf(code: string | undefined): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Free some space, or start loopdyno in a folder on another disk';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'Move that file away, or start loopdyno in another folder';
    default:
      return 'Make the folder writable for this user, or start loopdyno in another folder';
  }
}
