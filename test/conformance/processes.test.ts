import { processes } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { describe, it } from 'vitest';

await conformance({ policy: processes, options: { processes: 2, minProcesses: 0 }, describe, it });
