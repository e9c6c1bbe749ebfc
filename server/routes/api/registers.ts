import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../caller.ts';
import { HttpProblem } from '../../problem.ts';
import {
  amendRecord,
  moveRecord,
  openRecord,
  readRecord,
  seesPersonal,
  type Worker,
} from '../../registers/desk.ts';
import { dueRecords } from '../../registers/due.ts';
import type { FullRecord } from '../../registers/engine.ts';
import { recordSchema, schemaOf, type Values } from '../../registers/field.ts';
import { registers } from '../../registers/index.ts';
import { RecordChanged, type RegisterRecord } from '../../registers/record.ts';
import type { Register } from '../../registers/register.ts';
import { emptyCoverage } from '../../review/registers.ts';
import type { ApiRoutes } from './options.ts';
import { cursorsOf, Paging, pageOf } from './paging.ts';
import { workerOf } from './worker.ts';

const bodyLimit = 256 * 1024;
const deadlineCursors = cursorsOf('deadlines', z.tuple([z.int(), z.string().max(40)]));

const Record = z.object({ record: z.string().max(40) });

/** The registers for programs: the same engine as behind the pages, one set of routes a definition. */
export const registerApiRoutes: ApiRoutes = async (app, { stores, now }) => {
  app.get('/registers', {
    config: { caller: 'organization:registers.read' },
    schema: {
      tags: ['registers'],
      summary: 'Every register there is, and how it stands',
      response: {
        200: z.object({
          registers: z.array(
            z.object({
              id: z.string(),
              title: z.string(),
              purpose: z.string(),
              records: z.number(),
              open: z.number(),
              overdue: z.number(),
              nextDueAt: z.string().nullable(),
            }),
          ),
        }),
      },
    },
    async handler(request) {
      const coverage = await stores.records.coverage(organizationOf(request).number, now());
      return {
        registers: registers.map(({ id, title, purpose }) => {
          const { records, open, overdue, nextDueAt } = coverage.get(id) ?? emptyCoverage;
          return {
            id,
            title,
            purpose,
            records,
            open,
            overdue,
            nextDueAt: nextDueAt?.toISOString() ?? null,
          };
        }),
      };
    },
  });

  app.get('/deadlines', {
    config: { caller: 'organization:registers.read' },
    schema: {
      tags: ['registers'],
      summary: 'What is overdue in the registers or falls due within a week, the longest overdue first',
      querystring: Paging,
      response: {
        200: pageOf(
          'deadlines',
          z.object({
            register: z.string(),
            record: z.string(),
            reference: z.string(),
            title: z.string(),
            due: z.string(),
            dueAt: z.string(),
          }),
        ),
      },
    },
    async handler(request) {
      const { limit } = request.query;
      const place = deadlineCursors.placeOf(request.query);
      const after = place && { at: new Date(place[0]), id: place[1] };
      const { due } = await dueRecords(stores, organizationOf(request), now(), limit + 1, after);
      const { shown, next } = deadlineCursors.page(due, limit, ({ dueAt, id }) => [Date.parse(dueAt), id]);
      return {
        deadlines: shown.map(({ register, id, reference, title, due: what, dueAt: at }) => ({
          register,
          record: id,
          reference,
          title,
          due: what,
          dueAt: at,
        })),
        next,
      };
    },
  });

  for (const register of registers) {
    const base = `/registers/${register.id}`;
    const Values = recordSchema(register.fields);
    const Shown = shownSchema(register);
    const cursors = cursorsOf(`registers/${register.id}`, z.int());

    app.get(base, {
      config: { caller: 'organization:registers.read' },
      schema: {
        tags: ['registers'],
        summary: `${register.title}: list`,
        description: register.purpose,
        querystring: Paging,
        response: { 200: pageOf('records', Shown) },
      },
      async handler(request) {
        const worker = await workerOf(request, stores, now());
        const { limit } = request.query;
        const after = cursors.placeOf(request.query) ?? 0;
        const found = await stores.records.after(worker.organization, register.id, after, limit + 1);
        const { shown: records, next } = cursors.page(found, limit, ({ sequence }) => sequence);
        const sees = seesPersonal(register, worker);
        const personal = sees ? await stores.registerPersonal.readMany(records) : new Map<string, Values>();
        if (personal.size > 0) await note(request, worker, register, register.id);
        return {
          records: records.map((record) => show(register, record, personal.get(record.id) ?? {})),
          next,
        };
      },
    });

    app.get(`${base}/:record`, {
      config: { caller: 'organization:registers.read' },
      schema: {
        tags: ['registers'],
        summary: `${register.title}: one ${register.noun}`,
        params: Record,
        response: { 200: Shown },
      },
      async handler(request) {
        const worker = await workerOf(request, stores, now());
        const { record, personal } = await find(register, worker, request.params.record);
        const sees = seesPersonal(register, worker) && Object.keys(personal).length > 0;
        if (sees) await note(request, worker, register, record.id);
        return show(register, record, sees ? personal : {});
      },
    });

    app.post(base, {
      config: { caller: 'organization:registers.write' },
      bodyLimit,
      // What does not fit is answered field by field, by the engine.
      attachValidation: true,
      schema: {
        tags: ['registers'],
        summary: `${register.title}: write down a ${register.noun}`,
        body: Values,
        response: { 201: Shown },
      },
      async handler(request, reply) {
        const worker = await workerOf(request, stores, now());
        const record = await openRecord(stores, register, objectOf(request.body), worker, now());
        return reply.code(201).send(show(register, record, {}));
      },
    });

    app.put(`${base}/:record`, {
      config: { caller: 'organization:registers.write' },
      bodyLimit,
      attachValidation: true,
      schema: {
        tags: ['registers'],
        summary: `${register.title}: change a ${register.noun}`,
        params: Record,
        body: z.strictObject({ version: z.int().positive(), values: Values }),
        response: { 200: Shown },
      },
      async handler(request) {
        const worker = await workerOf(request, stores, now());
        const full = await find(register, worker, request.params.record);
        const { version, values } = changeOf(request.body);
        if (version !== full.record.version) throw new RecordChanged('seen an older version');
        const record = await amendRecord(stores, register, full, values, worker, now());
        return show(register, record, {});
      },
    });

    for (const step of register.transitions) {
      const second = step.secondPerson === true;
      const asks = (step.asks ?? []).flatMap((id) => {
        const field = register.fields[id];
        return field === undefined ? [] : [[id, schemaOf(field).optional()] as const];
      });
      app.post(`${base}/:record/steps/${step.id}`, {
        config: { caller: second ? 'organization:registers.approve' : 'organization:registers.write' },
        bodyLimit,
        attachValidation: true,
        schema: {
          tags: ['registers'],
          summary: `${register.title}: ${step.title.toLowerCase()}`,
          description: `From ${step.from.join(', ')} to ${step.to}.${second ? ' A step of a second person: for people, not for programs.' : ''}`,
          params: Record,
          body: z.strictObject({
            version: z.int().positive(),
            values: z.strictObject(Object.fromEntries(asks)).optional(),
          }),
          response: { 200: Shown },
        },
        async handler(request) {
          const worker = await workerOf(request, stores, now());
          const full = await find(register, worker, request.params.record);
          const { version, values } = changeOf(request.body);
          if (version !== full.record.version) throw new RecordChanged('seen an older version');
          const record = await moveRecord(stores, register, full, step.id, values, worker, now());
          return show(register, record, {});
        },
      });
    }
  }

  async function find(register: Register, worker: Worker, id: string): Promise<FullRecord> {
    const full = await readRecord(stores, register, worker.organization, id);
    if (full === undefined) throw new HttpProblem('not-found');
    return full;
  }

  /** Whoever reads what is said about people leaves a trace. */
  const note = (request: FastifyRequest, worker: Worker, register: Register, subject: string) =>
    stores.audit.record(
      {
        organization: worker.organization,
        actor: actorOf(request),
        action: 'register.read-personal',
        subject,
        detail: { register: register.id },
      },
      now(),
    );
};

const objectOf = (body: unknown): Values =>
  (typeof body === 'object' && body !== null && !Array.isArray(body) ? body : {}) as Values;

function changeOf(body: unknown): { readonly version: unknown; readonly values: Values } {
  const { version, values } = objectOf(body) as { version?: unknown; values?: unknown };
  return { version, values: objectOf(values) };
}

function shownSchema(register: Register) {
  return z.object({
    id: z.string(),
    reference: z.string(),
    title: z.string(),
    state: z.enum(Object.keys(register.states) as [string, ...string[]]),
    version: z.number(),
    values: z.object(
      Object.fromEntries(
        Object.entries(register.fields).map(([id, field]) => [id, schemaOf(field).optional()]),
      ),
    ),
    due: z.string().describe('What has to be done next; empty where nothing is due'),
    dueAt: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
    closedAt: z.string().nullable(),
  });
}

function show(register: Register, record: RegisterRecord, personal: Values) {
  const { id, title, state, version, due } = record;
  return {
    id,
    reference: `${register.prefix}-${record.sequence}`,
    title,
    state,
    version,
    values: { ...record.values, ...personal },
    due,
    dueAt: record.dueAt?.toISOString() ?? null,
    createdAt: record.createdAt.toISOString(),
    updatedAt: record.updatedAt.toISOString(),
    closedAt: record.closedAt?.toISOString() ?? null,
  };
}
