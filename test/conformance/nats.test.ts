/** On one server and two agents for all cases: each loop would start its own otherwise, which takes half a second. */
import { afterAll, beforeAll, describe, it } from 'vitest';
import { conformance } from 'loopdyno/conformance';
import { nats } from '#dist/src/policies/nats/index.js';
import { Rig } from '#dist/bench/nats/rig.js';
import type { NatsOptions } from 'loopdyno';
import { missing } from '../policies/nats/kit.js';

const options: NatsOptions = { root: '/' };
let rig: Rig;

if (!missing) {
  beforeAll(async () => {
    rig = await Rig.open();
    Object.assign(options, rig.servers);
    for (let i = 0; i < 2; i++) await rig.agent(['--root', '/']);
  });
  afterAll(() => rig[Symbol.asyncDispose]());
}

await conformance({ policy: nats, options, describe, it });
