import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { csv } from '../../../exports/csv.ts';
import { seesPersonal } from '../../../registers/desk.ts';
import { valueText } from '../../../registers/field.ts';
import { stateOf } from '../../../registers/register.ts';
import type { PageOptions } from '../send-page.ts';
import { organizationOf } from '../viewer.ts';
import { referenceOf, registerOf, workerOf } from './views.ts';

/** Records in one export; a register of paperwork stays far below. */
const maxExported = 10_000;

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
      const { number } = organizationOf(request);
      const register = registerOf(request.params.register);
      const worker = workerOf(request);
      const sees = seesPersonal(register, worker);
      const everything = { search: '', state: null, sort: 'reference', descending: false } as const;
      const records = await stores.records.list(number, register.id, everything, at, maxExported, 0);
      const personal = sees ? await stores.registerPersonal.readMany(records) : new Map();
      const fields = Object.entries(register.fields).filter(([, field]) => sees || field.personal !== true);
      const rows = records.map((record) => {
        const values = { ...record.values, ...personal.get(record.id) };
        return [
          referenceOf(register, record),
          stateOf(register, record.state).title,
          record.due,
          record.dueAt?.toISOString() ?? '',
          record.createdAt.toISOString(),
          record.closedAt?.toISOString() ?? '',
          ...fields.map(([id, field]) => valueText(field, values[id])),
        ];
      });
      await stores.audit.record(
        {
          organization: number,
          actor: worker.author.actor,
          action: 'register.export',
          subject: register.id,
          detail: { register: register.id, records: records.length, personal: sees },
        },
        at,
      );
      return reply
        .header('cache-control', 'no-store')
        .header(
          'content-disposition',
          `attachment; filename="${register.id}-${at.toISOString().slice(0, 10)}.csv"`,
        )
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(
          csv([
            [
              'Number',
              'State',
              'Next',
              'Due',
              'Written down',
              'Closed',
              ...fields.map(([, { title }]) => title),
            ],
            ...rows,
          ]),
        );
    },
  });
};
