/**
 * The native addon, typed. What it does is written at the heads of `native/src/*.h`.
 *
 * It is optional: everything else works without it. Where it comes from:
 *
 *   a local build in native/build   of `npm run build` or `build:native`; only there if somebody made it
 *   a prebuild in native/prebuilds  ships in the package, for linux-x64 with glibc 2.32 and the C++
 *                                   library of GCC 11 or newer, such as Debian 12's
 *
 * In the environment, `LOOPDYNO_NATIVE=0` turns it off, and any other value is the path of the file
 * to load: a build with a sanitizer, say.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Availability } from '../../loop/policy.js';

export interface Native {
  IoLoop: new (
    records: Int32Array,
    slabs: Buffer[],
    onRecords: (count: number) => void,
    /** Ms of a blocking drive between two turns of Node's loop; 0 for a guest. */
    hostInterval: number,
  ) => NativeLoop;
  LoadGenerator: {
    new (options: LoadOptions): LoadGenerator;
    /** The counts that whole durations give in the addon's histogram. */
    count(ns: readonly number[]): number[];
  };
  /** 0, or libuv's error where Node's loop cannot poll a private one. */
  probeGuest(): number;
  /** What of the addon's is alive in the whole process, for tests: in the end all are 0. */
  liveCounts(): LiveCounts;
}

export interface LiveCounts {
  readonly loops: number;
  readonly handles: number;
  readonly requests: number;
  /** Blocks of memory behind Buffers. A block is gone when V8 has collected its Buffers and their loop is closed. */
  readonly blocks: number;
}

/** Operations answer with 0, an id or a count, or libuv's error below 0; records say what follows. */
export interface NativeLoop {
  /** `hot`: bytes of its connections come as OP_HOT_DATA. */
  listen(host: string, port: number, backlog: number, hot: boolean): number;
  connect(host: string, port: number, hot: boolean): number;
  /** Where OP_HOT_DATA lies. */
  hotBuffer(): Buffer | undefined;
  /** The next bytes go into this memory, or that of the last time: OP_FILLED says how many. */
  readInto(stream: number, target: Uint8Array | undefined): number;
  /** Takes that back; false where OP_FILLED is on its way. */
  disarm(stream: number): boolean;
  /** From now on bytes come as OP_DATA again. */
  readAhead(stream: number): number;
  localAddress(server: number): [host: string, port: number];
  remoteAddress(stream: number): [host: string, port: number];
  setReading(stream: number, on: boolean): number;
  /** The bytes that are queued now; above 0, `data` must be kept until its OP_WRITTEN. */
  write(stream: number, data: Uint8Array): number;
  /** The same, but what cannot be sent at once is copied. */
  send(stream: number, data: Uint8Array): number;
  shutDown(stream: number): number;
  closeHandle(id: number): void;
  readFile(job: number, path: string): number;
  writeFile(job: number, path: string, data: Uint8Array, append: boolean): number;
  /** What OP_FILE_DONE announced; a number is the size of a file that is too large. */
  takeFile(job: number): Buffer | number;
  setAlarm(ms: number): void;
  /** Puts the next records into the array, when the count before was negative. */
  more(): number;
  /** Runs the private loop once, without waiting, and gives the count of records. */
  poll(): number;
  /** For a blocking drive: begins and ends that it is served. */
  setRunning(on: boolean): void;
  /** For a blocking drive: calls `onRecords` after a look at IO, be there records or not. */
  callSoon(): void;
  close(): void;
}

/** int32 values per record: op, id, a, b. */
export const RECORD = 4;

export const OP_SLAB = 1; // what follows lies in the next slab
export const OP_DATA = 2; // stream, offset, length
export const OP_END = 3; // stream, error; 0 when the peer has ended
export const OP_WRITTEN = 4; // stream, error
export const OP_SHUT_DOWN = 5; // stream, error
export const OP_CONNECTED = 6; // stream, error
export const OP_ACCEPTED = 7; // server, stream or error
export const OP_CLOSED = 8; // stream or server
export const OP_FILE_BYTES = 9; // job, offset, length
export const OP_FILE_DONE = 10; // job, error, step
export const OP_ALARM = 11;
export const OP_LOOP_CLOSED = 12;
export const OP_HOT_DATA = 13; // stream, offset, length; gone when this call returns
export const OP_FILLED = 14; // stream, length; 0 where the memory is gone

/** The `step` of OP_FILE_DONE, as errors name it. */
export const FILE_STEPS = ['open', 'fstat', 'read', 'write', 'close'] as const;

/** The client's side of an echo benchmark; see `native/src/load_generator.h`. */
export interface LoadGenerator {
  /**
   * Blocks until at least so many more echoes are back, each one compared, and says how many were;
   * throws where one differs. Other messages are on their way then.
   */
  run(messages: number): number;
  /** Blocks until none is on its way. How long they took since the last rest: see `histogram.ts`. */
  rest(): number[];
  /** At rest: exactly so many messages, untimed. 16 hex digits over all echoes, whatever their order. */
  sample(messages: number): string;
  /** Ns of polls that brought nothing, since it was last asked. */
  takeIdle(): number;
  close(): void;
}

export interface LoadOptions {
  readonly ports: readonly number[];
  readonly host: string;
  readonly connections: number;
  readonly payload: Uint8Array;
  /** Polls without waiting while messages are on their way. Default false. */
  readonly spins?: boolean;
}

export type Loaded =
  { readonly ok: true; readonly native: Native } | Exclude<Availability, { ok: true }>;

/** From here, as compiled, it is four levels up to the package. */
const NATIVE_DIR = fileURLToPath(new URL('../../../../native', import.meta.url));

/** Loads the addon, or says why it cannot. Never throws. */
export function loadNative(): Loaded {
  const chosen = process.env['LOOPDYNO_NATIVE'] ?? '';
  if (chosen === '0') {
    return {
      ok: false,
      reason: 'the native addon is turned off by LOOPDYNO_NATIVE=0',
      remedy: 'unset LOOPDYNO_NATIVE',
    };
  }
  const require = createRequire(import.meta.url);
  try {
    if (chosen !== '') return { ok: true, native: require(resolve(chosen)) as Native };
    const load = require('node-gyp-build') as (dir: string) => Native;
    return { ok: true, native: load(NATIVE_DIR) };
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n');
    return {
      ok: false,
      reason: `the native addon cannot be loaded: ${reason}`,
      remedy:
        chosen === ''
          ? 'build it with npm run build:native (it needs a C++ compiler and Python)'
          : 'set LOOPDYNO_NATIVE to the path of a built loopdyno.node, or unset it',
    };
  }
}
