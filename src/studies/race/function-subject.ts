/** A function of a user as it is asked for: `./resize.ts#resize`, and its inputs. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '../../text/usage.js';

export interface FunctionSubject {
  readonly kind: 'function';
  /** As it was asked for. */
  readonly name: string;
  readonly file: string;
  readonly export: string;
  /** Files of JSON, one for each input; without any, the module's own `inputs`. */
  readonly inputs: readonly string[];
  /** An input is the list of all arguments. */
  readonly spread: boolean;
  readonly concurrency: number;
}

export interface FunctionFlags {
  input?: string[];
  spread?: boolean;
  concurrency?: number;
}

export function functionSubject(asked: string, flags: FunctionFlags): FunctionSubject {
  const [path = '', name = 'default'] = asked.split('#', 2);
  if (!existsSync(resolve(path))) throw new UsageError(`there is no file '${path}'`);
  const inputs = (flags.input ?? []).map((file) => resolve(file));
  for (const file of inputs) {
    if (!existsSync(file)) throw new UsageError(`there is no file '${file}' for --input`);
  }
  const { spread = false, concurrency = 4 } = flags;
  return {
    kind: 'function',
    name: asked,
    file: resolve(path),
    export: name,
    inputs,
    spread,
    concurrency,
  };
}
