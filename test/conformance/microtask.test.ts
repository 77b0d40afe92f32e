import { microtask } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';
import { describe, it } from 'vitest';

await conformance({ policy: microtask, describe, it });
