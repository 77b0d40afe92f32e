export * from './loop/errors.js';
export { Future, type Coroutine, type Suspension } from './loop/future.js';
export { Task } from './loop/task.js';
export {
  asCompleted,
  cancelAll,
  firstCompleted,
  gather,
  shield,
  timeout,
  wait,
  type Awaitable,
  type FirstCompletedOptions,
  type GatherOptions,
  type ResultsOf,
  type WaitOptions,
  type Waited,
} from './loop/combine.js';
export { TaskGroup, taskGroup, type GroupBody } from './loop/task-group.js';
export { Event, Lock, Queue, Semaphore } from './loop/sync.js';
export { portable } from './loop/policy.js';
export type {
  Availability,
  Capabilities,
  CloseReport,
  Job,
  Loop,
  LoopOptions,
  LoopPolicy,
  PortableFunction,
  PortableJob,
  SpawnOptions,
  SubmitOptions,
} from './loop/policy.js';
export type { Address, ConnectionHandler, Io, ListenOptions, Server, Stream } from './loop/io.js';
export { queue } from './policies/queue/index.js';
export { microtask } from './policies/microtask/index.js';
export { uv } from './policies/uv/index.js';
export { workers, type WorkersOptions } from './policies/workers/index.js';
export { policies } from './policies/registry.js';
