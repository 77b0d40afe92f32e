import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { parseResults, resultsJsonSchema, type Results } from 'loopdyno/schema';
import { goldenText } from '../golden/golden.js';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
const valid = ajv.compile(resultsJsonSchema);

it('the JSON schema accepts what the parser accepts', () => {
  const text = goldenText('results.json');
  expect(valid(JSON.parse(text))).toBe(true);
  expect(parseResults(text, 'results.json').cells.length).toBeGreaterThan(0);
});

it('the JSON schema refuses what lacks a field, or has one of another type', () => {
  const broken = JSON.parse(goldenText('results.json')) as Results;
  Reflect.deleteProperty(broken.cells[0] as object, 'status');
  expect(valid(broken)).toBe(false);
  const other = { ...(JSON.parse(goldenText('results.json')) as Results), seed: 'one' };
  expect(valid(other)).toBe(false);
});

it('the JSON schema is a file, too', () => {
  const file = new URL('../../dist/results.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(resultsJsonSchema)),
  );
});
