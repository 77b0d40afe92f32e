import type { LoopPolicy } from './loop/policy.js';
import { microtask } from './policies/microtask/index.js';
import { nats } from './policies/nats/index.js';
import { processes } from './policies/processes/index.js';
import { queue } from './policies/queue/index.js';
import { uv } from './policies/uv/index.js';
import { workers } from './policies/workers/index.js';

export * from './loop/errors.js';
export { Future } from './loop/future.js';
export { Task } from './loop/task.js';
export type { Awaitable } from './loop/awaitable.js';
export {
  asCompleted,
  cancelAll,
  firstCompleted,
  gather,
  wait,
  type FirstCompletedOptions,
  type GatherOptions,
  type ResultsOf,
  type WaitOptions,
  type Waited,
} from './loop/combine.js';
export { shield, timeout } from './loop/timeout.js';
export { TaskGroup, taskGroup, type GroupBody } from './loop/task-group.js';
export { Event, Lock, Queue, Semaphore } from './loop/sync.js';
export { portable } from './loop/portable.js';
export type {
  Availability,
  Capabilities,
  CloseReport,
  Coroutine,
  Job,
  Loop,
  LoopOptions,
  LoopPolicy,
  PortableFunction,
  PortableJob,
  SpawnOptions,
  SubmitOptions,
  Suspension,
  Transferable,
} from './loop/policy.js';
export type { Address, ConnectionHandler, Io, ListenOptions, Server, Stream } from './loop/io.js';
export type { Protocol, ProtocolFactory, Transport } from './loop/protocol.js';
export type { Instrument } from './loop/instruments/instrument.js';
export { SlowSteps, type SlowStep } from './loop/instruments/slow-steps.js';
export { TraceRecorder, type TraceFile } from './loop/instruments/trace-recorder.js';
export { virtual, VirtualLoop, type VirtualOptions } from './policies/virtual/index.js';
export { microtask, nats, processes, queue, uv, workers };
export type { NatsOptions } from './policies/nats/options.js';
export type { NatsLoop } from './policies/nats/nats-loop.js';
export type { ProcessesOptions } from './policies/processes/index.js';
export type { QueueOptions } from './policies/queue/index.js';
export type { UvOptions } from './policies/uv/index.js';
export type { WorkersOptions } from './policies/workers/index.js';
export type { PoolLoop } from './policies/pool/pool-loop.js';
export type { Timings } from './policies/pool/timings.js';
/** The same policies as in `policies/registry.ts`, which imports each one only when it is asked for. */
export const policies: readonly LoopPolicy[] = [microtask, queue, uv, workers, processes, nats];
export { defineConfig, type Config } from './config/define.js';
export { definePolicy, type PolicyDefinition } from './policies/define.js';
export { defineWorkload, type JobWorkload } from './workload/define.js';
export type { Found, Program } from './config/program.js';
export { ConfigError } from './config/errors.js';
export { jobSession, WrongResultError, type JobSessionOptions } from './workload/job-session.js';
export type {
  Facts,
  Fixture,
  FixtureLoad,
  FixtureRef,
  FixtureSetup,
  Jobs,
  JobsSetup,
  Kind,
  Latency,
  OpenFixture,
  Params,
  Session,
  Setup,
  Workload,
} from './workload/workload.js';
// For policies of your own: see CONTRIBUTING.
export { CoreLoop, type Driver, type LoopParts, type OwnedIo } from './loop/core-loop.js';
export { Scheduler } from './loop/scheduler.js';
export { TurnDriver, type AlarmClock } from './loop/turn-driver.js';
export { HostAlarm } from './policies/host/alarm.js';
export { HostIo } from './policies/host/io.js';
