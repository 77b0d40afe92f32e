/** Portable jobs that throw, each in its own way, for the cases on which error arrives. */
import { createContext, runInContext } from 'node:vm';
import { TimeoutError } from '../loop/errors.js';
import { portable } from '../loop/portable.js';

class MissingError extends RangeError {
  readonly status = 404;
  readonly details = { tried: ['a', 'b'] };

  constructor() {
    super('nothing there');
    this.name = 'MissingError';
  }
}

/** An error with fields that cannot be copied or read, beside fields that can. */
function awkward(): Error {
  const error = new Error('awkward', { cause: () => 'a function' });
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  Object.assign(error, { call: () => 1, sign: Symbol('s'), proxy, kept: { n: 1, call: () => 1 } });
  Object.defineProperty(error, 'trap', {
    enumerable: true,
    get() {
      throw new Error('it was looked at');
    },
  });
  return error;
}

function ring(): Error {
  const [first, second] = [new Error('first'), new TypeError('second')];
  first.cause = second;
  second.cause = first;
  return first;
}

/** A getter that makes another error every time. */
function endless(): Error {
  const error = new Error('endless');
  const more = { enumerable: true, get: endless };
  return Object.defineProperties(error, { left: more, right: more });
}

const THROWN = {
  aggregate: () => new AggregateError([new TypeError('one'), 'two'], 'both'),
  reference: () => new ReferenceError('no x'),
  uri: () => new URIError('no URI'),
  syntax: () => new SyntaxError('no JSON'),
  eval: () => new EvalError('no eval'),
  abort: () => new DOMException('stopped', 'AbortError'),
  timeout: () => new TimeoutError('late', { cause: new RangeError('why') }),
  textCause: () => new Error('outer', { cause: 'a text' }),
  objectCause: () => new Error('outer', { cause: { code: 5, inner: new TypeError('inner') } }),
  nullCause: () => new Error('outer', { cause: null }),
  fields: () => new MissingError(),
  realm: () => runInContext("new TypeError('elsewhere')", createContext()) as unknown,
  object: () => ({ code: 42 }),
  number: () => 7,
  nothing: () => undefined,
  null: () => null,
  awkward,
  ring,
  endless,
} satisfies Record<string, () => unknown>;

export type Thrown = keyof typeof THROWN;

export const throws = portable(import.meta.url, 'throws', (_loop, kind: Thrown): never => {
  throw THROWN[kind]();
});
