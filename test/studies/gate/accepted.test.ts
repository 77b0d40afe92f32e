import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AcceptedFileError, acceptedBy } from '#dist/src/studies/gate/accepted.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loopdyno-accepted-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function checkout(name: string, accepted?: unknown): Promise<string> {
  const top = join(folder, name);
  await mkdir(join(top, 'bench'), { recursive: true });
  if (accepted !== undefined) {
    const text = typeof accepted === 'string' ? accepted : JSON.stringify(accepted);
    await writeFile(join(top, 'bench', 'accepted.json'), text);
  }
  return top;
}

const entry = { cell: 'queue · primes', upTo: 0.12, reason: 'bounds checks' };

describe('acceptedBy', () => {
  it('is what head has and base had not: it expires when base contains it', async () => {
    const none = await checkout('none');
    const one = await checkout('one', [entry]);
    const two = await checkout('two', [entry, { ...entry, upTo: 0.2 }]);
    expect(await acceptedBy(none, none)).toEqual([]);
    expect(await acceptedBy(none, one)).toEqual([entry]);
    expect(await acceptedBy(one, one)).toEqual([]);
    expect(await acceptedBy(one, two)).toEqual([{ ...entry, upTo: 0.2 }]);
    expect(await acceptedBy(one, none)).toEqual([]);
  });

  it.each([
    ['no JSON', '[{', /accepted\.json takes a list/],
    ['no reason', [{ ...entry, reason: '' }], /0\.reason/],
    ['no bound', [{ cell: 'x', reason: 'y' }], /0\.upTo/],
    ['a percentage by mistake', [{ ...entry, upTo: 12 }], /0\.upTo/],
    ['an unknown key', [{ ...entry, upto: 1 }], /upto/],
  ])('refuses %s, by file and place', async (_what, accepted, message) => {
    const head = await checkout('head', accepted);
    const refused = acceptedBy(await checkout('base'), head);
    await expect(refused).rejects.toThrow(AcceptedFileError);
    await expect(acceptedBy(await checkout('base'), head)).rejects.toThrow(message);
  });
});
