import { LoopdynoError } from '../../src/loop/errors.js';

/** What came is no HTTP, or ended too soon. */
export class HttpParseError extends LoopdynoError {}

/** A request could not be completed; the message has its method and URL, `cause` has why. */
export class HttpRequestError extends LoopdynoError {}
