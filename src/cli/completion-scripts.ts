/**
 * Scripts for shells, with all names written into them: completing starts no process.
 *
 * All three go by the same two steps. The word before the cursor is a flag that takes something: its names, after the
 * last comma, or a path. Otherwise the command on the line, by default `run`, says which flags and names there are.
 */

export interface CompletedFlag {
  readonly name: string;
  readonly summary: string;
  /** Names are a list: several are given with commas. */
  readonly takes: 'nothing' | 'text' | 'path' | readonly string[];
}

export interface Completed {
  readonly name: string;
  readonly summary: string;
  /** The names that its argument may be. */
  readonly names: readonly string[];
  readonly flags: readonly CompletedFlag[];
}

/** The command that is meant without one. */
const USUAL = 'run';

/** The text for a shell, whatever it contains. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The patterns of a `case`: the command, and no command for the usual one. */
function patterns({ name }: Completed, flag = ''): string {
  const each = name === USUAL ? [name, ''] : [name];
  return each.map((command) => quoted(`${command}${flag && ` ${flag}`}`)).join('|');
}

function flagCases(
  commands: readonly Completed[],
  branch: (takes: Exclude<CompletedFlag['takes'], 'nothing'>) => string,
): string[] {
  return commands.flatMap((command) =>
    command.flags.flatMap(({ name, takes }) =>
      takes === 'nothing' ? [] : [`    ${patterns(command, name)}) ${branch(takes)} ;;`],
    ),
  );
}

function namesOf(commands: readonly Completed[], { name, names }: Completed): readonly string[] {
  return name === USUAL ? [...commands.map((each) => each.name), ...names] : names;
}

/** What bash is given no names for, it completes as a path. */
function bash(commands: readonly Completed[]): string {
  return `# Completion of loopdyno for bash: eval "$(loopdyno completion bash)"
_loopdyno() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  local command= word= names= flags= head=
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
      ${commands.map(({ name }) => name).join('|')}) command=$word; break ;;
    esac
  done
  case "$command $before" in
${flagCases(commands, (takes) => (typeof takes === 'string' ? 'return' : `names=${quoted(takes.join(' '))}`)).join('\n')}
  esac
  if [[ -n $names ]]; then
    [[ $current == *,* ]] && head=\${current%,*},
    COMPREPLY=($(compgen -P "$head" -W "$names" -- "\${current##*,}"))
    return
  fi
  case $command in
${commands
  .map((command) => {
    const flags = quoted(command.flags.map(({ name }) => name).join(' '));
    return `    ${patterns(command)}) flags=${flags} names=${quoted(namesOf(commands, command).join(' '))} ;;`;
  })
  .join('\n')}
  esac
  [[ $current == -* ]] && names=$flags
  COMPREPLY=($(compgen -W "$names" -- "$current"))
}
complete -o bashdefault -o default -F _loopdyno loopdyno
`;
}

function zsh(commands: readonly Completed[]): string {
  const described = (name: string, summary: string): string =>
    quoted(summary === '' ? name : `${name}:${summary}`);
  const summaries = new Map(commands.map(({ name, summary }) => [name, summary]));
  return `#compdef loopdyno
# Completion of loopdyno for zsh: source <(loopdyno completion zsh)
_loopdyno() {
  local command= word=
  local -a names flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case $word in
      (${commands.map(({ name }) => name).join('|')}) command=$word; break ;;
    esac
  done
  case "$command \${words[CURRENT-1]}" in
${flagCases(commands, (takes) => {
  if (takes === 'path') return '_files; return';
  if (takes === 'text') return "_message 'a value'; return";
  return `_values -s , name ${takes.map(quoted).join(' ')}; return`;
}).join('\n')}
  esac
  case $command in
${commands
  .map((command) => {
    const flags = command.flags.map(({ name, summary }) => described(name, summary));
    const names = namesOf(commands, command).map((name) =>
      described(name, summaries.get(name) ?? ''),
    );
    return `    ${patterns(command)}) flags=(${flags.join(' ')}) names=(${names.join(' ')}) ;;`;
  })
  .join('\n')}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe flag flags
  else
    _describe name names
    _files
  fi
}
compdef _loopdyno loopdyno
`;
}

function fish(commands: readonly Completed[]): string {
  const others = commands.filter(({ name }) => name !== USUAL).map(({ name }) => name);
  const lines = commands.flatMap((command) => {
    const within =
      command.name === USUAL
        ? `not __fish_seen_subcommand_from ${others.join(' ')}`
        : `__fish_seen_subcommand_from ${command.name}`;
    const here = `complete -c loopdyno -n ${quoted(within)}`;
    const names =
      command.names.length === 0 ? [] : [`${here} -a ${quoted(command.names.join(' '))}`];
    return [
      `complete -c loopdyno -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
      ...names,
      ...command.flags.map(({ name, summary, takes }) => {
        const value =
          takes === 'nothing'
            ? ''
            : takes === 'path'
              ? ' -rF'
              : takes === 'text'
                ? ' -x'
                : ` -xa ${quoted(`(__fish_append , ${takes.join(' ')})`)}`;
        return `${here} -l ${name.slice(2)}${value} -d ${quoted(summary)}`;
      }),
    ];
  });
  return `# Completion of loopdyno for fish: loopdyno completion fish | source\n${lines.join('\n')}\n`;
}

export const SCRIPTS = { bash, zsh, fish } as const;
