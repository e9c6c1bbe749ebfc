import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import { momentExporters, periodExporters } from '../../exports/exporters.ts';
import { pastDay } from '../../history/look-back.ts';
import { periodOf } from '../../history/period.ts';
import { HttpProblem } from '../../problem.ts';
import { file, sendFile } from './files.ts';
import type { ApiRoutes } from './options.ts';

const exporters = [...periodExporters, ...momentExporters];

/** What can be shown to somebody else, as files. */
export const exportApiRoutes: ApiRoutes = async (app, { stores, now, collectorKey }) => {
  app.get('/exports', {
    config: { caller: 'organization:reports.read' },
    schema: {
      tags: ['exports'],
      summary: 'What there is to take away',
      response: {
        200: z.object({
          exports: z.array(
            z.object({
              id: z.string(),
              title: z.string(),
              mediaType: z.string(),
              about: z.enum(['period', 'moment']).describe('Asks for `period`, or takes `asOf`'),
            }),
          ),
        }),
      },
    },
    handler: async () => ({
      exports: exporters.map(({ id, title, mediaType }) => ({
        id,
        title,
        mediaType,
        about: periodExporters.some((one) => one.id === id) ? ('period' as const) : ('moment' as const),
      })),
    }),
  });

  app.get('/exports/:export', {
    config: { caller: 'organization:reports.read' },
    schema: {
      tags: ['exports'],
      summary: 'An export as a file',
      params: z.object({ export: z.string().max(40) }),
      querystring: z.object({
        period: z
          .string()
          .max(10)
          .optional()
          .describe('A month such as `2026-10`, or a quarter such as `2026-Q3`'),
        asOf: z.iso.date().optional().describe('How it was when this day (UTC) ended; now without it'),
      }),
      response: { 200: file(...new Set(exporters.map(({ mediaType }) => mediaType))) },
    },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const madeAt = now();
      const { period: asked = '', asOf } = request.query;
      const source = { stores, collectorKey, organization, madeAt };
      const byPeriod = periodExporters.find(({ id }) => id === request.params.export);
      const byMoment = momentExporters.find(({ id }) => id === request.params.export);
      const exporter = byPeriod ?? byMoment;
      const period = byPeriod === undefined ? undefined : periodOf(asked, madeAt);
      if (exporter === undefined || (byPeriod !== undefined && period === undefined)) {
        throw new HttpProblem('not-found');
      }
      await stores.audit.record(
        {
          organization: organization.number,
          actor: actorOf(request),
          action: 'report.export',
          subject: organization.id,
          detail: { export: exporter.id, about: period?.id ?? asOf ?? 'now' },
        },
        madeAt,
      );
      const body =
        byPeriod !== undefined && period !== undefined
          ? await byPeriod.make(source, period)
          : await byMoment?.make(source, pastDay(asOf, madeAt)?.at ?? madeAt);
      return sendFile(reply, exporter.mediaType, body ?? '');
    },
  });
};
