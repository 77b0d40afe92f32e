/** A job that opens a pool of its own, after its module was loaded. */
import { portable, workers } from 'loopdyno';

const square = { module: new URL('one-file-main.mjs', import.meta.url).href, export: 'square' };

export const nested = portable(import.meta.url, 'nested', async (_loop, n) => {
  const inner = await workers.open({ threads: 1 });
  try {
    return await inner.run(() => inner.submit(square, n));
  } finally {
    await inner.close();
  }
});
