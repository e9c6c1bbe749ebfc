import { commands } from '../arguments.ts';
import { settingNames } from '../configuration.ts';
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

Settings come from the environment; docs/collector.md says what each is for:
  ${settingNames.slice(0, 10).join(' ')}
  ${settingNames.slice(10).join(' ')}
Without any it keeps everything in the folder data and listens on 127.0.0.1:8443. Plain HTTP is spoken on loopback only.

Exit codes: 0 done · 1 evidence is broken, or health or doctor found something wrong · 64 wrong usage · 70 internal fault · 78 wrong settings
`);
  return 0;
}

/** `collector version`. */
export async function printVersion(): Promise<number> {
  process.stdout.write(`collector ${version}\n`);
  return 0;
}
