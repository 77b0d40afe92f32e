/** Which commit to compare with. */
import { askGit, commitOf, GitError, tryGit } from '../../system/git.js';
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
  await askGit(folder, ['rev-parse', '--show-toplevel']).catch((error: unknown) => {
    throw error instanceof GitError ? refusal(folder, error) : error;
  });
  if (wanted !== null) {
    const commit = await commitOf(folder, wanted);
    if (commit !== null) return { ref: wanted, commit, because: 'as asked' };
    const near = `origin/${wanted}`;
    const known = (await commitOf(folder, near)) !== null;
    const hint = known ? `: did you mean ${quote(near)}?` : await shallowHint(folder);
    throw new BaseError(`git knows no commit ${quote(wanted)} here${hint}`);
  }
  const head = await commitOf(folder, 'HEAD');
  if (head === null) {
    throw new BaseError('this repository has no commit yet, so there is no base to compare with');
  }
  for (const ref of await defaultBranches(folder)) {
    const fork = await tryGit(folder, 'merge-base', 'HEAD', ref);
    if (fork === null && (await isShallow(folder))) {
      throw new BaseError(`git cannot see where HEAD left ${ref}${await shallowHint(folder)}`);
    }
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

async function isShallow(folder: string): Promise<boolean> {
  return (await tryGit(folder, 'rev-parse', '--is-shallow-repository')) === 'true';
}

async function shallowHint(folder: string): Promise<string> {
  return (await isShallow(folder))
    ? ': this is a shallow clone; fetch the history (git fetch --unshallow, or fetch-depth: 0 in a GitHub workflow)'
    : ': name another with --base, or give --base-dir';
}

const OTHERWISE = 'give --base-dir, the folder of a build to compare with';

/** Why git says nothing of this folder, and what to do. */
function refusal(folder: string, error: GitError): BaseError {
  const { message, said, absent } = error;
  const failed = (text: string): BaseError =>
    new BaseError(`${text}, or ${OTHERWISE}`, said, { cause: error });
  if (absent) return failed(`${message}, so no base can be checked out: install it`);
  if (said.includes('not a git repository')) {
    const what = `${quote(folder)} is in no git repository, so there is no base to compare with`;
    return new BaseError(`${what}: ${OTHERWISE}`, '', { cause: error });
  }
  if (said.includes('must be run in a work tree')) {
    return failed(`${quote(folder)} is a bare repository: run this in a checkout of it`);
  }
  // As in a container, where the checkout belongs to another user.
  if (/dubious ownership|unsafe repository|safe\.directory/.test(said)) {
    const [remedy = `git config --global --add safe.directory '${folder}'`] =
      /git config --global --add safe\.directory .+/.exec(said) ?? [];
    return failed(`git refuses: ${message}. If you trust it, run \`${remedy}\``);
  }
  return failed(`git refuses: ${message}`);
}
