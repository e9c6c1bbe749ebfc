import { flags } from '../../agent/arguments.ts';
import type { BuildMoment } from '../build-moment.ts';
import { manualDate, troff } from './troff.ts';

interface Flag {
  readonly type: 'string' | 'boolean';
  readonly value?: string;
  readonly text: string;
}

const all = Object.entries(flags as Readonly<Record<string, Flag>>);

/** The manual page `agent(1)`, out of the flags the command line knows. */
export function manual({ epoch, version }: BuildMoment): string {
  const options = all.map(
    ([name, { value, text }]) =>
      `.TP\n.B ${troff(`--${name}`)}${value === undefined ? '' : ` \\fI${troff(value)}\\fR`}\n${troff(text)}`,
  );
  return `.TH AGENT 1 "${manualDate(epoch)}" "Muster ${version}" "Muster"
.SH NAME
agent \\- is this laptop in order?
.SH SYNOPSIS
.B agent \\-\\-check
[\\fB\\-\\-only\\fR \\fICHECKS\\fR] [\\fB\\-\\-format\\fR \\fIFORMAT\\fR]
.SH DESCRIPTION
Reads how this computer is set up (screen lock, disk encryption, password policy, firewall, removable media and more), says what is
in order, what is not and how to put it right. Enrolled, it reports the same facts, signed, to the organization's collector.
.SH OPTIONS
${options.join('\n')}
.SH EXIT STATUS
Of \\-\\-check: 0 nothing enforced fails or is unknown, 1 something enforced fails, 2 something could not be told, 64 wrong usage, 70
internal fault.
.SH FILES
.TP
.I /var/lib/muster
the enrollment, the device's key and the reports that wait
.TP
.I /etc/muster/enroll\\-token
an enrollment token, readable by root only; used once when the package is installed, then removed
.SH SEE ALSO
.BR systemctl (1)
`;
}

/** Completion for bash. */
export function bashCompletion(): string {
  const names = all.map(([name]) => `--${name}`).join(' ');
  const files = all.filter(([, { value }]) => value === 'FILE').map(([name]) => `--${name}`);
  return `# bash completion for agent(1)
_agent() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  case $before in
    ${files.join('|')}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'table json junit' -- "$current"); return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W '${names}' -- "$current")
}
complete -F _agent agent
`;
}

/** Completion for zsh. */
export function zshCompletion(): string {
  const quote = (text: string) => text.replaceAll("'", "'\\''").replace(/[[\]:]/g, '\\$&');
  const lines = all.map(([name, { value, text }]) => {
    const kind = value === undefined ? '' : value === 'FILE' ? ':file:_files' : `:${value.toLowerCase()}:`;
    return `  '--${name}[${quote(text)}]${kind}'`;
  });
  return `#compdef agent\n_arguments \\\n${lines.join(' \\\n')}\n`;
}

/** Completion for fish. */
export function fishCompletion(): string {
  const quote = (text: string) => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return all
    .map(([name, { value, text }]) => {
      const kind = value === undefined ? ' -f' : value === 'FILE' ? ' -r -F' : ' -x';
      return `complete -c agent -l ${name}${kind} -d '${quote(text)}'\n`;
    })
    .join('');
}
