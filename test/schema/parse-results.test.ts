import { describe, expect, it } from 'vitest';
import { LoopdynoError } from '#dist/src/loop/errors.js';
import { parseResults, ResultsFileError } from '#dist/src/schema/parse-results.js';
import type { Results } from '#dist/src/schema/results.js';
import { serializeResults } from '#dist/src/schema/serialize-results.js';
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

/** The refusal of the golden document after `change`, which may break its type. */
function refusalAfter(change: (document: any) => void): ResultsFileError {
  const document: unknown = JSON.parse(goldenText('results.json'));
  change(document);
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
    const error = refusalAfter((document) => (document.schemaVersion = 2));
    expect(error.message).toMatch(/schemaVersion: made by a newer loopdyno: version 2, .*up to 1/);
    expect(error.message).toMatch(/Update loopdyno$/);
  });

  it.each([0, -1])('%d never was', (version) => {
    const error = refusalAfter((document) => (document.schemaVersion = version));
    expect(error.place).toBe('schemaVersion');
    expect(error.message).toContain(`version ${version} is none that loopdyno ever wrote`);
  });
});

describe('a value out of place', () => {
  it.each<[string, string, (document: any) => void]>([
    ['cells[1].ratio.low', 'number, received string', (d) => (d.cells[1].ratio.low = '1')],
    ['cells[1].ratio.low', "but found '1'", (d) => (d.cells[1].ratio.low = '1')],
    ['cells[1].ratio.low', 'both ends', (d) => (d.cells[1].ratio.low = null)],
    ['cells[1].ratio.high', 'at least the point', (d) => (d.cells[1].ratio.high = 0.1)],
    ['cells[1].ratio.low', 'at most the point', (d) => (d.cells[1].ratio.low = 5)],
    ['cells[0].throughput.unit', '"jobs/s"', (d) => (d.cells[0].throughput.unit = 'req/s')],
    ['cells[0].status', '"unavailable"', (d) => (d.cells[0].status = 'fine')],
    ['cells[0].contestant.policy', 'found undefined', (d) => (d.cells[0].contestant = {})],
    ["cells[0].params['a b']", 'found []', (d) => (d.cells[0].params = { 'a b': [] })],
    ['cells[0].rounds[2].slices[1].ms', '>=0', (d) => (d.cells[0].rounds[2].slices[1].ms = -1)],
    ['cells[0].rounds[0].batch', '>0', (d) => (d.cells[0].rounds[0].batch = 0)],
    ['cells', 'found 7', (d) => (d.cells = 7)],
    ['startedAt', "found 'yesterday'", (d) => (d.startedAt = 'yesterday')],
    ['fingerprint.addon.state', '"built"', (d) => (d.fingerprint.addon.state = 'maybe')],
    ['reference', 'found undefined', (d) => delete d.reference],
  ])('%s: %s', (place, problem, change) => {
    const error = refusalAfter(change);
    expect(error.place).toBe(place);
    expect(error.message).toContain(`some/results.json: ${place}: `);
    expect(error.message).toContain(problem);
  });

  it('is counted, not listed, where there are many', () => {
    const error = refusalAfter((document: Results) => {
      for (const cell of document.cells) cell.workload = '';
    });
    expect(error.place).toBe('cells[0].workload');
    expect(error.message).toContain('(and 15 more such places)');
  });
});
