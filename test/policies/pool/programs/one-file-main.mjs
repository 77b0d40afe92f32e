/** The same with a function, which nothing waits for, and a job below it. */
import { portable, processes, workers } from 'loopdyno';

console.error('loaded');

async function main() {
  const loop = await (process.env.POLICY === 'workers'
    ? workers.open({ threads: 1 })
    : processes.open({ processes: 1 }));
  console.log(await loop.run(() => loop.submit(square, 7)));
  await loop.close();
}

void main();
export const square = portable(import.meta.url, 'square', (_loop, n) => n * n);
