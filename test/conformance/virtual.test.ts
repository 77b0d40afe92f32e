import { describe, it } from 'vitest';
import { virtual } from 'loopdyno';
import { conformance } from 'loopdyno/conformance';

await conformance({ policy: virtual, describe, it });
