/** A step of the build: writes `dist/results.schema.json`. */
import { writeFileSync } from 'node:fs';
import { resultsJsonSchema } from './json-schema.js';

const text = `${JSON.stringify(resultsJsonSchema, null, 2)}\n`;
writeFileSync(new URL('../../results.schema.json', import.meta.url), text);
