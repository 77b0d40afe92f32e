/**
 * Numbers and parameters as people read them: three significant digits (no interval measured here
 * supports a fourth), thousands separated, a unit that keeps the digits few, ranges with an en dash.
 */

/** A number with its 95% interval. Both ends are null where there is too little data for an interval. */
export interface Estimate {
  point: number;
  low: number | null;
  high: number | null;
}

const DIGITS = 3;

/** 160843 as `161,000`, 0.98765 as `0.988`. */
export function formatNumber(value: number, digits = DIGITS): string {
  const rounded = Number(value.toPrecision(digits));
  if (Math.abs(rounded) >= 1000) {
    return formatCount(rounded);
  }
  if (Math.abs(rounded) >= 10 ** digits) return rounded.toFixed(0);
  const text = rounded === 0 ? '0' : rounded.toPrecision(digits);
  // Below 1e-6 and from 1e21 on, digits and zeros would be a long string of noise.
  return text.includes('e') ? rounded.toExponential(digits - 1) : text;
}

/** A whole number with all its digits: 160843 as `160,843`. */
export function formatCount(value: number): string {
  return value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** The interval as `1.38–1.47`, or a text that says why there is none. */
export function formatInterval(
  { low, high }: Estimate,
  format: (value: number) => string = formatNumber,
): string {
  return low === null || high === null ? 'one round' : `${format(low)}–${format(high)}`;
}

export interface RatioText {
  point: string;
  interval: string;
}

/**
 * A ratio as `1.42×` and `1.38–1.47`. An interval that excludes 1 gets as many digits as are needed to show that:
 * `1.02× (1.00–1.04)` would look as if no difference was found.
 */
export function formatRatio({ point, low, high }: Estimate): RatioText {
  if (point === 1 && low === 1 && high === 1) return { point: '1×', interval: '' };
  const nearest = differs({ point, low, high }) ? ((low as number) > 1 ? low : high) : null;
  let digits = DIGITS;
  while (nearest !== null && digits < 9 && Number(nearest.toPrecision(digits)) === 1) digits++;
  const format = (value: number): string => formatNumber(value, digits);
  return { point: `${format(point)}×`, interval: formatInterval({ point, low, high }, format) };
}

/** Whether a ratio's interval excludes 1: only then is a difference claimed. */
export function differs({ low, high }: Estimate): boolean {
  return low !== null && high !== null && (low > 1 || high < 1);
}

/** `{ size: 1024 }` as `1 KiB`, `{ files: 256, mode: 'write' }` as `files 256, mode write`. */
export function formatParams(params: Readonly<Record<string, number | string>>): string {
  return Object.entries(params)
    .map(([name, value]) => {
      if (typeof value !== 'number') return `${name} ${value}`;
      if (name === 'size') return formatBytes(value);
      return `${name} ${/bytes$|size$/i.test(name) ? formatBytes(value) : value}`;
    })
    .join(', ');
}

/** 1024 as `1 KiB`. Other sizes are rounded to three digits of their unit. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
}

export interface Scale {
  unit: string;
  format: (value: number) => string;
}

/** The unit that suits a number of microseconds, for an estimate whose parts share one unit. */
export function microsecondScale(us: number): Scale {
  const [divisor, unit] = us >= 1e6 ? [1e6, 's'] : us >= 1e3 ? [1e3, 'ms'] : [1, 'µs'];
  return { unit, format: (value) => formatNumber(value / divisor) };
}

/** 0.0123 ms as `12.3 µs`, 3.2 ms as `3.20 ms`, 1500 ms as `1.50 s`. */
export function formatDuration(ms: number): string {
  const { unit, format } = microsecondScale(ms * 1000);
  return `${format(ms * 1000)} ${unit}`;
}

/** 0.0042 as `0.42%`, −0.05 as `−5.0%`, 1.5 as `150%`, 0 as `0%`. */
export function formatShare(share: number): string {
  const percent = Math.abs(share) * 100;
  const text = percent >= 99.5 ? formatCount(percent) : formatNumber(percent, 2);
  return `${share < 0 && Number(text) !== 0 ? '−' : ''}${text}%`;
}

/** An effect to a tenth of a percent, so that effects in one column have the same digits: 0.05 as `5.0%`. */
export function formatEffect(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** `formatEffect` with a sign: `+5.0%`, `−0.3%`. */
export function formatSignedEffect(share: number): string {
  return `${share >= 0 ? '+' : '−'}${formatEffect(Math.abs(share))}`;
}

/** 200000 ms as `3 min 20 s`. */
export function formatElapsed(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${formatNumber(ms / 1000)} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** How far a ratio is from 1, as an upper bound: it is rounded up, so that the claim stays true. */
export function formatBound(distance: number): string {
  // Subtract rounding noise: 0.06 × 100 is 6.000000000000001, which must not become 7.
  const percent = distance * 100 - 1e-9;
  const tenths = Math.max(1, Math.ceil(percent * 10));
  return tenths < 10 ? `0.${tenths}%` : `${Math.ceil(percent)}%`;
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let scale = 0;
  while (value / base ** scale >= base && scale < units.length - 1) scale++;
  const inUnit = value / base ** scale;
  const text = Number.isInteger(inUnit) ? String(inUnit) : formatNumber(inUnit);
  return `${text} ${units[scale] ?? ''}`;
}
