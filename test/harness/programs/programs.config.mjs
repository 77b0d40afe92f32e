import { fileURLToPath } from 'node:url';
import { defineWorkload, portable } from 'loopdyno';

export const add = portable(import.meta.url, 'add', (_loop, numbers) => {
  return `sum ${numbers.reduce((total, each) => total + each, 0)}`;
});

const program = fileURLToPath(new URL('./program.mjs', import.meta.url));
const does = (fault) => ({
  name: fault.replaceAll(' ', '-'),
  workloads: ['sums'],
  find: async () => ({ ok: true, command: [process.execPath, program, fault] }),
});
const found = (name, find) => ({ name, workloads: ['sums'], find });

export default {
  workloads: [
    defineWorkload({
      name: 'sums',
      job: add,
      inputs: ({ seed }) => [
        [seed, 1, 2],
        [seed, 3, 4],
      ],
      concurrency: 2,
    }),
  ],
  programs: [
    does('none'),
    does('wrong number'),
    does('left out'),
    does('other work'),
    does('not asked'),
    does('wide'),
    { ...does('none'), name: 'no-jobs', workloads: ['echo'] },
    found('missing', async () => ({
      ok: false,
      reason: 'no such runtime',
      remedy: 'install it',
    })),
    found('gone', async () => ({ ok: true, command: ['/no/such/program'] })),
    found('throws', async () => {
      throw new Error('no idea');
    }),
    found('nonsense', async () => ({ ok: true, command: 'one string' })),
  ],
};
