/** `loopdyno run` in a terminal of its own, which `script` of util-linux makes. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { screenOf } from '../report/screen.js';
import { commandLine } from './command.js';

function canOpen(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-terminal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs in a terminal of 100 columns and 30 rows; presses Ctrl-C as soon as it shows `until`. */
async function inTerminal(args: readonly string[], until?: RegExp) {
  const words = [process.execPath, ...commandLine, ...args].map((word) => `'${word}'`).join(' ');
  const { CI: _, ...env } = process.env;
  const child = spawn('script', ['-qec', `stty cols 100 rows 30; exec ${words}`, '/dev/null'], {
    cwd: folder,
    env: { ...env, TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let written = '';
  let pressed = false;
  child.stdout.on('data', (chunk) => {
    written += chunk;
    if (pressed || until === undefined || !until.test(written)) return;
    pressed = true;
    child.stdin.write('\u0003');
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, written, screen: screenOf(written) };
}

const SHORT = ['run', '--rounds', '2', '--workload', 'primes,json', '--policy', 'queue,microtask'];
/** A row with numbers, below the progress line at the end of the same write. */
const LIVE = /^ {2}queue +[\d,]+ .*\n(?:.*\n)*.* to go: .*round \d/m;

describe.skipIf(!canOpen())('a run in a terminal', () => {
  it('shows its table while rounds come in, and leaves the report alone', async () => {
    const { code, written, screen } = await inTerminal(SHORT);
    expect(code).toBe(0);
    expect(written.replaceAll('\r', '')).toMatch(LIVE);
    const text = screen.join('\n');
    expect(text).not.toContain('to go');
    for (const name of ['queue', 'microtask']) {
      expect(
        screen.filter((line) => new RegExp(`^ {2}${name} +[\\d,]+ +[\\d.]+×`).test(line)),
      ).toHaveLength(2);
    }
    expect(text).toContain('Saved to');
    // Each row was there more than once: live, and in the report.
    expect(written.split('(cpu)').length - 1).toBeGreaterThan(2);
  }, 60_000);

  it('is cleared by Ctrl-C, which leaves a whole report and a cursor that was never hidden', async () => {
    const { code, written, screen } = await inTerminal(
      [...SHORT.slice(0, 1), '--budget', '10m', ...SHORT.slice(3)],
      /primes, round 2/,
    );
    expect(code).toBe(130);
    const text = screen.join('\n');
    expect(text).toMatch(/SIGINT: ending the contestants and saving what was measured/);
    expect(text).not.toContain('to go');
    expect(text).toMatch(/^Aborted: /m);
    expect(written).not.toContain('\u001B[?25l');
  }, 60_000);
});
