/**
 * Random concurrent programs, as data. Their result must not hang on the interleaving, or there
 * would be nothing to compare:
 *
 *   - what comes in an order of its own (asCompleted, consumers of a queue) is sorted
 *   - a race has one runner: what it runs against is `Blocked`, and never ends by itself
 *   - whoever cancels has first been told that what it cancels has begun, or else only that which
 *     holds in both cases is looked at: all that began has cleaned up
 */
import fc from 'fast-check';

/** What gives a value, or fails, by itself. */
export type Program =
  | { do: 'value'; value: number }
  | { do: 'fail'; tag: number }
  | { do: 'sleep'; ms: number }
  | { do: 'yield'; times: number }
  | { do: 'sequence'; parts: Program[] }
  | { do: 'catch'; part: Program }
  | { do: 'finally'; part: Program; cleanUp: Pause }
  | { do: 'async'; part: Program }
  | { do: 'spawn'; background: Program; foreground: Program }
  | { do: 'gather'; parts: Program[]; returnErrors: boolean }
  | { do: 'wait'; parts: Program[]; until: 'all' | 'first' | 'firstError'; ms: number | null }
  | { do: 'asCompleted'; parts: Program[] }
  | { do: 'firstCompleted'; runner: Program; against: Blocked[] }
  | { do: 'allCompleted'; parts: Program[] }
  | { do: 'inTime'; part: Program }
  | { do: 'late'; part: Blocked; ms: number }
  | { do: 'cancel'; part: Blocked }
  | { do: 'shield'; part: Program }
  | { do: 'group'; parts: Program[] }
  | { do: 'failingGroup'; part: Program; against: Blocked[] }
  | { do: 'semaphore'; permits: number; parts: Program[] }
  | {
      do: 'queue';
      maxSize: number | null;
      producers: Pause[];
      consumers: Pause[];
      victims: Pause[];
    };

/** A while in which others run. */
export interface Pause {
  ms: number | null;
  turns: number;
}

/** What waits until it is cancelled, and then cleans up. */
export type Blocked =
  | Leaf
  | { on: 'gather' | 'group' | 'firstCompleted' | 'wait'; parts: Blocked[] }
  | { on: 'join' | 'timeout' | 'finally'; part: Blocked };

export interface Leaf {
  on: 'sleep' | 'future' | 'lock' | 'event' | 'get' | 'put';
  cleanUp: Pause;
}

const ms = fc.integer({ min: 0, max: 3 });
const pause: fc.Arbitrary<Pause> = fc.record({
  ms: fc.option(ms, { freq: 2 }),
  turns: fc.integer({ min: 0, max: 3 }),
});

const { blocked } = fc.letrec<{ blocked: Blocked; leaf: Leaf }>((tie) => ({
  leaf: fc.record({
    on: fc.constantFrom('sleep', 'future', 'lock', 'event', 'get', 'put'),
    cleanUp: pause,
  }),
  blocked: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.record({
      on: fc.constantFrom('gather', 'group', 'firstCompleted', 'wait'),
      parts: fc.array(tie('blocked'), { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ on: fc.constantFrom('join', 'timeout', 'finally'), part: tie('blocked') }),
  ),
}));

const simple: fc.Arbitrary<Program> = fc.oneof(
  { withCrossShrink: true },
  fc.record({ do: fc.constant('value'), value: fc.nat(99) }),
  fc.record({ do: fc.constant('sleep'), ms }),
  fc.record({ do: fc.constant('yield'), times: fc.integer({ min: 0, max: 5 }) }),
  fc.record({ do: fc.constant('fail'), tag: fc.nat(99) }),
);

const { part: anyPart } = fc.letrec<{ part: Program }>((tie) => {
  const part = tie('part');
  const parts = fc.array(part, { minLength: 0, maxLength: 4 });
  const some = fc.array(part, { minLength: 1, maxLength: 4 });
  const against = fc.array(blocked, { minLength: 0, maxLength: 3 });
  const one = <T extends string>(what: T) => ({ do: fc.constant(what) });
  return {
    part: fc.oneof(
      { depthSize: 'medium', maxDepth: 5, withCrossShrink: true },
      { weight: 4, arbitrary: simple },
      fc.record({ ...one('sequence'), parts: some }),
      fc.record({ ...one('catch'), part }),
      fc.record({ ...one('finally'), part, cleanUp: pause }),
      fc.record({ ...one('async'), part }),
      fc.record({ ...one('spawn'), background: part, foreground: part }),
      fc.record({ ...one('gather'), parts, returnErrors: fc.boolean() }),
      fc.record({
        ...one('wait'),
        parts: some,
        until: fc.constantFrom('all', 'first', 'firstError'),
        ms: fc.option(ms),
      }),
      fc.record({ ...one('asCompleted'), parts }),
      fc.record({ ...one('firstCompleted'), runner: part, against }),
      fc.record({ ...one('allCompleted'), parts: some }),
      fc.record({ ...one('inTime'), part }),
      fc.record({ ...one('late'), part: blocked, ms }),
      fc.record({ ...one('cancel'), part: blocked }),
      fc.record({ ...one('shield'), part }),
      fc.record({ ...one('group'), parts }),
      fc.record({ ...one('failingGroup'), part, against }),
      fc.record({ ...one('semaphore'), permits: fc.integer({ min: 1, max: 3 }), parts }),
      fc.record({
        ...one('queue'),
        maxSize: fc.option(fc.integer({ min: 1, max: 3 })),
        producers: fc.array(pause, { maxLength: 3 }),
        consumers: fc.array(pause, { minLength: 1, maxLength: 3 }),
        victims: fc.array(pause, { maxLength: 3 }),
      }),
    ) as fc.Arbitrary<Program>,
  };
});

/** Several things at once. */
export const program: fc.Arbitrary<Program> = fc.record({
  do: fc.constant('gather'),
  parts: fc.array(anyPart, { minLength: 1, maxLength: 6 }),
  returnErrors: fc.constant(true),
});
