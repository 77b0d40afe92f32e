/**
 * `loopdyno run --watch`: one run after the other, each with the files as they are then.
 *
 *   ┌▶ the files: workload, configuration, what they import
 *   │      ▼
 *   │  a run, in a process of its own ─▶ its report ─▶ waits
 *   │      ▼                                            ▼
 *   └──── a file changes (the run saves what it has, and ends)      Ctrl-C ends all
 *
 * A run has a process of its own because a process loads a module once. Folders are watched instead of files: an editor
 * may put another file in the place of the old one.
 */
import { spawn } from 'node:child_process';
import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { findConfig } from '../../catalogue/project.js';
import { filesOf } from '../../config/imports.js';
import { LoopdynoError } from '../../text/errors.js';
import { UsageError } from '../../text/usage.js';
import { EXIT } from '../exit-codes.js';
import { fileOf, isFile } from '../subject.js';
import { say } from '../terminal.js';

/** The system cannot tell when a file changes. */
export class WatchError extends LoopdynoError {}

/** An editor may write a file in several steps: a change counts when it is quiet for this long, in ms. */
const QUIET_MS = 50;

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated };
type EndSignal = keyof typeof SIGNALS;

/** Ends with the exit status of the signal that ends it. `asked`: a workload, or a file that exports some. */
export async function watchRun(
  asked: string | undefined,
  { config }: { config?: string },
): Promise<number> {
  const entries = entriesOf(asked, config);
  const ended = listenForEnd();
  for (;;) {
    const changes = listenForChange(await filesOf(entries));
    const run = startRun();
    ended.pass(run.end);
    try {
      const event = await Promise.race([changes.next, ended.by, run.finished]);
      if (event === null) say(`Watching ${changes.what}. Ctrl-C ends it.`);
      const then = event ?? (await Promise.race([changes.next, ended.by]));
      if ('signal' in then) return SIGNALS[then.signal];
      say(`${then.changed} changed: measuring again.`);
      if (event !== null) run.end('SIGTERM');
    } finally {
      changes.close();
      await run.finished;
    }
  }
}

function entriesOf(asked: string | undefined, config: string | undefined): string[] {
  const file = asked !== undefined && isFile(asked) ? fileOf(asked).file : null;
  const entries = [file, findConfig(process.cwd(), config)].filter((each) => each !== null);
  if (entries.length > 0) return entries;
  throw new UsageError(
    '--watch has nothing to watch: name a file that exports a workload, such as ./my-workload.ts, or write a configuration (`loopdyno init`)',
  );
}

/** The same command without `--watch`. In a group of its own: a Ctrl-C of the terminal reaches it once, through us. */
function startRun() {
  const [, program = '', ...args] = process.argv;
  const own = args.filter((arg) => arg !== '--watch');
  const child = spawn(process.execPath, [...process.execArgv, program, ...own], {
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: process.platform !== 'win32',
  });
  const finished = new Promise<null>((resolve, reject) => {
    child.once('error', reject).once('exit', () => resolve(null));
  });
  return { finished, end: (signal: NodeJS.Signals) => void child.kill(signal) };
}

/** Passes each signal on to the run that is under way, also one that came before it. */
function listenForEnd() {
  let end: (signal: NodeJS.Signals) => void = () => {};
  let came: EndSignal | null = null;
  const by = new Promise<{ signal: EndSignal }>((resolve) => {
    for (const signal of Object.keys(SIGNALS) as EndSignal[]) {
      process.on(signal, () => {
        came = signal;
        end(passed(signal));
        resolve({ signal });
      });
    }
  });
  const pass = (to: typeof end): void => {
    end = to;
    if (came !== null) to(passed(came));
  };
  return { by, pass };
}

/** A run knows two signals. */
function passed(signal: EndSignal): NodeJS.Signals {
  return signal === 'SIGHUP' ? 'SIGTERM' : signal;
}

/** `next` resolves with the name of the first file that changes. */
function listenForChange(files: ReadonlySet<string>) {
  const watchers: FSWatcher[] = [];
  let quiet: NodeJS.Timeout | undefined;
  const next = new Promise<{ changed: string }>((resolve, reject) => {
    const fail = (folder: string, cause: Error): void =>
      reject(new WatchError(`cannot watch '${folder}': ${cause.message}`, { cause }));
    for (const folder of new Set([...files].map((file) => dirname(file)))) {
      const names = new Set(
        [...files].filter((file) => dirname(file) === folder).map((file) => basename(file)),
      );
      try {
        const watcher = watch(folder, (_event, name) => {
          if (name === null || !names.has(name)) return;
          clearTimeout(quiet);
          quiet = setTimeout(() => resolve({ changed: name }), QUIET_MS);
        });
        watchers.push(watcher.on('error', (error) => fail(folder, error)));
      } catch (error) {
        fail(folder, error as Error);
      }
    }
  });
  const close = (): void => {
    clearTimeout(quiet);
    for (const watcher of watchers) watcher.close();
  };
  const first = relative(process.cwd(), [...files][0] ?? '');
  const more = files.size === 1 ? '' : ` and ${files.size - 1} more`;
  return { next, close, what: `${first}${more}` };
}
