/** SHA-256 after FIPS 180-4, section 6.2. Only for measuring: `node:crypto` is some ten times faster. */

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const K = new Int32Array(64);
/** The first 32 bits of the fractional parts of the square roots of the first eight primes. */
const INITIAL = new Int32Array(8);
for (let n = 2, found = 0; found < 64; n++) {
  if (Array.from({ length: n - 2 }, (_, i) => i + 2).some((d) => n % d === 0)) continue;
  if (found < 8) INITIAL[found] = fraction(Math.sqrt(n));
  K[found++] = fraction(Math.cbrt(n));
}

function fraction(x: number): number {
  return Math.floor((x - Math.floor(x)) * 2 ** 32) | 0;
}

const schedule = new Int32Array(64);
const state = new Int32Array(8);
/** The end of a message, with its padding: one block or two. */
const tail = new Uint8Array(128);
const tailView = new DataView(tail.buffer);

/** Writes the 32 bytes of the hash into `out`, which may be `message`: a chain allocates nothing. */
export function sha256(message: Uint8Array, out: Uint8Array): Uint8Array {
  const { length } = message;
  state.set(INITIAL);
  const whole = length - (length % 64);
  if (whole > 0) {
    const view = new DataView(message.buffer, message.byteOffset, length);
    for (let block = 0; block < whole; block += 64) compress(view, block);
  }
  // The rest, a one bit, zeros, and the length in bits as 64 of them.
  tail.fill(0);
  for (let i = whole; i < length; i++) tail[i - whole] = message[i] as number;
  tail[length - whole] = 0x80;
  const end = length - whole < 56 ? 64 : 128;
  tailView.setUint32(end - 8, Math.floor(length / 2 ** 29));
  tailView.setUint32(end - 4, length << 3);
  for (let block = 0; block < end; block += 64) compress(tailView, block);
  for (let i = 0; i < 32; i++) out[i] = at(i >> 2) >>> (24 - 8 * (i & 3));
  return out;
}

function compress(view: DataView, block: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(block + 4 * t);
  for (let t = 16; t < 64; t++) {
    const early = schedule[t - 15] as number;
    const late = schedule[t - 2] as number;
    const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
    const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
    schedule[t] = (schedule[t - 16] as number) + s0 + (schedule[t - 7] as number) + s1;
  }
  let a = at(0);
  let b = at(1);
  let c = at(2);
  let d = at(3);
  let e = at(4);
  let f = at(5);
  let g = at(6);
  let h = at(7);
  for (let t = 0; t < 64; t++) {
    const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
    const choice = (e & f) ^ (~e & g);
    const first = (h + s1 + choice + (K[t] as number) + (schedule[t] as number)) | 0;
    const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + s0 + majority) | 0;
  }
  add(0, a);
  add(1, b);
  add(2, c);
  add(3, d);
  add(4, e);
  add(5, f);
  add(6, g);
  add(7, h);
}

function at(i: number): number {
  return state[i] as number;
}

function add(i: number, value: number): void {
  state[i] = at(i) + value;
}

function rotate(x: number, by: number): number {
  return (x >>> by) | (x << (32 - by));
}
