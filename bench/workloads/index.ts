/** The workloads that come with loopdyno. */
import type { Workload } from '../../src/workload/workload.js';
import { json } from './cpu/json.js';
import { echoWorkload } from './io/echo.js';
import { pipeline } from './mixed/pipeline.js';

export const workloads: readonly Workload[] = [json, echoWorkload, pipeline];
