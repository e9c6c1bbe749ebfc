import { join } from 'node:path';
import { checkFlags } from '../../installers/bundle.ts';
import { median, peakMemory, printRow, wallTimes } from './measure.ts';

const node = process.execPath;
/** As the launcher agent/agent starts it. */
const program = join(import.meta.dirname, '../../dist/agent/start.js');
const check = [...checkFlags, program, '--check'];
const heart = 'screen-lock,disk-encryption,password-policy,firewall,removable-media';

/** Start-up and one-off checks against the bare runtime, interleaved in one run. */
export async function benchAgent(): Promise<void> {
  const times = wallTimes(
    [
      { name: 'node', argv: [node, '-e', '0'] },
      { name: 'version', argv: [node, program, '--version'] },
      { name: 'usage', argv: [node, program, '--no-such-flag'] },
      { name: 'heart', argv: [node, ...check, '--only', heart] },
      { name: 'all', argv: [node, ...check] },
    ],
    15,
  );
  const middle = (name: string) => median(times.get(name) ?? []);
  const raw = middle('node');
  const row = (what: string, name: string, most: number) => {
    const ratio = middle(name) / raw;
    printRow(
      what,
      `${ratio.toFixed(2)} x (${middle(name).toFixed(0)} ms)`,
      `at most ${most} x`,
      ratio <= most,
    );
  };
  process.stdout.write(`Agent, against node -e 0 (${raw.toFixed(0)} ms), medians of 15 rounds\n`);
  row('agent --version', 'version', 1.5);
  row('agent, wrong usage', 'usage', 1.5);
  row('agent --check, five checks', 'heart', 5);
  row('agent --check, all checks', 'all', 8);
  const peak = peakMemory([...check, '--only', heart]);
  printRow('peak memory of the five checks', `${peak.toFixed(1)} MiB`, 'at most 60 MiB', peak <= 60);
  const peakAll = peakMemory(check);
  printRow('peak memory of all checks', `${peakAll.toFixed(1)} MiB`);
  printRow('peak memory of node -e 0', `${peakMemory(['-e', '0']).toFixed(1)} MiB`);
}
