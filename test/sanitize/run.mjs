/**
 * `npm run test:asan`, `npm run test:valgrind`: the addon at work while a tool watches its memory.
 *
 *   a faulty addon    the tool must see a leak and a use of freed memory, or the run is worth nothing
 *   conformance       on both drives; under valgrind the groups that reach the addon most
 *   worker threads    eight that end with everything live: by return, process.exit, terminate()
 *   process ends      with a loop that is open
 *
 * What AddressSanitizer reports fails, wherever it is. Valgrind also reports V8, whose collector
 * scans the stack conservatively: a report counts when a frame of ours comes before any of V8's.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'sanitize-'));
const [, , tool] = process.argv;

const NATIVE_GROUPS = ['timers', 'control', 'stepping', 'closing', 'leftovers', 'files', 'streams'];
NATIVE_GROUPS.push('stream states', 'servers');

const tools = {
  asan: {
    needs: ['cc'],
    groups: [],
    command(args, leaks) {
      const library = execFileSync('cc', ['-print-file-name=libasan.so'], { encoding: 'utf8' });
      return {
        file: process.execPath,
        args,
        env: {
          LD_PRELOAD: library.trim(),
          ASAN_OPTIONS: `detect_leaks=${leaks ? 1 : 0}`,
          LOOPDYNO_NATIVE: join(root, 'native/build-asan/build/Release/loopdyno.node'),
        },
      };
    },
    reports: ({ stderr }) =>
      /ERROR: (Address|Leak)Sanitizer/.test(stderr) ? [stderr.slice(0, 20_000)] : [],
    flags: ['-fsanitize=address', '-fno-omit-frame-pointer'],
  },
  valgrind: {
    needs: ['cc', 'valgrind'],
    groups: NATIVE_GROUPS,
    command(args, leaks) {
      const options = [
        `--leak-check=${leaks ? 'full' : 'no'}`,
        '--show-leak-kinds=definite',
        '--num-callers=40',
      ];
      const log = join(scratch, 'valgrind.log');
      return {
        file: 'valgrind',
        args: [...options, `--log-file=${log}`, process.execPath, '--jitless', ...args],
        env: {},
      };
    },
    reports: () =>
      readFileSync(join(scratch, 'valgrind.log'), 'utf8')
        .split(/^==\d+== ?$/m)
        .filter(isOurs),
    flags: [],
  },
};

/** Of a report of valgrind: whether the first frame that tells is one of ours. */
function isOurs(report) {
  const frames = report.split('\n').filter((line) => /^==\d+== +(at|by) /.test(line));
  const telling = frames.find((line) =>
    /loopdyno|faulty|\b(v8|node|cppgc|heap::base)::|Builtins_/.test(line),
  );
  return telling !== undefined && /loopdyno|faulty/.test(telling);
}

function present(command) {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function watch(args, leaks = true) {
  const { file, args: all, env } = chosen.command(args, leaks);
  const options = { cwd: root, env: { ...process.env, ...env }, maxBuffer: 1 << 26 };
  return new Promise((resolve) => {
    const child = execFile(file, all, options, (_error, stdout, stderr) => {
      const output = { code: child.exitCode, stdout, stderr };
      resolve({ ...output, found: chosen.reports(output) });
    });
  });
}

/** The tool sees what is wrong with an addon that is. */
async function provesItself() {
  const addon = join(scratch, 'faulty.node');
  const headers = [
    join(dirname(process.execPath), '../include/node'),
    join(process.env.npm_config_nodedir ?? '/', 'include/node'),
  ].find((folder) => existsSync(folder));
  const flags = ['-shared', '-fPIC', '-g', `-I${headers}`, ...chosen.flags];
  execFileSync('cc', [...flags, '-o', addon, join(here, 'faulty.c')]);
  for (const fault of ['lose', 'useFreed']) {
    const call = `for (let i = 0; i < 5; i++) require(${JSON.stringify(addon)}).${fault}()`;
    const { found } = await watch(['-e', call]);
    if (found.length === 0) throw new Error(`${tool} does not see the fault of ${fault}()`);
  }
}

/** `code`: with which it is to end; a process that is exited frees nothing, so leaks are its right. */
async function program(path, args, code = 0) {
  const started = Date.now();
  const ended = await watch([path, ...args], code === 0);
  const ok = ended.code === code && ended.found.length === 0;
  const name = [path.split('/').at(-1), ...args].join(' ').slice(0, 60);
  console.log(
    `${ok ? 'ok    ' : 'FAILED'} ${name}, ${Math.round((Date.now() - started) / 1000)} s`,
  );
  if (ok) return;
  process.exitCode = 1;
  console.log(`exit code ${ended.code}\n${ended.stdout}${ended.stderr}\n${ended.found.join('\n')}`);
}

const chosen = tools[tool];
if (chosen === undefined) throw new Error(`takes asan or valgrind, but got ${tool}`);
const missing = chosen.needs.filter((command) => !present(command));
if (missing.length > 0) {
  console.log(`test:${tool} needs ${missing.join(' and ')}: install it (Debian: gcc, valgrind)`);
  process.exitCode = 1;
} else {
  const started = Date.now();
  await provesItself();
  const programs = join(root, 'test/policies/uv/programs');
  for (const drive of ['guest', 'blocking']) {
    await program(join(here, 'conformance.mjs'), [drive, ...chosen.groups]);
    for (const how of ['return', 'exit', 'terminate']) {
      await program(join(programs, 'workers.mjs'), [how, drive]);
    }
    await program(join(programs, 'open-at-exit.mjs'), ['return', drive]);
    await program(join(programs, 'open-at-exit.mjs'), ['exit', drive], 3);
  }
  console.log(`${tool}: ${Math.round((Date.now() - started) / 1000)} s`);
}
rmSync(scratch, { recursive: true });
