/** What a job prints is shown, however soon the pool is closed and by whatever the worker ends. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { BOUND_MS, pools } from './kit.js';

const program = fileURLToPath(new URL('./programs/print-and-close.mjs', import.meta.url));
const LINES = 5000;

/** `spins` never comes back to its event loop: the worker is ended by force. */
const ENDINGS = ['returns', 'throws', 'exits', 'spins'];

describe.each(pools)('$name: what a job printed is shown', ({ name }) => {
  it.each(ENDINGS)(
    'though it %s',
    async (ending) => {
      const args = [program, name, ending, String(LINES)];
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args);
      const lines = stdout.trimEnd().split('\n');
      expect(lines.length).toBe(LINES + 2);
      expect(lines.slice(-2)).toEqual(['corked', 'and last']);
      expect(stderr).toBe('beside\n');
    },
    BOUND_MS,
  );
});
