/** However node was started, its workers run the pool's program, and not what node was told to run. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { inheritedEnv, inheritedFlags, withoutProgram } from '#dist/src/policies/pool/exec-argv.js';
import { BOUND_MS, pools } from './kit.js';

const count = new URL('./programs/count.mjs', import.meta.url).href;

/** Opens a pool of one, and never again in its workers. */
function script(policy: string): string {
  return `
    if (process.env.AGAIN) { console.error('it runs again'); process.exit(9); }
    process.env.AGAIN = '1';
    import('loopdyno').then(async (loopdyno) => {
      const loop = await loopdyno.${policy}.open({ threads: 1, processes: 1, startTimeout: 5000 });
      const job = { module: '${count}', export: 'surroundings' };
      const [, flags] = await loop.run(() => loop.submit(job, null));
      console.log('flags: ' + flags.length);
      await loop.close();
    });`;
}

/** What node says when it is started like that; `input` is its stdin. */
async function said(args: string[], input = '', env = {}): Promise<string> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env } });
  child.stdin.end(input);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + err;
}

describe.each(pools)('$name, opened by', ({ name }) => {
  const code = script(name);
  it.each([
    ['node -e', ['-e', code]],
    ['node --eval=', [`--eval=${code}`]],
    ['node -p', ['-p', code]],
    ['a module by node -e', ['--input-type=module', '-e', code]],
    ['node that reads stdin', ['-'], code],
    ['node that reads a module from stdin', ['--input-type', 'module'], code],
  ])(
    '%s',
    async (_how, args, input = '') => {
      const output = await said(args, input);
      expect(output).toMatch(/^flags: \d/m);
      expect(output).not.toMatch(/again/);
    },
    BOUND_MS,
  );

  it(
    'node under an inspector, which it has for itself',
    async () => {
      const flag = '--inspect=127.0.0.1:0';
      for (const output of [
        await said([flag, '-e', code]),
        await said(['-e', code], '', { NODE_OPTIONS: flag }),
      ]) {
        expect(output).toMatch(/^flags: \d/m);
        expect(output.match(/Debugger listening/g)).toHaveLength(1);
      }
    },
    2 * BOUND_MS,
  );
});

describe('flags of a worker', () => {
  it('are those of this process, but for what it runs and for the inspector', () => {
    const kept = '-r ./x.cjs --import ./y.mjs -C dev --test-reporter spec'.split(' ');
    const run = '-p -e code --eval=a=b --print code -c -i --test --input-type module';
    const watch = '--watch --watch-path src --snapshot-blob x';
    const inspect = '--inspect --inspect-brk=9229 --inspect-port 9230';
    const dropped = `${run} ${watch} ${inspect}`.split(' ');
    expect(inheritedFlags([...dropped, ...kept])).toEqual(kept);
    expect(inheritedFlags([...kept, ...dropped])).toEqual(kept);
  });

  it('that are asked for may have an inspector, and no program either', () => {
    expect(withoutProgram(['-e', 'code', '--inspect=0'])).toEqual(['--inspect=0']);
  });

  it('come without an inspector from NODE_OPTIONS, too', () => {
    const env = (options: string): string | undefined =>
      inheritedEnv({ NODE_OPTIONS: options })['NODE_OPTIONS']?.trim();
    expect(env('--inspect-brk=9229 --no-warnings')).toBe('--no-warnings');
    expect(env('--no-warnings --inspect --inspect-port 9230')).toBe('--no-warnings');
    expect(env('-r "./a--inspect/b.cjs"')).toBe('-r "./a--inspect/b.cjs"');
    expect(inheritedEnv({})).toEqual({});
  });
});
