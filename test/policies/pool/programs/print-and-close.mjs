/** Runs one job of prints.mjs in a pool, and closes the pool at once: `POLICY EXPORT LINES`. */
import { processes, workers } from 'loopdyno';

const [, , policy, name, lines] = process.argv;
const module = new URL('prints.mjs', import.meta.url).href;
const loop = await (policy === 'workers'
  ? workers.open({ threads: 1 })
  : processes.open({ processes: 1 }));
const task = loop.submit({ module, export: name }, Number(lines));
if (name === 'spins') {
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (text) => {
    task.cancel(); // what the job prints last is here
    return write(text);
  };
}
await loop.run(() => task).catch(() => {});
await loop.close();
