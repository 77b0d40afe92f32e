/** The answer in one sentence, or two. */
import type { Estimate } from '../../../text/format.js';
import { formatDuration, formatNumber, formatRatio } from '../../../text/format.js';
import { isRelieved, type MainThread, type Verdict, type WorkersAnswer } from './answer.js';
import type { BreakEven } from './break-even.js';

const WORD: Readonly<Record<Verdict, string>> = {
  yes: 'Yes',
  'main thread': 'For the main thread alone',
  no: 'No',
  open: 'It cannot be told yet',
};

export function sentenceOf({ verdict, call, breakEven, best, mainThread }: WorkersAnswer): string {
  if (call === null || best === null) {
    return 'It cannot be told: there are no two places to compare.';
  }
  const from = breakEven === null ? '' : `${paysFrom(breakEven)}, and `;
  const what = `${from}yours takes ${formatDuration(call.ms)}: ${ratioOf(best.ratio)} with ${howOf(best)}.`;
  return `${WORD[verdict]}: ${what}${mainThread === null ? '' : ` ${relief(mainThread)}`}`;
}

function paysFrom({ ms, ahead, fromMs, toMs }: BreakEven): string {
  if (ms !== null) return `workers pay from ${formatDuration(ms.point)} a call on${about(ms)}`;
  if (ahead === 'workers') return `workers pay from less than ${formatDuration(fromMs)} a call on`;
  if (ahead === 'inline') return `workers do not pay up to ${formatDuration(toMs)} a call`;
  return `from which length of a call on workers pay cannot be told (${formatDuration(fromMs)} to ${formatDuration(toMs)} were tried)`;
}

function about({ low, high }: Estimate): string {
  if (low === null || high === null) return '';
  return ` (${formatDuration(low)} to ${formatDuration(high)})`;
}

function ratioOf(ratio: Estimate): string {
  const { point, interval } = formatRatio(ratio);
  return interval === '' ? point : `${point} (${interval})`;
}

function howOf({ threads, crossing }: NonNullable<WorkersAnswer['best']>): string {
  const how = threads === 1 ? '1 thread' : `${threads} threads`;
  if (crossing === 'clone') return how;
  return `${how} and ${crossing === 'shared' ? 'inputs in shared memory' : 'inputs that are moved'}`;
}

function relief(of: MainThread): string {
  const { perSecond, inlineMs, workersMs } = of;
  const [before, after] = [formatDuration(inlineMs), formatDuration(workersMs)];
  const at = `At ${formatNumber(perSecond)} calls/s the main thread's p99`;
  return isRelieved(of)
    ? `${at} drops from ${before} to ${after}.`
    : `${at} is ${before} inline and ${after} with workers.`;
}
