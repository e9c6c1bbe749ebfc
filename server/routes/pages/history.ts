import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { checkHistories } from '../../history/check-histories.ts';
import { publishedVersions } from '../../history/policy-then.ts';
import { trendOf } from '../../history/trend.ts';
import { HistoryPage, historyDays } from '../../pages/history.tsx';
import { type PageOptions, sendPage } from './send-page.ts';
import { viewerOf } from './viewer.ts';

const dayMs = 86_400_000;
const usualDays = 90;
/** Organizations and lengths that are remembered for a minute. */
const maxKnown = 1_000;

/** What was: day by day, how long repairs took, which policy was in force. */
export const historyRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  // Gone through are all changes of the period: looked at twice within a minute, they are the same.
  const known = new Map<
    string,
    { readonly at: Date; readonly histories: ReturnType<typeof checkHistories> }
  >();
  function recent(organization: number, days: number, at: Date): ReturnType<typeof checkHistories> {
    const key = `${organization} ${days}`;
    const before = known.get(key);
    if (before !== undefined && Math.abs(at.getTime() - before.at.getTime()) < 60_000)
      return before.histories;
    const histories = checkHistories(stores, organization, new Date(at.getTime() - days * dayMs), at);
    if (known.size >= maxKnown) known.clear();
    known.set(key, { at, histories });
    histories.catch(() => known.delete(key));
    return histories;
  }

  app.get('/organizations/:organization/history', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const at = now();
      const organization = organizationOf(request);
      const { number, id, name } = organization;
      const days = historyDays.find((amount) => String(amount) === request.query['days']) ?? usualDays;
      const [trend, { checks, medianDays }, versions] = await Promise.all([
        trendOf(stores, organization, days, at, at),
        recent(number, days, at),
        publishedVersions(stores, number),
      ]);
      return sendPage(reply, HistoryPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        organization: { id, name },
        days,
        trend,
        checks,
        medianDays,
        policies: versions.map(({ version, effectiveFrom, reason }) => ({
          version,
          effectiveFrom: effectiveFrom.toISOString(),
          reason,
        })),
      });
    },
  });
};
