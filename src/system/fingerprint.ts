/** What a run was measured on, so that results of different machines or builds are not mixed up. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { pinning } from './affinity.js';

export interface Fingerprint {
  node: string;
  v8: string;
  uv: string;
  platform: string;
  arch: string;
  cpu: string;
  cores: number;
  /** The core that the contestants' main threads were pinned to; null if they were not pinned. */
  pinned: number | null;
  memoryBytes: number;
  kernel: string;
  /** Node's flags, from the command line, NODE_OPTIONS and `--node-flags`. */
  flags: string[];
  /** What `--env` set for the contestants. */
  env: string[];
  addon: { state: 'built' | 'absent' | 'off'; hash: string | null };
  /** Commit of the project in which the run was started; null outside git. */
  commit: string | null;
  dirty: boolean | null;
  /** The version of loopdyno itself. */
  loopdyno: string;
}

const packageRoot = new URL('../../../', import.meta.url);

export function fingerprint(): Fingerprint {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as {
    version: string;
  };
  const cores = cpus();
  const status = git('status', '--porcelain');
  return {
    loopdyno: version,
    node: process.versions.node,
    v8: process.versions.v8,
    uv: process.versions.uv,
    platform: process.platform,
    arch: process.arch,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    pinned: pinning()?.contestants ?? null,
    memoryBytes: totalmem(),
    kernel: release(),
    flags: flags(),
    env: [],
    addon: addon(),
    commit: git('rev-parse', 'HEAD'),
    dirty: status === null ? null : status !== '',
  };
}

/** Node's flags, without the code that `node -e` was given. */
function flags(): string[] {
  const own = process.execArgv.filter(
    (flag) => flag.startsWith('-') && !/^(-e|-p|--eval|--print)/.test(flag),
  );
  return [...own, ...(process.env['NODE_OPTIONS']?.split(/\s+/).filter(Boolean) ?? [])];
}

function addon(): Fingerprint['addon'] {
  if (process.env['LOOPDYNO_NATIVE'] === '0') return { state: 'off', hash: null };
  try {
    const bytes = readFileSync(new URL('native/build/Release/loopdyno.node', packageRoot));
    return { state: 'built', hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
  } catch {
    return { state: 'absent', hash: null };
  }
}

/** Runs git in the folder of the run; null if that is no git checkout. */
function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}
