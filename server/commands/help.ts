import { commands } from '../arguments.ts';
import { version } from '../version.ts';

/** `collector help`. */
export async function help(): Promise<number> {
  const lines = Object.entries(commands).flatMap(([name, { text, flags }]) => [
    `  ${name.padEnd(14)} ${text}`,
    ...Object.entries(flags as Record<string, { value?: string; text: string }>).map(([flag, entry]) => {
      const left = `--${flag}${entry.value === undefined ? '' : ` ${entry.value}`}`;
      return `      ${left.padEnd(26)} ${entry.text}`;
    }),
  ]);
  process.stdout.write(`collector: is every laptop in order, and can we prove it?

Usage: collector setup --organization "Acme" --admin it@acme.example
       collector serve

${lines.join('\n')}

Settings come from the environment: MUSTER_DATA (folder, default data), DATABASE_URL, HOST (default 127.0.0.1), PORT (default 8443),
PUBLIC_URL, TLS_CERT and TLS_KEY, LOG_LEVEL. Plain HTTP is spoken on loopback only.

Exit codes: 0 done · 1 the evidence is broken · 64 wrong usage · 70 internal fault · 78 wrong settings
`);
  return 0;
}

/** `collector version`. */
export async function printVersion(): Promise<number> {
  process.stdout.write(`collector ${version}\n`);
  return 0;
}
