import { LoopdynoError } from '../text/errors.js';

/** The project's configuration cannot be used. The message names the file and what to change in it. */
export class ConfigError extends LoopdynoError {
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
  }
}
