/** Header fields, received and sent. */
import { quote } from '../../loop/errors.js';
import { HttpError } from './errors.js';

/** Fields to send. */
export type HeaderFields = Readonly<Record<string, string | number>>;

/** Received fields. Most messages are asked for one or two of their fields, so nothing is indexed. */
export class Headers {
  /** Names and values in turn. */
  readonly raw: readonly string[];

  constructor(raw: readonly string[]) {
    this.raw = raw;
  }

  /** The value of the first field of that name, whatever its case. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    for (let i = 0; i < this.raw.length; i += 2) {
      if ((this.raw[i] as string).toLowerCase() === wanted) return this.raw[i + 1];
    }
    return undefined;
  }
}

const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** The fields as lines. A field that would end its line is refused: it could begin another message. */
export function renderHeaders(
  fields: HeaderFields,
  refuse: new (message: string) => HttpError,
): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (!NAME.test(name) || !VALUE.test(String(value))) {
      throw new refuse(`not a header: ${quote(`${name}: ${value}`)}`);
    }
    text += `${name}: ${value}\r\n`;
  }
  return text;
}
