import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LinkedList, type Link } from '#dist/src/loop/linked-list.js';
import { JobTable } from '#dist/src/policies/pool/job-table.js';

class Member implements Link {
  older: Link | null = null;
  newer: Link | null = null;
  readonly seq: number;
  readonly ballast = [1, 2, 3, 4, 5, 6, 7, 8];

  constructor(seq: number) {
    this.seq = seq;
  }
}

const seqs = (members: Iterable<Member>) => Array.from(members, ({ seq }) => seq);

/** What is done to a list: a new member, the oldest leaves, or the one at a place leaves. */
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('add' as const) },
    fc.constant('shift' as const),
    fc.nat(20),
  ),
  { maxLength: 200 },
);

describe('a linked list', () => {
  it('holds what a Set would, in the same order', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const list = new LinkedList<Member>();
        const set = new Set<Member>();
        const ever: Member[] = [];
        for (const step of all) {
          if (step === 'add') {
            const member = new Member(ever.length);
            ever.push(member);
            list.add(member);
            set.add(member);
          } else if (step === 'shift') {
            const [oldest] = set;
            if (oldest !== undefined) set.delete(oldest);
            expect(list.shift()).toBe(oldest);
          } else {
            const member = ever[step];
            if (member === undefined) continue;
            list.remove(member);
            set.delete(member);
          }
          expect(list.isEmpty).toBe(set.size === 0);
          expect([...list]).toEqual([...set]);
          for (const each of ever) expect(each.newer !== null).toBe(set.has(each));
        }
      }),
    );
  });
});

describe('a table of jobs', () => {
  it('finds what a Map would, however far apart numbers are', () => {
    // Gaps of about the ring's size: a job often takes the place of one that is still there.
    const gaps = fc.array(
      fc.record({
        gap: fc.oneof(
          fc.constantFrom(1, 2, 4095, 4096, 4097, 8192),
          fc.integer({ min: 1, max: 9 }),
        ),
        leaves: fc.option(fc.nat(40)),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(gaps, fc.option(fc.nat(59)), (all, clearedAt) => {
        const table = new JobTable<Member>();
        const map = new Map<number, Member>();
        let seq = -1;
        let tried: number[] = [];
        for (const [i, { gap, leaves }] of all.entries()) {
          if (i === clearedAt) {
            table.clear();
            map.clear();
            seq = -1;
            tried = [];
          }
          seq += gap;
          tried.push(seq);
          const member = new Member(seq);
          table.add(member);
          map.set(seq, member);
          const left = leaves === null ? undefined : map.get(tried[leaves] ?? -1);
          if (left !== undefined) {
            table.remove(left);
            map.delete(left.seq);
            table.remove(left); // again: nothing happens
          }
          expect(table.size).toBe(map.size);
          expect(seqs(table)).toEqual([...map.keys()]);
          for (const each of tried) {
            for (const near of [each, each + 1, each - 4096]) {
              expect(table.get(near)).toBe(map.get(near));
            }
          }
        }
      }),
    );
  });
});

describe('what has left', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options?: { type: 'minor' }) => void;

  /** MiB by which the heap grew, without a full collection, while so many members came and went after one. */
  function growth(come: (member: Member) => void, leave: (member: Member) => void): number {
    const members = 60_000;
    const inFlight = 64;
    const under: Member[] = [];
    for (let seq = 0; seq < inFlight; seq++) come((under[seq] = new Member(seq)));
    gc();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let seq = inFlight; seq < members; seq++) {
      leave(under[seq % inFlight] as Member);
      come((under[seq % inFlight] = new Member(seq)));
    }
    gc({ type: 'minor' });
    gc({ type: 'minor' });
    return (process.memoryUsage().heapUsed - before) / 2 ** 20;
  }

  it('a list or a table is not kept alive by it after a full collection, as it is by a Set', () => {
    const list = new LinkedList<Member>();
    const table = new JobTable<Member>();
    const set = new Set<Member>();
    const [ofList, ofTable, ofSet] = [
      growth(
        (member) => list.add(member),
        (member) => list.remove(member),
      ),
      growth(
        (member) => table.add(member),
        (member) => table.remove(member),
      ),
      growth(
        (member) => set.add(member),
        (member) => set.delete(member),
      ),
    ];
    expect(ofList).toBeLessThan(1);
    expect(ofTable).toBeLessThan(1);
    expect(ofSet, 'that of a Set, for which there would be no need of this list').toBeGreaterThan(
      3,
    );
  });
});
