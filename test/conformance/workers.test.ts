import { workers } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { describe, it } from 'vitest';

await conformance({ policy: workers, options: { threads: 2 }, describe, it });
