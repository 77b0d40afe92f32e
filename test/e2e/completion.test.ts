/** The scripts of `loopdyno completion`, read by the shells that are on this machine. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policyNames } from '#dist/src/policies/registry.js';
import { workloadNames } from '#dist/src/workloads/registry.js';
import { loopdyno } from './command.js';

/** Prints the completions of the last word, one a line. `$1` is the script; the words follow. */
const ASK = {
  bash: `source "$1"; COMP_WORDS=("\${@:2}"); COMP_CWORD=$(($# - 2)); _loopdyno; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: `
    compdef() { true }
    _values() { print -rl -- "\${@:4}" }
    _describe() { print -rl -- \${\${(P)2}%%:*} }
    _files() { true }
    _message() { true }
    source "$1"; words=("\${@:2}"); CURRENT=$#words; PREFIX=$words[-1]
    typeset -a found; found=(\${(f)"$(_loopdyno)"}); print -rl -- \${(M)found:#\${PREFIX##*,}*}`,
  fish: `source $argv[1]; complete -C (string join ' ' -- $argv[2..]) | string replace -r '\\t.*' ''; or true`,
} as const;
type Shell = keyof typeof ASK;

function has(shell: Shell): boolean {
  try {
    execFileSync(shell, ['-c', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-completion-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.keys(ASK) as Shell[])('completion in %s', (shell) => {
  // A shell that is not here is skipped; bash is on every machine that runs this suite.
  describe.skipIf(shell !== 'bash' && !has(shell))('by the script', () => {
    let script: string;
    beforeAll(async () => {
      const { code, stdout, stderr } = await loopdyno(['completion', shell], folder);
      expect([code, stderr]).toEqual([0, '']);
      script = join(folder, shell);
      await writeFile(script, stdout);
    });

    function complete(...words: string[]): string[] {
      const args = {
        bash: ['-c', ASK.bash, shell],
        zsh: ['-fc', ASK.zsh, shell],
        fish: ['-c', ASK.fish],
      };
      const asked = [...args[shell], script, 'loopdyno', ...words];
      const found = execFileSync(shell, asked, { encoding: 'utf8', cwd: folder }).split('\n');
      return found
        .filter((line) => line !== '')
        .map((line) => line.slice(line.lastIndexOf(',') + 1));
    }

    it('completes a command, a flag, a policy and a workload', () => {
      expect(complete('sw')).toEqual(['sweep']);
      expect(complete('run', '--dry')).toEqual(['--dry-run']);
      expect(complete('run', '--policy', 'micr')).toEqual(['microtask']);
      expect(complete('sweep', 'spi')).toEqual(['spin']);
    });

    it('completes the last of several names, and the flags of a run without its name', () => {
      expect(complete('--policy', 'microtask,qu')).toEqual(['queue']);
      expect(complete('--kin')).toEqual(['--kind']);
    });

    it('knows every policy, workload and shell', () => {
      const sorted = (...words: string[]) => complete(...words).toSorted();
      expect(sorted('run', '--policy', '')).toEqual(policyNames.toSorted());
      expect(sorted('run', '--workload', '')).toEqual(workloadNames.toSorted());
      expect(complete('completion', '')).toEqual(expect.arrayContaining(Object.keys(ASK)));
    });

    it.each(['run', 'gate', 'race'])('knows every flag of the help of %s', async (command) => {
      const { stdout } = await loopdyno([command, '--help'], folder);
      const flags = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(
        ([, flag = '']) => flag,
      );
      expect(flags.length).toBeGreaterThan(10);
      expect(complete(command, '--').toSorted()).toEqual(flags.toSorted());
    });
  });
});

it('a shell that is not known is refused, with those that are', async () => {
  const { code, stderr } = await loopdyno(['completion', 'tcsh'], folder);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/'tcsh' is invalid.*bash, zsh, fish/)]);
});
