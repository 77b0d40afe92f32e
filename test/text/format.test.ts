import { describe, expect, it } from 'vitest';
import {
  formatBound,
  formatBytes,
  formatElapsed,
  formatInterval,
  formatNumber,
  formatParams,
  formatRatio,
  microsecondScale,
} from '#dist/src/text/format.js';

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [1, '1.00'],
    [0.98765, '0.988'],
    [12.345, '12.3'],
    [999.4, '999'],
    [999.6, '1,000'],
    [160_843, '161,000'],
    [1_234_567, '1,230,000'],
    [0.000_012_34, '0.0000123'],
    [1.234e-9, '1.23e-9'],
    [1.234e21, '1.23e+21'],
    [-1234, '-1,230'],
  ])('%d reads %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatRatio', () => {
  it.each([
    [1.4203, 1.3799, 1.4711, '1.42×', '1.38–1.47'],
    [1, 1, 1, '1×', ''],
    [1.02, null, null, '1.02×', 'one round'],
    [0.97, 0.93, 1.02, '0.970×', '0.930–1.02'],
    // Differences that three digits would hide, on either side.
    [1.0213, 1.0012, 1.0418, '1.021×', '1.001–1.042'],
    [0.99871, 0.99784, 0.99961, '0.9987×', '0.9978–0.9996'],
    // None is claimed here, so that it ends at 1 may be seen.
    [1.0213, 0.9998, 1.0418, '1.02×', '1.00–1.04'],
  ])('%d (%d to %d) reads %s %s', (point, low, high, text, interval) => {
    expect(formatRatio({ point, low, high })).toEqual({ point: text, interval });
  });
});

describe('formatInterval', () => {
  it('says why there is none', () => {
    expect(formatInterval({ point: 1, low: null, high: null })).toBe('one round');
  });
});

describe('formatBound', () => {
  it.each([
    [0.052, '6%'],
    [0.06, '6%'],
    [1.06 - 1, '6%'],
    [0.061, '7%'],
    [0.0099, '1%'],
    [0.0042, '0.5%'],
    [0.000_01, '0.1%'],
    [0, '0.1%'],
    [2.5, '250%'],
  ])('%d is at most %s', (distance, text) => {
    expect(formatBound(distance)).toBe(text);
  });
});

describe('formatParams', () => {
  it.each([
    [{}, ''],
    [{ size: 1024 }, '1 KiB'],
    [{ size: 500 }, '500 B'],
    [{ files: 256, bodyBytes: 4096, mode: 'write' }, 'files 256, bodyBytes 4 KiB, mode write'],
  ])('%j reads %s', (params, text) => {
    expect(formatParams(params)).toBe(text);
  });
});

describe('units', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [102_400, '100 KiB'],
    [1_500_000, '1.43 MiB'],
    [8_331_190_272, '7.76 GiB'],
  ])('%d bytes read %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [12.3, 'µs', '12.3'],
    [1234, 'ms', '1.23'],
    [2_500_000, 's', '2.50'],
  ])('%d µs are in %s', (us, unit, text) => {
    const scale = microsecondScale(us);
    expect(scale.unit).toBe(unit);
    expect(scale.format(us)).toBe(text);
  });

  it.each([
    [28_140, '28.1 s'],
    [59_700, '1 min 0 s'],
    [200_000, '3 min 20 s'],
  ])('%d ms read %s', (ms, text) => {
    expect(formatElapsed(ms)).toBe(text);
  });
});
