/**
 * Builds the addon: `node native/build.mjs [--if-missing | --prebuild | --asan]`.
 *
 * It works offline. The headers are those of the Node that runs this; node-gyp is told where they
 * are, for left alone it would download them. `--if-missing` is for `npm run build`: it builds when
 * there is something to do, and where it cannot it says why in one line and succeeds, for the
 * addon is optional: without it the `uv` policy reports itself unavailable.
 *
 * `--prebuild` puts the binary, stripped, where it ships in the package: it is N-API, so one serves
 * every Node. `npm pack` makes it (`prepack`); git ignores it. A local build, which in an installed
 * package is only there when somebody made it, always goes before: so a prebuild that has grown old
 * in a working copy is never what runs.
 *
 * `--asan` builds with AddressSanitizer, in native/build-asan, for `npm run test:asan`.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(fileURLToPath(import.meta.url));
const optional = process.argv.includes('--if-missing');
const prebuild = process.argv.includes('--prebuild');
const asan = process.argv.includes('--asan');

const problem = await main();
if (problem !== null) {
  const { reason, remedy } = problem;
  const effect = optional ? ' (the uv policy will be unavailable)' : '';
  console.error(`native: not built${effect}: ${reason}. ${remedy}`);
  process.exitCode = optional ? 0 : 1;
}

/** Null when the addon is there, otherwise why it is not and what to do. */
async function main() {
  if (optional && process.env.LOOPDYNO_NATIVE === '0') return null;
  if (optional && upToDate()) return null;

  const nodeDir = findHeaders();
  if (nodeDir === null) {
    return {
      reason: `the headers of Node ${process.version} are not installed`,
      remedy:
        'Install them (they come with the official archives, in include/node) or set npm_config_nodedir to where they are',
    };
  }
  const nodeGyp = findNodeGyp();
  if (nodeGyp === null) {
    return { reason: 'node-gyp is not installed', remedy: 'Run npm ci' };
  }
  console.error(`native: building for Node ${process.version}`);
  const started = Date.now();
  const { error, log } = await build(nodeGyp, nodeDir);
  if (error === null) {
    console.error(`native: built in ${Math.round((Date.now() - started) / 1000)} s`);
    if (prebuild) await ship();
    return null;
  }
  if (!optional) console.error(log);
  return { reason: reasonIn(log), remedy: 'Run npm run build:native to see the whole log' };
}

/** Whether a built addon is newer than everything it is made from. */
function upToDate() {
  const built = join(root, 'build/Release');
  const addons = existsSync(built) ? readdirSync(built).filter((f) => f.endsWith('.node')) : [];
  if (addons.length === 0) return false;
  const sources = readdirSync(join(root, 'src')).map((file) => join(root, 'src', file));
  const newest = Math.max(...[...sources, join(root, 'binding.gyp')].map(modified));
  return addons.every((file) => modified(join(built, file)) >= newest);
}

function modified(file) {
  return statSync(file).mtimeMs;
}

/** The directory with include/node in it, or null. */
function findHeaders() {
  const given = process.env.npm_config_nodedir;
  const candidates = [resolve(dirname(process.execPath), '..'), ...(given ? [given] : [])];
  const complete = (dir) =>
    ['node_api.h', 'uv.h'].every((header) => existsSync(join(dir, 'include/node', header)));
  return candidates.find(complete) ?? null;
}

/** Our own dependency, or the one that npm brings. */
function findNodeGyp() {
  try {
    return createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  } catch {
    const bundled = process.env.npm_config_node_gyp;
    return bundled && existsSync(bundled) ? bundled : null;
  }
}

/** node-gyp builds where binding.gyp is: for a second build, a second such place. */
function place() {
  if (!asan) return { cwd: root, env: process.env };
  const cwd = join(root, 'build-asan');
  mkdirSync(cwd, { recursive: true });
  copyFileSync(join(root, 'binding.gyp'), join(cwd, 'binding.gyp'));
  if (!existsSync(join(cwd, 'src'))) symlinkSync('../src', join(cwd, 'src'));
  const CXXFLAGS = '-fsanitize=address -fno-omit-frame-pointer -g';
  return { cwd, env: { ...process.env, CXXFLAGS, LDFLAGS: '-fsanitize=address' } };
}

/** Configures and builds; not `rebuild`, which begins by deleting what others may be using. */
async function build(nodeGyp, nodeDir) {
  const { cwd, env } = place();
  let log = '';
  for (const step of ['configure', 'build']) {
    const args = [nodeGyp, step, `--nodedir=${nodeDir}`, '--release', '--jobs=max'];
    const ended = await run(process.execPath, args, cwd, env);
    log += ended.log;
    if (ended.error !== null) return { error: ended.error, log };
  }
  return { error: null, log };
}

/** The tags in the name are those by which node-gyp-build chooses. */
async function ship() {
  const folder = join(root, 'prebuilds', `${process.platform}-${process.arch}`);
  const libc =
    process.platform !== 'linux' ? '' : existsSync('/etc/alpine-release') ? '.musl' : '.glibc';
  const binary = join(folder, `loopdyno.napi${libc}.node`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'build/Release/loopdyno.node'), binary);
  const stripped = await run('strip', [process.platform === 'darwin' ? '-x' : '-s', binary]);
  const size = `${Math.round(statSync(binary).size / 1024)} KiB`;
  console.error(`native: ${binary}, ${size}${stripped.error === null ? '' : ', not stripped'}`);
}

function run(command, args, cwd = root, env = process.env) {
  // binding.gyp asks `node` for a path: that it is this one, and found.
  const PATH = `${dirname(process.execPath)}${delimiter}${env.PATH ?? ''}`;
  const options = { cwd, maxBuffer: 1 << 26, env: { ...env, PATH } };
  return new Promise((done) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      done({ error, log: `${stdout}${stderr}` }),
    );
  });
}

/** The line of node-gyp's log that says most. */
function reasonIn(log) {
  const lines = log.split('\n').map((line) => line.trim());
  const found =
    lines.find((line) => /\berror:|not found|Could not find|No such file/.test(line)) ??
    lines.find((line) => /gyp ERR! stack Error/.test(line));
  return (found ?? 'node-gyp failed')
    .replace(/^gyp ERR! (stack )?(Error: )?/, '')
    .replace(/\.$/, '');
}
