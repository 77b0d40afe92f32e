/** `loopdyno doctor`: which policies are available, and how well this machine can measure. */
import { loadProject } from '../../catalogue/project.js';
import { pinning, type Pinning } from '../../system/affinity.js';
import { fingerprint } from '../../system/fingerprint.js';
import { machineFacts, type MachineFacts } from '../../system/machine.js';
import { cleanText } from '../../text/clean.js';
import { formatBytes, formatDuration, formatNumber, formatShare } from '../../text/format.js';
import { printJson } from '../terminal.js';
import { fitnessOf, type Fitness } from './fitness.js';
import { measureNoise, type Noise } from './noise.js';
import { weigh, type Added, type Weight } from './weight.js';

export async function doctor(flags: { json?: boolean; config?: string }): Promise<void> {
  const { policies, programs } = await loadProject(process.cwd(), flags.config);
  const found = await Promise.all([
    ...policies.map(async (policy) => ({ name: policy.name, ...(await policy.probe()) })),
    ...programs.map(async ({ name, find }) => ({ name, ...(await find()) })),
  ]);
  process.stderr.write('Measuring the noise of this machine, some three seconds …\n');
  const machine = machineFacts();
  const noise = await measureNoise();
  const weight = await weigh();
  const { node, v8, uv, addon } = fingerprint();
  const fitness = fitnessOf(machine, noise);
  const document = {
    policies: found,
    node,
    v8,
    uv,
    addon,
    machine,
    places: pinning(),
    noise,
    weight,
    ...fitness,
  };
  if (flags.json === true) printJson(document);
  else process.stdout.write(render(document));
}

interface Diagnosis extends Fitness {
  policies: ({ name: string } & ({ ok: true } | { ok: false; reason: string; remedy: string }))[];
  node: string;
  v8: string;
  uv: string;
  addon: { state: string };
  machine: MachineFacts;
  places: Pinning | null;
  noise: Noise;
  weight: Weight | null;
}

function render(diagnosis: Diagnosis): string {
  const { policies, node, v8, uv, addon, machine, noise, verdict, advice } = diagnosis;
  const { places: pinned, weight } = diagnosis;
  const lines = policies.map((policy) => {
    const name = cleanText(policy.name);
    return policy.ok
      ? `  ${name}: available`
      : `  ${name}: unavailable. ${cleanText(policy.reason)}\n      fix: ${cleanText(policy.remedy)}`;
  });
  const { cores, parallelism, cpuLimit, governor, turbo, load } = machine;
  const unknown = 'not told';
  return [
    'Policies',
    ...lines,
    '',
    'Machine',
    `  Node ${node} (V8 ${v8}, libuv ${uv}), addon ${addon.state}`,
    `  cores: ${cores}, of which Node may use ${parallelism}` +
      (cpuLimit === null ? '' : `, limited to ${formatNumber(cpuLimit, 2)}`),
    pinned === null
      ? '  pinned: nothing; it takes Linux, two cores and taskset (of util-linux)'
      : `  pinned: main threads of contestants to core ${pinned.contestants}, of fixtures to core ${pinned.fixtures}`,
    `  clock: governor ${governor ?? unknown}, turbo ${turbo === null ? unknown : turbo ? 'on' : 'off'}`,
    `  load: ${formatNumber(load, 2)}`,
    '',
    'Noise',
    `  the same work of 5 ms: spread ${formatShare(noise.spread)}, ` +
      `the slowest hundredth ${formatNumber(1 + noise.stalls, 2)}× as long`,
    `  a timer of 1 ms: late by ${formatDuration(noise.timerLate.p50)}, ` +
      `in the worst hundredth by ${formatDuration(noise.timerLate.p99)}`,
    `  CPU time kept by the hypervisor: ${noise.steal === null ? unknown : formatShare(noise.steal)}`,
    '',
    `What measuring adds to a process: ${weight === null ? unknown : addedText(weight.adds)}`,
    '',
    verdict,
    ...advice.map((each) => `  ${each}`),
    '',
  ].join('\n');
}

function addedText({ heapBytes, modules, threads, environment }: Added): string {
  const variables = environment.length === 0 ? '' : ` (${cleanText(environment.join(', '))})`;
  return [
    `${formatBytes(heapBytes)} of heap`,
    counted(modules, 'module'),
    ...(threads === null ? [] : [counted(threads, 'thread')]),
    `${counted(environment.length, 'environment variable')}${variables}`,
  ].join(', ');
}

function counted(count: number, noun: string): string {
  return count === 0 ? `no ${noun}` : `${count} ${noun}${count === 1 ? '' : 's'}`;
}
