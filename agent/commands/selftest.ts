import { Platform } from '../../shared/answer.ts';
import type { Arguments } from '../arguments.ts';
import { chosenFormat } from '../output/format.ts';
import { readCanaries } from '../selftest/canaries.ts';
import { type SelfTestResult, selfTest, type WrongPoint } from '../selftest/selftest.ts';
import { version } from '../version.ts';

/** `agent --selftest`: 0 when every check tells a machine in order from one that is not, else 1. Reads nothing of this machine. */
export async function selftest(args: Arguments): Promise<number> {
  const format = chosenFormat(args.format);
  const platform = Platform.parse(process.platform);
  // Without its recordings no check is tried, and none is vouched for.
  const canaries = await readCanaries(platform).catch(() => ({}));
  const results = await selfTest(platform, canaries);
  const healthy = results.every(vouchedFor);
  process.stdout.write(format === 'json' ? asJson(platform, healthy, results) : asText(results));
  return healthy ? 0 : 1;
}

const vouchedFor = ({ outcome }: SelfTestResult) => outcome === 'told' || outcome === 'unanswerable';

function asJson(platform: Platform, healthy: boolean, checks: readonly SelfTestResult[]): string {
  const result = { schema: 'muster.selftest/1', agent: { version }, platform, healthy, checks };
  return `${JSON.stringify(result, null, 2)}\n`;
}

function asText(results: readonly SelfTestResult[]): string {
  const bad = results.filter((result) => !vouchedFor(result));
  const lines =
    bad.length === 0
      ? [allTold(results)]
      : [
          `✗ ${bad.length} of ${results.length} checks cannot be relied on. Install the agent again, or tell your IT contractor.`,
        ];
  for (const { check, title, outcome, wrong } of bad) {
    lines.push('', `✗ ${title} (${check})`);
    if (outcome === 'untested') lines.push('  this agent came without recordings to try it on');
    else if (wrong.length === 0) lines.push('  says the same of a machine in order and of one that is not');
    else lines.push(...wrong.map(wrongLine));
  }
  return `${lines.join('\n')}\n`;
}

function allTold(results: readonly SelfTestResult[]): string {
  const silent = results.filter(({ outcome }) => outcome === 'unanswerable').map(({ check }) => check);
  const rest = silent.length === 0 ? '' : ` (never told on this system: ${silent.join(', ')})`;
  return `✓ All ${results.length - silent.length} checks tell a machine in order from one that is not${rest}.`;
}

function wrongLine({ point, machine, expected, found }: WrongPoint): string {
  const which = machine === 'passing' ? 'a machine in order' : 'a machine that is not in order';
  return `  ${point}: ${found} on ${which}, where ${expected.join(' or ')} is right`;
}
