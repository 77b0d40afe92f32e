/** The base of all errors, and how a message quotes a value. */
import { inspect } from 'node:util';

/** Base of every error that loopdyno itself raises. `name` is the class's name and part of the API. */
export class LoopdynoError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** An option or argument outside what the function accepts. */
export class InvalidArgumentError extends LoopdynoError {}

/** A value as an error message quotes it: short, one line. */
export function quote(value: unknown): string {
  const text =
    value instanceof Error
      ? `${value.name}: ${value.message}`.replaceAll(/\s+/g, ' ')
      : inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 60 });
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
