/**
 * What starts a module of ours on a runtime. Where a runtime reaches no descriptor beyond standard error (Deno), answers
 * go to standard output, which a shell has pointed at the harness's descriptor: `exec` keeps the process's id.
 */
import type { Availability } from '../loop/policy.js';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Runtime } from './runtime.js';

const ANSWERS_ON_STDOUT = [
  '/usr/bin/env',
  'LOOPDYNO_ANSWERS_FD=1',
  '/bin/sh',
  '-c',
  'exec "$@" 1>&3 3>&-',
  'sh',
];

/** What stands before a module and its arguments. */
export function starterOf({ kind, path }: Pick<Runtime, 'kind' | 'path'>): string[] {
  return kind === 'deno' ? [path, 'run', '--allow-all', '--no-lock', '--quiet'] : [path];
}

export function commandOn(
  runtime: Runtime,
  entry: URL,
  nodeFlags: readonly string[] = [],
): string[] {
  const { kind } = runtime;
  return [
    ...(kind === 'deno' ? ANSWERS_ON_STDOUT : []),
    ...starterOf(runtime),
    ...(kind === 'node' ? nodeFlags : []),
    fileURLToPath(entry),
  ];
}

/** As people write it: `Node 22.23.1`. */
export function titleOf({ kind, version }: Pick<Runtime, 'kind' | 'version'>): string {
  return `${{ node: 'Node', bun: 'Bun', deno: 'Deno' }[kind]} ${version}`;
}

const PROBE = new URL('../contestant/probe.js', import.meta.url);
const DEADLINE_MS = 20_000;

/**
 * Whether a policy can be opened there. A process of its own says so, as what is native may end the process; and where
 * no libuv is, nothing native is loaded to find that out.
 */
export async function probeOn(
  runtime: Runtime,
  policy: string,
  config: string | null,
): Promise<Availability> {
  const { kind } = runtime;
  if (policy === 'uv' && kind !== 'node') {
    return {
      ok: false,
      reason: `${titleOf(runtime)} has no libuv loop for an addon to run`,
      remedy: 'measure uv on Node',
    };
  }
  const [executable = '', ...flags] = starterOf(runtime);
  const args = [...flags, fileURLToPath(PROBE), policy, config ?? ''];
  return new Promise((resolve) => {
    execFile(executable, args, { timeout: DEADLINE_MS }, (error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Availability);
      } catch {
        const [line = ''] = stderr.trim().split('\n');
        const how =
          error === null
            ? 'said nothing'
            : error.signal
              ? `was ended by ${error.signal}`
              : `exited with code ${String(error.code)}`;
        resolve({
          ok: false,
          reason: `opened on ${titleOf(runtime)}, the process ${how}${line === '' ? '' : ` (${line.slice(0, 120)})`}`,
          remedy: 'measure it on another runtime',
        });
      }
    });
  });
}
