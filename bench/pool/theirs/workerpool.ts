/** The workerpool worker. */
import workerpool from 'workerpool';
import { compute, identity } from '../jobs.js';

workerpool.worker({ identity, compute });
