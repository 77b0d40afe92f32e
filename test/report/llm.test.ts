import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderLlm } from '#dist/src/report/llm.js';
import { goldenResults } from '../golden/golden.js';

/** What common tokenisers make of text like this: a word of letters, up to three digits, any other sign. */
function tokens(text: string): number {
  return text.match(/ ?[A-Za-z]{1,6}|\d{1,3}|\n+|[^\sA-Za-z\d]/g)?.length ?? 0;
}

describe('a run as a text for a language model', () => {
  const results = goldenResults();
  const text = renderLlm(results);

  it('has the verdicts with their intervals, the conditions, and what to do next', () => {
    for (const { sentence } of results.says.slice(0, 3)) {
      expect(text).toContain(`verdict: ${sentence.slice(0, 60)}`);
    }
    expect(text).toMatch(/^rows: contestant \| verdict \| jobs\/s \| vs microtask/m);
    expect(text).toMatch(/conditions:\n- Machine: /);
    expect(text).toMatch(/next:\n- mend .*: a failed row has no numbers/);
  });

  it('calls things by the names of a race', () => {
    const race = {
      subject: './s.js',
      kind: 'server',
      unit: 'requests',
      vary: [],
      ignored: [],
    } as const;
    const raced = renderLlm({ ...results, race: { ...race, vary: [], ignored: [] } });
    expect(raced).toMatch(/verdict \| requests\/s \| vs microtask \| CPU per request/);
    expect(raced).toMatch(/- Race: the server \.\/s\.js/);
  });

  it('has at most 4,000 tokens, and no line of its own from outside', () => {
    const name = fc.string({ unit: 'binary', maxLength: 3000 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 60 }), name, (names, reason) => {
        const cells = names.flatMap((workload, at) =>
          results.cells.slice(0, 4).map((cell) => ({
            ...cell,
            reason,
            workload: `${at} ${workload}`,
            status: cell.status,
          })),
        );
        const large = renderLlm({ ...results, cells, says: [], command: [reason] });
        expect(large.length).toBeLessThanOrEqual(9100);
        expect(large).toContain('next:');
        const starts =
          /^(loopdyno|Ratios|warning|case|verdict|rows|remark|conditions|next|- |\d+ more cases|$)/;
        for (const line of large.split('\n')) expect(line).toMatch(starts);
      }),
      { numRuns: 30 },
    );
    expect(tokens(text)).toBeLessThan(4000);
  });
});
