import type { Arguments } from '../arguments.ts';
import { readConfiguration } from '../configuration.ts';
import { effectiveSettings, examine } from '../operation/doctor.ts';

const marks = { ok: 'ok     ', warning: 'look   ', wrong: 'WRONG  ' } as const;

/** `collector doctor`: 0 when nothing is wrong, 1 when something is, 78 when a setting cannot be used at all. */
export async function doctor(args: Arguments): Promise<number> {
  const configuration = readConfiguration(process.env);
  const settings = effectiveSettings(configuration);
  const diagnoses = await examine(configuration, new Date());
  const code = diagnoses.some(({ state }) => state === 'wrong') ? 1 : 0;
  if (args['json'] === true) {
    process.stdout.write(`${JSON.stringify({ schema: 'muster.doctor/1', settings, diagnoses }, null, 2)}\n`);
    return code;
  }
  const longest = Math.max(...Object.keys(settings).map((name) => name.length));
  process.stdout.write('Settings\n');
  for (const [name, value] of Object.entries(settings)) {
    process.stdout.write(`  ${name.padEnd(longest)}  ${value}\n`);
  }
  process.stdout.write('\nFound\n');
  for (const { about, state, found, remedy } of diagnoses) {
    process.stdout.write(`  ${marks[state]}${about.padEnd(12)} ${found}\n`);
    if (remedy !== undefined) process.stdout.write(`         ${' '.repeat(12)} do: ${remedy}\n`);
  }
  return code;
}
