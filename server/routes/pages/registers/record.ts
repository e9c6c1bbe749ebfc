import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { organizationOf } from '../../../caller.ts';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import type { FieldProblems } from '../../../pages/registers/fields.tsx';
import { RecordPage } from '../../../pages/registers/record.tsx';
import { RecordFormPage } from '../../../pages/registers/record-form.tsx';
import { HttpProblem } from '../../../problem.ts';
import { amendRecord, moveRecord, openRecord, readRecord, seesPersonal } from '../../../registers/desk.ts';
import { type FullRecord, RegisterRefusal } from '../../../registers/engine.ts';
import type { Fields, Values } from '../../../registers/field.ts';
import { valuesFrom, visibleFields } from '../../../registers/form.ts';
import { RecordChanged } from '../../../registers/record.ts';
import type { Register } from '../../../registers/register.ts';
import { type PageOptions, sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { recordView } from './record-view.ts';
import { choicesFor, linkOf, referenceOf, registerOf, workerOf } from './views.ts';

/** Forms of registers hold long texts. */
const bodyLimit = 256 * 1024;

const Organization = z.object({ organization: z.string().max(40), register: z.string().max(40) });
const Record = Organization.extend({ record: z.string().max(40) });
const Body = z.record(z.string(), z.unknown());
const Change = z.looseObject({ version: z.coerce.number().int().positive() });

const changedMeanwhile =
  'Somebody else changed this record while you were writing. Below is what you wrote; look at the record as it is now, then keep yours.';

/** One record of a register: made, read, changed, and taken from one state to the next. */
export const recordRoutes: FastifyPluginAsyncZod<PageOptions> = async (app, { stores, now }) => {
  interface Problem {
    readonly problem?: string;
    readonly problems?: FieldProblems;
  }

  async function sendForm(
    request: FastifyRequest,
    reply: FastifyReply,
    register: Register,
    full: FullRecord | undefined,
    values: Values,
    { problem, problems = {} }: Problem = {},
  ) {
    const { id, name, number } = organizationOf(request);
    const worker = workerOf(request);
    const hides = full !== undefined && !seesPersonal(register, worker);
    const stepped = new Set(register.transitions.flatMap(({ asks = [] }) => asks));
    const fields = visibleFields(register.fields, (field, fieldId) =>
      full === undefined
        ? field.later === true || (stepped.has(fieldId) && field.required !== true)
        : hides && field.personal === true,
    );
    return sendPage(reply.code(problem === undefined ? 200 : 422), RecordFormPage, {
      viewer: viewerOf(request),
      organization: { id, name },
      register: linkOf(register),
      record: full && {
        id: full.record.id,
        reference: referenceOf(register, full.record),
        version: full.record.version,
      },
      fields,
      values,
      choices: await choicesFor(stores, fields, number, now()),
      problem,
      problems,
      hidesPersonal: hides && Object.values(register.fields).some(({ personal }) => personal === true),
    });
  }

  async function find(request: FastifyRequest, register: Register): Promise<FullRecord> {
    const { record } = request.params as { record: string };
    const full = await readRecord(stores, register, organizationOf(request).number, record);
    if (full === undefined) throw new HttpProblem('not-found');
    return full;
  }

  app.get('/organizations/:organization/registers/:register/new', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Organization },
    handler: (request, reply) => sendForm(request, reply, registerOf(request.params.register), undefined, {}),
  });

  app.post('/organizations/:organization/registers/:register', {
    config: { caller: 'organization:registers.write' },
    bodyLimit,
    schema: { hide: true, params: Organization, body: Body },
    async handler(request, reply) {
      const register = registerOf(request.params.register);
      const given = valuesFrom(register.fields, request.body);
      try {
        const record = await openRecord(stores, register, given, workerOf(request), now());
        return reply.redirect(
          registerAddresses.record(request.params.organization, register.id, record.id),
          303,
        );
      } catch (error) {
        if (!(error instanceof RegisterRefusal)) throw error;
        return sendForm(request, reply, register, undefined, given, {
          problem: error.message,
          problems: error.fields,
        });
      }
    },
  });

  app.get('/organizations/:organization/registers/:register/records/:record', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Record },
    async handler(request, reply) {
      const register = registerOf(request.params.register);
      const full = await find(request, register);
      await noteReading(request, register, full);
      return sendPage(reply, RecordPage, await recordView(stores, request, register, full, now()));
    },
  });

  /** Whoever reads what a record says about people leaves a trace. */
  async function noteReading(request: FastifyRequest, register: Register, { record, personal }: FullRecord) {
    const worker = workerOf(request);
    if (Object.keys(personal).length === 0 || !seesPersonal(register, worker)) return;
    await stores.audit.record(
      {
        organization: worker.organization,
        actor: worker.author.actor,
        action: 'register.read-personal',
        subject: record.id,
        detail: { register: register.id },
      },
      now(),
    );
  }

  app.get('/organizations/:organization/registers/:register/records/:record/change', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Record },
    async handler(request, reply) {
      const register = registerOf(request.params.register);
      const full = await find(request, register);
      await noteReading(request, register, full);
      const sees = seesPersonal(register, workerOf(request));
      return sendForm(request, reply, register, full, {
        ...full.record.values,
        ...(sees ? full.personal : {}),
      });
    },
  });

  app.post('/organizations/:organization/registers/:register/records/:record/change', {
    config: { caller: 'organization:registers.write' },
    bodyLimit,
    schema: { hide: true, params: Record, body: Change },
    async handler(request, reply) {
      const register = registerOf(request.params.register);
      const full = await find(request, register);
      const given = valuesFrom(register.fields, request.body);
      const address = registerAddresses.record(request.params.organization, register.id, full.record.id);
      if (full.record.version !== request.body.version) {
        return sendForm(request, reply, register, full, given, { problem: changedMeanwhile });
      }
      try {
        await amendRecord(stores, register, full, given, workerOf(request), now());
        return reply.redirect(address, 303);
      } catch (error) {
        if (error instanceof RecordChanged) {
          return sendForm(request, reply, register, await find(request, register), given, {
            problem: changedMeanwhile,
          });
        }
        if (!(error instanceof RegisterRefusal)) throw error;
        return sendForm(request, reply, register, full, given, {
          problem: error.message,
          problems: error.fields,
        });
      }
    },
  });

  app.post('/organizations/:organization/registers/:register/records/:record/steps/:step', {
    // Approving needs no right to write; the desk asks for the one the step takes.
    config: { caller: 'organization:registers.read' },
    bodyLimit,
    schema: { hide: true, params: Record.extend({ step: z.string().max(40) }), body: Change },
    async handler(request, reply) {
      const register = registerOf(request.params.register);
      const full = await find(request, register);
      const { step } = request.params;
      const asks = asksOf(register, step);
      const given = valuesFrom(asks, request.body);
      try {
        if (full.record.version !== request.body.version) throw new RecordChanged('seen an older version');
        await moveRecord(stores, register, full, step, given, workerOf(request), now());
        return reply.redirect(
          registerAddresses.record(request.params.organization, register.id, full.record.id),
          303,
        );
      } catch (error) {
        const changed = error instanceof RecordChanged;
        if (!changed && !(error instanceof RegisterRefusal)) throw error;
        const view = await recordView(stores, request, register, await find(request, register), now());
        return sendPage(reply.code(changed ? 409 : 422), RecordPage, {
          ...view,
          values: { ...view.values, ...given },
          refused: {
            step,
            problem: changed
              ? 'The record was changed in the meantime. Look at it as it is now, then decide again.'
              : error.message,
            problems: changed ? {} : error.fields,
            fields: register.fields,
          },
        });
      }
    },
  });
};

/** The fields a step asks for on the spot. */
function asksOf(register: Register, step: string): Fields {
  const asked = register.transitions.find(({ id }) => id === step)?.asks ?? [];
  return Object.fromEntries(Object.entries(register.fields).filter(([id]) => asked.includes(id)));
}
