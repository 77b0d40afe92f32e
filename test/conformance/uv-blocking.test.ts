import { uv } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { describe, it } from 'vitest';

// Where the addon is not built, every case is skipped and says so.
await conformance({ policy: uv, options: { drive: 'blocking' }, describe, it });
