/** The job of `task-switch`: it yields to the other tasks a given number of times. */
import { portable } from '../../src/index.js';

export const switchTasks = portable(
  import.meta.url,
  'switchTasks',
  function* (_loop, times: number) {
    for (let i = 0; i < times; i++) yield;
    return `${times} switches`;
  },
);
