/** Which commit to compare with. */
import { commitOf, tryGit } from '../../system/git.js';
import { LoopdynoError, quote } from '../../text/errors.js';

/** The base cannot be found, checked out or built: nothing can be compared. */
export class BaseError extends LoopdynoError {
  /** What the failed command printed, if one did. */
  readonly log: string;

  constructor(message: string, log = '', options?: ErrorOptions) {
    super(message, options);
    this.log = log;
  }
}

export interface Base {
  /** As it was asked for or found, such as `origin/main`. */
  readonly ref: string;
  readonly commit: string;
  /** In a few words, how it was chosen. */
  readonly because: string;
}

/**
 * The commit to compare with: `wanted`, or the one where this branch left the default branch, or,
 * on the default branch itself, the one before.
 */
export async function resolveBase(folder: string, wanted: string | null): Promise<Base> {
  if ((await tryGit(folder, 'rev-parse', '--git-dir')) === null) {
    throw new BaseError(
      `${quote(folder)} is in no git repository, so there is no base to compare with: ` +
        'give --base-dir, the folder of a build to compare with',
    );
  }
  if (wanted !== null) {
    const commit = await commitOf(folder, wanted);
    if (commit !== null) return { ref: wanted, commit, because: 'as asked' };
    throw new BaseError(`git knows no commit ${quote(wanted)} here${await shallowHint(folder)}`);
  }
  const head = await commitOf(folder, 'HEAD');
  if (head === null) {
    throw new BaseError('this repository has no commit yet, so there is no base to compare with');
  }
  for (const ref of await defaultBranches(folder)) {
    const fork = await tryGit(folder, 'merge-base', 'HEAD', ref);
    if (fork !== null && fork !== head) {
      return { ref, commit: fork, because: `where HEAD left ${ref}` };
    }
  }
  const parent = await commitOf(folder, 'HEAD~1');
  if (parent !== null) return { ref: 'HEAD~1', commit: parent, because: 'the commit before HEAD' };
  throw new BaseError(
    `HEAD has no parent here, so there is no base to compare with${await shallowHint(folder)}`,
  );
}

async function defaultBranches(folder: string): Promise<string[]> {
  const remote = await tryGit(folder, 'symbolic-ref', '--short', 'refs/remotes/origin/HEAD');
  const candidates = [remote, 'origin/main', 'origin/master', 'main', 'master'];
  const found: string[] = [];
  for (const ref of candidates) {
    if (ref !== null && (await commitOf(folder, ref)) !== null) found.push(ref);
  }
  return found;
}

async function shallowHint(folder: string): Promise<string> {
  const shallow = (await tryGit(folder, 'rev-parse', '--is-shallow-repository')) === 'true';
  return shallow
    ? ': this is a shallow clone; fetch the history (git fetch --unshallow, or fetch-depth: 0 in a GitHub workflow)'
    : ': name another with --base, or give --base-dir';
}
