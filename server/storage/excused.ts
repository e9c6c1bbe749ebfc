import { type RawBuilder, sql } from 'kysely';

/**
 * Does a waiver in force excuse the point of a transition on its device? For queries that join `transitions` and `devices`; the same
 * question `waiverFor` answers for a device that is at hand.
 */
export const isExcused = (at: Date): RawBuilder<boolean> => sql<boolean>`exists (
  select 1 from waivers where waivers.organization = transitions.organization and waivers.ends_at > ${at.getTime()}
    and waivers.status = 'approved' and waivers.starts_at <= ${at.getTime()}
    and (waivers.subject = transitions.subject or transitions.subject like waivers.subject || '/%')
    and (waivers.scope = 'organization' or (waivers.scope = 'device' and waivers.device = transitions.device)
      or (waivers.scope = 'platform' and waivers.target = devices.platform)
      or (waivers.scope = 'owner' and waivers.target = devices.owner)))`;
