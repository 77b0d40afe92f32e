/** What is not one of our messages is refused with a MessageError, and never anything else. */
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as wire from '#dist/src/policies/nats/wire.js';

const jobs = {
  path: 'app/job.js',
  name: 'job',
  code: 'abc',
  ns: [1, 2],
  inputs: [new Map([[1, 'x']]), undefined],
  expires: 5,
};

it('a message comes out as it went in', () => {
  expect(wire.readJobs(wire.encode(jobs))).toEqual({ v: 1, ...jobs });
  const note = { what: 'late' as const, ns: [3], why: 'so' };
  expect(wire.readNote(wire.encode(note))).toEqual({ v: 1, ...note });
});

const READERS = [
  wire.readJobs,
  wire.readAnswer,
  wire.readCancel,
  wire.readNote,
  wire.readHere,
] as const;

it('bytes of any kind are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...READERS), (bytes, read) => {
      expect(() => read(bytes)).toThrow(wire.MessageError);
    }),
  );
});

it('values of any kind are refused', () => {
  fc.assert(
    fc.property(fc.anything({ withBigInt: true }), fc.constantFrom(...READERS), (value, read) => {
      let bytes: Buffer;
      try {
        bytes = serialize(value);
      } catch {
        return; // it cannot be sent either
      }
      expect(() => read(bytes)).toThrow(wire.MessageError);
    }),
  );
});

it('a message of jobs of another version, or with an input too few, is refused', () => {
  expect(() => wire.readJobs(serialize({ ...jobs, v: 2 }))).toThrow(wire.MessageError);
  expect(() => wire.readJobs(wire.encode({ ...jobs, inputs: [1] }))).toThrow(/2 jobs and 1 inputs/);
  expect(() => wire.readJobs(wire.encode({ ...jobs, ns: [-1, 2] }))).toThrow(/ns\.0/);
});
