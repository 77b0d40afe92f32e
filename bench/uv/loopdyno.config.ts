/**
 * `npm run bench:uv`: `uv` and its blocking drive compared with Node's own IO, and with two others on libuv.
 *
 *   echo, echo-into, echo-protocol    the cost of a message, by style    all that have the style
 *   read                              the cost of a file                ours
 *   task-switch                       the cost of a turn                ours
 *
 * `uvloop` and `libuv-c` are programs of bench/peers/. One that is not installed becomes a row that says what to
 * install.
 */
import { defineConfig, definePolicy, defineWorkload, uv } from '../../src/index.js';
import { filesWorkload } from '../../src/workloads/io/files.js';
import { builtC, builtGo, python } from '../peers/found.js';
import { switchTasks } from './task-switch.js';

const blocking = definePolicy({
  ...uv,
  name: 'uv-blocking',
  summary: 'uv, which waits for IO itself',
  open: (options) => uv.open({ ...options, drive: 'blocking' }),
});

const read = defineWorkload({
  ...filesWorkload,
  name: 'read',
  summary: 'files, those cases that read',
  cases: filesWorkload.cases.filter(({ mode }) => mode === 'read'),
});

const taskSwitch = defineWorkload({
  name: 'task-switch',
  summary: 'ten tasks that only let each other run',
  job: switchTasks,
  inputs: ({ params }) => [Number(params['times'])],
  concurrency: 10,
  cases: [{ times: 1000 }],
});

const streams = 'echo';
const into = 'echo-into';
const protocol = 'echo-protocol';

export default defineConfig({
  policies: [blocking],
  workloads: [read, taskSwitch],
  programs: [
    {
      name: 'uvloop',
      summary: 'libuv under asyncio',
      workloads: [streams, protocol],
      find: () => python('uvloop'),
    },
    {
      name: 'go',
      summary: 'goroutines, on all cores',
      workloads: [streams, into],
      find: builtGo,
    },
    {
      name: 'libuv-c',
      summary: 'callbacks on libuv, in C',
      workloads: [streams, into, protocol],
      find: builtC,
    },
  ],
  budget: '4m',
});
