import { flags } from '../arguments.ts';
import { asRows } from '../output/rows.ts';

/** `agent --help`. */
export async function help(): Promise<number> {
  const rows = Object.entries(flags as Record<string, { value?: string; text: string }>).map(
    ([name, { value, text }]) => {
      return [`--${name}${value === undefined ? '' : ` ${value}`}`, text] as const;
    },
  );
  process.stdout.write(`agent: is this laptop in order?

Usage: agent --check [--only firewall,screen-lock] [--format json]

${asRows(rows)}

Exit codes of --check:
  0   nothing that the policy enforces fails or is unknown
  1   something enforced fails
  2   nothing fails, but something could not be told
  What is waived is shown and not counted.
  64  wrong usage          70  internal fault

Exit codes of --enroll, --report and --deliver:
  0   done                 69  refused, and trying again will not help
  75  not now; nothing is lost and it is tried again
  77  another account has to do it
  78  this machine is not enrolled
`);
  return 0;
}
