import { describe, expect, it } from 'vitest';
import { loadWorkload, workloadNames } from '#dist/src/workloads/registry.js';

describe('the workloads that come with loopdyno', () => {
  it.each(workloadNames)('has %s under its name', async (name) => {
    expect((await loadWorkload(name))?.name).toBe(name);
  });

  it('has none of a name that is not there', async () => {
    expect(await loadWorkload('prime')).toBeUndefined();
    expect(await loadWorkload('toString')).toBeUndefined();
  });
});
