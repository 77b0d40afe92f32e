import { queue } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { describe, it } from 'vitest';

await conformance({ policy: queue, describe, it });
