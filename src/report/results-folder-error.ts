import { LoopdynoError } from '../loop/errors.js';

/** The place for results cannot be written to. */
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
