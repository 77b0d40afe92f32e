/**
 * What is raced, told by how it is written:
 *
 *   ./resize.ts#resize                        a function
 *   ./server.js --requests …                  a server, as is a command with {port}
 *   'npm run build'                           a command
 *   './bench/*.bench.ts'                      bench files
 */
import { UsageError } from '../../text/usage.js';
import { benchSubject, isBenchFile, type BenchSubject } from './bench-files.js';
import { commandSubject, type CommandFlags, type CommandSubject } from './command.js';
import { functionSubject, type FunctionFlags, type FunctionSubject } from './function-subject.js';
import { serverSubject, type ServerFlags, type ServerSubject } from './server.js';
import type { Key, Variation } from './vary.js';

export interface SubjectFlags extends FunctionFlags, ServerFlags, CommandFlags {}

export type RaceSubject = FunctionSubject | ServerSubject | CommandSubject | BenchSubject;

/** Keys that change how a function is called, and not how a process is started. */
const OF_FUNCTIONS: readonly Key[] = ['where', 'policy', 'crossing'];
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
  const isStarted = !('file' in subject) || subject.file !== null;
  if (started !== undefined && !isStarted && !asked.includes('{runtime}')) {
    throw new UsageError(
      `${started.key}= needs to know where the runtime is in '${asked}': write {runtime} in its place`,
    );
  }
  return subject;
}

const FILE = /\.[cm]?[jt]s$/;

function subjectOf(asked: string, flags: SubjectFlags): RaceSubject {
  if (isBenchFile(asked) && !/\s/.test(asked)) return benchSubject(asked);
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
  return commandSubject(asked, flags);
}
