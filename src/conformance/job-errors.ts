/** An error that a job throws looks the same wherever the job ran. */
import assert from 'node:assert/strict';
import { TimeoutError } from '../loop/errors.js';
import type { Loop } from '../loop/policy.js';
import { group } from './case.js';
import { rejectionOf } from './helpers.js';
import { throws, type Thrown } from './thrown-jobs.js';

async function arrives(loop: Loop, kind: Thrown): Promise<unknown> {
  return rejectionOf(loop.run(() => loop.submit(throws, kind)));
}

export const jobErrors = group('errors of jobs', (add) => {
  const classes = [
    ['reference', ReferenceError, 'no x'],
    ['uri', URIError, 'no URI'],
    ['syntax', SyntaxError, 'no JSON'],
    ['eval', EvalError, 'no eval'],
  ] as const;
  for (const [kind, expected, message] of classes) {
    add(
      `a ${expected.name} is one, with its message and the stack of where it happened`,
      async (kit) => {
        const loop = await kit.open();
        const error = await arrives(loop, kind);
        assert.ok(error instanceof expected, String(error));
        assert.deepEqual([error.name, error.message], [expected.name, message]);
        assert.match(String(error.stack), /thrown-jobs/);
      },
    );
  }

  add('an AggregateError keeps its errors', async (kit) => {
    const loop = await kit.open();
    const error = await arrives(loop, 'aggregate');
    assert.ok(error instanceof AggregateError, String(error));
    const [one, two] = error.errors as unknown[];
    assert.ok(one instanceof TypeError, String(one));
    assert.deepEqual([error.message, one.message, two], ['both', 'one', 'two']);
  });

  add('a DOMException is one, with its name and code', async (kit) => {
    const loop = await kit.open();
    const error = await arrives(loop, 'abort');
    assert.ok(error instanceof DOMException, String(error));
    const { name, message, code } = error;
    assert.deepEqual([name, message, code], ['AbortError', 'stopped', DOMException.ABORT_ERR]);
  });

  add("loopdyno's own error keeps its class and its cause", async (kit) => {
    const loop = await kit.open();
    const error = await arrives(loop, 'timeout');
    assert.ok(error instanceof TimeoutError, String(error));
    assert.ok(error.cause instanceof RangeError, String(error.cause));
  });

  add('a cause may be a text, an object with an error in it, or null', async (kit) => {
    const loop = await kit.open();
    const text = (await arrives(loop, 'textCause')) as Error;
    assert.equal(text.cause, 'a text');
    const { cause } = (await arrives(loop, 'objectCause')) as { cause: Record<string, unknown> };
    assert.equal(cause['code'], 5);
    assert.ok(cause['inner'] instanceof TypeError, String(cause['inner']));
    const none = (await arrives(loop, 'nullCause')) as Error;
    assert.ok('cause' in none);
    assert.equal(none.cause, null);
  });

  add(
    'a class of the user keeps its name, its fields, and the class that it extends',
    async (kit) => {
      const loop = await kit.open();
      const error = await arrives(loop, 'fields');
      assert.ok(error instanceof RangeError, String(error));
      const { name, status, details } = error as RangeError & { status?: number; details?: object };
      assert.deepEqual([name, status, details], ['MissingError', 404, { tried: ['a', 'b'] }]);
    },
  );

  add('an error of another realm keeps its name and message', async (kit) => {
    const loop = await kit.open();
    const { name, message } = (await arrives(loop, 'realm')) as Error;
    assert.deepEqual([name, message], ['TypeError', 'elsewhere']);
  });

  add('what is no Error arrives as it is', async (kit) => {
    const loop = await kit.open();
    assert.deepEqual(await arrives(loop, 'object'), { code: 42 });
    assert.equal(await arrives(loop, 'number'), 7);
    assert.equal(await arrives(loop, 'nothing'), undefined);
    assert.equal(await arrives(loop, 'null'), null);
  });

  add('an error with fields that cannot be copied arrives with the others', async (kit) => {
    const loop = await kit.open();
    const error = await arrives(loop, 'awkward');
    assert.ok(error instanceof Error, String(error));
    assert.equal(error.message, 'awkward');
    assert.equal((error as Error & { kept?: { n: number } }).kept?.n, 1);
  });

  add('causes in a ring, and errors without end, arrive', async (kit) => {
    const loop = await kit.open();
    const ring = (await arrives(loop, 'ring')) as { cause: Error & { cause: unknown } };
    assert.ok(ring.cause instanceof TypeError, String(ring.cause));
    assert.equal(ring.cause.cause, ring);
    const { message } = (await arrives(loop, 'endless')) as Error;
    assert.equal(message, 'endless');
  });
});
