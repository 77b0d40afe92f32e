/** The errors of HTTP messages, requests and connections. */
import { LoopdynoError } from '../../loop/errors.js';

/** The base of the errors that the client and the server raise. */
export class HttpError extends LoopdynoError {}

/** Bytes that are no HTTP/1.1: a bad start line, header, length or chunk. */
export class MalformedMessageError extends HttpError {}

/** The connection ended within a message. */
export class TruncatedMessageError extends HttpError {}

/** The server closed the connection without an answer. */
export class NoAnswerError extends HttpError {}

/** More header bytes than the reader accepts. */
export class HeaderTooLargeError extends HttpError {}

/** More body bytes than the reader accepts. */
export class BodyTooLargeError extends HttpError {}

/** A request that cannot be sent: its url, method or headers. */
export class InvalidRequestError extends HttpError {}

/** An answer that cannot be sent: a second one, or a header that would break the message. */
export class InvalidAnswerError extends HttpError {}

/** The client went away before its answer was sent. */
export class ClientGoneError extends HttpError {}
