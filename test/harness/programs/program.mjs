/**
 * A contestant that shares no code with loopdyno: it adds up the numbers of each input. `program.mjs FAULT` does one thing
 * wrong. Its jobs take no waiting, so lanes are a loop.
 */
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , fault = 'none'] = process.argv;
const said = { none: (answer) => answer };
said['wrong number'] = (answer) =>
  answer.did === 'slice' ? { ...answer, samplesMs: [1, 'fast'] } : answer;
said['left out'] = (answer) => ({ ...answer, harness: undefined });
said['other work'] = (answer) => (answer.did === 'open' ? { ...answer, digest: 'mine' } : answer);
// As one does that works on two cores.
said['wide'] = (answer) =>
  answer.did === 'slice' ? { ...answer, cpuUserUs: answer.ms * 2000 } : answer;
said['not asked'] = (answer) => ({ ...answer, did: 'nothing' });

let inputs = [];
let results = [];
let concurrency = 1;
let next = 0;
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
const work = (jobs) => {
  for (let i = 0; i < jobs; i++) {
    const at = next++ % inputs.length;
    if (`sum ${sum(inputs[at])}` !== results[at]) throw new Error('another result');
  }
};

const answers = {
  open({ jobs, workload, facts }) {
    if (jobs === null) throw new Error(`${workload} is not made of jobs; ${JSON.stringify(facts)}`);
    if (jobs.name !== 'add') throw new Error(`there is no job ${jobs.name}`);
    ({ inputs, concurrency } = jobs);
    results = inputs.map((numbers) => `sum ${sum(numbers)}`);
    const digest = createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16);
    const cycle = inputs.length;
    return { digest, concurrency, cycle, firstJobMs: 1, runtime: `a test on ${process.version}` };
  },
  reset: () => ({ harness: { sampleUs: 1, jobUs: 0 } }),
  slice({ ms, batch }) {
    const before = process.cpuUsage();
    const samplesMs = [];
    let [jobs, spent] = [0, 0];
    while (spent < ms) {
      const began = performance.now();
      work(batch);
      const took = performance.now() - began;
      spent += took;
      jobs += batch;
      samplesMs.push(took / batch);
    }
    const { user, system } = process.cpuUsage(before);
    samplesMs.sort((a, b) => a - b);
    return { jobs, ms: spent, allJobs: jobs, cpuUserUs: user, cpuSystemUs: system, samplesMs };
  },
  close() {
    const memory = { peakBytes: 1, growthBytes: 0 };
    const [gc, switches] = [
      { count: 0, ms: 0 },
      { voluntary: 0, involuntary: 0 },
    ];
    return { left: [], measures: { latency: [], lag: [], memory, gc, switches } };
  },
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line);
    let answer;
    try {
      answer = said[fault]({ did: request.do, ...answers[request.do](request) });
    } catch ({ name, message }) {
      answer = { failed: { name, message, stack: '' } };
    }
    writeSync(3, `${JSON.stringify(answer)}\n`);
  })
  .on('close', () => process.exit());
