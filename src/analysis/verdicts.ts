/** What a run says, from its estimates: a verdict for each cell, a sentence for each case, one for each policy, warnings. */
import { casesOf, saysOf } from '../documents/cases.js';
import type { Cell, Results, Verdict, Warning } from '../documents/results.js';
import { differs } from '../text/format.js';
import { hostsSummary, mergeWarnings } from './host-words.js';
import { remarksOf } from './remarks.js';
import { isLevel, sentenceOf } from './sentences.js';
import { summaryOf } from './summary.js';

export function judged(results: Results): Results {
  const { reference } = results;
  const cells = results.cells.map((cell) => ({ ...cell, verdict: verdictOf(cell, reference) }));
  const says = casesOf({ cells }).flatMap((group) => {
    const [first] = group.cells;
    if (first === undefined) return [];
    const { workload, params } = first;
    const { moreMs } = saysOf(results, group);
    const sentence = sentenceOf(group, reference, moreMs, results.race !== undefined);
    return [{ workload, params, sentence, remarks: remarksOf(group, results), moreMs }];
  });
  const summary = [...summaryOf({ ...results, cells }), ...hostsSummary({ cells })];
  return { ...results, cells, warnings: warningsOf(results), summary, says };
}

function verdictOf({ ratio, contestant }: Cell, reference: string): Verdict | null {
  if (ratio === null || contestant.policy === reference) return null;
  if (differs(ratio)) return ratio.point > 1 ? 'faster' : 'slower';
  return isLevel(ratio) ? 'no difference' : 'unresolved';
}

/** Warnings that must be read before any number. */
function warningsOf({ status, mode, merged }: Results): Warning[] {
  const warnings: Warning[] = mergeWarnings(merged);
  if (status === 'aborted') {
    warnings.push({
      label: 'Aborted',
      text: 'the run was ended early; these are the numbers it had by then.',
    });
  }
  if (mode === 'quick') {
    warnings.push({
      label: 'Quick run',
      text: 'a first answer. Measure without --quick before you decide anything by it.',
    });
  }
  return warnings;
}
