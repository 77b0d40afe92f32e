/**
 * Node's flags for a worker, which runs the pool's program. With a flag that says what to run, such as `-e CODE`, the
 * worker would run that instead and open the pool again, without end.
 */

const RUNS =
  /^(?:-e|-p|-pe|-c|-i|--(?:eval|print|check|interactive|input-type|test|watch|snapshot-blob))$/;
const WATCHES = /^--watch-/;
/** One inspector port for all workers would be taken, and with a break at the start nobody would resume a worker. */
const INSPECTS = /^--(?:inspect|debug-port)/;
/** The next argument belongs to the flag, unless it is a flag itself. */
const TAKES_TEXT =
  /^(?:-e|-p|-pe|--(?:eval|print|input-type|snapshot-blob|watch-path|inspect-port|debug-port))$/;

/** The flags without those that replace the program. */
export function withoutProgram(flags: readonly string[]): string[] {
  return without(flags, (name) => RUNS.test(name) || WATCHES.test(name));
}

/** The flags of this process that suit a worker. A worker gets an inspector only if its own options say so. */
export function inheritedFlags(flags: readonly string[] = process.execArgv): string[] {
  return without(withoutProgram(flags), (name) => INSPECTS.test(name));
}

/** Like `inheritedFlags`, for an inherited environment. */
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
