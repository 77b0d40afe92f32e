/** Errors of libuv, in the shape and wording that Node gives them. */
import { getSystemErrorMap } from 'node:util';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `read ECONNRESET`, `connect ECONNREFUSED 127.0.0.1:1` */
export function socketError(errno: number, syscall: string, at?: Endpoint): Error {
  const { code, text } = lookUp(errno);
  const { address, port } = at ?? {};
  const where = address === undefined ? '' : port ? ` ${address}:${port}` : ` ${address}`;
  const what = syscall === 'listen' ? `${code}: ${text}` : code;
  return Object.assign(new Error(`${syscall} ${what}${where}`), {
    errno,
    code,
    syscall,
    ...(address === undefined ? {} : { address }),
    ...(port ? { port } : {}),
  });
}

/** `ENOENT: no such file or directory, open '/x'`: the calls after `open` know no path. */
export function fileError(errno: number, syscall: string, path: string): Error {
  const { code, text } = lookUp(errno);
  const named = syscall === 'open';
  const error = new Error(`${code}: ${text}, ${syscall}${named ? ` '${path}'` : ''}`);
  return Object.assign(error, { errno, code, syscall, ...(named ? { path } : {}) });
}

/** A file that no Buffer can hold. */
export function tooLarge(size: number): Error {
  const error = new RangeError(`File size (${size}) is greater than 2 GiB`);
  return Object.assign(error, { code: 'ERR_FS_FILE_TOO_LARGE' });
}

export function errorCode(errno: number): string {
  return lookUp(errno).code;
}

function lookUp(errno: number): { code: string; text: string } {
  const [code, text] = getSystemErrorMap().get(errno) ?? ['UNKNOWN', `unknown error ${errno}`];
  return { code, text };
}
