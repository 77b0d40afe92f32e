import { uv } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { afterAll, describe, it } from 'vitest';
import { expectNothingAlive } from '../policies/uv/helpers.js';

// Where the addon is not built, every case is skipped and says so.
await conformance({ policy: uv, options: { drive: 'blocking' }, describe, it });
afterAll(expectNothingAlive);
