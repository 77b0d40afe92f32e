/** Where the addon is looked for: in copies of the package that have one build, both or none. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const built = join(root, 'native/build/Release/loopdyno.node');
const tuple = `${process.platform}-${process.arch}`;

describe.skipIf(!existsSync(built))('the addon of a package', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'uv-loading-'));
    copyFileSync(join(root, 'package.json'), join(home, 'package.json'));
    cpSync(join(root, 'dist/src'), join(home, 'dist/src'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(home, 'node_modules'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  /** What `probe` says with these two, and whether a loop runs. */
  function look(local: 'good' | 'bad' | null, prebuilt: 'good' | 'bad' | null): string {
    rmSync(join(home, 'native'), { recursive: true, force: true });
    place(local, 'native/build/Release', 'loopdyno.node');
    place(prebuilt, `native/prebuilds/${tuple}`, 'loopdyno.napi.node');
    const script = `import { uv } from './dist/src/index.js';
      const { ok, reason, remedy } = await uv.probe();
      if (!ok) console.log(reason + ': ' + remedy);
      else {
        const loop = await uv.open();
        console.log(await loop.run(() => loop.io.sleep(1).then(() => 'runs')));
        await loop.close();
      }`;
    const args = ['--input-type=module', '-e', script];
    return execFileSync(process.execPath, args, { cwd: home, encoding: 'utf8' }).trim();
  }

  function place(what: 'good' | 'bad' | null, folder: string, name: string): void {
    if (what === null) return;
    mkdirSync(join(home, folder), { recursive: true });
    const path = join(home, folder, name);
    if (what === 'good') copyFileSync(built, path);
    else writeFileSync(path, 'no addon at all');
  }

  it('is the prebuild, as installed', () => expect(look(null, 'good')).toBe('runs'));

  it('is the local build, where there is one', () => {
    expect(look('good', null)).toBe('runs');
    expect(look('good', 'bad')).toBe('runs');
  });

  it('is not available where there is none, or one that does not load, and says what to do', () => {
    const remedy = 'build it with npm run build:native (it needs a C++ compiler and Python)';
    const none = look(null, null);
    expect(none).toMatch(/^the native addon cannot be loaded: No native build was found for /);
    expect(none).toContain(remedy);
    const bad = look(null, 'bad');
    expect(bad).toMatch(/^the native addon cannot be loaded: .*loopdyno\.napi\.node: /);
    expect(bad).toContain(remedy);
  });
});
