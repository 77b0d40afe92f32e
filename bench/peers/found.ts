/** How each peer is started: directly if it needs only its runtime, otherwise built beside this module. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Found } from '../../src/index.js';

const run = promisify(execFile);

const SOURCES = fileURLToPath(new URL('../../../bench/peers/', import.meta.url));
const BUILT = fileURLToPath(new URL('./built/', import.meta.url));

/**
 * Both Python loops use the same interpreter if one has what both need, so that they are compared on one interpreter.
 */
const INTERPRETERS = ['python3', '/usr/bin/python3'];

export async function python(loop: 'asyncio' | 'uvloop'): Promise<Found> {
  const wanted = loop === 'uvloop' ? [['uvloop', 'aiohttp']] : [['uvloop', 'aiohttp'], ['aiohttp']];
  for (const modules of wanted) {
    const interpreter = await interpreterWith(modules);
    if (interpreter !== null) {
      return { ok: true, command: [interpreter, join(SOURCES, 'python', 'peer.py'), loop] };
    }
  }
  const packages = loop === 'uvloop' ? 'python3-uvloop python3-aiohttp' : 'python3-aiohttp';
  return {
    ok: false,
    reason: `no ${INTERPRETERS.join(' or ')} has ${wanted.at(-1)?.join(' and ')}`,
    remedy: `install them (Debian: ${packages})`,
  };
}

const interpreters = new Map<string, Promise<string | null>>();

/** The first interpreter that can import all modules; null if none can. Asked once for both loops: it takes 0.3 s. */
function interpreterWith(modules: readonly string[]): Promise<string | null> {
  const key = modules.join();
  const found = interpreters.get(key) ?? searched(modules);
  interpreters.set(key, found);
  return found;
}

async function searched(modules: readonly string[]): Promise<string | null> {
  for (const interpreter of INTERPRETERS) {
    try {
      await run(interpreter, ['-c', `import ${modules.join()}`]);
      return interpreter;
    } catch {
      // The interpreter is not installed, or lacks a module.
    }
  }
  return null;
}

export function builtGo(): Promise<Found> {
  const program = join(BUILT, 'peer-go');
  return built(program, 'go', ['build', '-o', program, '.'], {
    folder: join(SOURCES, 'go'),
    remedy: 'install Go 1.19 or later (Debian: golang-go)',
  });
}

export async function builtC(): Promise<Found> {
  const program = join(BUILT, 'peer-c');
  const folder = join(SOURCES, 'c');
  const names = await readdir(folder);
  // Go looks at its sources itself; the C compiler takes a second, so that it is only asked when one has changed.
  if (await isNewer(program, folder, names)) return { ok: true, command: [program] };
  const files = names.filter((file) => file.endsWith('.c')).toSorted();
  const libraries = ['-luv', '-lcjson', '-lhttp_parser', '-lcrypto'];
  return built(program, 'cc', ['-std=c11', '-O2', '-o', program, ...files, ...libraries], {
    folder,
    remedy:
      'install a C compiler and the libraries ' +
      '(Debian: gcc libuv1-dev libcjson-dev libhttp-parser-dev libssl-dev)',
  });
}

/** Whether the program is there, and newer than all its sources. */
async function isNewer(program: string, folder: string, names: readonly string[]) {
  try {
    const built = (await stat(program)).mtimeMs;
    const sources = await Promise.all(names.map((name) => stat(join(folder, name))));
    return sources.every(({ mtimeMs }) => mtimeMs < built);
  } catch {
    return false;
  }
}

interface Building {
  readonly folder: string;
  readonly remedy: string;
}

async function built(
  program: string,
  compiler: string,
  args: readonly string[],
  { folder, remedy }: Building,
): Promise<Found> {
  try {
    await mkdir(BUILT, { recursive: true });
    await run(compiler, args, { cwd: folder });
    return { ok: true, command: [program] };
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') return { ok: false, reason: `there is no ${compiler}`, remedy };
    const fault =
      stderr.split('\n').find((line) => /error|cannot find/.test(line)) ?? String(error);
    return { ok: false, reason: `${compiler} could not build it: ${fault.trim()}`, remedy };
  }
}
