/**
 * What is raced, told by how it is written:
 *
 *   ./resize.ts#resize                        a function
 *   ./server.js --requests …                  a server, as is a command with {port}
 */
import { UsageError } from '../../text/usage.js';
import { functionSubject, type FunctionFlags, type FunctionSubject } from './function.js';
import { serverSubject, type ServerFlags, type ServerSubject } from './server.js';
import type { Key, Variation } from './vary.js';

export interface SubjectFlags extends FunctionFlags, ServerFlags {}

export type RaceSubject = FunctionSubject | ServerSubject;

/** Keys that change how a function is called, and not how a process is started. */
const OF_FUNCTIONS: readonly Key[] = ['where', 'policy'];
const OF_FILES: readonly Key[] = ['runtime', 'node-flags'];

export function raceSubject(
  asked: string,
  flags: SubjectFlags,
  variations: readonly Variation[],
): RaceSubject {
  const subject = subjectOf(asked, flags);
  const odd = variations.find(({ key }) => OF_FUNCTIONS.includes(key));
  if (odd !== undefined && subject.kind !== 'function') {
    throw new UsageError(`${odd.key}= is of functions, and '${asked}' is a ${subject.kind}`);
  }
  const started = variations.find(({ key }) => OF_FILES.includes(key));
  if (started !== undefined && subject.kind !== 'function' && subject.file === null) {
    throw new UsageError(
      `${started.key}= is of files that are started on it, and '${asked}' is a command: vary env or tree`,
    );
  }
  return subject;
}

const FILE = /\.[cm]?[jt]s$/;

function subjectOf(asked: string, flags: SubjectFlags): RaceSubject {
  const [path = '', name] = asked.split('#', 2);
  const isFile = FILE.test(path) && !/\s/.test(path);
  if (isFile && name !== undefined) return functionSubject(asked, flags);
  if (isFile || asked.includes('{port}') || flags.requests !== undefined) {
    if (isFile && flags.requests === undefined) {
      throw new UsageError(
        `'${asked}' may be a function or a server: name the function, ${asked}#name, or give --requests`,
      );
    }
    return serverSubject(asked, isFile, flags);
  }
  throw new UsageError(
    `a race takes a function, ./file.ts#name, or a server, ./server.js with --requests, but got '${asked}'`,
  );
}
