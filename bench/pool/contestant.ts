/** A process of `npm run bench:pool`: opens one pool, and drives it when it is told to. */
import { quantile } from '../../src/stats/quantile.js';
import { contestants, type JobName } from './contestants.js';

export interface Order {
  readonly job: JobName;
  readonly inFlight: number;
  readonly ms: number;
}

export interface Answer {
  readonly perMs: number;
  readonly p50: number;
  readonly p99: number;
}

const [, , name = '', threads = ''] = process.argv;
const open = contestants[name];
if (open === undefined) throw new Error(`no contestant is called ${name}`);
const drive = await open(Number(threads));

process.on('message', ({ job, inFlight, ms }: Order) => {
  void drive(job, inFlight, ms).then(({ ms: took, latencies }) => {
    const answer: Answer = {
      perMs: latencies.length / took,
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
    };
    process.send?.(answer);
  });
});
process.on('disconnect', () => process.exit(0));
process.send?.('open');
