/** Which modules an agent runs: those under its root, with the same content, and no other. */
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { JobModuleError, JobVersionError } from 'loopdyno';
import { codeOf, moduleUnder } from '#dist/src/policies/nats/code.js';

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'loopdyno-code-')));
  root = join(folder, 'root');
  await mkdir(join(root, 'app'), { recursive: true });
  await writeFile(join(root, 'app/job.mjs'), "import './part.mjs';\nexport const job = () => 1;\n");
  await writeFile(join(root, 'app/part.mjs'), "import '../top.mjs'; import 'a-package';\n");
  await writeFile(join(root, 'top.mjs'), "export { x } from './app/part.mjs';\n"); // a ring
  await writeFile(join(folder, 'outside.mjs'), 'export const job = () => 2;\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const urlOf = (path: string): string => pathToFileURL(join(folder, path)).href;

it('a module under the root is found again under another root with the same files', async () => {
  const code = await codeOf(root, urlOf('root/app/job.mjs'));
  expect(code.path).toBe('app/job.mjs');
  expect(code.hash).toMatch(/^[0-9a-f]{32}$/);
  await cp(root, join(folder, 'copy'), { recursive: true });
  const found = await moduleUnder(join(folder, 'copy'), code);
  expect(found).toBe(urlOf('copy/app/job.mjs'));
});

it.each(['app/job.mjs', 'app/part.mjs', 'top.mjs'])(
  'a change of %s, which belongs to the job, is another version',
  async (changed) => {
    const code = await codeOf(root, urlOf('root/app/job.mjs'));
    await writeFile(join(root, changed), '// other\n');
    await expect(moduleUnder(root, code)).rejects.toThrow(JobVersionError);
  },
);

it('a file that the job does not import changes nothing', async () => {
  const code = await codeOf(root, urlOf('root/app/job.mjs'));
  await writeFile(join(root, 'app/other.mjs'), '// new\n');
  expect(await moduleUnder(root, code)).toBe(urlOf('root/app/job.mjs'));
});

it('a submitter refuses a module that no agent could find', async () => {
  for (const module of [urlOf('outside.mjs'), 'a-package', 'data:text/javascript,1', 'node:fs']) {
    await expect(codeOf(root, module)).rejects.toThrow(JobModuleError);
  }
  await expect(codeOf(root, urlOf('root/none.mjs'))).rejects.toThrow(/none\.mjs.*ENOENT/);
});

it('an agent runs nothing outside of its root, however it is named', async () => {
  const { hash } = await codeOf(folder, urlOf('outside.mjs'));
  await symlink(join(folder, 'outside.mjs'), join(root, 'link.mjs'));
  await symlink(folder, join(root, 'up'));
  const paths = [
    '../outside.mjs',
    'app/../../outside.mjs',
    join(folder, 'outside.mjs'),
    urlOf('outside.mjs'),
    'link.mjs',
    'up/outside.mjs',
    '..\\outside.mjs',
    'app/job.mjs\0',
    'data:text/javascript,1',
    '',
    '.',
    'app',
  ];
  for (const path of paths) {
    const refused = await moduleUnder(root, { path, hash }).then(
      (found) => found,
      (error: unknown) => error,
    );
    expect(refused, path).toBeInstanceOf(JobModuleError);
    expect(refused, path).not.toBeInstanceOf(JobVersionError);
  }
});
