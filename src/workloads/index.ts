/** The workloads that come with loopdyno. */
import type { Workload } from '../workload/workload.js';
import { json } from './cpu/json.js';
import { matrix } from './cpu/matrix.js';
import { primes } from './cpu/primes.js';
import { sha256Chain } from './cpu/sha256-chain.js';
import { spin } from './cpu/spin.js';
import { echoClient } from './io/echo-client.js';
import { echoWorkload } from './io/echo.js';
import { fetchAll } from './io/fetch-all.js';
import { filesWorkload } from './io/files.js';
import { firstCompletedWorkload } from './io/first-completed.js';
import { timers } from './io/timers.js';
import { webSocket } from './io/web-socket.js';
import { crawl } from './mixed/crawl.js';
import { deferred } from './mixed/deferred.js';
import { pipeline } from './mixed/pipeline.js';
import { traverseWorkload } from './mixed/traverse.js';

export const workloads: readonly Workload[] = [
  primes,
  json,
  sha256Chain,
  matrix,
  spin,
  timers,
  filesWorkload,
  echoWorkload,
  echoClient,
  webSocket,
  fetchAll,
  firstCompletedWorkload,
  crawl,
  pipeline,
  traverseWorkload,
  deferred,
];
