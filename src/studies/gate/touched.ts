/**
 * What of loopdyno itself a change can have made slower, by the names of its files. Only what is sure
 * narrows the choice; any other file may matter to everything.
 */
import { policyNames } from '../../policies/registry.js';

export interface Touched {
  /** Null for all. */
  readonly policies: ReadonlySet<string> | null;
  readonly workloads: ReadonlySet<string> | null;
  /** In a few words. */
  readonly what: string;
}

/** Folders of `src` whose code runs in a contestant's process, or may. */
const MEASURED: ReadonlySet<string> = new Set([
  'catalogue',
  'config',
  'contestant',
  'loop',
  'policies',
  'protocol',
  'stats',
  'system',
  'text',
  'workload',
  'workloads',
]);
/** Folders at the top, and files there, that no contestant reads. */
const HARMLESS =
  /^(bench|docs|test|results|\.github|\.ci)\/|^[^/]*\.(md|yml)$|^LICENSE$|^\.[a-z.]+$/;
/** The policies that share `policies/pool`. `nats` does, too, but a message costs far more than what would show there. */
const POOLS = ['workers', 'processes'];

const NOTHING: Touched = {
  policies: new Set(),
  workloads: new Set(),
  what: 'nothing that is measured',
};

/** In a project that uses loopdyno, any file may be what a workload reads. */
export function touchedInProject([first]: readonly string[]): Touched {
  return first === undefined ? NOTHING : everything(first);
}

function everything(file: string): Touched {
  return { policies: null, workloads: null, what: `everything, or may do (${printable(file)})` };
}

/** A name may hold whatever it likes, newlines too. */
function printable(file: string): string {
  return /[\p{Cc}"\\]/u.test(file) ? JSON.stringify(file) : file;
}

type Part =
  | 'nothing'
  | 'everything'
  | { readonly policies: readonly string[] }
  | { readonly workload: string };

function partOf(file: string): Part {
  const [top, folder = '', below = '', name = ''] = file.split('/');
  if (top === 'native') return { policies: ['uv'] };
  if (top !== 'src') return HARMLESS.test(file) ? 'nothing' : 'everything';
  // A file at the top of `src` is what all else is exported from.
  if (below !== '' && !MEASURED.has(folder)) return 'nothing';
  if (folder === 'policies' && below === 'pool') return { policies: POOLS };
  if (folder === 'policies' && policyNames.includes(below)) return { policies: [below] };
  if (folder === 'workloads' && ['cpu', 'io', 'mixed'].includes(below)) {
    return { workload: name.replace(/\.ts$/, '') };
  }
  return 'everything';
}

export function touchedBy(files: readonly string[]): Touched {
  const policies = new Set<string>();
  const workloads = new Set<string>();
  for (const file of files) {
    const part = partOf(file);
    if (part === 'nothing') continue;
    if (part === 'everything') return everything(file);
    if ('workload' in part) workloads.add(part.workload);
    else for (const policy of part.policies) policies.add(policy);
  }
  // A worker runs its jobs on a loop of its own.
  if (policies.has('microtask')) policies.add('workers').add('processes');
  if (policies.size === 0 && workloads.size === 0) return NOTHING;
  // A policy is gated by every workload, a workload under every policy; both kinds: all with all.
  if (policies.size > 0 && workloads.size > 0) {
    return { policies: null, workloads: null, what: 'policies and workloads' };
  }
  return policies.size > 0
    ? { policies, workloads: null, what: [...policies].join(', ') }
    : { policies: null, workloads, what: [...workloads].join(', ') };
}
