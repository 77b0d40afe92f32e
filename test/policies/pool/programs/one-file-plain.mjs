/** The same with a job that `portable` does not know. */
import { processes, workers } from 'loopdyno';

console.error('loaded');
export const square = (_loop, n) => n * n;

const loop = await (process.env.POLICY === 'workers'
  ? workers.open({ threads: 1 })
  : processes.open({ processes: 1 }));
const job = { module: import.meta.url, export: 'square' };
for (let i = 0; i < 2; i++) {
  await loop.run(() => loop.submit(job, 7)).catch((error) => console.log(String(error)));
}
await loop.close();
