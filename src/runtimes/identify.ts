/** What a binary is: asked of itself, as its place and name may say something else. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import type { RuntimeKind } from './spec.js';

export interface Identity {
  readonly kind: RuntimeKind;
  /** Such as `22.23.1`. */
  readonly version: string;
}

export type Identified = { readonly ok: true; readonly of: Identity } | Unusable;

export interface Unusable {
  readonly ok: false;
  readonly reason: string;
  readonly remedy: string;
}

const DEADLINE_MS = 10_000;
const REMEDY = 'give the path of a working node, bun or deno for this machine';

export async function identify(path: string): Promise<Identified> {
  try {
    await access(path, constants.X_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : 'it cannot be executed';
    return unusable(`${path}: ${what}`);
  }
  const { said, failure } = await versionOf(path);
  if (failure !== null) return unusable(`${path} ${failure}`);
  const deno = /^deno (\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (deno !== undefined) return { ok: true, of: { kind: 'deno', version: deno } };
  const node = /^v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (node !== undefined) return { ok: true, of: { kind: 'node', version: node } };
  const bun = /^(\d+\.\d+\.\d+)/.exec(said)?.[1];
  if (bun !== undefined && /bun/i.test(path))
    return { ok: true, of: { kind: 'bun', version: bun } };
  return unusable(`${path} is no runtime: asked for its version it said '${said.slice(0, 60)}'`);
}

function unusable(reason: string): Unusable {
  return { ok: false, reason, remedy: REMEDY };
}

function versionOf(path: string): Promise<{ said: string; failure: string | null }> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: DEADLINE_MS }, (error, stdout) => {
      resolve({ said: stdout.trim(), failure: error === null ? null : failureOf(error) });
    });
  });
}

/** As the system says it, or a shell: what the kernel refuses, `execvp` hands to one. */
const NOT_EXECUTABLE: ReadonlySet<unknown> = new Set(['ENOEXEC', 'EFTYPE', 'UNKNOWN', 2, 126, 127]);

function failureOf(error: Error & { code?: unknown; signal?: unknown; killed?: boolean }): string {
  if (error.killed === true) return `gave no version within ${DEADLINE_MS / 1000} s`;
  if (NOT_EXECUTABLE.has(error.code)) {
    return 'is no program of this machine (another architecture, or no binary)';
  }
  if (typeof error.signal === 'string')
    return `was ended by ${error.signal} when asked for its version`;
  if (typeof error.code === 'number')
    return `exited with code ${error.code} when asked for its version`;
  return `cannot be started (${error.message.split('\n')[0] ?? ''})`;
}
