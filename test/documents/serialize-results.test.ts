import { describe, expect, it } from 'vitest';
import { serializeResults } from '#dist/src/documents/serialize-results.js';
import { goldenResults, goldenText } from '../golden/golden.js';

describe('serializeResults', () => {
  it('lays the document out as the golden one is', () => {
    expect(serializeResults(goldenResults())).toBe(goldenText('results.json'));
  });

  it('gives a slice a line, and what is short as well', () => {
    const lines = serializeResults(goldenResults()).split('\n');
    const slices = lines.filter((line) => line.includes('"samplesMs"'));
    expect(slices).toHaveLength(13 * 4 * 4);
    for (const line of slices) expect(line).toMatch(/^ +\{"turn":\d.*\},?$/);
    expect(lines).toContain('      "contestant": { "policy": "uv" },');
  });

  it('says what JSON.stringify says', () => {
    const results = goldenResults();
    results.cells = results.cells.slice(0, 1);
    Object.assign(results, { later: undefined });
    Object.assign(results.fingerprint, { cpu: 'a "b"\n\u2028', memoryBytes: 1e21 });
    expect(JSON.parse(serializeResults(results))).toEqual(JSON.parse(JSON.stringify(results)));
    results.cells = [];
    expect(serializeResults(results)).toContain('\n  "cells": []\n}\n');
  });
});
