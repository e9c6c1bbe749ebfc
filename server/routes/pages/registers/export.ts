import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { registerTable } from '../../../registers/papers.ts';
import type { PageOptions } from '../send-page.ts';
import { registerOf, workerOf } from './views.ts';

/** A whole register as a table for a spreadsheet. */
export const registerExportRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/registers/:register/export.csv', {
    config: { caller: 'organization:registers.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40), register: z.string().max(40) }),
    },
    async handler(request, reply) {
      const at = now();
      const register = registerOf(request.params.register);
      const table = await registerTable(stores, register, workerOf(request), at);
      return reply
        .header('cache-control', 'no-store')
        .header(
          'content-disposition',
          `attachment; filename="${register.id}-${at.toISOString().slice(0, 10)}.csv"`,
        )
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(table);
    },
  });
};
