import fs, {
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { renderMarkdown } from '#dist/src/report/markdown.js';
import {
  ResultsFolderError,
  createRunFolder,
  pointLatest,
  saveFiles,
} from '#dist/src/documents/store.js';
import type { Results } from '#dist/src/documents/results.js';
import { runFiles } from '#dist/src/studies/run/files.js';
import { parseResults } from '#dist/src/documents/parse-results.js';
import { goldenResults } from '../golden/golden.js';

const startedAt = new Date('2026-11-23T15:29:00.987Z');
const commit = '0123456789abcdef0123456789abcdef01234567';

/** As the life of a study does it. */
async function saveRun(folder: string, results: Results): Promise<void> {
  await saveFiles(folder, await runFiles(results));
  await pointLatest(folder);
}

let root: string;
let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'loopdyno-store-'));
  root = join(home, 'results');
});
afterEach(() => rm(home, { recursive: true }));

/** Makes one function of node:fs/promises fail for everybody, until the test is over. */
function breakFs(name: 'open' | 'symlink', code: string): void {
  const fail = (): Promise<never> => Promise.reject(Object.assign(new Error(code), { code }));
  const original = fs[name];
  const set = (value: unknown): void => {
    Object.assign(fs, { [name]: value });
    syncBuiltinESMExports();
  };
  set(fail);
  onTestFinished(() => set(original));
}

describe('createRunFolder', () => {
  it('makes an empty folder named by time and commit', async () => {
    const folder = await createRunFolder(root, { startedAt, commit });
    expect(folder).toBe(join(root, '20261123T152900Z-0123456'));
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([null, '', '../../etc', 'not-a-commit'])('takes no name from %j', async (other) => {
    const folder = await createRunFolder(root, { startedAt, commit: other });
    expect(basename(folder)).toBe('20261123T152900Z-nocommit');
  });

  it('gives every run of the same second a folder of its own', async () => {
    const folders = await Promise.all(
      Array.from({ length: 8 }, () => createRunFolder(root, { startedAt, commit })),
    );
    expect(new Set(folders).size).toBe(8);
    expect(folders).toContain(join(root, '20261123T152900Z-0123456-8'));
  });

  it('refuses a place below a file, and says which', async () => {
    await writeFile(root, 'no folder');
    const making = createRunFolder(join(root, 'below'), { startedAt, commit });
    await expect(making).rejects.toThrow(ResultsFolderError);
    await expect(making).rejects.toThrow(
      `Cannot make the results folder '${join(root, 'below')}': ` +
        'part of the path is a file, not a folder (ENOTDIR). ' +
        'Move that file away, or start loopdyno in another folder',
    );
  });

  it('refuses a file that has the name of the folder', async () => {
    await writeFile(root, 'no folder');
    await expect(createRunFolder(root, { startedAt, commit })).rejects.toThrow(/EEXIST.*Move/);
  });

  it('finds a full disk, and leaves no folder behind', async () => {
    breakFs('open', 'ENOSPC');
    await expect(createRunFolder(root, { startedAt, commit })).rejects.toThrow(
      /Cannot write results to .*: the disk is full \(ENOSPC\)\. Free some space/,
    );
    expect(await readdir(root)).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('refuses what nobody can write to', async () => {
    await expect(createRunFolder('/proc', { startedAt, commit })).rejects.toThrow(
      ResultsFolderError,
    );
  });
});

describe('saveRun', () => {
  it('writes both files and nothing else', async () => {
    const folder = await createRunFolder(root, { startedAt, commit });
    await saveRun(folder, goldenResults());
    expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.md', 'results.json']);
    const text = await readFile(join(folder, 'results.json'), 'utf8');
    expect(parseResults(text, 'results.json')).toEqual(goldenResults());
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toBe(renderMarkdown(goldenResults()));
  });

  it('points latest at the newest, by a relative link', async () => {
    for (const wanted of ['20261123T152900Z-0123456', '20261123T152900Z-0123456-2']) {
      const folder = await createRunFolder(root, { startedAt, commit });
      await saveRun(folder, goldenResults());
      expect(await readlink(join(root, 'latest'))).toBe(wanted);
      expect(await readFile(join(root, 'latest', 'results.json'), 'utf8')).toContain('microtask');
    }
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('overwrites what it saved before', async () => {
    const folder = await createRunFolder(root, { startedAt, commit });
    await saveRun(folder, goldenResults());
    await saveRun(folder, { ...goldenResults(), seed: 99 });
    expect(await readFile(join(root, 'latest', 'results.json'), 'utf8')).toContain('"seed": 99');
  });

  it('replaces a link to nowhere, and a folder left where links are not to be had', async () => {
    const folder = await createRunFolder(root, { startedAt, commit });
    await symlink('gone', join(root, 'latest'));
    await saveRun(folder, goldenResults());
    expect(await readlink(join(root, 'latest'))).toBe(basename(folder));

    await rm(join(root, 'latest'));
    await mkdir(join(root, 'latest'));
    await writeFile(join(root, 'latest', 'results.json'), 'old');
    await saveRun(folder, goldenResults());
    expect((await lstat(join(root, 'latest'))).isSymbolicLink()).toBe(true);
    expect((await readdir(root)).sort()).toEqual([basename(folder), 'latest']);
  });

  it('copies where links are not to be had', async () => {
    breakFs('symlink', 'EPERM');
    for (const seed of [5, 6]) {
      const folder = await createRunFolder(root, { startedAt, commit });
      await saveRun(folder, { ...goldenResults(), seed });
      expect((await lstat(join(root, 'latest'))).isDirectory()).toBe(true);
      const text = await readFile(join(root, 'latest', 'results.json'), 'utf8');
      expect(text).toContain(`"seed": ${seed}`);
    }
    expect(await readdir(root)).toHaveLength(3);
  });

  it('lets many runs end at once', async () => {
    const folders = await Promise.all(
      Array.from({ length: 6 }, () => createRunFolder(root, { startedAt, commit })),
    );
    await Promise.all(folders.map((folder) => saveRun(folder, goldenResults())));
    expect(folders.map((folder) => basename(folder))).toContain(
      await readlink(join(root, 'latest')),
    );
    expect(await readdir(root)).toHaveLength(7);
  });

  it('says so where the folder is gone', async () => {
    const folder = await createRunFolder(root, { startedAt, commit });
    await rm(folder, { recursive: true });
    await expect(saveRun(folder, goldenResults())).rejects.toThrow(ResultsFolderError);
  });
});
