// The conformance suite on `uv` without a test runner, for a build of the addon that a tool watches:
// node conformance.mjs DRIVE [GROUP...]. Ends with 1 where a case fails or something stays alive.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as wait } from 'node:timers/promises';
import { uv } from 'loopdyno';
import { cases, runCase, whyNot } from 'loopdyno/conformance';
import { loadNative } from '#dist/src/policies/uv/binding.js';

const [, , drive, ...groups] = process.argv;
let passed = 0;
for (const one of cases) {
  if (whyNot(one, uv) !== null) continue;
  if (groups.length > 0 && !groups.includes(one.group)) continue;
  try {
    await runCase(one, uv, { drive });
    passed++;
  } catch (error) {
    console.log(`FAILED ${one.group}: ${one.name}: ${error.message}`);
    process.exitCode = 1;
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const { native } = loadNative();
const alive = () => Object.values(native.liveCounts()).reduce((sum, count) => sum + count);
for (let tries = 0; tries < 100 && alive() > 0; tries++) {
  collect();
  await wait(10);
}
if (alive() > 0) {
  console.log(`FAILED: still alive: ${JSON.stringify(native.liveCounts())}`);
  process.exitCode = 1;
}
console.log(`${drive}: ${passed} cases passed`);
