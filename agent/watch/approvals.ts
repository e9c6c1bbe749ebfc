import { approvedMedia } from '../../shared/waiver.ts';
import type { ChosenPolicy } from '../policy.ts';
import { SourceError, type Sources } from '../probe.ts';
import { enrolledDirectory } from '../state/directory.ts';
import type { LocalHistory } from '../state/history.ts';
import type { Approved } from '../state/media.ts';
import { identityOf } from './identity.ts';

/** What decides which media are approved here; with a warning, the organization's own word on it could not be had. */
type Approving = Pick<ChosenPolicy, 'waivers' | 'warning'>;

/**
 * The numbers of all media that may be used: those waivers approve at that moment, and those the policy lists. Undefined where the
 * organization's policy cannot be read: it approves nothing, and forbids nothing.
 */
export function approvedNumbers(
  { waivers, warning }: Approving,
  listed: readonly string[],
  now: Date,
): Approved {
  if (warning !== undefined) return undefined;
  return new Set([...approvedMedia(waivers, now).map(({ id }) => id), ...listed]);
}

/**
 * The same sources, which can tell of removable media whether they are approved; of none where what the organization approved
 * cannot be read.
 */
export function withApprovals(
  sources: Sources,
  history: LocalHistory,
  approving: Approving,
  directory: string,
): Sources {
  return {
    ...sources,
    approvals: {
      async of(devices, listed) {
        const approved = approvedNumbers(approving, listed, sources.now);
        // Only where it decides something: who a medium is means asking the system for serial numbers.
        const matters = approved === undefined || approved.size > 0;
        const media = await Promise.all(
          devices.map(async (device) => ({
            ...(matters ? await identityOf(sources, device) : { id: device, identified: false }),
            encrypted: false,
            writable: false,
          })),
        );
        const own = enrolledDirectory() === directory;
        const standing = await history.standing(media, approved, own && matters && devices.length > 0);
        if (standing !== undefined) return standing;
        if (matters && devices.length > 0) {
          throw new SourceError('denied', 'what tells media apart is kept by the service');
        }
        return { unapproved: devices.length, unknown: 0, approved: [], days: undefined };
      },
    },
  };
}
