import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf } from '../../../caller.ts';
import { csv } from '../../../exports/csv.ts';
import { privacyAddresses } from '../../../pages/privacy/addresses.ts';
import { PrivacyPage } from '../../../pages/privacy/privacy.tsx';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import { RecordDocumentPage } from '../../../pages/registers/record-document.tsx';
import { numbers, weekOf } from '../../../privacy/numbers.ts';
import {
  article30Record,
  assessmentDraft,
  assessmentValues,
  processingOf,
  staffNotice,
} from '../../../privacy/processing.ts';
import { HttpProblem } from '../../../problem.ts';
import { impactAssessments } from '../../../registers/definitions/impact-assessments.ts';
import { openRecord } from '../../../registers/desk.ts';
import { workerOf } from '../registers/views.ts';
import { sendPage } from '../send-page.ts';
import { organizationOf, viewerOf } from '../viewer.ts';
import { holderRoutes } from './holder.ts';
import { PersonBody, type PrivacyOptions, personRoutes } from './people.ts';
import { retentionRoutes } from './retention.ts';

const Organization = z.object({ organization: z.string().max(40) });

const documents = [
  {
    id: 'staff-notice',
    title: 'Notice to staff',
    about: 'What people are told before their laptop joins (Art. 13).',
    parts: staffNotice,
  },
  {
    id: 'article-30',
    title: 'Record of processing',
    about: 'The entry of this collector in the record of processing activities (Art. 30(1)).',
    parts: article30Record,
  },
  {
    id: 'impact-assessment',
    title: 'Draft impact assessment',
    about: 'To be finished with what staff say and the advice of the data protection officer (Art. 35).',
    parts: assessmentDraft,
  },
] as const;

/** People's rights, retention, and what the collector says of itself. */
export const privacyRoutes: FastifyPluginAsyncZod<PrivacyOptions> = async (app, options) => {
  const { stores, now } = options;
  await app.register(personRoutes, options);
  await app.register(holderRoutes, options);
  await app.register(retentionRoutes, options);

  async function show(request: FastifyRequest, reply: FastifyReply, problem?: string) {
    const { id, name, number } = organizationOf(request);
    const viewer = viewerOf(request);
    const sees = viewer.may.includes('privacy.manage');
    const people = sees ? await stores.people.list(number) : [];
    if (sees) {
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'identity.list', subject: id },
        now(),
      );
    }
    const held = await stores.people.currentCounts(number);
    return sendPage(reply.code(problem === undefined ? 200 : 422), PrivacyPage, {
      viewer,
      organization: { id, name },
      documents: documents.map(({ id: document, title, about }) => ({ id: document, title, about })),
      people: sees
        ? people.map((person) => ({ id: person.id, name: person.name, laptops: held.get(person.id) ?? 0 }))
        : null,
      problem,
    });
  }

  app.get('/organizations/:organization/privacy', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Organization },
    handler: (request, reply) => show(request, reply),
  });

  app.post('/organizations/:organization/privacy/people', {
    config: { caller: 'organization:privacy.manage' },
    schema: { hide: true, params: Organization, body: z.record(z.string(), z.unknown()) },
    async handler(request, reply) {
      const { id, number } = organizationOf(request);
      const given = PersonBody.safeParse(request.body);
      if (!given.success) return show(request, reply, 'A name and an e-mail address are needed.');
      const person = await stores.people.create(number, given.data, now());
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'identity.add', subject: person.id },
        now(),
      );
      return reply.redirect(privacyAddresses.person(id, person.id), 303);
    },
  });

  app.post('/organizations/:organization/privacy/assessment', {
    config: { caller: 'organization:registers.write' },
    schema: { hide: true, params: Organization },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const values = assessmentValues(processingOf(organization));
      const record = await openRecord(stores, impactAssessments, values, workerOf(request), now());
      return reply.redirect(registerAddresses.record(organization.id, impactAssessments.id, record.id), 303);
    },
  });

  const Document = Organization.extend({ document: z.string().max(40) });
  const documentOf = (id: string) => {
    const document = documents.find((one) => one.id === id);
    if (document === undefined) throw new HttpProblem('not-found');
    return document;
  };

  app.get('/organizations/:organization/privacy/documents/:document', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Document },
    handler(request, reply) {
      const organization = organizationOf(request);
      const { id, title, parts } = documentOf(request.params.document);
      return sendPage(reply, RecordDocumentPage, {
        viewer: viewerOf(request),
        now: now().toISOString(),
        place: {
          organization: { id: organization.id, name: organization.name },
          section: 'privacy' as const,
        },
        trail: [{ name: 'Privacy', address: privacyAddresses.privacy(organization.id) }],
        reference: organization.name,
        title,
        pdf: `${privacyAddresses.document(organization.id, id)}.pdf`,
        parts: parts(processingOf(organization)),
      });
    },
  });

  app.get('/organizations/:organization/privacy/documents/:document.pdf', {
    config: { caller: 'organization:registers.read' },
    schema: { hide: true, params: Document },
    async handler(request, reply) {
      const organization = organizationOf(request);
      const { id, title, parts } = documentOf(request.params.document);
      const { paperPdf } = await import('../../../exports/paper-pdf.ts');
      const pdf = await paperPdf({
        title,
        organization: organization.name,
        reference: 'Muster',
        at: now(),
        parts: parts(processingOf(organization)),
      });
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${id}.pdf"`)
        .type('application/pdf')
        .send(pdf);
    },
  });

  app.get('/organizations/:organization/privacy/numbers.csv', {
    config: { caller: 'organization:counts.read' },
    schema: { hide: true, params: Organization },
    async handler(request, reply) {
      const at = now();
      const { id, number } = organizationOf(request);
      const counts = await stores.devices.findingCounts(number);
      const checks = new Map([...counts].filter(([subject]) => !subject.includes('/')));
      await stores.audit.record(
        { organization: number, actor: actorOf(request), action: 'privacy.analytics', subject: id },
        at,
      );
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="numbers.csv"')
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(
          csv([
            ['Week', 'Check', 'Outcome', 'Laptops'],
            ...numbers(weekOf(at), checks).map(({ week, check, status, laptops }) => [
              week,
              check,
              status,
              laptops ?? 'not shown',
            ]),
          ]),
        );
    },
  });
};
