import { describe, expect, it } from 'vitest';
import { slowedPairsFor } from '#dist/src/studies/gate/record-pairs.js';
import { selfTestRates } from '#dist/src/studies/gate/self-test-rates.js';
import { slowedConfig, slowedName } from '#dist/src/studies/gate/slowed.js';
import { renderSelfTest, renderSelfTestMarkdown } from '#dist/src/studies/gate/render/self-test.js';
import { SelfTestSchema, type SelfTest } from '#dist/src/documents/self-test.js';
import { gateDesign } from '#dist/src/studies/gate/gate-design.js';
import type { Config } from '#dist/src/config/define.js';
import { recordOf, recordedCell } from './recorded.js';

function testOf(cells: SelfTest['cells']): SelfTest {
  return SelfTestSchema.parse({
    ...recordOf(cells),
    ...selfTestRates(cells, { design: gateDesign(), seed: 1 }),
  });
}

describe('the rates of the self-test', () => {
  it(
    'come from the pairs: a quiet cell finds 5%, a noisy one does not',
    { timeout: 60_000 },
    () => {
      const { rates, curve } = testOf([recordedCell('quiet', 0.01), recordedCell('loud one', 0.3)]);
      const powerOf = (at: number, slowdown: number): number | undefined =>
        rates?.cells[at]?.power.find((each) => each.slowdown === slowdown)?.rate;
      expect(powerOf(0, 0.05)).toBeGreaterThan(0.95);
      expect(powerOf(1, 0.05)).toBeLessThan(0.2);
      expect(rates?.falseAlarms.rate).toBeLessThan(0.02);
      const last = curve.at(-1);
      expect(last?.median).toBeGreaterThan(last?.least ?? 1);
      expect(curve.find(({ slowdown }) => slowdown === 0.05)?.median).toBeGreaterThan(0.4);
    },
  );

  const failed = { ...recordedCell('broken', 0.01), failed: 'threw' };

  it('are none without pairs', () => {
    const test = testOf([failed]);
    expect(test.rates).toBeNull();
    expect(renderSelfTest(test)).toMatch(/broken\s+failed: threw[\s\S]*Too few pairs/);
    expect(renderSelfTestMarkdown(test)).not.toContain('mermaid');
  });

  it('leave a failed cell out, are drawn, and hostile names stay text', () => {
    const test = testOf([failed, recordedCell('a|b<script>', 0.01)]);
    expect(test.rates?.cells.map(({ cell }) => cell)).toEqual(['a|b<script>']);
    const markdown = renderSelfTestMarkdown(test);
    expect(markdown).not.toContain('<script>');
    expect(markdown).toContain('xychart-beta');
    expect(markdown).toContain('120 pairs of the same code and 120 with a slowed head');
  });
});

describe('a slowed copy of a policy', () => {
  it('takes its share longer to run, and does the same', async () => {
    const { default: config } = (await import(slowedConfig(0.5, null))) as { default: Config };
    const policy = config.policies?.find(({ name }) => name === slowedName('queue'));
    const loop = await policy?.open({});
    if (loop === undefined) throw new Error('no slowed queue');
    const began = performance.now();
    let inner = 0;
    const value = await loop.run(function* () {
      yield* loop.io.sleep(20);
      inner = performance.now() - began;
      return 'done';
    });
    expect(value).toBe('done');
    expect(performance.now() - began).toBeGreaterThanOrEqual(inner * 1.5 * 0.999);
    await loop.close();
  });

  it('is measured by fewer pairs, and never by one', () => {
    expect([1, 6, 170].map(slowedPairsFor)).toEqual([2, 2, 57]);
  });
});
