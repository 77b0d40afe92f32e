import { describe, expect, it } from 'vitest';
import { byVersion, matches, nodeSpec, runtimeSpec } from '#dist/src/runtimes/spec.js';

describe('what names a runtime', () => {
  it.each([
    ['node@22', { by: 'version', kind: 'node', version: '22' }],
    ['node@v22.4.1', { by: 'version', kind: 'node', version: '22.4.1' }],
    ['node@lts/jod', { by: 'version', kind: 'node', version: 'lts/jod' }],
    ['node@lts/*', { by: 'version', kind: 'node', version: 'lts/*' }],
    ['bun', { by: 'version', kind: 'bun', version: '' }],
    ['deno@2.9', { by: 'version', kind: 'deno', version: '2.9' }],
    ['current', { by: 'current' }],
    ['node@current', { by: 'current' }],
    ['./bin/node', { by: 'path', path: './bin/node' }],
    ['/opt/bun', { by: 'path', path: '/opt/bun' }],
  ])('%s', (text, spec) => expect(runtimeSpec(text)).toEqual({ text, spec }));

  it('is a version of Node after --node', () => {
    expect(nodeSpec('22').spec).toEqual({ by: 'version', kind: 'node', version: '22' });
    expect(nodeSpec('lts/jod').spec).toEqual({ by: 'version', kind: 'node', version: 'lts/jod' });
    expect(nodeSpec('node@24').spec).toEqual({ by: 'version', kind: 'node', version: '24' });
    expect(nodeSpec('./node').spec).toEqual({ by: 'path', path: './node' });
    expect(nodeSpec('current').spec).toEqual({ by: 'current' });
  });

  it.each([
    ['nod@22', /unknown runtime 'nod@22': did you mean 'node'\?/],
    ['node@latest', /'node@latest' names no version: give a number such as node@22/],
    ['bun@lts/jod', /names no version/],
    ['node@22.1.2.3', /names no version/],
    ['', /unknown runtime ''/],
  ])('refuses %s', (text, message) => expect(() => runtimeSpec(text)).toThrow(message));
});

describe('versions', () => {
  it('match by their beginning, part by part', () => {
    expect(matches('22.4.1', '22')).toBe(true);
    expect(matches('22.4.1', '22.4')).toBe(true);
    expect(matches('22.4.1', '22.4.1')).toBe(true);
    expect(matches('22.14.1', '22.1')).toBe(false);
    expect(matches('2.9.6', '')).toBe(true);
  });

  it('are sorted newest first, by number', () => {
    expect(['22.9.0', '22.10.0', '9.0.0', '22.9.1'].toSorted(byVersion)).toEqual([
      '22.10.0',
      '22.9.1',
      '22.9.0',
      '9.0.0',
    ]);
  });
});
