import { type Check, severities } from '../../../shared/check.ts';
import { type CheckId, checks } from '../../../shared/checks/index.ts';
import { addresses } from '../../pages/addresses.ts';
import { type AlertSource, type FoundEvent, readAfter, readAtOnce } from '../source.ts';

/** Enforced points that started to fail, as grave as the organization wants to hear of. */
export const failing: AlertSource = {
  id: 'failing',
  begin: async ({ news }) => (await news.newest()).transitions,
  async find(looking, position) {
    const { stores, now, organizations, settings } = looking;
    const broken = await stores.news.broken(readAfter(looking, position), now, readAtOnce);
    const events: FoundEvent[] = [];
    for (const { organization: number, device, label, subject, at, byReview } of broken) {
      const organization = organizations.get(number);
      const [id = '', name = ''] = subject.split('/');
      const check = checks[id as CheckId] as unknown as Check | undefined;
      const point = check?.points[name];
      if (organization === undefined || check === undefined || point === undefined) continue;
      const { policy } = await stores.organizations.policy(number);
      const severity = policy.checks[id as CheckId][name]?.severity ?? point.severity;
      const { minSeverity } = await settings(number);
      if (severities.indexOf(severity) > severities.indexOf(minSeverity)) continue;
      const kind = byReview ? 'policy' : 'failing';
      events.push({
        organization: number,
        key: `failing/${device}/${subject}/${at.getTime()}`,
        kind,
        group: byReview ? `policy/${policy.version}` : 'failing',
        at,
        subject: device,
        line: `${label}: ${check.title}, ${point.title.toLowerCase()} (${severity})`,
        path: addresses.device(organization.id, device),
      });
    }
    return { events, position: Math.max(position, broken.at(-1)?.number ?? 0) };
  },
};
