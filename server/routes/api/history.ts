import { z } from 'zod';
import { organizationOf } from '../../caller.ts';
import { checkHistories } from '../../history/check-histories.ts';
import { trendOf } from '../../history/trend.ts';
import { storedStates } from '../../storage/devices.ts';
import type { ApiRoutes } from './options.ts';

const dayMs = 86_400_000;
const Counts = z.object(Object.fromEntries(storedStates.map((state) => [state, z.number()])));

/** What was: day by day, and how long repairs took. */
export const historyApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/history', {
    config: { caller: 'organization:fleet.read' },
    schema: {
      tags: ['findings'],
      summary: 'Where the fleet stood day by day, what broke, and how long repairs took',
      querystring: z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(90) }),
      response: {
        200: z.object({
          days: z.array(z.object({ date: z.string(), counts: Counts })),
          policies: z.array(z.object({ date: z.string(), version: z.number() })).describe('Came into force'),
          medianDays: z
            .number()
            .nullable()
            .describe('From failing to in order again; null where nothing was'),
          checks: z.array(
            z.object({
              check: z.string(),
              title: z.string(),
              broke: z.number(),
              fixed: z.number(),
              medianDays: z.number().nullable(),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const at = now();
      const organization = organizationOf(request);
      const { days } = request.query;
      const [trend, { checks, medianDays }] = await Promise.all([
        trendOf(stores, organization, days, at, at),
        checkHistories(stores, organization.number, new Date(at.getTime() - days * dayMs), at),
      ]);
      return {
        days: trend.days.map(({ date, counts }) => ({ date, counts: { ...counts } })),
        policies: trend.policies.map(({ date, version }) => ({ date, version })),
        medianDays,
        checks: checks.map((one) => ({ ...one })),
      };
    },
  });
};
