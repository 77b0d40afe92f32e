/** `loopdyno doctor`: what can be measured here, and how well. */
import type { Command } from 'commander';
import { loadProject } from '../config/project.js';
import { fingerprint } from '../duel/fingerprint.js';
import { machineFacts, type MachineFacts } from '../machine/facts.js';
import { measureNoise, type Noise } from '../machine/noise.js';
import { cleanText } from '../report/clean.js';
import { formatDuration, formatNumber, formatShare } from '../report/format.js';
import { options } from './options.js';
import { printJson } from './print.js';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('which policies can be used here, and how well this machine can measure')
    .addOption(options.json())
    .addOption(options.config())
    .action(async (flags: { json?: boolean; config?: string }) => {
      const { policies } = await loadProject(process.cwd(), flags.config);
      const found = await Promise.all(
        policies.map(async (policy) => ({ name: policy.name, ...(await policy.probe()) })),
      );
      process.stderr.write('Measuring the noise of this machine, some three seconds …\n');
      const machine = machineFacts();
      const noise = await measureNoise();
      const advice = adviceOn(machine, noise);
      const { node, v8, uv, addon } = fingerprint();
      const document = { policies: found, node, v8, uv, addon, machine, noise, advice };
      if (flags.json === true) printJson(document);
      else process.stdout.write(render(document));
    });
}

interface Diagnosis {
  policies: ({ name: string } & ({ ok: true } | { ok: false; reason: string; remedy: string }))[];
  node: string;
  v8: string;
  uv: string;
  addon: { state: string };
  machine: MachineFacts;
  noise: Noise;
  advice: string[];
}

/** Spreads and shares from which a machine is called so. */
const NOISY = 0.03;
const STOLEN = 0.02;
const BUSY_SHARE = 0.3;

function adviceOn(machine: MachineFacts, noise: Noise): string[] {
  const advice: string[] = [];
  const { load, cores, cpuLimit, governor, parallelism } = machine;
  if (load > BUSY_SHARE * cores) {
    advice.push(
      `Others are at work here (load ${formatNumber(load, 2)} on ${cores} cores): wait, or end them.`,
    );
  }
  if (governor !== null && governor !== 'performance') {
    advice.push(
      `The clock follows the load (governor ${governor}): sudo cpupower frequency-set -g performance`,
    );
  }
  if (noise.steal !== null && noise.steal > STOLEN) {
    advice.push(
      `The hypervisor gave ${formatShare(noise.steal)} of the CPU time to other machines: ` +
        'trust ratios within a run, never times of different runs.',
    );
  }
  if (cpuLimit !== null && cpuLimit < cores) {
    advice.push(
      `This container may use ${formatNumber(cpuLimit, 2)} of ${cores} cores: what goes beyond ` +
        'is stopped for tens of ms, in the middle of slices. Give it whole cores.',
    );
  }
  if (parallelism < 2) {
    advice.push('There is one core: clients and servers share it, and threads cannot pay.');
  }
  if (noise.spread > NOISY) {
    advice.push(
      `The same work varies by ${formatShare(noise.spread)}: give runs a longer --budget.`,
    );
  }
  return advice.length === 0 ? ['This machine is fit for measuring.'] : advice;
}

function render({ policies, node, v8, uv, addon, machine, noise, advice }: Diagnosis): string {
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
    `  clock: governor ${governor ?? unknown}, turbo ${turbo === null ? unknown : turbo ? 'on' : 'off'}`,
    `  load: ${formatNumber(load, 2)}`,
    '',
    'Noise',
    `  the same work of 5 ms: spread ${formatShare(noise.spread)}, ` +
      `the slowest hundredth ${formatShare(noise.stalls)} slower`,
    `  a timer of 1 ms: late by ${formatDuration(noise.timerLate.p50)}, ` +
      `in the worst hundredth by ${formatDuration(noise.timerLate.p99)}`,
    `  CPU time kept by the hypervisor: ${noise.steal === null ? unknown : formatShare(noise.steal)}`,
    '',
    ...advice,
    '',
  ].join('\n');
}
