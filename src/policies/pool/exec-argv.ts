/**
 * Node's flags for a worker, which runs the pool's program. A flag that says what to run, such as
 * `-e CODE`, would have it run that again: and open its pool, and so without end.
 */

const RUNS =
  /^(?:-e|-p|-pe|-c|-i|--(?:eval|print|check|interactive|input-type|test|watch|snapshot-blob))$/;
const WATCHES = /^--watch-/;
/** One port for all would be taken, and nobody is there to let a worker go on. */
const INSPECTS = /^--(?:inspect|debug-port)/;
/** The next text belongs to it, if that is no flag itself. */
const TAKES_TEXT =
  /^(?:-e|-p|-pe|--(?:eval|print|input-type|snapshot-blob|watch-path|inspect-port|debug-port))$/;

/** Without what replaces the program. */
export function withoutProgram(flags: readonly string[]): string[] {
  return without(flags, (name) => RUNS.test(name) || WATCHES.test(name));
}

/** Those of this process that suit a worker: it has an inspector of its own only when told so. */
export function inheritedFlags(flags: readonly string[] = process.execArgv): string[] {
  return without(withoutProgram(flags), (name) => INSPECTS.test(name));
}

/** The same for an environment that is inherited. */
export function inheritedEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: options } = env;
  if (options === undefined) return env;
  const left = options.replaceAll(
    /(?<=^|\s)--(?:(?:inspect-port|debug-port)\s+[^\s-]\S*|(?:inspect|debug-port)\S*)/g,
    '',
  );
  return { ...env, NODE_OPTIONS: left };
}

function without(flags: readonly string[], isUnwanted: (name: string) => boolean): string[] {
  const left: string[] = [];
  for (let i = 0; i < flags.length; i++) {
    const flag = flags[i] as string;
    const [name = ''] = flag.split('=', 1);
    if (!isUnwanted(name)) left.push(flag);
    else if (TAKES_TEXT.test(flag) && flags[i + 1]?.startsWith('-') === false) i++;
  }
  return left;
}
