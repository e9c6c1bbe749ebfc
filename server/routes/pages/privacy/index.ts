import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { actorOf, organizationOf } from '../../../caller.ts';
import { addPerson, listPeople, numbersOf } from '../../../desk/privacy.ts';
import { csv } from '../../../exports/csv.ts';
import { privacyAddresses } from '../../../pages/privacy/addresses.ts';
import { PrivacyPage } from '../../../pages/privacy/privacy.tsx';
import { registerAddresses } from '../../../pages/registers/addresses.ts';
import { RecordDocumentPage } from '../../../pages/registers/record-document.tsx';
import { privacyDocuments } from '../../../privacy/documents.ts';
import { assessmentValues, processingOf } from '../../../privacy/processing.ts';
import { HttpProblem } from '../../../problem.ts';
import { impactAssessments } from '../../../registers/definitions/impact-assessments.ts';
import { openRecord } from '../../../registers/desk.ts';
import { workerOf } from '../registers/views.ts';
import { sendPage } from '../send-page.ts';
import { viewerOf } from '../viewer.ts';
import { holderRoutes } from './holder.ts';
import { PersonBody, type PrivacyOptions, personRoutes } from './people.ts';
import { retentionRoutes } from './retention.ts';

const Organization = z.object({ organization: z.string().max(40) });

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
    const people = sees ? await listPeople(stores, { number, id }, actorOf(request), now()) : [];
    const held = await stores.people.currentCounts(number);
    return sendPage(reply.code(problem === undefined ? 200 : 422), PrivacyPage, {
      viewer,
      organization: { id, name },
      documents: privacyDocuments.map(({ id: document, title, about }) => ({ id: document, title, about })),
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
      const person = await addPerson(stores, number, given.data, actorOf(request), now());
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
    const document = privacyDocuments.find((one) => one.id === id);
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
      const cells = await numbersOf(stores, { number, id }, actorOf(request), at);
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="numbers.csv"')
        .type('text/csv; charset=utf-8')
        .serializer(String)
        .send(
          csv([
            ['Week', 'Check', 'Outcome', 'Laptops'],
            ...cells.map(({ week, check, status, laptops }) => [week, check, status, laptops ?? 'not shown']),
          ]),
        );
    },
  });
};
