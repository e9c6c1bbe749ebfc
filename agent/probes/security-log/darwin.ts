import { known } from '../../../shared/answer.ts';
import { absentAsUndefined, type PointProbes, type Sources } from '../../probe.ts';
import { linesOf } from '../../readings/darwin/lines.ts';
import { isLoaded } from '../../readings/darwin/services.ts';

/**
 * Days that `expire-after:` of /etc/security/audit_control promises: `expire-after:90d OR 10M`. Only a size, or `AND` a size,
 * which keeps files longer but never shorter, ... null = no time is promised.
 */
export function parseExpireAfter(content: string): number | null {
  const line = linesOf(content).find((text) => /^expire-after:/.test(text));
  const days = /^expire-after:\s*(\d{1,5})d(?:\s+(?:OR|AND)\s+\S+)?$/i.exec(line ?? '')?.[1];
  return days === undefined ? null : Number(days);
}

/** Days the audit trail is kept; macOS 12 to 27, root. A Mac without the file promises nothing. Throws SourceError. */
async function promisedDays(sources: Sources): Promise<number | null> {
  const content = await absentAsUndefined(sources.file('/etc/security/audit_control'));
  return content === undefined ? null : parseExpireAfter(content);
}

export const darwin: PointProbes<'security-log'> = {
  /** The audit trail, off by default from macOS 14 on. The unified log promises no time at all. */
  async retained(sources) {
    if (!(await isLoaded(sources, 'com.apple.auditd'))) return known({ days: null, basis: 'off' });
    const days = await promisedDays(sources);
    return known(days === null ? { days, basis: 'no-promise' } : { days, basis: 'promised' });
  },
};
