/** What a run was measured on, so that results of different machines or builds are not mixed up. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
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
  /** `built`: here; `prebuilt`: the one that the package brings. */
  addon: { state: 'built' | 'prebuilt' | 'absent' | 'off'; hash: string | null };
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
  const chosen = process.env['LOOPDYNO_NATIVE'] ?? '';
  if (chosen === '0') return { state: 'off', hash: null };
  if (chosen !== '') return addonAt('built', chosen) ?? { state: 'absent', hash: null };
  return (
    addonAt('built', new URL('native/build/Release/loopdyno.node', packageRoot)) ??
    prebuilt() ?? { state: 'absent', hash: null }
  );
}

function prebuilt(): Fingerprint['addon'] | null {
  const folder = new URL(`native/prebuilds/${process.platform}-${process.arch}/`, packageRoot);
  try {
    const file = readdirSync(folder).find((name) => name.endsWith('.node'));
    return file === undefined ? null : addonAt('prebuilt', new URL(file, folder));
  } catch {
    return null;
  }
}

function addonAt(state: 'built' | 'prebuilt', file: string | URL): Fingerprint['addon'] | null {
  try {
    const bytes = readFileSync(file);
    return { state, hash: createHash('sha256').update(bytes).digest('hex').slice(0, 16) };
  } catch {
    return null;
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
