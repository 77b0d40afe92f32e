/** Makes jobs and opens the pool that runs them: `POLICY`. */
import { portable, processes, workers } from 'loopdyno';

console.error('loaded');
export const square = portable(import.meta.url, 'square', (_loop, n) => n * n);
export const cube = portable(import.meta.url, 'cube', (_loop, n) => n * n * n);

const loop = await (process.env.POLICY === 'workers'
  ? workers.open({ threads: 1 })
  : processes.open({ processes: 1 }));
console.log(await loop.run(() => loop.submit(square, 7)));
console.log(await loop.run(() => loop.submit(cube, 2)));
await loop.close();
