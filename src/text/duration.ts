/** Parses durations as people write them. */
import parseDuration from 'parse-duration';

/** Parses `90s`, `3m`, `1h` or a number of seconds. Returns ms, or null if it is not a duration. */
export function durationMs(text: string | number): number | null {
  if (typeof text === 'number') return text > 0 ? text * 1000 : null;
  const ms = /^\s*[\d.]+\s*$/.test(text) ? Number(text) * 1000 : parseDuration(text);
  return ms !== null && Number.isFinite(ms) && ms > 0 ? ms : null;
}
