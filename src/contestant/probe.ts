/** Says, on the runtime that runs it, whether a policy can be opened there: `probe.js POLICY [CONFIG]`. */
import { policyNamed } from '../catalogue/named.js';
import type { Availability } from '../loop/policy.js';

async function probe(name: string, config: string | null): Promise<Availability> {
  try {
    const policy = await policyNamed(name, config);
    const found = await policy.probe();
    if (!found.ok) return found;
    const loop = await policy.open();
    await loop.run(() => 1);
    await loop.close();
    return found;
  } catch (error) {
    return {
      ok: false,
      reason: `it cannot be opened: ${(error as Error).message}`,
      remedy: 'measure it on another runtime',
    };
  }
}

const [name = '', config = ''] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await probe(name, config === '' ? null : config))}\n`);
process.exit(0);
