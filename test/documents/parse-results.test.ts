import { describe, expect, it } from 'vitest';
import { LoopdynoError } from '#dist/src/loop/errors.js';
import { parseResults, ResultsFileError } from '#dist/src/documents/parse-results.js';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import { goldenResults, goldenText } from '../golden/golden.js';

function refusal(text: string): ResultsFileError {
  try {
    parseResults(text, 'some/results.json');
  } catch (error) {
    if (error instanceof ResultsFileError) return error;
    throw error;
  }
  throw new Error('the text was accepted');
}

/** The refusal of the golden document with another value at the place; undefined removes it. */
function refusalWith(place: string, value: unknown): ResultsFileError {
  const document: unknown = JSON.parse(goldenText('results.json'));
  const path = place.match(/\w[\w ]*/g) ?? [];
  const parent = path
    .slice(0, -1)
    .reduce((object, key) => Reflect.get(object, key), document as object);
  Reflect.set(parent, path.at(-1) as string, value);
  return refusal(JSON.stringify(document));
}

describe('parseResults', () => {
  it('gives what was written', () => {
    const results = goldenResults();
    expect(parseResults(serializeResults(results), 'a.json')).toEqual(results);
    expect(parseResults(`\uFEFF${serializeResults(results)}`, 'a.json')).toEqual(results);
  });

  it('ignores keys it does not know, since version 1 may grow', () => {
    const grown = { ...goldenResults(), latency: { p99: 3 } };
    expect(parseResults(JSON.stringify(grown), 'a.json')).toEqual(goldenResults());
  });

  it('accepts estimates without an interval', () => {
    const results = goldenResults();
    Object.assign(results.cells[1]?.ratio ?? {}, { low: null, high: null });
    expect(parseResults(JSON.stringify(results), 'a.json')).toEqual(results);
  });

  it('names the file and is one of loopdyno’s errors', () => {
    const error = refusal('');
    expect(error).toBeInstanceOf(LoopdynoError);
    expect(error.name).toBe('ResultsFileError');
    expect(error.file).toBe('some/results.json');
    expect(error.message).toBe(
      'some/results.json: the file is empty. ' +
        'Use an undamaged copy of the file, or measure again with `loopdyno run`',
    );
  });
});

describe('a text that is no JSON', () => {
  it('is truncated wherever it was cut', () => {
    const text = goldenText('results.json').trimEnd();
    for (let end = 1; end < text.length; end += 97) {
      const error = refusal(text.slice(0, end));
      const lines = text.slice(0, end).split('\n');
      expect(error.place).toBe(`line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`);
      expect(error.message).toContain('truncated');
      expect(error.message).toContain('measure again');
    }
  });

  it.each([
    ['hello', 'line 1, column 1', "'hello'"],
    ['<html>\n</html>', 'line 1, column 1', "'<html>"],
    ['{"a": 1}}', 'line 1, column 9', "'}'"],
    ['{\n  "a": 1,\n  b: 2 }', 'line 3, column 3', "'b: 2 }'"],
    ['[1, 2, ]', 'line 1, column 8', "']'"],
    ['{"a" 1}', 'line 1, column 6', "'1}'"],
    ['{"a": "x\ny"}', 'line 1, column 7', '"x'],
    ['[1 2]', 'line 1, column 4', "'2]'"],
    ['{"a": [1}', 'line 1, column 9', "'}'"],
    ['[01]', 'line 1, column 3', "'1]'"],
    ['[NaN]', 'line 1, column 2', "'NaN]'"],
    ['{1: 2}', 'line 1, column 2', "'1: 2}'"],
  ])('%j is refused at %s', (text, place, shown) => {
    const error = refusal(text);
    expect(error.place).toBe(place);
    expect(error.message).toContain(`this is not JSON: `);
    expect(error.message).toContain(shown);
    expect(error.message).toContain('results/latest/results.json');
  });

  it('may be nested as deeply as it likes', () => {
    expect(refusal('['.repeat(1e5)).place).toBe('line 1, column 100001');
  });
});

describe('a document of something else', () => {
  it.each([
    ['null', 'it holds null'],
    ['3', 'it holds 3'],
    ['[]', 'it holds []'],
    ['{}', "it has no 'schemaVersion'"],
    ['{"name": "loopdyno", "version": "0.1.0"}', "it has no 'schemaVersion'"],
    // A container image's manifest.
    ['{"schemaVersion": 2, "mediaType": "x", "layers": []}', "it has no 'fingerprint'"],
    ['{"schemaVersion": "1", "fingerprint": {}, "cells": []}', "its schemaVersion is '1'"],
    ['{"schemaVersion": 1.5, "fingerprint": {}, "cells": []}', 'its schemaVersion is 1.5'],
  ])('%s is foreign', (text, because) => {
    expect(refusal(text).message).toBe(
      `some/results.json: not a loopdyno results file: ${because}. ` +
        'Pass the results.json of a run, such as results/latest/results.json',
    );
  });
});

describe('another version', () => {
  it('that is newer asks for an update', () => {
    const error = refusalWith('schemaVersion', 2);
    expect(error.message).toMatch(/schemaVersion: made by a newer loopdyno: version 2, .*up to 1/);
    expect(error.message).toMatch(/Update loopdyno$/);
  });

  it.each([0, -1])('%d never was', (version) => {
    const error = refusalWith('schemaVersion', version);
    expect(error.place).toBe('schemaVersion');
    expect(error.message).toContain(`version ${version} is none that loopdyno ever wrote`);
  });
});

describe('a value out of place', () => {
  it.each([
    ['cells[1].ratio.low', '1', "number, received string, but found '1'"],
    ['cells[1].ratio.low', null, 'both ends'],
    ['cells[1].ratio.high', null, 'both ends'],
    ['cells[1].ratio.high', 0.1, 'at least the point'],
    ['cells[1].ratio.low', 5, 'at most the point'],
    ['cells[0].throughput.unit', 'req/s', '"jobs/s"'],
    ['cells[0].status', 'fine', '"unavailable"'],
    ['cells[0].contestant.policy', undefined, 'found undefined'],
    ["cells[0].params['a b']", [], 'found []'],
    ['cells[0].rounds[2].slices[1].ms', -1, '>=0'],
    ['cells[0].rounds[0].batch', 0, '>0'],
    ['cells', 7, 'found 7'],
    ['startedAt', 'yesterday', "found 'yesterday'"],
    ['fingerprint.addon.state', 'maybe', '"built"'],
    ['reference', undefined, 'found undefined'],
  ])('%s as %j', (place, value, problem) => {
    const error = refusalWith(place, value);
    expect(error.place).toBe(place);
    expect(error.message).toContain(`some/results.json: ${place}: `);
    expect(error.message).toContain(problem);
  });

  it('is counted, not listed, where there are many', () => {
    const results = goldenResults();
    for (const cell of results.cells) cell.workload = '';
    const error = refusal(JSON.stringify(results));
    expect(error.place).toBe('cells[0].workload');
    expect(error.message).toContain('(and 15 more such places)');
  });
});
