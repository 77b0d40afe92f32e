/** Little git repositories in a temporary folder. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ME = ['user.name=t', 'user.email=t@example.com', 'commit.gpgsign=false'];
const SETTINGS = [...ME, 'protocol.file.allow=always'].flatMap((each) => ['-c', each]);

/** Its path has a space, as people's do. */
export async function temporary(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'loopdyno git-')));
}

export function git(top: string, ...args: string[]): string {
  const all = ['-C', top, ...SETTINGS, ...args];
  return execFileSync('git', all, { encoding: 'utf8', stdio: 'pipe' }).trim();
}

export async function init(folder: string, name = 'repo'): Promise<string> {
  const top = join(folder, name);
  await mkdir(top);
  git(top, 'init', '-q', '-b', 'main');
  return top;
}

export async function put(top: string, file: string, text = ''): Promise<void> {
  await mkdir(dirname(join(top, file)), { recursive: true });
  await writeFile(join(top, file), text);
}

/** All that there is, and this file. */
export async function commit(top: string, file: string, text: string): Promise<string> {
  await put(top, file, text);
  git(top, 'add', '-A');
  git(top, 'commit', '-qm', file);
  return git(top, 'rev-parse', 'HEAD');
}
