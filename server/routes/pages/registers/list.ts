import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../../caller.ts';
import { pageSize } from '../../../pages/addresses.ts';
import { parseRecordQuery, registerAddresses } from '../../../pages/registers/addresses.ts';
import { RegisterPage } from '../../../pages/registers/register.tsx';
import { RegistersPage } from '../../../pages/registers/registers.tsx';
import { periodText } from '../../../registers/calendar.ts';
import { dueRecords } from '../../../registers/due.ts';
import { registers } from '../../../registers/index.ts';
import type { Register } from '../../../registers/register.ts';
import { emptyCoverage } from '../../../review/registers.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { referenceOf, registerOf, stateView } from './views.ts';

const dueShown = 20;

const owners = {
  admin: 'The administrator answers for it.',
  contractor: 'The IT contractor answers for it.',
  reviewer: 'The reviewer answers for it.',
  manager: 'The manager answers for it.',
  dpo: 'The data protection officer answers for it.',
  auditor: 'The auditor answers for it.',
} as const;

/** All registers of an organization, and the records of one. */
export const registerListRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  app.get('/organizations/:organization/registers', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: z.object({ organization: z.string().max(40) }) },
    async handler(request, reply) {
      const at = now();
      const { id, name, number } = organizationOf(request);
      const [coverage, due] = await Promise.all([
        stores.records.coverage(number, at),
        dueRecords(stores, organizationOf(request), at, dueShown),
      ]);
      const rows = registers.map((register) => {
        const { records, open, overdue, nextDueAt } = coverage.get(register.id) ?? emptyCoverage;
        const { title, purpose } = register;
        return {
          id: register.id,
          title,
          purpose,
          records,
          open,
          overdue,
          nextDueAt: nextDueAt?.toISOString() ?? null,
        };
      });
      return sendPage(reply, RegistersPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        organization: { id, name },
        registers: rows.toSorted((a, b) => Number(b.overdue > 0) - Number(a.overdue > 0)),
        due: due.due,
        dueTotal: due.total,
      });
    },
  });

  app.get('/organizations/:organization/registers/:register', {
    config: { caller: 'organization:registers.read' },
    schema: {
      hide: true,
      params: z.object({ organization: z.string().max(40), register: z.string().max(40) }),
      querystring: z.record(z.string(), z.unknown()),
    },
    async handler(request, reply) {
      const at = now();
      const { id, name, number } = organizationOf(request);
      const register = registerOf(request.params.register);
      const query = parseRecordQuery(request.query, Object.keys(register.states));
      const { records: store } = stores;
      const everything = { search: '', state: null, sort: 'due', descending: false } as const;
      const [records, found, total] = await Promise.all([
        store.list(number, register.id, query, at, pageSize, (query.page - 1) * pageSize),
        store.count(number, register.id, query, at),
        store.count(number, register.id, everything, at),
      ]);
      if (records.length === 0 && query.page > 1) {
        return reply.redirect(registerAddresses.register(id, register.id, { ...query, page: 1 }), 303);
      }
      return sendPage(reply, RegisterPage, {
        viewer: viewerOf(request),
        now: at.toISOString(),
        organization: { id, name },
        register: describe(register),
        query,
        records: records.map((record) => ({
          id: record.id,
          reference: referenceOf(register, record),
          title: record.title,
          state: stateView(register, record.state),
          due: record.due,
          dueAt: record.dueAt?.toISOString() ?? null,
          updatedAt: record.updatedAt.toISOString(),
        })),
        total,
        found,
      });
    },
  });
};

function describe(register: Register) {
  const { id, title, noun, purpose, whenEmpty, source, owner, retention, states } = register;
  return {
    id,
    title,
    noun,
    purpose,
    whenEmpty,
    source,
    owner: owners[owner],
    retention: `Kept for ${periodText(retention.period)} after a record is closed: ${retention.reason} ${retention.source}.`,
    states: Object.keys(states).map((state) => stateView(register, state)),
  };
}
