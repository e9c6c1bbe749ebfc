import { commands } from '../../server/arguments.ts';
import type { BuildMoment } from '../build-moment.ts';
import { manualDate, troff } from './troff.ts';

interface Described {
  readonly text: string;
  readonly actions?: readonly string[];
  readonly flags: Readonly<Record<string, { readonly value?: string; readonly text: string }>>;
}

const all = Object.entries(commands as Readonly<Record<string, Described>>);
const names = all.map(([name]) => name).join(' ');
const isFile = (value: string | undefined) => value?.split('|').includes('FILE') === true;

/** The manual page `collector(1)`, out of the commands the command line knows. */
export function manual({ epoch, version }: BuildMoment): string {
  const sections = all.map(([name, { text, actions = [], flags }]) => {
    const options = Object.entries(flags).map(
      ([flag, { value, text: words }]) =>
        `.RS\n.TP\n.B ${troff(`--${flag}`)}${value === undefined ? '' : ` \\fI${troff(value)}\\fR`}\n${troff(words)}\n.RE`,
    );
    const word = actions.length === 0 ? '' : ` \\fR${troff(actions.join('|'))}`;
    return [`.TP\n.B ${troff(name)}${word}\n${troff(text)}`, ...options].join('\n');
  });
  return `.TH COLLECTOR 1 "${manualDate(epoch)}" "Muster ${version}" "Muster"
.SH NAME
collector \\- is every laptop in order, and can we prove it?
.SH SYNOPSIS
.B collector
\\fICOMMAND\\fR [\\fIOPTIONS\\fR]
.SH DESCRIPTION
Takes in the signed reports of laptops, judges them by each organization's policy and shows them. Called by root it gives root's rights
away and works as the account muster\\-collector, with the settings of the service. Others may run help, version, verify and demo.
.SH COMMANDS
${sections.join('\n')}
.SH EXIT STATUS
0 done, 1 the evidence is broken, 64 wrong usage, 70 internal fault, 77 not allowed, 78 wrong settings.
.SH FILES
.TP
.I /etc/muster\\-collector/collector.env
the settings, each with what it means
.TP
.I /etc/muster\\-collector/backup\\-recipient
for whom backups are sealed; where it is there, one is made every night and before each upgrade
.TP
.I /var/lib/muster\\-collector
the database, the keys, and in updates/ the releases it offers
.TP
.I /var/backups/muster\\-collector
the backups
.SH SEE ALSO
.BR systemctl (1)
`;
}

/** Completion for bash. */
export function bashCompletion(): string {
  const cases = all.map(([name, { actions = [], flags }]) => {
    const words = [...actions, ...Object.keys(flags).map((flag) => `--${flag}`)];
    return `    ${name}) words='${words.join(' ')}' ;;`;
  });
  const files = all.flatMap(([, { flags }]) =>
    Object.entries(flags).flatMap(([flag, { value }]) => (isFile(value) ? [`--${flag}`] : [])),
  );
  return `# bash completion for collector(1)
_collector() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words='${names}'
  case $before in
    ${[...new Set(files)].join('|')}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  if [ "$COMP_CWORD" -gt 1 ]; then case \${COMP_WORDS[1]} in
${cases.join('\n')}
  esac; fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _collector collector
`;
}

/** Completion for zsh. */
export function zshCompletion(): string {
  const quote = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
  const cases = all.map(([name, { actions = [], flags }]) => {
    const options = Object.entries(flags).map(([flag, { value, text }]) => {
      const kind = value === undefined ? '' : isFile(value) ? ':file:_files' : `:${value.toLowerCase()}:`;
      return ` '--${flag}[${quote(text)}]${kind}'`;
    });
    const word = actions.length === 0 ? '' : ` '1:action:(${actions.join(' ')})'`;
    return `  ${name}) _arguments${word}${options.join('')} ;;`;
  });
  const described = all.map(([name, { text }]) => `  '${name}:${quote(text)}'`).join('\n');
  return `#compdef collector
local -a commands=(
${described}
)
if (( CURRENT == 2 )); then
  _describe command commands
  return
fi
local command=$words[2]
shift words
(( CURRENT-- ))
case $command in
${cases.join('\n')}
esac
`;
}

/** Completion for fish. */
export function fishCompletion(): string {
  const quote = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  const lines = all.flatMap(([name, { text, actions = [], flags }]) => [
    `complete -c collector -n __fish_use_subcommand -f -a ${name} -d '${quote(text)}'`,
    ...actions.map(
      (action) => `complete -c collector -n '__fish_seen_subcommand_from ${name}' -f -a ${action}`,
    ),
    ...Object.entries(flags).map(([flag, { value, text: words }]) => {
      const kind = value === undefined ? ' -f' : isFile(value) ? ' -r -F' : ' -x';
      return `complete -c collector -n '__fish_seen_subcommand_from ${name}' -l ${flag}${kind} -d '${quote(words)}'`;
    }),
  ]);
  return `${lines.join('\n')}\n`;
}
